"""Counted months kept in step with casework.

This room writes, though it stands among queries: what it writes is nobody's knowledge, only what
the rows say, counted before it is asked for. See docs/decisions/0050.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min, Sum

from madoguchi.consultations.models import Consultation, TouchedMonth
from madoguchi.rules import periods
from madoguchi.rules.calendar import Month, Period
from madoguchi.rules.codebooks import Table
from madoguchi.rules.counting import Cell, Total
from madoguchi.statistics.models import MonthColumns, MonthFact
from madoguchi.statistics.queries.columns import Columns, tags_of, unpacked
from madoguchi.statistics.queries.rows import columns_from_rows, key_of

# How often months that are touched again meanwhile are counted once more.
_ROUNDS = 3
_IDS_TO_A_QUERY = 500
# Of more touched matters than this, the whole month is counted anew.
_MOST_MATTERS = 200
_LAST = 31
# Months kept in memory, the oldest put away first: five desks of ten years.
_MOST_MONTHS = 600

# What was unpacked, by its revision: as good in one thread as in another.
_kept: dict[UUID, Columns] = {}


def touched_desks() -> list[UUID]:
    """Return the desks that have months to be counted anew."""
    return list(TouchedMonth.objects.order_by().values_list("desk", flat=True).distinct())


def keep_in_step(desk: UUID, within: Period | None = None) -> int:
    """Count anew the touched months (触れた月) of `desk`, of `within` only if given.

    Returns how many were. Casework that goes on meanwhile touches its months again: they wait
    for the next reader.
    """
    counted = 0
    for _round in range(_ROUNDS):
        touched: dict[Month, dict[UUID, UUID | None]] = defaultdict(dict)
        rows = TouchedMonth.objects.filter(desk=desk).values_list("pk", "matter", "year", "month")
        for row, matter, *month in rows:
            if within is None or _lies_in(within, Month(*month)):
                touched[Month(*month)][row] = matter
        if not touched:
            break
        for when, touches in sorted(touched.items()):
            counted += _count_anew(desk, when, touches)
    return counted


def _lies_in(period: Period, month: Month) -> bool:
    first, last = (Month(day.year, day.month) for day in (period.first, period.last))
    return first <= month <= last


def _count_anew(desk: UUID, month: Month, touches: Mapping[UUID, UUID | None]) -> bool:
    """Count one month, under no lock; write it unless somebody counted it meanwhile."""
    whole, first = periods.month(month.year, month.month), dt.date(month.year, month.month, 1)
    before = MonthColumns.objects.filter(desk=desk, month=first).first()
    matters = {matter for matter in touches.values() if matter}
    if before and None not in touches.values() and len(matters) <= _MOST_MATTERS:
        columns = _corrected(unpacked(bytes(before.packed)), desk, whole, matters)
    else:
        columns = columns_from_rows(desk, whole)
    facts = [
        MonthFact(
            desk_id=desk,
            month=first,
            counts=total.name,
            table=str(table or ""),
            key=key,
            number=number,
        )
        for (total, table, key), number in columns.tally(1, _LAST).items()
    ]
    packed = columns.packed()
    with transaction.atomic():
        if not _taken(sorted(touches)) or not _still(before, desk, first):
            transaction.set_rollback(True)
            return False
        MonthFact.objects.filter(desk=desk, month=first).delete()
        if facts:
            MonthFact.objects.bulk_create(facts)
            MonthColumns.objects.create(desk_id=desk, month=first, packed=packed)
    return True


def _corrected(columns: Columns, desk: UUID, month: Period, matters: set[UUID]) -> Columns:
    """Return a month's columns with these `matters`, and all counted with them, read anew."""
    linked = Consultation.objects.filter(pk__in=matters, counted_with__isnull=False)
    # Without the desk: SQLite would go through all of its consultations.
    own = Consultation.objects.filter(counted_with__in=linked.values("counted_with"))
    together = matters.union(own.values_list("pk", flat=True))
    tags = tags_of(map(str, together), key_of(desk, month))
    return columns.without(tags).joined(columns_from_rows(desk, month, together))


