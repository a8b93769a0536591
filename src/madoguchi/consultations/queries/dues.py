"""Deadlines as the desk's lists show them, each with the matter it belongs to."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.places import headline_place
from madoguchi.matters.models import Deadline
from madoguchi.matters.queries import OpenedDeadline, opened, running_at
from madoguchi.rules.access import Actor
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.deadlines import Nearness, nearness, week_ends_before
from madoguchi.vault.sealing import Safe

# The nearest so many are shown; how many there are is told.
_SHOWN = 200


@dataclass(frozen=True)
class DueLine:
    """A deadline in a list, and whose it is."""

    deadline: OpenedDeadline
    number: str
    headline: str
    adviser: str | None


def _mine(actor: Actor) -> Q:
    """Return what somebody has to see to: their own matters, and those of nobody."""
    in_charge = Q(matter__consultation__adviser=actor.user)
    return in_charge | Q(matter__consultation__adviser=None)


def dues(actor: Actor, *, is_mine: bool) -> QuerySet[Deadline]:
    """Return the running deadlines of one's own and nobody's matters, or of the whole desk."""
    rows = running_at(actor).filter(matter__consultation__isnull=False)
    return rows.filter(_mine(actor)) if is_mine else rows


def end_of_day(now: dt.datetime) -> dt.datetime:
    """Return the midnight after `now` in Japan."""
    today = in_japan(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + dt.timedelta(days=1)


def own_dues_before(actor: Actor, until: dt.datetime) -> QuerySet[Deadline]:
    """Return the deadlines of one's own and nobody's matters that fall due before `until`."""
    return dues(actor, is_mine=True).filter(due_at__lt=until)


def due_lists(actor: Actor, now: dt.datetime, *, is_mine: bool) -> dict[Nearness, list[DueLine]]:
    """Return the lists 過ぎた, きょう and 今週; what comes later is in none of them."""
    rows = dues(actor, is_mine=is_mine).filter(due_at__lt=max(now, week_ends_before(now)))
    lines = as_due_lines(actor, rows[:_SHOWN])
    return {
        near: [line for line in lines if nearness(line.deadline.due_at, now) is near]
        for near in (Nearness.OVERDUE, Nearness.TODAY, Nearness.THIS_WEEK)
    }


def as_due_lines(actor: Actor, rows: Iterable[Deadline]) -> list[DueLine]:
    """Return deadlines with their matters, keys fetched in one query."""
    deadlines = list(rows)
    matters = Consultation.objects.filter(
        desk=actor.desk, pk__in={row.matter_id for row in deadlines}
    )
    known = {row.pk: row for row in matters.select_related("matter", "adviser")}
    safe = Safe(actor.desk)
    safe.fetch(known)
    return [
        _line(deadline, known[deadline.matter], safe)
        for deadline in opened(actor.desk, deadlines)
        if deadline.matter in known
    ]


def _line(deadline: OpenedDeadline, row: Consultation, safe: Safe) -> DueLine:
    headline = safe.open(row.headline, holder=row.pk, place=headline_place(row.pk))
    return DueLine(
        deadline=deadline,
        number=row.matter.number,
        headline=headline or "",
        adviser=row.adviser.name if row.adviser else None,
    )


def deadlines_in(actor: Actor, matter: UUID) -> list[OpenedDeadline]:
    """Return what is still to be done in a matter, the nearest first."""
    return opened(actor.desk, running_at(actor).filter(matter=matter))
