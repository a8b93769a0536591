"""A draft becomes a record: both in one transaction, so that no word is lost or kept twice."""

import datetime as dt
from dataclasses import replace
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations.noting import Note, note_call
from madoguchi.consultations.operations.seconding import hold_reply
from madoguchi.consultations.operations.working import close, reply, write_memo
from madoguchi.consultations.queries.unfinished import unfinished_in
from madoguchi.correspondence.models import Attachment, Kind, Message
from madoguchi.correspondence.models.mail import Way
from madoguchi.correspondence.operations.files import hold, take_beside
from madoguchi.correspondence.operations.posting import Paper
from madoguchi.correspondence.operations.words import Pen, own_draft, take_draft
from madoguchi.correspondence.queries.mail import can_be_read
from madoguchi.desks.queries import wants_second_reader
from madoguchi.rules.access import Actor, RefusedError


class Nothing(StrEnum):
    """何にもならなかった電話: why a call came to nothing."""

    SILENT = "SILENT"  # 無言
    WRONG_NUMBER = "WRONG_NUMBER"  # 間違い電話
    BROKEN_OFF = "BROKEN_OFF"  # 途中で切れた


# The 対応 it counts as, by the keys of the standard books: somebody was there and went (中断),
# or nobody wanted our advice (その他). docs/decisions/0070 says why.
COUNTS_AS = {
    Nothing.SILENT: "BROKEN_OFF",
    Nothing.WRONG_NUMBER: "OTHER",
    Nothing.BROKEN_OFF: "BROKEN_OFF",
}


def record_call(
    *, actor: Actor, pen: Pen, matter: UUID | None, note: Note, at: dt.datetime
) -> Consultation:
    """Record a call note (電話を終えて記録). `matter` where the draft belongs to none yet."""
    with transaction.atomic():
        draft = take_draft(actor=actor, pen=pen, kind=Kind.NOTE, words=note.words)
        heard = replace(note, heard_at=draft.started_at)
        return note_call(actor=actor, matter=draft.matter_id or matter, note=heard, at=at)


def break_off(
    *,
    actor: Actor,
    pen: Pen,
    matter: UUID | None,
    note: Note,
    at: dt.datetime,
    why: Nothing = Nothing.BROKEN_OFF,
) -> Consultation:
    """Record a call that came to nothing (無言・間違い・中断); of a new person, closed at once.

    But where a call back was promised, it stays open.
    """
    with transaction.atomic():
        broken = replace(note, action=COUNTS_AS[why])
        row = record_call(actor=actor, pen=pen, matter=matter, note=broken, at=at)
        if row.contacts.count() == 1 and not unfinished_in(row):
            close(matter=row.pk, actor=actor, at=at)
        return row


def send_reply(
    *,
    actor: Actor,
    pen: Pen,
    words: str,
    at: dt.datetime,
    way: Way = Way.MY_PAGE,
) -> Message | None:
    """Send a drafted reply, and the files beside it, to the person's my-page.

    None: held for its second reader. `way`: how it goes out once it was read. Refused where
    the person could not read it.
    """
    with transaction.atomic():
        files = take_beside(own_draft(actor, pen.draft))
        draft = take_draft(actor=actor, pen=pen, kind=Kind.REPLY, words=words)
        matter = _matter_of(draft.matter_id)
        if not can_be_read(matter, way):
            raise RefusedError("nobody-reads")
        if files and way is Way.FULL:
            raise RefusedError("mail-without-files")
        if not wants_second_reader(draft.desk_id):
            return reply(matter=matter, actor=actor, words=words, at=at, files=files)
        held = hold_reply(matter=matter, actor=actor, words=words, at=at, way=way)
        hold(files, held)
        return None


def post_reply(
    *, actor: Actor, pen: Pen | None, matter: UUID, words: str, paper: Paper, at: dt.datetime
) -> Message:
    """Keep a reply as sent on paper (手紙・FAXで返信), and take its draft off the table.

    Files beside it are kept with it, at my-page; nobody prints them.
    """
    with transaction.atomic():
        files: list[Attachment] = []
        if pen:
            files = take_beside(own_draft(actor, pen.draft))
            take_draft(actor=actor, pen=pen, kind=Kind.REPLY, words=words)
        return reply(matter=matter, actor=actor, words=words, at=at, files=files, on_paper=paper)


def keep_memo(*, actor: Actor, pen: Pen, words: str, at: dt.datetime) -> Message:
    """Keep a drafted memo (所内メモ)."""
    with transaction.atomic():
        draft = take_draft(actor=actor, pen=pen, kind=Kind.MEMO, words=words)
        return write_memo(matter=_matter_of(draft.matter_id), actor=actor, words=words, at=at)


def _matter_of(matter: UUID | None) -> UUID:
    """Return the matter, which a reply and a memo need."""
    if matter is None:
        raise RefusedError("draft-gone")
    return matter
