"""Lists behind numbers, a page at a time, with the words that a list shows opened."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.queries import Line, as_lines
from madoguchi.desks.queries import opening_days_in
from madoguchi.rules.access import Actor, check_may_supervise
from madoguchi.rules.counting import Total
from madoguchi.statistics.queries.cells import Cell, consultations_behind, contacts_behind

PAGE = 100


@dataclass(frozen=True)
class Entry:
    """One line of a list: a contact, or a consultation (in a month, where it counts as such).

    `line` is None where the line is a day, or a report of which no matter is known. `amount`:
    what it adds to the number, where that is not one.
    """

    line: Line | None = None
    at: dt.datetime | None = None
    channel: str = ""
    action: str | None = None
    month: dt.date | None = None
    day: dt.date | None = None
    amount: int | None = None
    report: UUID | None = None
    report_number: int = 0


@dataclass(frozen=True)
class Listed:
    """One page of a list, and how long the whole list is; `total`: what its amounts come to."""

    number: int
    entries: list[Entry]
    total: int | None = None


def listed(actor: Actor, cell: Cell, *, start: int = 0, most: int = PAGE) -> Listed:
    """Return what stands behind `cell` from the place `start` on, or refuse."""
    match cell.counts:
        case Total.OPENING_DAYS:
            return listed_days(
                actor, opening_days_in(actor.desk, cell.period), start=start, most=most
            )
        case Total.CONTACTS:
            return listed_contacts(actor, contacts_behind(actor, cell), start=start, most=most)
        case _:
            return _listed_consultations(actor, cell, start, most)


def listed_days(
    actor: Actor, days: Iterable[dt.date], *, start: int = 0, most: int = PAGE
) -> Listed:
    """Return one page of days."""
    check_may_supervise(actor, actor.desk)
    found = sorted(days)
    return Listed(len(found), [Entry(day=day) for day in found[start : start + most]])


def listed_contacts(
    actor: Actor, rows: QuerySet[Contact], *, start: int = 0, most: int = PAGE
) -> Listed:
    """Return one page of contacts of the actor's desk."""
    check_may_supervise(actor, actor.desk)
    some = rows.select_related("consultation__matter", "consultation__adviser")
    found = list(some[start : start + most])
    lines = _lines(actor, [row.consultation for row in found])
    return Listed(
        rows.count(),
        [
            Entry(lines[row.consultation_id], at=row.at, channel=row.channel, action=row.action)
            for row in found
        ],
    )


def listed_consultations(
    actor: Actor, rows: QuerySet[Consultation], *, start: int = 0, most: int = PAGE
) -> Listed:
    """Return one page of consultations of the actor's desk."""
    check_may_supervise(actor, actor.desk)
    found = list(rows.select_related("matter", "adviser")[start : start + most])
    lines = _lines(actor, found)
    return Listed(rows.count(), [Entry(lines[row.pk], at=row.first_contact_at) for row in found])


def _listed_consultations(actor: Actor, cell: Cell, start: int, most: int) -> Listed:
    """Return one page of what lies in several months: only its own months are read."""
    number, entries = 0, list[Entry]()
    for piece in consultations_behind(actor, cell):
        size = piece.rows.count()
        begin = max(0, start - number)
        wanted = most - len(entries)
        if size > begin and wanted > 0:
            page = listed_consultations(actor, piece.rows, start=begin, most=wanted)
            month = piece.days.first if cell.counts is Total.CASE_MONTHS else None
            entries += [Entry(it.line, at=it.at, month=month) for it in page.entries]
        number += size
    return Listed(number, entries)


def lines_by_matter(actor: Actor, matters: Iterable[UUID]) -> dict[object, Line]:
    """Return the consultations of the actor's desk as lines, by their matters."""
    check_may_supervise(actor, actor.desk)
    rows = Consultation.objects.filter(desk=actor.desk, pk__in=set(matters))
    return _lines(actor, list(rows.select_related("matter", "adviser")))


def _lines(actor: Actor, rows: Sequence[Consultation]) -> dict[object, Line]:
    once = {row.pk: row for row in rows}
    return {line.matter: line for line in as_lines(actor, once.values())}
