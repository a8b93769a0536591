"""Figures as PDF for print: tagged (PDF/UA-1), with a universal-design font embedded."""

import datetime as dt
from importlib import resources
from typing import Any

from madoguchi.rules.counting import TableCount
from madoguchi.statistics.charts import bar_chart, described
from madoguchi.statistics.presenting import Sheet, base_of, check_of, finding, notes_on
from madoguchi.ui.printing import printed


def pdf_of(sheet: Sheet, at: dt.datetime) -> bytes:
    """Return the sheet as PDF, made at the aware instant `at`."""
    template = resources.files("madoguchi.statistics").joinpath("data", "return.typ")
    values = {**_mapping(sheet), "made": sheet.made_on(at)}
    return printed(template.read_bytes(), values, made_at=int(at.timestamp()))


def _mapping(sheet: Sheet) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "desk": sheet.desk,
        "period": sheet.period,
        "totals": [
            {"name": name, "number": number, "unit": unit} for name, number, unit in sheet.totals
        ],
        "notes": sheet.notes,
        "tables": [_table(table) for table in sheet.figures.tables],
    }


def _table(table: TableCount) -> dict[str, Any]:
    return {
        "title": table.table.label_ja,
        "base": base_of(table),
        "check": check_of(table),
        "mark": "（※）" if table.is_multiple else "",
        "rows": [{"label": row.code.label_ja, "number": row.number} for row in table.rows],
        "total": table.total,
        "notes": notes_on(table),
        "finding": finding(table),
        "words": described(table),
        "chart": str(bar_chart(table)),
    }
