"""Returns that are written down (集計表の確定): as plain values and back; what changed since."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import BookChange, Code, Coding, Table
from madoguchi.rules.counting import Basis, Part, Return, Row, TableCount, Total
from madoguchi.rules.periods import label_ja

# The edition of `rules.counting`: raised whenever the same rows would give another number.
RULES = "madoguchi.counting/1"


def as_values(figures: Return) -> dict[str, Any]:
    """Return the figures as plain values, with everything needed to print them again."""
    return {
        "from": figures.period.first.isoformat(),
        "to": figures.period.last.isoformat(),
        "basis": str(figures.basis),
        "opening_days": figures.opening_days,
        "new": figures.new,
        "case_months": figures.case_months,
        "contacts": figures.contacts,
        "unclassified": figures.unclassified,
        "tables": [_table_values(table) for table in figures.tables],
    }


def _table_values(table: TableCount) -> dict[str, Any]:
    return {
        "table": str(table.table),
        "counts": table.counts.name,
        "base": table.base,
        "coding": str(table.coding),
        "unclassified": table.unclassified,
        "rows": [[row.code.key, row.code.label_ja, row.number] for row in table.rows],
        **_division_values(table),
    }


def _division_values(table: TableCount) -> dict[str, Any]:
    """Return where the labels changed and what was counted on either side; else nothing."""
    if not table.changes:
        return {}
    return {
        "changes": [
            [it.on.isoformat(), [*it.added], [*it.dropped], [*map(list, it.renamed)], it.is_recoded]
            for it in table.changes
        ],
        "parts": [
            [it.period.first.isoformat(), it.period.last.isoformat(), _table_values(it.count)]
            for it in table.parts
        ],
    }


def from_values(values: Mapping[str, Any]) -> Return:
    """Return the figures that `as_values` wrote down."""
    first, last = (dt.date.fromisoformat(values[end]) for end in ("from", "to"))
    return Return(
        period=Period(first, last),
        basis=Basis(values["basis"]),
        opening_days=values["opening_days"],
        new=values["new"],
        case_months=values["case_months"],
        contacts=values["contacts"],
        unclassified=values["unclassified"],
        tables=tuple(_table(table) for table in values["tables"]),
    )


def _table(values: Mapping[str, Any]) -> TableCount:
    return TableCount(
        table=Table(values["table"]),
        counts=Total[values["counts"]],
        base=values["base"],
        coding=Coding(values["coding"]),
        rows=tuple(Row(Code(key, label), number) for key, label, number in values["rows"]),
        unclassified=values["unclassified"],
        changes=tuple(_change(it) for it in values.get("changes", ())),
        parts=tuple(
            Part(Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last)), _table(part))
            for first, last, part in values.get("parts", ())
        ),
    )


def _change(values: Sequence[Any]) -> BookChange:
    on, added, dropped, renamed, is_recoded = values
    words = tuple((old, new) for old, new in renamed)
    return BookChange(dt.date.fromisoformat(on), (*added,), (*dropped,), words, is_recoded)


class Correction(NamedTuple):
    """訂正: a number that was printed, and what it is now."""

    table: str
    label: str
    then: int
    now: int


def corrections(then: Return, now: Return) -> tuple[Correction, ...]:
    """Return every number of `then` that is another one `now`, in printed order."""
    changed = [
        Correction("総数", str(total), then.total(total), now.total(total)) for total in Total
    ]
    for printed in then.tables:
        for title, before, after in _printed(printed, now.table(printed.table)):
            changed += _differences(title, before, after)
    return tuple(it for it in changed if it.then != it.now)


def _printed(then: TableCount, now: TableCount) -> Iterator[tuple[str, TableCount, TableCount]]:
    """Return what was printed of a table beside what it is now: its parts, where it had any."""
    title = then.table.label_ja
    parts = {it.period: it.count for it in now.parts}
    if not then.parts or any(it.period not in parts for it in then.parts):
        yield title, then, now
        return
    for it in then.parts:
        yield f"{title}（{label_ja(it.period)}）", it.count, parts[it.period]


def _differences(title: str, then: TableCount, now: TableCount) -> Iterator[Correction]:
    before, after = _numbers(then), _numbers(now)
    labels = {row.code.key: row.code.label_ja for row in (*now.rows, *then.rows)}
    for key, label in labels.items():
        yield Correction(title, label, before.get(key, 0), after.get(key, 0))
    yield Correction(title, "未分類", then.unclassified, now.unclassified)


def correction_values(
    period: Period, version: int, frozen_on: dt.date, changes: Iterable[Correction]
) -> dict[str, Any]:
    """Return the corrections of what was frozen on a day, as plain values to be printed."""
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "version": version,
        "frozen_on": frozen_on.isoformat(),
        "numbers": [list(it) for it in changes],
    }


def _numbers(table: TableCount) -> dict[str, int]:
    return {row.code.key: row.number for row in table.rows}
