"""Figures as PDF for print: tagged (PDF/UA-1), with a universal-design font embedded."""

import datetime as dt
import json
from functools import cache
from importlib import resources
from typing import Any

import typst

from madoguchi.rules.counting import TableCount
from madoguchi.statistics.charts import bar_chart, described
from madoguchi.statistics.presenting import Sheet, base_of, check_of, finding, notes_on

# The first that the machine has is used. BIZ UD: made to be read by as many as possible.
_FONTS = (
    "BIZ UDPGothic",
    "BIZ UDGothic",
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "IPAexGothic",
    "Hiragino Sans",
    "Yu Gothic",
    "Meiryo",
)


class UnableToPrintError(Exception):
    """No PDF can be made here. The message says in Japanese what to install."""


def pdf_of(sheet: Sheet, at: dt.datetime) -> bytes:
    """Return the sheet as PDF, made at the aware instant `at`."""
    template = resources.files("madoguchi.statistics").joinpath("data", "return.typ")
    values = json.dumps({**_mapping(sheet, _font()), "made": sheet.made_on(at)}, ensure_ascii=False)
    made: bytes = typst.compile(
        template.read_bytes(),
        format="pdf",
        sys_inputs={"sheet": values},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    return made


@cache
def families() -> frozenset[str]:
    """Return the fonts of this machine, once looked for."""
    return frozenset(typst.Fonts().families())


def _font() -> str:
    for font in _FONTS:
        if font in families():
            return font
    raise UnableToPrintError(
        "PDFを作れません。日本語の書体がこの機械にないためです。"
        "fonts-morisawa-bizud-gothic を入れてください。"
    )


def _mapping(sheet: Sheet, font: str) -> dict[str, Any]:
    return {
        "fonts": [font],
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
