"""A hand-over goes: what went is kept, counted, and an answer is waited for."""

import datetime as dt
import hashlib
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations.touching import touch_all
from madoguchi.desks.queries import books_on
from madoguchi.jobs.operations import put
from madoguchi.ledger.operations import record
from madoguchi.matters.models import Deadline
from madoguchi.matters.operations.timing import Due, set_due
from madoguchi.matters.queries import working_of
from madoguchi.referrals.models import Referral
from madoguchi.referrals.operations.preparing import keep, listed, locked
from madoguchi.referrals.packing import contents
from madoguchi.referrals.queries.contents import content_of
from madoguchi.referrals.queries.lists import facts_of
from madoguchi.rules.access import Actor, check_may_work_on
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.codebooks import Table
from madoguchi.rules.deadlines import Named, reply_due
from madoguchi.rules.referral import (
    ANSWER_DAYS,
    COUNTED_AS,
    LIFECYCLE,
    Item,
    Status,
    Step,
    Way,
    check_may_hear,
    check_may_send,
)

_BY_ITSELF = (Way.DESK, Way.PEER)


def send(*, referral: UUID, actor: Actor | None, at: dt.datetime) -> Referral:
    """Hand over (引き継ぐ): with what the person agreed to, and nothing else.

    `actor` None: the person takes with her what she carries. What goes to another desk is
    delivered by a job.
    """
    with transaction.atomic():
        row = locked(referral)
        check_may_send(actor, facts_of(row))
        row.status = LIFECYCLE.after(Status(row.status), Step.HAND_OVER)
        text = contents.written(content_of(row, [Item(it) for it in row.agreed], at))
        contents.read(text)  # nothing leaves that the receiver could not read
        row.digest, row.sent_at = hashlib.sha256(text).hexdigest(), at
        keep(row, "snapshot", text.decode())
        row.deadline = _awaited(row, actor, at)
        row.save()
        _count(row)
        if row.way in _BY_ITSELF:
            put(name="referrals.deliver", key=f"deliver {row.pk}", at=at, args=_named(row))
        _record(Step.HAND_OVER, row, actor, at)
        return row


def _named(row: Referral) -> dict[str, str]:
    return {"referral": str(row.pk)}


def _awaited(row: Referral, actor: Actor | None, at: dt.datetime) -> Deadline:
    due = reply_due(at, ANSWER_DAYS, working_of(row.desk_id))
    said = Due(Named.ANSWER, due, words=row.to_name)
    return set_due(matter=row.matter, due=said, actor=actor.user if actor else None)


def _count(row: Referral) -> None:
    """Count it on its contact: 対応 他機関紹介, and 紹介先 where it is one of the directory.

    A desk whose book has no such code says itself what it did.
    """
    contact = row.counted_on
    if contact is None:
        return
    book = books_on(row.desk_id, in_japan(contact.at).date()).get(Table.ACTION_TAKEN)
    if book and book.label_of(COUNTED_AS):
        contact.action = COUNTED_AS
    if row.window and row.window not in contact.referred_to:
        contact.referred_to = [*contact.referred_to, row.window]
    contact.save(update_fields=["action", "referred_to"])
    touch_all(Consultation.objects.get(pk=row.matter_id))


def withdraw(*, referral: UUID, actor: Actor | None, at: dt.datetime) -> None:
    """Call a hand-over off (取りやめ): the desk, or (None) the person, whose word it is.

    What lies at another desk is called back first (`recalling.recall`).
    """
    with transaction.atomic():
        row = locked(referral)
        if actor is not None:
            check_may_work_on(actor, row.desk_id)
        row.status = LIFECYCLE.after(Status(row.status), Step.WITHDRAW_HANDOVER)
        row.settled_at = at
        row.refused_at = row.refused_at or (None if actor else at)
        row.save(update_fields=["status", "settled_at", "refused_at"])
        no_longer_awaited(row, actor, at)
        _record(Step.WITHDRAW_HANDOVER, row, actor, at)


def note_heard(*, referral: UUID, actor: Actor, step: Step, words: str, at: dt.datetime) -> None:
    """Note what an office said by telephone or letter: taken up, sent back, answered."""
    with transaction.atomic():
        row = locked(referral)
        check_may_hear(actor, step, facts_of(row))
        row.status = LIFECYCLE.after(Status(row.status), step)
        row.heard_at = at
        if words:
            keep(row, "answer", words)
        row.save(update_fields=["status", "heard_at", "answer"])
        no_longer_awaited(row, actor, at)
        _record(step, row, actor, at)


def settle(*, referral: UUID, actor: Actor, at: dt.datetime) -> None:
    """Call a hand-over done (済み): it is in no list any more."""
    with transaction.atomic():
        row = locked(referral)
        check_may_hear(actor, Step.SETTLE_HANDOVER, facts_of(row))
        row.status = LIFECYCLE.after(Status(row.status), Step.SETTLE_HANDOVER)
        row.settled_at = at
        row.save(update_fields=["status", "settled_at"])
        no_longer_awaited(row, actor, at)
        _record(Step.SETTLE_HANDOVER, row, actor, at)


def no_longer_awaited(row: Referral, actor: Actor | None, at: dt.datetime) -> None:
    """Call the deadline met by which an answer was awaited, within the deed that brings it."""
    if row.deadline_id:
        awaited = Deadline.objects.filter(pk=row.deadline_id, done_at=None)
        awaited.update(done_at=at, done_by=actor.user if actor else None)


def _record(step: StrEnum, row: Referral, actor: Actor | None, at: dt.datetime) -> None:
    record(
        step,
        desk=row.desk_id,
        matter=row.matter_id,
        actor=actor.user if actor else None,
        at=at,
        detail={"referral": str(row.pk), "way": row.way, "items": listed(row.agreed)},
    )
