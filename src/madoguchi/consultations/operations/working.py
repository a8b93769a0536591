"""What the desk does in a consultation. Lock, ask, change, save, record: always so."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.queries import facts_of, unread_since
from madoguchi.consultations.queries.unfinished import unfinished_in
from madoguchi.correspondence.models import Attachment, Kind, Message, Origin
from madoguchi.correspondence.operations.files import Ready, With, enclose
from madoguchi.correspondence.operations.line import tell_of_reply
from madoguchi.correspondence.operations.posting import Paper, post
from madoguchi.correspondence.operations.words import mark_read, record_message
from madoguchi.correspondence.queries.words import has_unread
from madoguchi.desks.models import User
from madoguchi.desks.queries import wants_second_reader
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.ledger.queries import has_read_since
from madoguchi.matters.operations import lock
from madoguchi.matters.operations.timing import meet, promise_reply, start_recheck
from madoguchi.matters.queries import holds_a_reply, was_seconded
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.consultation import (
    LIFECYCLE,
    Status,
    Step,
    check_may_leave,
    check_may_step,
)
from madoguchi.rules.deadlines import Again, Named

# Promises that an answer keeps.
ANSWERS = frozenset({Named.FIRST_REPLY, Named.REPLY})
# One line for a reader who comes back to the same page again and again.
_READING = dt.timedelta(minutes=30)
# Deadlines over with the consultation; what others owe us is awaited on.
_ENDS_WITH_IT = frozenset(Named) - {Named.EXPERT, Named.ANSWER}


class Checked(StrEnum):
    """What came of a safety check (安全確認)."""

    SPOKEN = "SPOKEN"  # 話して安全を確かめた
    HANDED_OVER = "HANDED_OVER"  # 警察・救急につないだ
    UNREACHED = "UNREACHED"  # 連絡がつかない


def locked_for(actor: Actor, matter: UUID, step: Step) -> Consultation:
    """Lock a consultation and move its status by `step`, unsaved, or refuse."""
    lock(matter)
    row = Consultation.objects.select_for_update().select_related("matter").get(pk=matter)
    check_may_step(actor, step, facts_of(row))
    row.status = LIFECYCLE.after(Status(row.status), step)
    return row


def take_charge(*, matter: UUID, actor: Actor, at: dt.datetime, seen: str | None = None) -> None:
    """Put `actor` in charge (担当になる).

    `seen`: the id of the adviser whom the page showed, "" for nobody. Refused where
    somebody else took charge since; None does not ask.
    """
    with transaction.atomic():
        row = locked_for(actor, matter, Step.TAKE_CHARGE)
        if seen is not None and str(row.adviser_id or "") not in (seen, str(actor.user)):
            raise RefusedError("taken-meanwhile")
        row.adviser_id = actor.user
        row.save(update_fields=["status", "adviser"])
        record(Step.TAKE_CHARGE, desk=row.desk_id, matter=matter, actor=actor.user, at=at)


def assign(*, matter: UUID, actor: Actor, adviser: UUID, at: dt.datetime) -> None:
    """Put `adviser`, of the same desk, in charge (担当を決める)."""
    with transaction.atomic():
        row = locked_for(actor, matter, Step.ASSIGN)
        person = User.objects.filter(pk=adviser, desk=row.desk_id, is_active=True).first()
        if person is None:
            raise RefusedError("not-an-adviser")
        check_may_work_on(person.actor, row.desk_id)
        row.adviser = person
        row.save(update_fields=["status", "adviser"])
        detail = {"adviser": str(adviser)}
        record(Step.ASSIGN, desk=row.desk_id, matter=matter, actor=actor.user, at=at, detail=detail)


def reply(
    *,
    matter: UUID,
    actor: Actor,
    words: str,
    at: dt.datetime,
    files: Sequence[Ready | Attachment] = (),
    on_paper: Paper | None = None,
) -> Message:
    """Send `words` to the person's my-page, and print them where asked. It is no contact.

    For a short while nobody sees it, and it can be taken back (operations.undoing).
    """
    with transaction.atomic():
        row = locked_for(actor, matter, Step.REPLY)
        if wants_second_reader(row.desk_id) and not was_seconded(matter, actor.user, words, at):
            raise RefusedError("second-reader")
        before = _as_it_stands(matter)
        # What came in while the reply was written is still new.
        row.unread, row.waiting_since = has_unread(matter), unread_since(row)
        row.save(update_fields=["status", "unread", "waiting_since"])
        sent = record_message(
            matter=row.matter, kind=Kind.REPLY, words=words, at=at, author=actor.user, before=before
        )
        answered(row, actor, at)
        beside = With(sent, Origin.DESK, at, actor.user)
        enclose(files, beside, matter=row.matter)
        tell_of_reply(sent)
        if on_paper:
            post(sent, on_paper)
        detail: dict[str, Any] = {"channel": on_paper.channel} if on_paper else {}
        detail |= {"files": len(files)} if files else {}
        record(Step.REPLY, desk=row.desk_id, matter=matter, actor=actor.user, at=at, detail=detail)
        return sent


def _as_it_stands(matter: UUID) -> dict[str, str]:
    """Return what a reply is about to change, as it is saved: for taking the reply back."""
    status, since = Consultation.objects.values_list("status", "waiting_since").get(pk=matter)
    return {"status": status, "waiting_since": since.isoformat() if since else ""}


def answered(row: Consultation, actor: Actor, at: dt.datetime) -> None:
    """Call the promise of a reply kept; what nobody has opened yet is promised anew."""
    meet(matter=row.pk, at=at, actor=actor.user, names=ANSWERS)
    if row.waiting_since:
        promise_reply(matter=row.matter, came=row.waiting_since)


def write_memo(*, matter: UUID, actor: Actor, words: str, at: dt.datetime) -> Message:
    """Keep a note among ourselves (所内メモ), which the person never sees."""
    with transaction.atomic():
        locked = lock(matter)
        check_may_work_on(actor, locked.desk_id)
        memo = record_message(matter=locked, kind=Kind.MEMO, words=words, at=at, author=actor.user)
        record(Deed.MEMO_WRITTEN, desk=locked.desk_id, matter=matter, actor=actor.user, at=at)
        return memo


@dataclass(frozen=True)
class Check:
    """安全確認: what came of it, in words too, and when to ask again."""

    how: Checked = Checked.SPOKEN
    words: str = ""
    again: Again | None = None


def check_safety(*, matter: UUID, actor: Actor, at: dt.datetime, check: Check) -> None:
    """Note that somebody asked whether the person is safe (安全確認をした).

    Who says that the person is safe says what was said: it is kept as a memo (所内メモ).
    Whoever could not be reached is to be asked again.
    """
    with transaction.atomic():
        locked = lock(matter)
        check_may_work_on(actor, locked.desk_id)
        how, words = check.how, check.words.strip()
        if how is Checked.SPOKEN and not words:
            raise RefusedError("no-words")
        if how is not Checked.UNREACHED:
            Consultation.objects.filter(pk=matter).update(safety_check_due=False)
            meet(matter=matter, at=at, actor=actor.user, names=frozenset({Named.SAFETY}))
        if check.again or how is Checked.UNREACHED:
            again = check.again or Again.SOON
            start_recheck(matter=locked, actor=actor.user, at=at, again=again)
        if words:
            record_message(matter=locked, kind=Kind.MEMO, words=words, at=at, author=actor.user)
        record(
            Deed.SAFETY_CHECKED,
            desk=locked.desk_id,
            matter=matter,
            actor=actor.user,
            at=at,
            detail={"how": how},
        )


def close(
    *, matter: UUID, actor: Actor, at: dt.datetime, left: frozenset[str] = frozenset()
) -> None:
    """Close the consultation (終結). Refused while a contact is unclassified, or a talk goes on.

    `left`: the keys of what is still open and is left or called off knowingly; refused where
    anything else is. What an expert or another desk still owes goes on being awaited.
    """
    with transaction.atomic():
        row = locked_for(actor, matter, Step.CLOSE)
        if holds_a_reply(matter):
            raise RefusedError("reply-held")
        found = unfinished_in(row)
        check_may_leave(found, left)
        row.closed_at, row.unread, row.waiting_since = at, False, None
        row.save(update_fields=["status", "closed_at", "unread", "waiting_since"])
        meet(matter=matter, at=at, actor=actor.user, names=_ENDS_WITH_IT)
        detail = {"left": ",".join(sorted({it.what for it in found}))} if found else {}
        record(Step.CLOSE, desk=row.desk_id, matter=matter, actor=actor.user, at=at, detail=detail)


def reopen(*, matter: UUID, actor: Actor, at: dt.datetime) -> None:
    """Open a closed consultation again (再開)."""
    with transaction.atomic():
        row = locked_for(actor, matter, Step.REOPEN)
        row.closed_at = None
        row.save(update_fields=["status", "closed_at"])
        record(Step.REOPEN, desk=row.desk_id, matter=matter, actor=actor.user, at=at)


def read(*, matter: UUID, actor: Actor, at: dt.datetime) -> None:
    """Note that `actor` opened the matter; the person's messages count as read (読まれた)."""
    with transaction.atomic():
        locked = lock(matter)
        check_may_work_on(actor, locked.desk_id)
        new = mark_read(matter=matter, kind=Kind.FROM_PERSON, at=at)
        Consultation.objects.filter(pk=matter, unread=True).update(unread=False)
        if new or not has_read_since(actor.user, matter, at - _READING):
            record(Deed.READ, desk=locked.desk_id, matter=matter, actor=actor.user, at=at)
