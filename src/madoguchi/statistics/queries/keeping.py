"""Counted months kept in step with casework.

This room writes, though it stands among queries: what it writes is nobody's knowledge, only what
the rows say, counted before it is asked for. See docs/decisions/0050.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Max, Min, Sum
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler

from madoguchi.consultations.models import Contact, InfringementMark, TouchedMonth
from madoguchi.consultations.queries import COUNTED
from madoguchi.consultations.queries.linking import Together, together_under
from madoguchi.rules import periods
from madoguchi.rules.calendar import Month, Period
from madoguchi.rules.codebooks import Table
from madoguchi.rules.counting import Cell, Total
from madoguchi.statistics.models import MonthColumns, MonthFact
from madoguchi.statistics.queries.columns import Came, Columns, columns_of, unpacked

# How often months that are touched again meanwhile are counted once more.
_ROUNDS = 3
_IDS_TO_A_QUERY = 500
_LAST = 31
# Months kept in memory, the oldest put away first: five desks of ten years.
_MOST_MONTHS = 600

# What was unpacked, by its revision: as good in one thread as in another.
_kept: dict[UUID, Columns] = {}


class _Minutes(models.Func):
    """Whole minutes from `began` (minutes since 1970, UTC) to a time.

    A number costs less to read than a time. The field is of no kind in particular, so that
    nothing is converted: both databases give an int.
    """

    output_field = models.Field()

    def __init__(self, time: str, began: int) -> None:
        super().__init__(time, began=began)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        context["template"] = "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER) / 60 - %(began)d"
        return self.as_sql(compiler, connection, **context)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        context["template"] = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / 60)::bigint - %(began)d"
        return self.as_sql(compiler, connection, **context)


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
        touched: dict[Month, list[UUID]] = defaultdict(list)
        rows = TouchedMonth.objects.filter(desk=desk).values_list("pk", "year", "month")
        for row, *month in rows:
            if within is None or _lies_in(within, Month(*month)):
                touched[Month(*month)].append(row)
        if not touched:
            break
        for when, ids in sorted(touched.items()):
            counted += _count_anew(desk, when, sorted(ids))
    return counted


def _lies_in(period: Period, month: Month) -> bool:
    first, last = (Month(day.year, day.month) for day in (period.first, period.last))
    return first <= month <= last


def _count_anew(desk: UUID, month: Month, touched: Sequence[UUID]) -> bool:
    """Count one month, under no lock; write it unless somebody counted it meanwhile."""
    first = dt.date(month.year, month.month, 1)
    columns = _columns_from_rows(desk, periods.month(month.year, month.month))
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
        if not _taken(touched):
            return False
        for table in (MonthFact, MonthColumns):
            table.objects.filter(desk=desk, month=first).delete()
        if facts:
            MonthFact.objects.bulk_create(facts)
            MonthColumns.objects.create(desk_id=desk, month=first, packed=packed)
    return True


def _taken(touched: Sequence[UUID]) -> bool:
    """Take these touches away, if all are still there: else what was counted may be old."""
    found = 0
    for at in range(0, len(touched), _IDS_TO_A_QUERY):
        some = TouchedMonth.objects.filter(pk__in=touched[at : at + _IDS_TO_A_QUERY])
        found += len(some.select_for_update().order_by("pk").values_list("pk", flat=True))
        some.delete()
    if found < len(touched):
        transaction.set_rollback(True)
    return found == len(touched)


def _columns_from_rows(desk: UUID, month: Period) -> Columns:
    """Read one month from the rows."""
    began = int(month.starts_at.timestamp()) // 60
    contacts = Contact.objects.filter(
        COUNTED, desk=desk, at__gte=month.starts_at, at__lt=month.ends_before
    )
    # As text: an id is only compared here.
    rows = contacts.annotate(of=Cast("consultation", models.CharField())).values_list(
        "of",
        _Minutes("at", began),
        "channel",
        "action",
        "consultation__age_group",
        "consultation__standing",
        _Minutes("consultation__first_contact_at", began),
        "consultation__counted_with",
    )
    marks = InfringementMark.objects.filter(consultation__in=contacts.values("consultation"))
    kinds = marks.annotate(of=Cast("consultation", models.CharField())).values_list("of", "kind")
    found = list(rows)
    heads = {row[-1] for row in found if row[-1]}
    if not heads:  # hardly ever is anything linked
        *columns, _heads = zip(*found, strict=True) if found else [()]
        return columns_of(Came(*columns), list(kinds))
    return _columns_of_linked(found, list(kinds), together_under(heads), began)


def _columns_of_linked(
    rows: Sequence[tuple[Any, ...]],
    kinds: Sequence[tuple[str, str]],
    groups: Mapping[UUID, Together],
    began: int,
) -> Columns:
    """Return the columns of a month in which several consultations are counted as one."""
    # An id as the database wrote it: with hyphens or without.
    written = {UUID(matter): matter for matter, *_rest in rows}
    head_of = {member: head for head, group in groups.items() for member in group.members}

    def one(matter: str, minute: int, *rest: Any) -> tuple[Any, ...]:
        channel, action, age_group, standing, first, head = rest
        group = groups.get(head) if head else None
        if group is None:  # not linked, or just now no longer: then its month is touched again
            return matter, minute, channel, action, age_group, standing, first
        if group.first_at:
            first = int(group.first_at.timestamp()) // 60 - began
        said = group.said
        return str(head), minute, channel, action, said.age_group, said.standing, first

    linked = {matter for member, matter in written.items() if member in head_of}
    marks = [pair for pair in kinds if pair[0] not in linked]
    marks += [(str(head), kind) for head, group in groups.items() for kind in group.said.kinds]
    return columns_of(Came(*zip(*(one(*row) for row in rows), strict=True)), marks)


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
