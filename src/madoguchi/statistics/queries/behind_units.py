"""The list behind a cell of a further table: the units that the cell is made of."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.correspondence.models import Talk
from madoguchi.experts.models import ExpertConsultation
from madoguchi.referrals.models import Referral, UrlReport
from madoguchi.rules.access import Actor, check_may_supervise
from madoguchi.rules.calendar import JAPAN, Period
from madoguchi.statistics.queries.behind import PAGE, Entry, Listed, lines_by_matter
from madoguchi.statistics.queries.sources import SOURCES
from madoguchi.statistics.queries.units import NUMBER, Of


@dataclass(frozen=True)
class TableCell:
    """One number of a further table. No `row`: the sum of a column."""

    period: Period
    table: str
    row: str | None = None
    column: str = NUMBER

    @property
    def is_amount(self) -> bool:
        """Whether the number is no count of things, but minutes, yen, addresses."""
        return self.column in SOURCES[self.table].amounts


def listed_units(actor: Actor, cell: TableCell, *, start: int = 0, most: int = PAGE) -> Listed:
    """Return what stands behind `cell` from the place `start` on, or refuse."""
    check_may_supervise(actor, actor.desk)
    source = SOURCES[cell.table]
    found = [
        (unit.id, unit.adds[cell.column])
        for unit in source.units(actor.desk, cell.period)
        if cell.row in (None, unit.row) and unit.adds.get(cell.column)
    ]
    some = found[start : start + most]
    entries = _entries(actor, source.of, [key for key, _number in some])
    if not cell.is_amount:
        return Listed(len(found), entries)
    amounts = [number for _key, number in some]
    told = [replace(it, amount=number) for it, number in zip(entries, amounts, strict=True)]
    return Listed(len(found), told, total=sum(number for _key, number in found))


def _entries(actor: Actor, of: Of, keys: Sequence[UUID]) -> list[Entry]:
    """Return a line for each of `keys`, in their order."""
    rows, told = _READ[of](actor.desk, keys)
    matters = (told(row)[0] for row in rows.values())
    lines = lines_by_matter(actor, [it for it in matters if it])
    entries = []
    for key in keys:
        matter, at, more = told(rows[key])
        entries.append(Entry(lines.get(matter), at=at, **more))
    return entries


# The matter of a row, when it was, and what else a line says.
Told = tuple[UUID | None, dt.datetime, Mapping[str, Any]]
Read = tuple[Mapping[UUID, Any], Callable[[Any], Told]]


def _contacts(desk: UUID, keys: Sequence[UUID]) -> Read:
    rows = Contact.objects.filter(desk=desk).in_bulk(keys)
    return rows, lambda it: (
        it.consultation_id,
        it.at,
        {"channel": it.channel, "action": it.action},
    )


def _consultations(desk: UUID, keys: Sequence[UUID]) -> Read:
    rows = Consultation.objects.filter(desk=desk).in_bulk(keys)
    return rows, lambda it: (it.pk, it.first_contact_at, {})


def _talks(desk: UUID, keys: Sequence[UUID]) -> Read:
    rows = Talk.objects.filter(desk=desk).in_bulk(keys)
    return rows, lambda it: (it.matter_id, it.opened_at, {})


def _handovers(desk: UUID, keys: Sequence[UUID]) -> Read:
    rows = Referral.objects.filter(desk=desk).in_bulk(keys)
    return rows, lambda it: (it.matter_id, it.sent_at, {})


def _sessions(desk: UUID, keys: Sequence[UUID]) -> Read:
    rows = ExpertConsultation.objects.filter(desk=desk).select_related("slot").in_bulk(keys)
    return rows, lambda it: (it.matter_id, it.slot.starts_at, {})


def _reports(desk: UUID, keys: Sequence[UUID]) -> Read:
    rows = UrlReport.objects.filter(desk=desk).in_bulk(keys)
    return rows, lambda it: (
        it.matter_id,
        dt.datetime.combine(it.written_on, dt.time(), JAPAN),
        {"report": it.pk, "report_number": it.number},
    )


_READ: Mapping[Of, Callable[[UUID, Sequence[UUID]], Read]] = {
    Of.CONTACTS: _contacts,
    Of.CONSULTATIONS: _consultations,
    Of.TALKS: _talks,
    Of.HANDOVERS: _handovers,
    Of.SESSIONS: _sessions,
    Of.REPORTS: _reports,
}
