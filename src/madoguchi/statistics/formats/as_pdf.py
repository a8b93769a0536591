"""Figures as PDF for print: tagged (PDF/UA-1), with a universal-design font embedded."""

import datetime as dt
from importlib import resources
from typing import Any

from madoguchi.statistics.charts import bar_chart, described
from madoguchi.statistics.presenting import Sheet, Stated
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
        "tables": [_table(table) for table in sheet.tables],
    }


def _table(shown: Stated) -> dict[str, Any]:
    table = shown.count
    return {
        "title": shown.title,
        "base": shown.base,
        "check": shown.check,
        "mark": "（※）" if table.is_multiple else "",
        "rows": [{"label": row.code.label_ja, "number": row.number} for row in table.rows],
        "total": table.total,
        "notes": shown.notes,
        "finding": shown.finding,
        "words": described(shown),
        "chart": str(bar_chart(shown)),
    }
