"""A talk in the desk's own chat: one contact (受付, SNS), counted when it begins.

Lock, ask, change, save, record; the matter first, then the talk. Single lines are no deeds
(docs/decisions/0070): the ledger says who opened, took, handed over and ended a talk.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations.noting import Note, check_codes, describe
from madoguchi.consultations.operations.receiving import Letter, alarm, heard, open_consultation
from madoguchi.consultations.operations.touching import touch, touch_all
from madoguchi.consultations.operations.working import answered, locked_for
from madoguchi.consultations.queries import unread_since
from madoguchi.correspondence.models import Kind, Line, Side, Talk
from madoguchi.correspondence.operations.chat import locked_talk, set_typed, write_line
from madoguchi.correspondence.operations.words import make_receipt, record_message
from madoguchi.correspondence.queries.chat import facts_of
from madoguchi.correspondence.queries.words import has_unread
from madoguchi.desks.models import User
from madoguchi.desks.queries import books_on
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.operations import lock
from madoguchi.matters.operations.timing import promise_reply
from madoguchi.rules import chat, consultation
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.chat import EndedBy, Status, Step
from madoguchi.rules.codebooks import Table
from madoguchi.rules.deadlines import Named
from madoguchi.rules.triage import Signals, needs_safety_check
from madoguchi.vault.codes import new_code
from madoguchi.vault.ids import new_id

SNS = "SNS"  # the desk's own chat counts as SNS
BROKEN_OFF = "BROKEN_OFF"  # 中断


@dataclass(frozen=True)
class Opened:
    """A talk just begun, and the code by which the person can go on without it."""

    talk: UUID
    matter: UUID
    code: str


def open_talk(*, desk: UUID, words: str, signals: Signals, at: dt.datetime) -> Opened:
    """Begin a talk with its first words: a new consultation, and one contact of it."""
    code = new_code()
    with transaction.atomic():
        letter = Letter(words=words, channel=SNS, signals=signals)
        row = open_consultation(desk=desk, letter=letter, at=at)
        make_receipt(matter=row.pk, code=code, at=at)
        talk = _begun(row, words, signals, at)
        # Should nobody answer, the person reads an answer by their code: promised as to a letter.
        promise_reply(matter=row.matter, came=at, name=Named.FIRST_REPLY)
        detail = {"channel": SNS, "talk": str(talk.pk)}
        record(Deed.RECEIVED, desk=desk, matter=row.pk, at=at, detail=detail)
        return Opened(talk=talk.pk, matter=row.pk, code=code)


def _begun(row: Consultation, words: str, signals: Signals, at: dt.datetime) -> Talk:
    """Put a talk with its first words into the queue, and count it once (+1 延べ)."""
    talk = Talk(
        id=new_id(),
        desk_id=row.desk_id,
        matter_id=row.pk,
        status=chat.LIFECYCLE.start,
        is_urgent=needs_safety_check(signals),
        opened_at=at,
        last_line_at=at,
        person_seen_at=at,
    )
    talk.save(force_insert=True)
    write_line(talk=talk, side=Side.PERSON, words=words, at=at)
    talk.save(update_fields=["revision"])
    touch(row.desk_id, [at], [row.pk])
    Contact.objects.create(id=talk.pk, desk_id=row.desk_id, consultation=row, at=at, channel=SNS)
    return talk


def talk_again(*, matter: UUID, words: str, signals: Signals, at: dt.datetime) -> UUID:
    """Begin a talk in a consultation that is there already: one more contact of it.

    Where one goes on already, on another screen of hers, the words are said in that.
    """
    with transaction.atomic():
        locked = lock(matter)
        going_on = Talk.objects.filter(matter=matter, status__in=chat.LIVE).first()
        if going_on:
            say(talk=going_on.pk, words=words, signals=signals, at=at)
            return going_on.pk
        row = Consultation.objects.select_for_update().get(pk=matter)
        heard(row, signals, at)
        row.save()
        if row.counted_with_id:
            touch_all(row)
        talk = _begun(row, words, signals, at)
        promise_reply(matter=locked, came=at)
        detail = {"channel": SNS, "talk": str(talk.pk)}
        record(consultation.Step.HEAR, desk=row.desk_id, matter=matter, at=at, detail=detail)
        return talk.pk


def _locked(talk: UUID) -> Talk:
    """Lock the talk's matter, then the talk."""
    lock(Talk.objects.values_list("matter", flat=True).get(pk=talk))
    return locked_talk(talk)


