"""Reading what hangs on a matter. The caller has made sure that the reader may see it."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from madoguchi.desks.queries import hours_of, is_holiday
from madoguchi.matters.models import Approval, Deadline, Tick
from madoguchi.matters.places import comment_place, deadline_place, subject_place
from madoguchi.rules.access import Actor, RefusedError, Role, check_may_work_on
from madoguchi.rules.approval import Ask, Asked, Outcome, may_decide
from madoguchi.rules.deadlines import KEPT_BY_DEEDS, OFFICE, Named, Working
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class OpenedDeadline:
    """A deadline with what was said about it; empty words where nothing was, or it was erased."""

    id: UUID
    matter: UUID
    name: Named
    due_at: dt.datetime
    words: str
    call_as: str
    voice_mail: str

    @property
    def is_kept_by_deeds(self) -> bool:
        """Whether it is met by what the desk does, not by hand."""
        return self.name in KEPT_BY_DEEDS


def working_of(desk: UUID) -> Working:
    """Return when `desk` works; office hours where it has entered none."""
    hours = hours_of(desk)
    return Working(hours if hours.openings else OFFICE, is_holiday)


def running_at(actor: Actor) -> QuerySet[Deadline]:
    """Return the deadlines still to be met at the actor's desk, the nearest first."""
    try:
        check_may_work_on(actor, actor.desk)
    except RefusedError:
        return Deadline.objects.none()
    running = Deadline.objects.filter(desk=actor.desk, done_at=None)
    return running.order_by("due_at", "id")


def is_at(actor: Actor, deadline: UUID) -> bool:
    """Tell whether a deadline, running or over, is one of the actor's desk."""
    return Deadline.objects.filter(pk=deadline, desk=actor.desk).exists()


def opened(desk: UUID, rows: Iterable[Deadline]) -> list[OpenedDeadline]:
    """Return deadlines of `desk` with their words opened, keys fetched in one query."""
    found = list(rows)
    safe = Safe(desk)
    safe.fetch(row.matter_id for row in found)
    return [_opened(row, safe) for row in found]


def _opened(row: Deadline, safe: Safe) -> OpenedDeadline:
    told = safe.open(row.note, holder=row.matter_id, place=deadline_place(row.pk))
    said = json.loads(told) if told else {}
    return OpenedDeadline(
        id=row.pk,
        matter=row.matter_id,
        name=Named(row.name),
        due_at=row.due_at,
        words=said.get("words", ""),
        call_as=said.get("call_as", ""),
        voice_mail=said.get("voice_mail", ""),
    )


# -- approvals --------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenedApproval:
    """A question to a colleague with its words; None where they were erased."""

    id: UUID
    matter: UUID
    ask: Ask
    by: str
    of: str | None
    at: dt.datetime
    words: str | None
    outcome: Outcome | None
    decided_by: str | None
    decided_at: dt.datetime | None
    comment: str | None
    may_decide: bool
    may_withdraw: bool


def asked_in(row: Approval) -> Asked:
    """Return what the rules need to know of a question."""
    return Asked(
        ask=Ask(row.kind),
        desk=row.desk_id,
        by=row.asked_by_id,
        of=row.asked_of_id,
        is_decided=row.decided_at is not None,
    )


def approvals_at(actor: Actor) -> QuerySet[Approval]:
    """Return every question asked at the actor's desk, for who works there."""
    try:
        check_may_work_on(actor, actor.desk)
    except RefusedError:
        return Approval.objects.none()
    rows = Approval.objects.filter(desk=actor.desk)
    return rows.select_related("matter", "asked_by", "asked_of", "decided_by")


def asked_of(actor: Actor) -> QuerySet[Approval]:
    """Return what waits for the actor's own answer, the oldest first."""
    of_anybody = Q(asked_of=None)
    if actor.role is not Role.SUPERVISOR:
        of_anybody &= ~Q(kind=Ask.APPROVAL)
    waiting = approvals_at(actor).filter(decided_at=None).exclude(asked_by=actor.user)
    return waiting.filter(Q(asked_of=actor.user) | of_anybody).order_by("asked_at")


def holds_a_reply(matter: UUID) -> bool:
    """Tell whether a reply in the matter waits for its second reader."""
    held = Approval.objects.filter(matter=matter, kind=Ask.SECOND_READING, decided_at=None)
    return held.exists()


def was_seconded(matter: UUID, author: UUID, words: str, at: dt.datetime) -> bool:
    """Tell whether a colleague of `author` let just these words go out, at this instant."""
    rows = Approval.objects.filter(
        matter=matter,
        kind=Ask.SECOND_READING,
        outcome=Outcome.APPROVED,
        decided_at=at,
        asked_by=author,
    )
    return any(words_asked(row) == words for row in rows)


def words_asked(row: Approval, safe: Safe | None = None) -> str | None:
    """Return what is asked; None where it was erased."""
    safe = safe or Safe(row.desk_id)
    return safe.open(row.subject, holder=row.matter_id, place=subject_place(row.pk))


def opened_approvals(actor: Actor, rows: Iterable[Approval]) -> list[OpenedApproval]:
    """Return questions with their words opened, keys fetched in one query."""
    found = list(rows)
    safe = Safe(actor.desk)
    safe.fetch(row.matter_id for row in found)
    return [_opened_approval(actor, row, safe) for row in found]


def _opened_approval(actor: Actor, row: Approval, safe: Safe) -> OpenedApproval:
    return OpenedApproval(
        id=row.pk,
        matter=row.matter_id,
        ask=Ask(row.kind),
        by=row.asked_by.name,
        of=row.asked_of.name if row.asked_of else None,
        at=row.asked_at,
        words=words_asked(row, safe),
        outcome=Outcome(row.outcome) if row.outcome else None,
        decided_by=row.decided_by.name if row.decided_by else None,
        decided_at=row.decided_at,
        comment=safe.open(row.comment, holder=row.matter_id, place=comment_place(row.pk)),
        may_decide=may_decide(actor, asked_in(row)),
        may_withdraw=row.decided_at is None and row.asked_by_id == actor.user,
    )


def ticks_in(matter: UUID) -> dict[str, Tick]:
    """Return the ticks in a matter by their items, each with who made it."""
    rows = Tick.objects.filter(matter=matter).select_related("ticked_by")
    return {row.item: row for row in rows}
