"""Words in and out: messages, drafts, and the receipt by which a person comes back.

These run inside the transaction of the deed they belong to (consultations, intake).
"""

import datetime as dt
from uuid import UUID

from django.db import connection, transaction

from madoguchi.correspondence.models import Draft, Kind, Message, Receipt
from madoguchi.correspondence.places import draft_place, words_place
from madoguchi.matters.models import Matter
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.vault import sealing
from madoguchi.vault.codes import slow_hash
from madoguchi.vault.ids import new_id
from madoguchi.vault.keys import keyed_hash
from madoguchi.vault.sealing import Safe


def record_message(
    *, matter: Matter, kind: Kind, words: str, at: dt.datetime, author: UUID | None = None
) -> Message:
    """Keep `words` in the matter, sealed under its key."""
    assert connection.in_atomic_block
    row = new_id()
    sealed = Safe(matter.desk_id).seal(words, holder=matter.pk, place=words_place(row))
    return Message.objects.create(
        id=row, matter=matter, kind=kind, at=at, author_id=author, words=sealed
    )


def mark_read(*, matter: UUID, kind: Kind, at: dt.datetime) -> int:
    """Mark the matter's unread messages of `kind` as read by the other side."""
    return Message.objects.filter(matter=matter, kind=kind, read_at=None).update(read_at=at)


def make_receipt(*, matter: UUID, code: str, at: dt.datetime) -> None:
    """Make (or replace) the receipt of `matter`; `code` itself is kept nowhere."""
    Receipt.objects.update_or_create(
        matter_id=matter,
        defaults={
            "lookup": keyed_hash("receipt", code),
            "check_hash": slow_hash(code),
            "made_at": at,
        },
    )


def begin_draft(*, actor: Actor, kind: Kind, matter: UUID | None, at: dt.datetime) -> Draft:
    """Begin (or go on with) what `actor` writes in `matter`, or in none yet."""
    check_may_work_on(actor, actor.desk)
    with transaction.atomic():
        if matter and (
            kept := Draft.objects.filter(author=actor.user, matter=matter, kind=kind).first()
        ):
            return kept
        return Draft.objects.create(
            desk_id=actor.desk,
            author_id=actor.user,
            matter_id=matter,
            kind=kind,
            started_at=at,
            saved_at=at,
            words=b"",
        )


def _own_draft(actor: Actor, draft: UUID) -> Draft:
    row = Draft.objects.select_for_update().filter(pk=draft, author=actor.user).first()
    if row is None:
        raise RefusedError("not-your-draft")
    return row


def save_draft(*, actor: Actor, draft: UUID, words: str, at: dt.datetime) -> Draft:
    """Keep what `actor` has typed so far. Only the author's own draft."""
    with transaction.atomic():
        row = _own_draft(actor, draft)
        row.words = Safe(row.desk_id).seal(words, holder=row.pk, place=draft_place(row.pk))
        row.saved_at = at
        row.save(update_fields=["words", "saved_at"])
        return row


def drop_draft(*, actor: Actor, draft: UUID) -> None:
    """Erase a draft and its key: it was recorded, or given up."""
    with transaction.atomic():
        row = _own_draft(actor, draft)
        row.delete()
        sealing.erase(draft)
