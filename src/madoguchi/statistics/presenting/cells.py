"""How a number is named: the address of the list behind it, and the heading of that list."""

import datetime as dt
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from madoguchi.rules import periods
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import CodeBook, Table
from madoguchi.rules.counting import Total
from madoguchi.statistics.queries.cells import Cell, Mark
from madoguchi.statistics.queries.crossing import Clock, Side

WEEKDAYS = ("月曜", "火曜", "水曜", "木曜", "金曜", "土曜", "日曜")
UNCLASSIFIED = "未分類"
_CLOCKS = {Clock.MONTH: "月別", Clock.WEEKDAY: "曜日別", Clock.HOUR: "時間帯別"}

Labels = Mapping[Table, Mapping[str, str]]


def labels_of(books: Iterable[CodeBook]) -> dict[Table, dict[str, str]]:
    """Return how every code that any book ever had is called last, by table."""
    found: dict[Table, dict[str, str]] = {table: {} for table in Table}
    for book in sorted(books, key=lambda book: book.valid_from):
        found[book.table].update((code.key, code.label_ja) for code in book.codes)
    return found


def side_label(side: Side) -> str:
    """Return how a side of a table is headed: 年代別, 曜日別."""
    return side.label_ja if isinstance(side, Table) else _CLOCKS[side]


def mark_label(side: Side, key: str, labels: Labels) -> str:
    """Return how one label of a side is called: 30代, 令和7年5月, 月曜, 16時台, 未分類."""
    match side:
        case Clock.MONTH:
            year, month = (int(part) for part in key.split("-"))
            return periods.label_ja(periods.month(year, month))
        case Clock.WEEKDAY:
            return WEEKDAYS[int(key)]
        case Clock.HOUR:
            return f"{int(key)}時台"
        case _:
            return labels[side].get(key, key) if key else UNCLASSIFIED


def list_query(period: Period, counts: Total, *marks: Mark) -> str:
    """Return the query of the list behind a number: codes and days only."""
    asked = {
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "counts": counts.name,
    }
    for (side, key), place in zip(marks, ("", "2"), strict=False):
        asked |= {f"table{place}": side.name, f"key{place}": key}
    return urlencode(asked)


def unit_query(period: Period, table: str, row: str | None = None, column: str = "") -> str:
    """Return the query of the list behind a number of a further table: codes and days only."""
    asked = {"first": period.first.isoformat(), "last": period.last.isoformat(), "of": table}
    if row is not None:
        asked["row"] = row
    return urlencode(asked | ({"column": column} if column else {}))


def cell_title(cell: Cell, labels: Labels) -> str:
    """Return how the list behind `cell` is headed: 実件数：年代別「30代」."""
    said = "、".join(f"{side_label(it)}「{mark_label(it, key, labels)}」" for it, key in cell.marks)
    return f"{cell.counts}：{said}" if said else str(cell.counts)


def month_label(month: dt.date) -> str:
    """Return 令和7年5月."""
    return periods.label_ja(periods.month(month.year, month.month))
