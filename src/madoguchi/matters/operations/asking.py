"""Asking a colleague to read or to approve (供覧・決裁), and writing down the answer."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from madoguchi.desks.models import User
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.models import Approval, Matter
from madoguchi.matters.operations.opening import lock
from madoguchi.matters.places import comment_place, subject_place
from madoguchi.matters.queries import asked_in
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.approval import Ask, Outcome, check_may_decide
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class Question:
    """What is asked of a colleague; `of` None: of whoever may answer it."""

    ask: Ask
    words: str
    of: UUID | None = None
    way: str = ""


def ask(*, matter: UUID, question: Question, actor: Actor, at: dt.datetime) -> Approval:
    """Ask a colleague of the same desk. A reply is held for one second reader at a time."""
    with transaction.atomic():
        locked = lock(matter)
        check_may_work_on(actor, locked.desk_id)
        _check_colleague(question.of, actor)
        held = Approval.objects.filter(matter=matter, kind=Ask.SECOND_READING, decided_at=None)
        if question.ask is Ask.SECOND_READING and held.exists():
            raise RefusedError("reply-held")
        row = _asked(locked, question, actor, at)
        record(
            Deed.APPROVAL_ASKED,
            desk=locked.desk_id,
            matter=matter,
            actor=actor.user,
            at=at,
            detail={"kind": str(question.ask)},
        )
        return row


def _check_colleague(of: UUID | None, actor: Actor) -> None:
    if of is None:
        return
    if of == actor.user:
        raise RefusedError("own-approval")
    person = User.objects.filter(pk=of, desk=actor.desk, is_active=True).first()
    if person is None:
        raise RefusedError("not-an-adviser")
    check_may_work_on(person.actor, actor.desk)


def _asked(matter: Matter, question: Question, actor: Actor, at: dt.datetime) -> Approval:
    row = new_id()
    return Approval.objects.create(
        id=row,
        desk_id=matter.desk_id,
        matter=matter,
        kind=question.ask,
        asked_by_id=actor.user,
        asked_of_id=question.of,
        asked_at=at,
        way=question.way,
        subject=Safe(matter.desk_id).seal(
            question.words, holder=matter.pk, place=subject_place(row)
        ),
    )


def answer(
    *, approval: UUID, actor: Actor, outcome: Outcome, comment: str, at: dt.datetime
) -> Approval:
    """Write an answer down in the caller's transaction, its matter locked; or refuse."""
    assert connection.in_atomic_block
    found = Approval.objects.filter(pk=approval).values_list("matter", flat=True).first()
    if found is None:
        raise RefusedError("decided-already")
    lock(found)
    row = Approval.objects.select_for_update().get(pk=approval)
    check_may_decide(actor, asked_in(row), outcome)
    if comment.strip():
        place = comment_place(row.pk)
        row.comment = Safe(row.desk_id).seal(comment, holder=row.matter_id, place=place)
    row.outcome, row.decided_by_id, row.decided_at = outcome, actor.user, at
    row.save(update_fields=["outcome", "decided_by", "decided_at", "comment"])
    record(
        Deed.APPROVAL_DECIDED,
        desk=row.desk_id,
        matter=row.matter_id,
        actor=actor.user,
        at=at,
        detail={"kind": row.kind, "outcome": str(outcome)},
    )
    return row
