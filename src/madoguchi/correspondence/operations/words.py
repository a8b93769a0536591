"""Words in and out: messages, drafts, and the receipt by which a person comes back.

These run inside the transaction of the deed they belong to (consultations, intake).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction

from madoguchi.correspondence.models.files import Attachment
from madoguchi.correspondence.models.words import Draft, Kind, Message, Receipt
from madoguchi.correspondence.places import draft_address_place, draft_place, words_place
from madoguchi.correspondence.queries.words import out_by
from madoguchi.desks.models import User
from madoguchi.matters.models import Matter
from madoguchi.matters.operations import lock
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.replies import PAUSE
from madoguchi.vault import contents, sealing
from madoguchi.vault.codes import slow_hash
from madoguchi.vault.ids import new_id
from madoguchi.vault.keys import keyed_hash
from madoguchi.vault.sealing import Place, Safe


def record_message(
    *,
    matter: Matter,
    kind: Kind,
    words: str,
    at: dt.datetime,
    author: UUID | None = None,
    before: Mapping[str, str] | None = None,
) -> Message:
    """Keep `words` in the matter, sealed under its key. A reply is shown after a pause.

    `before`: how the matter stood, for whoever takes the reply back.
    """
    assert connection.in_atomic_block
    row = new_id()
    sealed = Safe(matter.desk_id).seal(words, holder=matter.pk, place=words_place(row))
    return Message.objects.create(
        id=row,
        matter=matter,
        kind=kind,
        at=at,
        author_id=author,
        words=sealed,
        shown_at=at + PAUSE if kind is Kind.REPLY else None,
        before=dict(before or {}),
    )


def mark_read(*, matter: UUID, kind: Kind, at: dt.datetime) -> int:
    """Mark the matter's unread messages of `kind`, as far as shown, as read by the other side."""
    unread = Message.objects.filter(out_by(at), matter=matter, kind=kind, read_at=None)
    return unread.update(read_at=at)


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


@dataclass(frozen=True)
class Pen:
    """One open page that writes in a draft: which page, and which saving it saw last."""

    draft: UUID
    page: str = ""
    seen: dt.datetime | None = None


def begin_draft(*, actor: Actor, kind: Kind, matter: UUID | None, at: dt.datetime) -> Draft:
    """Begin what `actor` writes in `matter`, or in none yet; go on with what is begun there.

    A draft in which nothing was written yet is begun anew: the call is this one.
    """
    check_may_work_on(actor, actor.desk)
    with transaction.atomic():
        begun = Draft.objects.filter(author=actor.user, matter=matter, kind=kind)
        if matter:
            check_may_work_on(actor, lock(matter).desk_id)
        elif kind is Kind.GIST:  # one for the whole tray
            User.objects.select_for_update().get(pk=actor.user)
        is_one = matter is not None or kind is Kind.GIST
        if kept := (begun if is_one else begun.filter(words=b"", choices={})).first():
            if not kept.words and not kept.choices:
                kept.started_at = kept.saved_at = at
                kept.save(update_fields=["started_at", "saved_at"])
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


def own_draft(actor: Actor, draft: UUID) -> Draft:
    """Lock a draft of `actor`'s own, or refuse."""
    row = Draft.objects.select_for_update().filter(pk=draft, author=actor.user).first()
    if row is None:
        raise RefusedError("draft-gone")
    check_may_work_on(actor, row.desk_id)
    return row


def _check_nothing_newer(row: Draft, pen: Pen, words: str, address: str | None = None) -> None:
    """Refuse where another page saved other words that this one has not seen."""
    if row.pen in ("", pen.page) or row.saved_at == pen.seen:
        return
    safe = Safe(row.desk_id)
    kept = safe.open(row.words, holder=row.pk, place=draft_place(row.pk)) or ""
    to = safe.open(row.address, holder=row.pk, place=draft_address_place(row.pk)) or ""
    if kept not in ("", words) or (address is not None and to not in ("", address)):
        raise RefusedError("draft-newer")


def save_draft(
    *,
    actor: Actor,
    pen: Pen,
    words: str,
    at: dt.datetime,
    choices: Mapping[str, list[str]] | None = None,
    address: str | None = None,
) -> Draft:
    """Keep what `actor` has typed and ticked so far. Only the author's own draft.

    `address`: to whom a letter goes; None: the page knows of none, what is kept stays.
    """
    with transaction.atomic():
        row = own_draft(actor, pen.draft)
        _check_nothing_newer(row, pen, words, address)
        row.words = _sealed(row, draft_place(row.pk), words)
        if address is not None:
            row.address = _sealed(row, draft_address_place(row.pk), address)
        row.choices, row.pen, row.saved_at = dict(choices or {}), pen.page, at
        row.save(update_fields=["words", "address", "choices", "pen", "saved_at"])
        return row


def _sealed(row: Draft, place: Place, text: str) -> bytes:
    return Safe(row.desk_id).seal(text, holder=row.pk, place=place) if text else b""


@dataclass(frozen=True)
class Written:
    """What a draft holds beside its files: words, what was ticked, to whom a letter goes."""

    words: str
    choices: Mapping[str, list[str]] = field(default_factory=dict)
    address: str = ""


def lay_back(*, actor: Actor, matter: UUID, written: Written, at: dt.datetime) -> Draft:
    """Lay a reply that was not sent on its author's table again, above what is begun there."""
    draft = begin_draft(actor=actor, kind=Kind.REPLY, matter=matter, at=at)
    begun = Safe(draft.desk_id).open(draft.words, holder=draft.pk, place=draft_place(draft.pk))
    words = f"{written.words}\n\n{begun}" if begun else written.words
    # A page of its own: one that stands open elsewhere must not write over what was laid back.
    return save_draft(
        actor=actor,
        pen=Pen(draft=draft.pk, page=new_id().hex, seen=draft.saved_at),
        words=words,
        at=at,
        choices={**draft.choices, **written.choices},
        address=written.address or None,
    )


def take_draft(*, actor: Actor, pen: Pen, kind: Kind, words: str) -> Draft:
    """Take a draft off the table, to record `words` in the caller's transaction.

    Files that lie beside it are the caller's to take first (operations.files.take_beside).
    """
    assert connection.in_atomic_block
    row = own_draft(actor, pen.draft)
    if row.kind != kind:
        raise RefusedError("draft-gone")
    _check_nothing_newer(row, pen, words)
    _erase(row)
    return row


def drop_draft(*, actor: Actor, draft: UUID) -> None:
    """Erase a draft that was given up, and the files beside it."""
    with transaction.atomic():
        row = own_draft(actor, draft)
        files = Attachment.objects.filter(draft=row)
        gone = [it for file in files for it in file.contents]
        files.delete()
        _erase(row)
        transaction.on_commit(lambda: contents.forget(gone))


def _erase(row: Draft) -> None:
    """Delete a draft and its key: what it held is gone for good."""
    Draft.objects.filter(pk=row.pk).delete()
    sealing.erase(row.pk)
