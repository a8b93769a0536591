"""How much is not known (不明), month by month."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import UNKNOWN, Table
from madoguchi.rules.counting import TABLES_OF, Total
from madoguchi.statistics.queries.crossing import Clock, cross_table_of

TABLES = TABLES_OF[Total.NEW]


@dataclass(frozen=True)
class MonthUnknown:
    """One month: how many count, and of how many each table says 不明."""

    month: dt.date
    base: int
    unknown: dict[Table, int]


def unknown_in(desk: UUID, period: Period, counts: Total) -> list[MonthUnknown]:
    """Return the months of `period` in which anything counts under `counts`, in order."""
    bases: Counter[str] = Counter()
    unknown: Counter[tuple[str, Table]] = Counter()
    for table in TABLES:
        sides = (Clock.MONTH, table)
        found = cross_table_of(desk, period=period, counts=counts, sides=sides)
        for (month, key), number in found.numbers.items():
            if table is Table.AGE_GROUP:  # one age to each
                bases[month] += number
            if key == UNKNOWN:
                unknown[month, table] += number
    return [
        MonthUnknown(
            dt.date.fromisoformat(f"{month}-01"),
            base,
            {table: unknown[month, table] for table in TABLES},
        )
        for month, base in sorted(bases.items())
    ]
