"""What a supervisor sees at one glance (一覧板): what nobody has, what is late, who waits."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.queries import Line, as_lines, inbox
from madoguchi.consultations.queries.dues import DueLine, as_due_lines, dues
from madoguchi.correspondence.queries.words import Busy, on_the_telephone
from madoguchi.desks.queries import advisers_of
from madoguchi.matters.models import Deadline
from madoguchi.rules.access import Actor
from madoguchi.rules.consultation import Status
from madoguchi.rules.deadlines import Named

# A column shows the first so many and tells how many there are.
_SHOWN = 12


@dataclass(frozen=True)
class Column:
    """One column of the board: the first of its matters, and how many there are."""

    name: str
    lines: list[Line]
    count: int


@dataclass(frozen=True)
class AdviserLine:
    """How much one adviser has in hand. `call_began`: they are on the telephone since."""

    id: UUID
    name: str
    open: int
    unread: int
    waiting: int
    unsafe: int
    overdue: int
    call_began: dt.datetime | None


def waiting_for_expert(actor: Actor) -> QuerySet[Consultation]:
    """Return what waits for an expert: where a date with one is still to come (専門家の日程)."""
    dates = Deadline.objects.filter(matter=OuterRef("pk"), name=Named.EXPERT, done_at=None)
    return inbox(actor).filter(Exists(dates))


def columns(actor: Actor) -> list[Column]:
    """Return the columns of matters: 未割当, 返事待ち, 専門家待ち."""
    rows = {
        "UNASSIGNED": inbox(actor).filter(adviser=None),
        "PERSON": inbox(actor).filter(status=Status.WAITING),
        "EXPERT": waiting_for_expert(actor),
    }
    return [
        Column(name, as_lines(actor, found[:_SHOWN]), found.count()) for name, found in rows.items()
    ]


def overdue(actor: Actor, now: dt.datetime) -> tuple[list[DueLine], int]:
    """Return the oldest deadlines that are over, and how many there are."""
    rows = dues(actor, is_mine=False).filter(due_at__lt=now)
    return as_due_lines(actor, rows[:_SHOWN]), rows.count()


def by_adviser(actor: Actor, now: dt.datetime) -> list[AdviserLine]:
    """Return what each adviser of the desk has in hand."""
    open_ = (
        inbox(actor)
        .order_by()
        .values("adviser")
        .annotate(
            open=Count("pk"),
            unread=Count("pk", filter=Q(unread=True)),
            waiting=Count("pk", filter=Q(status=Status.WAITING)),
            unsafe=Count("pk", filter=Q(safety_check_due=True)),
        )
    )
    held: dict[UUID | None, dict[str, Any]] = {row["adviser"]: dict(row) for row in open_}
    late = dues(actor, is_mine=False).filter(due_at__lt=now).order_by()
    adviser = "matter__consultation__adviser"
    lates = {it[adviser]: it["n"] for it in late.values(adviser).annotate(n=Count("pk"))}
    calls = {call.who: call for call in busy(actor, now)}
    return [
        AdviserLine(
            id=person.pk,
            name=person.name,
            overdue=lates.get(person.pk, 0),
            call_began=calls[person.pk].since if person.pk in calls else None,
            **{name: held.get(person.pk, {}).get(name, 0) for name in _COUNTED},
        )
        for person in advisers_of(actor.desk)
    ]


_COUNTED = ("open", "unread", "waiting", "unsafe")


def busy(actor: Actor, now: dt.datetime) -> list[Busy]:
    """Return which colleagues are on the telephone just now."""
    return on_the_telephone(actor.desk, now)
