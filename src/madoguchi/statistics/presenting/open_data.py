"""Published figures as a document, for files."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from madoguchi.rules import periods
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import Table
from madoguchi.rules.counting import Total
from madoguchi.statistics.presenting import UNITS, both_calendars
from madoguchi.statistics.presenting.document import HIDDEN, Block, Chapter, Document, Line
from madoguchi.statistics.presenting.report import file_name_of, state_of

WHY_HIDDEN = (
    "1件か2件のところは、だれのことか分からないように、x にしています。"
    "引き算で分からないように、ほかのところもいっしょに x にしています。"
)


def open_document_of(content: Mapping[str, Any]) -> Document:
    """Return what was published, for files."""
    period = period_of(content)
    return Document(
        desk=content["desk"],
        title=f"{content['desk']} {periods.label_ja(period)} 相談の件数（公開データ）",
        period=both_calendars(period),
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        file_name=file_name_of("figures", period, content),
        state=state_of(content),
        chapters=[
            Chapter("totals", "総数", blocks=[_totals(content)]),
            Chapter("tables", "分類ごとの件数", words=_words(content), blocks=_blocks(content)),
        ],
    )


def period_of(content: Mapping[str, Any]) -> Period:
    """Return the period of what was frozen."""
    figures = content["figures"]
    return Period(dt.date.fromisoformat(figures["from"]), dt.date.fromisoformat(figures["to"]))


def _words(content: Mapping[str, Any]) -> list[str]:
    left = "、".join(Table(it).label_ja for it in content["left_out"])
    return [WHY_HIDDEN, *([f"件数が少なく、出せない表：{left}"] if left else [])]


def _totals(content: Mapping[str, Any]) -> Block:
    lines = [Line(f"{it}（{UNITS[it]}）", [content["totals"][it]]) for it in Total]
    return Block("totals", "総数", "項目", ["件数"], lines, unit="件・日")


def _blocks(content: Mapping[str, Any]) -> list[Block]:
    return [_block(table) for table in content["tables"]]


def _block(table: Mapping[str, Any]) -> Block:
    columns = [heading_of(*ends) for ends in table["columns"]]
    lines = [
        Line(label, [HIDDEN if it is None else it for it in row])
        for (_key, label), row in zip(table["codes"], table["rows"], strict=True)
    ]
    lines.append(Line("合計", table["foot"], is_sum=True))
    notes = ["重複集計：1件に種別がいくつもあります。"] if table["multiple"] else []
    return Block(
        table["table"].lower().replace("_", "-"),
        Table(table["table"]).label_ja,
        "分類",
        [*columns, "合計"],
        lines,
        said=[f"母数：{table['counts']}", "単位：件"],
        notes=[*notes, WHY_HIDDEN],
    )


def heading_of(first: str, last: str) -> str:
    """Return the head of a column: 2024年4月, 2024年4月～6月."""
    begin, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    month = f"{begin.year}年{begin.month}月"
    if (begin.year, begin.month) == (end.year, end.month):
        return month
    year = f"{end.year}年" if end.year != begin.year else ""
    return f"{month}～{year}{end.month}月"