def _still(before: MonthColumns | None, desk: UUID, month: dt.date) -> bool:
    """Take away a month's columns; tell whether they are those that were there `before`."""
    own = MonthColumns.objects.filter(desk=desk, month=month).select_for_update()
    is_same = list(own.values_list("pk", flat=True)) == ([before.pk] if before else [])
    own.delete()
    return is_same


def _taken(touched: Sequence[UUID]) -> bool:
    """Take these touches away, if all are still there: else what was counted may be old."""
    found = 0
    for at in range(0, len(touched), _IDS_TO_A_QUERY):
        some = TouchedMonth.objects.filter(pk__in=touched[at : at + _IDS_TO_A_QUERY])
        found += len(some.select_for_update().order_by("pk").values_list("pk", flat=True))
        some.delete()
    return found == len(touched)


def facts_between(desk: UUID, first: dt.date, last: dt.date) -> Counter[Cell]:
    """Return the sum of the months that begin from `first` to `last`."""
    rows = (
        MonthFact.objects.filter(desk=desk, month__range=(first, last))
        .values_list("counts", "table", "key")
        .annotate(sum=Sum("number"))
        .order_by()
    )
    return Counter(
        {
            (Total[counts], Table(table) if table else None, key): number
            for counts, table, key, number in rows
        }
    )


def columns_between(desk: UUID, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, Columns]]:
    """Return the columns of the months that begin from `first` to `last`, in order."""
    rows = MonthColumns.objects.filter(desk=desk, month__range=(first, last)).order_by("month")
    revisions = list(rows.values_list("month", "pk"))
    for month, revision in revisions:
        columns = _kept.get(revision) or _unpacked(desk, month)
        if columns is not None:
            yield month, columns


def _unpacked(desk: UUID, month: dt.date) -> Columns | None:
    """Read one month's columns and keep them; None where it was emptied just now."""
    row = MonthColumns.objects.filter(desk=desk, month=month).first()
    if row is None:
        return None
    columns = unpacked(bytes(row.packed))
    for oldest in list(_kept)[: max(0, len(_kept) - _MOST_MONTHS + 1)]:
        _kept.pop(oldest, None)
    _kept[row.pk] = columns
    return columns


def pieces_of(period: Period) -> Iterator[tuple[dt.date, int, int]]:
    """Return the months of `period`: the first day of each, and which days of it lie within."""
    month = period.first.replace(day=1)
    while True:
        whole = periods.month(month.year, month.month)
        first = max(whole.first, period.first).day
        last = period.last.day if period.last < whole.last else _LAST
        yield month, first, last
        if whole.last >= period.last:  # asked before going on: the calendar has an end
            return
        month = whole.last + dt.timedelta(days=1)


def within_figures(desk: UUID, period: Period) -> Period | None:
    """Return the part of `period` in whose months anything was counted; None where there is none.

    Whoever asks for thousands of years is not made to wait for the empty ones.
    """
    ends = MonthFact.objects.filter(desk=desk).aggregate(first=Min("month"), last=Max("month"))
    if ends["first"] is None:
        return None
    last = periods.month(ends["last"].year, ends["last"].month).last
    first, last = max(period.first, ends["first"]), min(period.last, last)
    return Period(first, last) if first <= last else None


def tally_of(desk: UUID, period: Period) -> Counter[Cell]:
    """Count `period`: whole months as they were counted before, broken ones from their columns."""
    keep_in_step(desk, period)
    counted = within_figures(desk, period)
    pieces = list(pieces_of(counted)) if counted else []
    whole = [month for month, *days in pieces if days == [1, _LAST]]
    numbers = facts_between(desk, whole[0], whole[-1]) if whole else Counter()
    for month, first, last in pieces:
        if month not in whole:
            for _month, columns in columns_between(desk, month, month):
                numbers += columns.tally(first, last)
    return numbers
