"""What a report says, as plain values: everything that is printed is made from these alone."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from madoguchi.desks.models import Desk
from madoguchi.desks.queries import books_of
from madoguchi.handbook.queries import approved_cases
from madoguchi.rules import periods, returns
from madoguchi.rules.calendar import Period
from madoguchi.rules.comparing import obstacles_in
from madoguchi.rules.counting import Basis, Return, default_basis
from madoguchi.statistics.models import ReturnDraft, Sort
from madoguchi.statistics.queries import return_of
from madoguchi.statistics.queries.frozen import all_changed, figures_in, latest_of, when_frozen

FORMAT = "madoguchi.report/1"


def report_from(draft: ReturnDraft) -> dict[str, Any]:
    """Return what the report would say today."""
    period, desk = Period(draft.first, draft.last), draft.desk_id
    figures = return_of(desk, period=period, basis=Basis(draft.basis))
    before = _before(desk, period)
    return {
        "format": FORMAT,
        "desk": Desk.objects.get(pk=desk).name,
        "rules": returns.RULES,
        "figures": returns.as_values(figures),
        "months": [returns.as_values(it) for it in by_month(desk, figures)],
        "before": returns.as_values(before),
        "obstacles": _obstacles(desk, figures, before),
        "words": _said(draft.words),
        "cases": _cases(desk, draft.cases),
        "corrections": _corrections(desk),
    }


def months_in(period: Period) -> list[Period]:
    """Return the months of `period`, where it is made of whole ones; else nothing."""
    months, first = [], period.first
    while first.day == 1 and first <= period.last:
        months.append(periods.month(first.year, first.month))
        if months[-1].last == period.last:
            return months
        first = periods.after(months[-1])
    return []


def by_month(desk: UUID, figures: Return) -> list[Return]:
    """Return the same figures month by month: they add up to the whole, on either basis."""
    months = months_in(figures.period)
    return [return_of(desk, period=month, basis=figures.basis) for month in months]


def _before(desk: UUID, period: Period) -> Return:
    """Return the year before as it was reported; where it was not, as it is known now."""
    earlier = periods.years_before(period, 1)
    for row in latest_of(desk, Sort.REPORT):
        if (row.first, row.last) == (earlier.first, earlier.last):
            return figures_in(row)
    return return_of(desk, period=earlier, basis=default_basis(earlier))


def _obstacles(desk: UUID, now: Return, before: Return) -> dict[str, list[str]]:
    """Return for each table why it is not compared with the year before."""
    books = books_of(desk)
    return {
        str(table.table): sorted(map(str, obstacles_in(table, now, before, books)))
        for table in now.tables
    }


def _said(words: Mapping[str, str]) -> dict[str, str]:
    return {chapter: text for chapter, text in words.items() if text.strip()}


def _cases(desk: UUID, chosen: Sequence[str]) -> list[dict[str, str]]:
    """Return the chosen past cases that are approved, in the words that were approved."""
    sheets = {str(it.pk): it for it in approved_cases(desk)}
    return [
        {"title": it.title, "asked": it.words, "advice": it.advice}
        for it in (sheets.get(pk) for pk in chosen)
        if it
    ]


def _corrections(desk: UUID) -> list[dict[str, Any]]:
    return [
        returns.correction_values(*when_frozen(changed.frozen), changed.corrections)
        for changed in all_changed(desk)
    ]
