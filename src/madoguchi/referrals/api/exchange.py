"""Packets and answers from other installations: signed, locked for us, good once."""

import datetime as dt
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from madoguchi.correspondence.scanning import scanner
from madoguchi.desks.models import Desk
from madoguchi.desks.queries import desk_called
from madoguchi.referrals import wire
from madoguchi.referrals.api.document import document
from madoguchi.referrals.models import Peer
from madoguchi.referrals.operations import arriving, delivering, hearing, peering
from madoguchi.referrals.operations.arriving import Sender
from madoguchi.referrals.packing import UnreadablePacketError
from madoguchi.referrals.queries.lists import keys_of, peer_signing_as
from madoguchi.rules.access import RefusedError
from madoguchi.rules.referral import Status

_SAYABLE = {Status.ACCEPTED, Status.RETURNED, Status.ANSWERED}
Told = Callable[[Desk, Sender, UUID, bytes, dt.datetime], HTTPStatus]


def _problem(status: HTTPStatus, code: str) -> HttpResponse:
    told = {"type": f"urn:madoguchi:problem:{code}", "title": status.phrase, "status": status}
    return JsonResponse(told, status=status, content_type="application/problem+json")


def _caller(request: HttpRequest, slug: str, body: bytes, at: dt.datetime) -> tuple[Desk, Peer]:
    """Return for which desk a request is, and from whom, or raise `UnsignedError`."""
    desk = desk_called(slug)
    keys = keys_of(desk)
    signature = wire.signature_in(request.headers)
    peer = peer_signing_as(desk, signature.keyid)
    if desk is None or keys is None or peer is None:
        raise wire.UnsignedError("unknown")
    call = wire.Call(request.method or "", request.path, keys.recipient, body)
    wire.check(call, signature, verify_key=peer.verify_key, at=at)
    if not peering.use_nonce(peer=peer.pk, nonce=signature.nonce, at=at):
        raise wire.UnsignedError("sent a second time")
    return desk, peer


def _body(request: HttpRequest) -> bytes | None:
    """Return the body; None where it is too long. Nothing of it is written anywhere."""
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return None
    return request.read(length) if 0 <= length <= wire.MOST_BYTES else None


def signed(**methods: Told) -> Callable[..., Any]:
    """Answer a desk that we know by its signature; anybody else alike, whatever they ask."""

    def answered(request: HttpRequest, slug: str, handover: UUID) -> HttpResponse:
        told = methods.get(request.method or "")
        if told is None:
            return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
        at = timezone.now()
        try:
            body = _body(request)
            if body is None:
                return _problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-long")
            desk, peer = _caller(request, slug, body, at)
        except (wire.UnsignedError, UnreadablePostError):
            return _problem(HTTPStatus.FORBIDDEN, "unknown-peer")
        sender = Sender(name=peer.name, peer=peer.pk)
        try:
            status = told(desk, sender, handover, body, at)
        except UnreadablePacketError:
            return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "unreadable-packet")
        except RefusedError as refusal:
            return _problem(HTTPStatus.CONFLICT, refusal.code)
        return JsonResponse({"handover": str(handover)}, status=status)

    return csrf_exempt(login_not_required(answered))


def _take(desk: Desk, sender: Sender, handover: UUID, body: bytes, at: dt.datetime) -> HTTPStatus:
    """Take in a packet; the same again is known already."""
    bag = delivering.unlocked(desk, body)
    row = arriving.land(desk=desk.pk, bag=bag, sender=sender, scan=scanner(), at=at)
    if row.handover != handover:
        raise UnreadablePacketError("another id than the address says")
    return HTTPStatus.CREATED if row.arrived_at == at else HTTPStatus.OK


def _give_back(
    desk: Desk, sender: Sender, handover: UUID, body: bytes, at: dt.datetime
) -> HTTPStatus:
    """Give back what nobody has taken up."""
    del body
    arriving.take_back(desk=desk.pk, handover=handover, sender=sender, at=at)
    return HTTPStatus.OK


def _hear(desk: Desk, sender: Sender, handover: UUID, body: bytes, at: dt.datetime) -> HTTPStatus:
    """Hear what became of what we handed over."""
    try:
        told = json.loads(delivering.unlocked(desk, body))
        saying = {key: str(told.get(key) or "") for key in ("status", "words", "code", "address")}
    except (ValueError, AttributeError, RecursionError) as error:
        raise UnreadablePacketError("not JSON") from error
    if saying["status"] not in _SAYABLE:
        raise UnreadablePacketError("no such status")
    hearing.hear(referral=handover, sender=sender, saying=saying, at=at)
    return HTTPStatus.OK


packet = signed(PUT=_take, DELETE=_give_back)
saying = signed(PUT=_hear)


@csrf_exempt
@login_not_required
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """Describe all this."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})
