"""Figures as JSON, in the shape of the published contract."""

import datetime as dt
import json
from typing import Any

from madoguchi.rules import periods
from madoguchi.rules.counting import Part, TableCount, Total
from madoguchi.statistics.presenting import Sheet

FORMAT = "madoguchi.statistics/1"


def json_of(sheet: Sheet, at: dt.datetime) -> bytes:
    """Return the sheet as JSON (UTF-8). The same figures make the same bytes, whenever."""
    del at
    return (json.dumps(mapping_of(sheet), ensure_ascii=False, indent=2) + "\n").encode()


def mapping_of(sheet: Sheet) -> dict[str, Any]:
    """Return the sheet as plain values."""
    figures = sheet.figures
    return {
        "format": FORMAT,
        "desk": sheet.desk,
        "period": {
            "label_ja": periods.label_ja(figures.period),
            "from": figures.period.first.isoformat(),
            "to": figures.period.last.isoformat(),
        },
        "basis": str(figures.basis),
        "totals": {str(total): figures.total(total) for total in Total},
        "unclassified": figures.unclassified,
        "tables": {table.table.label_ja: _table(table) for table in figures.tables},
    }


def _table(table: TableCount) -> dict[str, Any]:
    """Return a table; where it spans two code books, `parts` are what it honestly says."""
    parts = [_part(it) for it in table.parts]
    return {**_counted(table), **({"parts": parts} if parts else {})}


def _part(part: Part) -> dict[str, Any]:
    days = {"from": part.period.first.isoformat(), "to": part.period.last.isoformat()}
    return {"period": days, "base": part.count.base, **_counted(part.count)}


def _counted(table: TableCount) -> dict[str, Any]:
    rows: dict[str, int] = {}
    for row in table.rows:  # two codes under one label are one line, and none is lost
        rows[row.code.label_ja] = rows.get(row.code.label_ja, 0) + row.number
    return {
        "counts": str(table.counts),
        "multiple": table.is_multiple,
        "total": table.total,
        "unclassified": table.unclassified,
        "rows": rows,
    }