def say(*, talk: UUID, words: str, signals: Signals, at: dt.datetime) -> Line:
    """Take one more line of the person. Danger puts the talk first; it ends nothing."""
    with transaction.atomic():
        row = _locked(talk)
        if row.status not in chat.LIVE:
            raise RefusedError("talk-over")
        line = write_line(talk=row, side=Side.PERSON, words=words, at=at)
        row.person_seen_at, row.person_typing_at = at, None
        if needs_safety_check(signals):
            row.is_urgent = True
            about = Consultation.objects.select_for_update().get(pk=row.matter_id)
            alarm(about, signals, at)
            about.save(update_fields=["urgency", "safety_check_due", "alarms", "alarmed_at"])
        row.save()
        return line


def take_talk(*, talk: UUID, actor: Actor, at: dt.datetime) -> None:
    """Answer somebody who waits (チャットに出る). Refused where a colleague was first."""
    with transaction.atomic():
        row = _locked(talk)
        chat.check_may_step(actor, Step.TAKE_TALK, facts_of(row))
        if row.adviser_id == actor.user and row.status == Status.TALKING:
            return  # pressed twice
        row.status = chat.LIFECYCLE.after(Status(row.status), Step.TAKE_TALK)
        row.adviser_id, row.taken_at, row.last_line_at = actor.user, at, at
        row.revision += 1
        row.save()
        about = locked_for(actor, row.matter_id, consultation.Step.NOTE_CALL)
        about.adviser_id = about.adviser_id or actor.user
        # What she wrote at my-page before, and nobody has opened, still waits for an answer.
        about.unread, about.waiting_since = has_unread(about.pk), unread_since(about)
        about.closed_at = None
        about.save()
        answered(about, actor, at)
        _record(Step.TAKE_TALK, row, at, actor)


def hand_over_talk(*, talk: UUID, actor: Actor, adviser: UUID, at: dt.datetime) -> None:
    """Let a colleague go on with the talk, and with the matter (同僚に代わる)."""
    with transaction.atomic():
        row = _locked(talk)
        chat.check_may_step(actor, Step.HAND_OVER_TALK, facts_of(row))
        row.status = chat.LIFECYCLE.after(Status(row.status), Step.HAND_OVER_TALK)
        person = User.objects.filter(pk=adviser, desk=row.desk_id, is_active=True).first()
        if person is None:
            raise RefusedError("not-an-adviser")
        check_may_work_on(person.actor, row.desk_id)
        before = row.adviser_id
        row.adviser, row.staff_typing_at, row.is_unopened = person, None, True
        row.revision += 1
        set_typed(talk=row, field="line", words="")
        row.save()
        Consultation.objects.filter(pk=row.matter_id, adviser=before).update(adviser=person)
        _record(Step.HAND_OVER_TALK, row, at, actor, adviser=str(adviser))


def end_talk(*, talk: UUID, actor: Actor, at: dt.datetime, leaves_unsafe: bool = False) -> None:
    """End the talk from the desk's side; its summary is still to be written.

    Refused while somebody has to ask whether the person is safe (安全確認), unless whoever ends
    it says that they know (`leaves_unsafe`).
    """
    with transaction.atomic():
        row = _locked(talk)
        chat.check_may_step(actor, Step.END_TALK, facts_of(row))
        detail = _checked_safety(row, leaves_unsafe=leaves_unsafe)
        _end(row, EndedBy.STAFF, at)
        _record(Step.END_TALK, row, at, actor, by=EndedBy.STAFF, **_counted(row), **detail)


def _checked_safety(row: Talk, *, leaves_unsafe: bool) -> dict[str, bool]:
    """Refuse to end a talk unasked whether the person is safe; return what the ledger holds."""
    if not Consultation.objects.filter(pk=row.matter_id, safety_check_due=True).exists():
        return {}
    if not leaves_unsafe:
        raise RefusedError("safety-open")
    return {"unsafe": True}


def leave(*, talk: UUID, at: dt.datetime) -> None:
    """End the talk from the person's side. Who was never answered broke off (中断)."""
    with transaction.atomic():
        row = _locked(talk)
        if row.status not in chat.LIVE:
            return
        _end(row, EndedBy.PERSON, at)
        _record(Step.END_TALK, row, at, None, by=EndedBy.PERSON, **_counted(row))


def lapse(*, talk: UUID, at: dt.datetime) -> bool:
    """End the talk where silence has ended it by `at`; tell whether it did."""
    with transaction.atomic():
        row = _locked(talk)
        how = chat.lapsed(facts_of(row), at)
        if how is None:
            return False
        _end(row, how, at)
        _record(Step.END_TALK, row, at, None, by=how, **_counted(row))
        return True


