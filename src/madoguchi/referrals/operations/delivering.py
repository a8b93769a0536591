"""Bringing packets and answers to the other side: a desk here, an installation elsewhere.

Jobs do this, or the page at once; done twice it comes to the same.
"""

import base64
import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from madoguchi.correspondence.scanning import Scanner
from madoguchi.desks.models import Desk
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.referrals import wire
from madoguchi.referrals.models import Arrival, DeskKeys, Peer, Referral
from madoguchi.referrals.operations.arriving import Sender, land, seal, take_back, unsealed
from madoguchi.referrals.operations.hearing import hear
from madoguchi.referrals.packing import bags, contents, locks, sheets
from madoguchi.referrals.packing.contents import Content
from madoguchi.referrals.places import keys_place
from madoguchi.referrals.queries.contents import file_contents
from madoguchi.referrals.queries.lists import facts_of, opened
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.referral import Status, Way
from madoguchi.vault import sealing
from madoguchi.vault.sealing import Safe


class UnableToDeliverError(Exception):
    """The other installation could not be reached, or refuses. It is tried again."""


# -- the packet ---------------------------------------------------------------------------


def packet_of(row: Referral, content: Content) -> bytes:
    """Return the packet of a hand-over that went: a bag of just what was agreed to.

    Raises `UnableToPrintError` where this machine has no Japanese font.
    """
    text = contents.written(content)
    sheet = sheets.sheet_of(content, row.sent_at or row.prepared_at)
    files = file_contents(row, content)
    payload = {contents.NAME: text, sheets.NAME: sheet, **files}
    return bags.packed(payload, name=str(row.pk))


@dataclass(frozen=True)
class Parcel:
    """A file to be taken away. Its name tells nothing."""

    name: str
    media: str
    content: bytes


def parcel_for(*, referral: Referral, actor: Actor, at: dt.datetime) -> Parcel:
    """Return the locked file for an outside window (暗号化したファイル), and write it down."""
    check_may_work_on(actor, referral.desk_id)
    content = opened(referral).content
    if content is None or referral.way != Way.FILE or referral.status == Status.WITHDRAWN:
        raise RefusedError("handover-gone")
    packet = packet_of(referral, content)
    name = f"handover-{referral.pk.hex[-8:]}"
    if referral.peer:
        locked = locks.locked_for(referral.peer.recipient, packet)
        parcel = Parcel(f"{name}.zip.age", "application/octet-stream", locked)
    else:
        sheet = sheets.sheet_of(content, referral.sent_at or at)
        locked = locks.with_password(sheet, packet, opened(referral).passphrase or "")
        parcel = Parcel(f"{name}.pdf", "application/pdf", locked)
    _note_taken(referral, actor.user, at)
    return parcel


def parcel_of_her_own(*, referral: Referral, is_sheet: bool, at: dt.datetime) -> Parcel:
    """Return what the person carries herself: the sheet to print, or the whole packet."""
    content = opened(referral).content
    facts = facts_of(referral)
    if content is None or facts.way is not Way.PERSON or facts.status is Status.WITHDRAWN:
        raise RefusedError("handover-gone")
    if is_sheet:
        sheet = sheets.sheet_of(content, referral.sent_at or at)
        parcel = Parcel("sheet.pdf", "application/pdf", sheet)
    else:
        parcel = Parcel("sheet.zip", "application/zip", packet_of(referral, content))
    _note_taken(referral, None, at)
    return parcel


def _note_taken(row: Referral, actor: UUID | None, at: dt.datetime) -> None:
    with transaction.atomic():
        detail = {"referral": str(row.pk), "way": row.way}
        record(
            Deed.HANDOVER_TAKEN,
            desk=row.desk_id,
            matter=row.matter_id,
            actor=actor,
            at=at,
            detail=detail,
        )


# -- there and back ------------------------------------------------------------------------


