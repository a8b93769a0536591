"""Getting to know a desk elsewhere: keys of our own, and the other's card."""

import base64
import datetime as dt
import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from madoguchi.desks.models import Desk
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.referrals.models import DeskKeys, Nonce, Peer
from madoguchi.referrals.packing.locks import is_recipient, new_identity
from madoguchi.referrals.places import keys_place
from madoguchi.referrals.wire import AGE, is_verify_key, new_signing_key
from madoguchi.rules.access import Actor, RefusedError, check_may_supervise
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class Card:
    """接続票: what a desk elsewhere tells of itself. Without an address: an office with a key."""

    name: str
    recipient: str
    address: str = ""
    slug: str = ""
    verify_key: str = ""
    window: str = ""


def make_keys(*, actor: Actor, address: str, at: dt.datetime) -> DeskKeys:
    """Make the desk's own keys, once; a second time only the address changes.

    `address`: under which others reach this installation.
    """
    with transaction.atomic():
        check_may_supervise(actor, actor.desk)
        Desk.objects.select_for_update().get(pk=actor.desk)
        kept = DeskKeys.objects.filter(desk=actor.desk).first()
        if kept:
            kept.address = address
            kept.save(update_fields=["address"])
            return kept
        safe = Safe(actor.desk)
        signing, verify_key = new_signing_key()
        identity, recipient = new_identity()
        secret = base64.b64encode(signing).decode()
        row = DeskKeys.objects.create(
            desk_id=actor.desk,
            signing=safe.seal(secret, holder=actor.desk, place=keys_place(actor.desk, "signing")),
            identity=safe.seal(
                identity, holder=actor.desk, place=keys_place(actor.desk, "identity")
            ),
            verify_key=verify_key,
            recipient=recipient,
            address=address,
            made_at=at,
        )
        record(Deed.DESK_KEYS_MADE, desk=actor.desk, actor=actor.user, at=at)
        return row


def add_peer(*, actor: Actor, card: Card, at: dt.datetime) -> Peer:
    """Take up a desk elsewhere, or an office that gave us a key (相手の窓口をくわえる)."""
    with transaction.atomic():
        check_may_supervise(actor, actor.desk)
        if not is_recipient(card.recipient):
            raise RefusedError("no-key")
        if card.address and not is_verify_key(card.verify_key):
            raise RefusedError("no-key")
        Desk.objects.select_for_update().get(pk=actor.desk)
        known = Peer.objects.filter(desk=actor.desk, recipient=card.recipient, removed_at=None)
        if known.exists():
            raise RefusedError("peer-known")
        row = Peer.objects.create(
            id=new_id(),
            desk_id=actor.desk,
            name=card.name,
            window=card.window,
            address=card.address,
            slug=card.slug,
            verify_key=card.verify_key,
            recipient=card.recipient,
            added_at=at,
            added_by_id=actor.user,
        )
        detail = {"peer": str(row.pk)}
        record(Deed.PEER_ADDED, desk=actor.desk, actor=actor.user, at=at, detail=detail)
        return row


def remove_peer(*, actor: Actor, peer: UUID, at: dt.datetime) -> None:
    """Deal no longer with a desk elsewhere (相手の窓口をはずす): it may neither send nor answer."""
    with transaction.atomic():
        check_may_supervise(actor, actor.desk)
        rows = Peer.objects.select_for_update().filter(desk=actor.desk, removed_at=None)
        row = rows.filter(pk=peer).first()
        if row is None:
            raise RefusedError("peer-gone")
        row.removed_at = at
        row.save(update_fields=["removed_at"])
        detail = {"peer": str(row.pk)}
        record(Deed.PEER_REMOVED, desk=actor.desk, actor=actor.user, at=at, detail=detail)


def use_nonce(*, peer: UUID, nonce: str, at: dt.datetime) -> bool:
    """Use the mark of a signed request up; False where it was used before: a replay."""
    mark = hashlib.sha256(f"{peer} {nonce}".encode()).hexdigest()
    with transaction.atomic():
        _row, is_new = Nonce.objects.get_or_create(id=mark, defaults={"at": at})
    return is_new


def forget_nonces(*, at: dt.datetime) -> None:
    """Forget marks of requests that are too old to be believed anyway."""
    Nonce.objects.filter(at__lt=at - 4 * AGE).delete()