def resume(*, talk: UUID, at: dt.datetime) -> None:
    """Let somebody who was never answered back into the queue, at their old place."""
    with transaction.atomic():
        row = _locked(talk)
        if row.status == Status.WAITING:
            return
        if row.adviser_id:
            raise RefusedError("talk-over")
        row.status = chat.LIFECYCLE.after(Status(row.status), Step.RESUME_TALK)
        row.ended_at, row.ended_by, row.person_seen_at = None, "", at
        row.revision += 1
        row.save()
        # It did not break off after all; what an adviser said of it meanwhile stays.
        Contact.objects.filter(pk=row.pk, action=BROKEN_OFF, recorded_by=None).update(action=None)
        _touched(row)
        _record(Step.RESUME_TALK, row, at, None)


def sum_up(
    *, talk: UUID, actor: Actor, note: Note, at: dt.datetime, leaves_unsafe: bool = False
) -> Consultation:
    """Write down the talk's summary as its contact's note; a talk that goes on ends with it.

    `leaves_unsafe`: as for `end_talk`; of a talk that is over already, nobody is asked.
    """
    with transaction.atomic():
        row = _locked(talk)
        chat.check_may_step(actor, Step.SUM_UP_TALK, facts_of(row))
        ends = row.status in chat.LIVE
        detail = _checked_safety(row, leaves_unsafe=leaves_unsafe) if ends else {}
        check_codes(row.desk_id, in_japan(row.opened_at).date(), note.said)
        ended_by = EndedBy(row.ended_by or EndedBy.STAFF)
        row.ended_at, row.ended_by = row.ended_at or at, ended_by
        row.status = chat.LIFECYCLE.after(Status(row.status), Step.SUM_UP_TALK)
        row.typed, row.revision = b"", row.revision + 1
        row.save()
        about = locked_for(actor, row.matter_id, consultation.Step.NOTE_CALL)
        about.adviser_id, about.closed_at = about.adviser_id or actor.user, None
        about.last_contact_at = max(about.last_contact_at, row.last_line_at)
        describe(about, kinds=note.kinds, age_group=note.age_group, standing=note.standing)
        about.save()
        _note(row, actor, note, at)
        touch_all(about)
        told = {"action": note.action, **_counted(row), **detail}
        _record(Step.SUM_UP_TALK, row, at, actor, **told)
        return about


def _note(row: Talk, actor: Actor, note: Note, at: dt.datetime) -> None:
    """Let the summary be the note of the talk's contact."""
    assert row.ended_at
    message = record_message(
        matter=row.matter, kind=Kind.NOTE, words=note.words, at=at, author=actor.user
    )
    spent = row.ended_at - row.taken_at if row.taken_at else None
    minutes = max(1, -(-int(spent.total_seconds()) // 60)) if spent is not None else None
    contact = Contact.objects.get(pk=row.pk)
    Contact.objects.filter(pk=row.pk).update(
        message=message,
        action=note.action or contact.action,
        minutes=note.minutes or minutes,
        referred_to=list(note.referred_to),
        recorded_by=actor.user,
    )


def _end(row: Talk, how: EndedBy, at: dt.datetime) -> None:
    """End a locked talk; the contact of one that nobody answered is 中断."""
    row.status = chat.LIFECYCLE.after(Status(row.status), Step.END_TALK)
    row.ended_at, row.ended_by = at, how
    row.revision += 1
    row.save()
    if row.adviser_id is None:
        book = books_on(row.desk_id, in_japan(row.opened_at).date()).get(Table.ACTION_TAKEN)
        if book and book.label_of(BROKEN_OFF):
            Contact.objects.filter(pk=row.pk, action=None).update(action=BROKEN_OFF)
            _touched(row)


def _touched(row: Talk) -> None:
    touch_all(Consultation.objects.get(pk=row.matter_id))


def _counted(row: Talk) -> dict[str, int]:
    """Return how much was said: what the ledger holds of the lines."""
    lines = Line.objects.filter(talk=row)
    return {"lines": lines.count(), "of_person": lines.filter(side=Side.PERSON).count()}


def _record(
    step: Step, row: Talk, at: dt.datetime, actor: Actor | None, **detail: str | int | None
) -> None:
    who = actor.user if actor else None
    told = {"talk": str(row.pk), **detail}
    record(step, desk=row.desk_id, matter=row.matter_id, actor=who, at=at, detail=told)