def deliver(*, referral: UUID, scan: Scanner, at: dt.datetime) -> None:
    """Bring what was handed over to the other desk, once, however often this is run."""
    rows = Referral.objects.select_related("desk", "matter", "peer", "to_desk")
    row = rows.filter(pk=referral).first()
    # None: the matter was erased meanwhile.
    content = opened(row).content if row else None
    if row is None or row.status != Status.SENT or content is None:
        return
    packet = packet_of(row, content)
    if row.to_desk_id:
        sender = Sender(name=row.desk.name, desk=row.desk_id)
        land(desk=row.to_desk_id, bag=packet, sender=sender, scan=scan, at=at)
    elif row.peer:
        locked = locks.locked_for(row.peer.recipient, packet)
        _ask(row.desk_id, row.peer, "PUT", f"packets/{row.pk}/", at, locked)


def recall(*, referral: Referral, at: dt.datetime) -> None:
    """Call a packet back from where it lies, before it is withdrawn here.

    Refused where it was taken up meanwhile, or nobody answers there.
    """
    if referral.status != Status.SENT:
        return
    if referral.to_desk_id:
        sender = Sender(name=referral.desk.name, desk=referral.desk_id)
        take_back(desk=referral.to_desk_id, handover=referral.pk, sender=sender, at=at)
    elif referral.peer and referral.way == Way.PEER:
        try:
            _ask(referral.desk_id, referral.peer, "DELETE", f"packets/{referral.pk}/", at)
        except UnableToDeliverError as error:
            cause = error.__cause__
            was_taken = isinstance(cause, wire.UnreachableError) and cause.status == 409  # noqa: PLR2004
            raise RefusedError("handover-taken" if was_taken else "nobody-answers") from error


def tell(*, arrival: UUID, status: str, at: dt.datetime) -> None:
    """Tell the sender what became of what came."""
    row = Arrival.objects.select_related("peer", "desk").filter(pk=arrival).first()
    # None: the matter was erased meanwhile.
    sayings: list[dict[str, Any]] = (unsealed(row, "said") if row else None) or []
    saying = next((it for it in sayings if it["status"] == status), None)
    if row is None or saying is None:
        return
    if row.from_desk_id:
        sender = Sender(name=row.desk.name, desk=row.desk_id)
        hear(referral=row.handover, sender=sender, saying=saying, at=at)
    elif row.peer:
        told = {**saying, "address": f"{_keys(row.desk_id).address}/my/"}
        locked = locks.locked_for(row.peer.recipient, json.dumps(told).encode())
        _ask(row.desk_id, row.peer, "PUT", f"sayings/{row.handover}/", at, locked)
    _told(row.pk, status)


def _told(arrival: UUID, status: str) -> None:
    """Keep no longer what only the other side has to know: the code; of a return, all."""
    with transaction.atomic():
        row = Arrival.objects.select_for_update(of=("self",)).get(pk=arrival)
        if status == Status.RETURNED:
            sealing.erase(row.pk)
            row.said = b""
        else:
            sayings = [{**it, "code": ""} for it in unsealed(row, "said") or []]
            seal(row, "said", sayings, holder=row.matter_id or row.pk)
        row.save(update_fields=["said"])


def _ask(
    desk: UUID, peer: Peer, method: str, path: str, at: dt.datetime, body: bytes = b""
) -> None:
    if peer.removed_at is not None:
        raise UnableToDeliverError("the other desk was removed from our list")
    keys, place = _keys(desk), keys_place(desk, "signing")
    secret = Safe(desk).open(keys.signing, holder=desk, place=place) or ""
    call = wire.Call(method, f"/api/handover/{peer.slug}/{path}", peer.recipient, body)
    headers = wire.signed(call, key=base64.b64decode(secret), at=at)
    try:
        wire.asked(peer.address, call, headers)
    except wire.UnreachableError as error:
        raise UnableToDeliverError(str(error)) from error


def _keys(desk: UUID) -> DeskKeys:
    return DeskKeys.objects.get(desk=desk)


def unlocked(desk: Desk, content: bytes) -> bytes:
    """Return what was locked for `desk`, or raise `UnreadablePacketError`."""
    keys, place = _keys(desk.pk), keys_place(desk.pk, "identity")
    identity = Safe(desk.pk).open(keys.identity, holder=desk.pk, place=place) or ""
    return locks.unlocked(identity, content)
