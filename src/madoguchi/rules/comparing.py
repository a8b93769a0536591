"""Whether two periods may be compared (前の年との比較): what counts differently is not.

The tables of 令和6年度 rest on 新規受付件数, those of 令和7年4月～9月 on 実件数: a line drawn from
one to the other would show a rise that nobody saw.
"""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum, unique

from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import CodeBook
from madoguchi.rules.counting import Return, TableCount, codes_in


@unique
class Obstacle(StrEnum):
    """くらべられないわけ."""

    BASE = "BASE"  # 母数がちがう
    BOOK = "BOOK"  # 分類表がちがう
    UNFINISHED = "UNFINISHED"  # 期間がまだ終わっていない


def obstacles_between(now: Period, before: Period, today: dt.date) -> frozenset[Obstacle]:
    """Return what stands against comparing any number of two periods."""
    is_over = max(now.last, before.last) < today
    return frozenset() if is_over else frozenset({Obstacle.UNFINISHED})


def obstacles_in(
    table: TableCount, now: Return, before: Return, books: Sequence[CodeBook]
) -> frozenset[Obstacle]:
    """Return what stands against comparing `table` of `now` with the same one of `before`."""
    found = set()
    if table.counts is not before.table(table.table).counts:
        found.add(Obstacle.BASE)
    coding, codes = codes_in(books, table.table, now.period)
    old_coding, old_codes = codes_in(books, table.table, before.period)
    is_other = coding is not old_coding or {it.key for it in codes} != {it.key for it in old_codes}
    changes = (*table.changes, *before.table(table.table).changes)
    if is_other or any(it.divides for it in changes):
        found.add(Obstacle.BOOK)
    return frozenset(found)
