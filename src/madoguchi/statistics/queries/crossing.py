"""Cross tables (クロス集計): any two code books, or a code book by month, weekday, hour."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, unique
from uuid import UUID

import numpy as np

from madoguchi.rules.access import Actor, check_may_read_figures
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import Table
from madoguchi.rules.counting import TABLES_OF, Total
from madoguchi.statistics.queries.columns import Columns, Marks, Truths
from madoguchi.statistics.queries.keeping import (
    columns_between,
    keep_in_step,
    pieces_of,
    within_figures,
)

_HOUR = 60  # minutes
_DAY = 24 * _HOUR
_HOURS = tuple(f"{hour:02}" for hour in range(24))
_WEEKDAYS = tuple(str(day) for day in range(7))


@unique
class Clock(StrEnum):
    """When a contact came in, in Japan, as one side of a cross table."""

    MONTH = "MONTH"  # 月別: 2025-04
    WEEKDAY = "WEEKDAY"  # 曜日別: 0 is Monday
    HOUR = "HOUR"  # 時間帯別: 00 to 23


Side = Table | Clock


@dataclass(frozen=True)
class CrossTable:
    """How often two labels come together. `base` is what `counts` comes to in all.

    Labels are keys of the desk's books ("": unclassified). Where a side is multiple (侵害種別),
    the numbers come to more than the base.
    """

    counts: Total
    base: int
    numbers: dict[tuple[str, str], int]


def cross_table_for(
    actor: Actor, *, period: Period, counts: Total, sides: tuple[Side, Side]
) -> CrossTable:
    """Return a cross table of the actor's own desk, or refuse."""
    check_may_read_figures(actor, actor.desk)
    return cross_table_of(actor.desk, period=period, counts=counts, sides=sides)


def cross_table_of(
    desk: UUID, *, period: Period, counts: Total, sides: tuple[Side, Side]
) -> CrossTable:
    """Return how often each label of one side comes with each of the other.

    Contacts can be asked for any side, since each belongs to a consultation; new consultations
    and case-months only for what is said of consultations, and by month (else: ValueError).
    """
    if not all(is_said_of(counts, side) for side in sides):
        raise ValueError(f"{counts} are not told apart so")
    keep_in_step(desk, period)
    counted = within_figures(desk, period)
    if counted is None:
        return CrossTable(counts, 0, {})
    days = {month: (first, last) for month, first, last in pieces_of(counted)}
    numbers: Counter[tuple[str, str]] = Counter()
    base = 0
    for month, columns in columns_between(desk, min(days), max(days)):
        chosen = columns.chosen(counts, *days[month])
        base += int(np.count_nonzero(chosen))
        one, other = (_marks(columns, side, counts, month) for side in sides)
        for pair, number in _together(one, other, chosen):
            numbers[pair] += number
    return CrossTable(counts, base, dict(numbers))


def is_said_of(counts: Total, side: Side) -> bool:
    """Tell whether what is counted can be told apart by `side`."""
    if counts is Total.OPENING_DAYS:
        return False
    return counts is Total.CONTACTS or side is Clock.MONTH or side in TABLES_OF[counts]


def _marks(columns: Columns, side: Side, counts: Total, month: dt.date) -> Marks:
    """Return what `side` says of each contact, or of each case."""
    if isinstance(side, Clock):
        return _times(columns, side, counts, month)
    marks = columns.marks(side)
    if counts is Total.CONTACTS and side not in TABLES_OF[Total.CONTACTS]:
        return Marks(marks.labels, marks.codes[columns.case], marks.is_multiple)
    return marks


def _times(columns: Columns, side: Clock, counts: Total, month: dt.date) -> Marks:
    match side:
        case Clock.MONTH:
            of = columns.minute if counts is Total.CONTACTS else columns.age_group
            return Marks((f"{month:%Y-%m}",), np.zeros(len(of), dtype=np.uint8))
        case Clock.WEEKDAY:
            days = (columns.minute // _DAY + month.weekday()) % len(_WEEKDAYS)
            return Marks(_WEEKDAYS, days.astype(np.uint8))
        case Clock.HOUR:
            return Marks(_HOURS, (columns.minute % _DAY // _HOUR).astype(np.uint8))


def _together(one: Marks, other: Marks, chosen: Truths) -> Iterator[tuple[tuple[str, str], int]]:
    """Return each pair of labels that come together, with how often."""
    if one.is_multiple:
        for label, bears in one.bits():
            for second, number in other.numbers(chosen & bears):
                if number:
                    yield (label, second), number
        return
    if other.is_multiple:
        yield from (((b, a), number) for (a, b), number in _together(other, one, chosen))
        return
    wide = len(other.labels)
    codes = one.codes[chosen].astype(np.intp) * wide + other.codes[chosen]
    found = np.bincount(codes, minlength=len(one.labels) * wide)
    for place in np.flatnonzero(found).tolist():
        yield (one.labels[place // wide], other.labels[place % wide]), int(found[place])
