"""The tables of a page as a document: what the page shows is what the file says."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from madoguchi.rules import periods
from madoguchi.rules.calendar import Period
from madoguchi.statistics.presenting import both_calendars, made_on, share
from madoguchi.statistics.presenting.cells import month_label
from madoguchi.statistics.presenting.comparing import Compared
from madoguchi.statistics.presenting.document import (
    NOT_COMPARED,
    Block,
    Chapter,
    Document,
    Line,
    Value,
)
from madoguchi.statistics.presenting.quality import Said
from madoguchi.statistics.presenting.tables import FigureTable, Shown, WideTable
from madoguchi.statistics.queries.unknown import TABLES, MonthUnknown


@dataclass(frozen=True)
class TablesFile:
    """Tables that leave as one file: what it is called, of which period, chapter by chapter."""

    name: str
    title: str
    period: Period
    chapters: Sequence[tuple[str, Sequence[Block]]]

    def document(self, desk: str, at: dt.datetime) -> Document:
        """Return the document of `desk`, taken at the aware instant `at`."""
        first, last = self.period.first.isoformat(), self.period.last.isoformat()
        return Document(
            desk=desk,
            title=f"{desk} {self.title} {periods.label_ja(self.period)}",
            period=both_calendars(self.period),
            first=first,
            last=last,
            file_name=f"{self.name}-{first}-{last}",
            state=made_on(at),
            chapters=[
                Chapter(str(number), title, blocks=blocks)
                for number, (title, blocks) in enumerate(self.chapters, 1)
            ],
        )


def block_of(table: Shown) -> Block:
    """Return a table of a page as it stands in a file."""
    return _wide(table) if isinstance(table, WideTable) else _plain(table)


def _plain(table: FigureTable) -> Block:
    lines = [Line(line.label, [line.number, share]) for line, share in table.shares]
    mark = "（※）" if table.is_multiple else ""
    return Block(
        table.name,
        table.title,
        "分類",
        ["件数", "割合"],
        [*lines, Line(f"合計{mark}", [table.total, ""], is_sum=True)],
        said=_said(table),
        finding=table.finding,
        notes=table.notes,
        unit=table.unit,
        bars=0,
    )


def _wide(table: WideTable) -> Block:
    foot = Line(f"合計{table.mark}", [it.number for it in table.sums], is_sum=True)
    return Block(
        table.name,
        table.title,
        table.head,
        [column.label for column in table.columns],
        [*(Line(it.label, [cell.number for cell in it.cells]) for it in table.rows), foot],
        said=_said(table),
        finding=table.finding,
        notes=table.notes,
        unit=table.unit,
        units=[column.unit for column in table.columns],
        bars=table.drawn,
    )


def _said(table: Shown) -> list[str]:
    return [table.base_said, f"単位：{table.unit}", f"合計：{table.check}"]


def compared_block(table: Compared, names: tuple[str, str]) -> Block:
    """Return one table of two periods as it stands in a file."""
    may_compare = not table.why_not
    lines = [_pair(it.label, (it.now, it.before), may_compare=may_compare) for it in table.rows]
    mark = "（※）" if table.now.is_multiple else ""
    sums: list[Value] = [table.now.total, table.before.total, NOT_COMPARED]
    return Block(
        table.id,
        table.now.table.label_ja,
        "分類",
        [*names, "差"],
        [*lines, Line(f"合計{mark}", sums, is_sum=True)],
        said=[f"{name} {base}" for name, base in zip(names, table.bases, strict=True)],
        finding=table.finding if may_compare else "",
        notes=[*table.why_not, *table.notes],
        bars=0 if may_compare else None,
        beside=1 if may_compare else None,
    )


def totals_block(
    totals: Iterable[tuple[str, str, int, int]], names: tuple[str, str], why_not: Sequence[str]
) -> Block:
    """Return the totals of two periods (name, unit, now, before) as they stand in a file."""
    lines = [
        _pair(f"{name}（{unit}）", (now, before), may_compare=not why_not)
        for name, unit, now, before in totals
    ]
    heads = [*names, "差"]
    return Block("totals", "総数", "数えたもの", heads, lines, unit="件・日", notes=[*why_not])


def _pair(label: str, numbers: tuple[int | None, int | None], *, may_compare: bool) -> Line:
    now, before = numbers
    cells: list[Value] = [NOT_COMPARED if it is None else it for it in numbers]
    difference = (now or 0) - (before or 0) if may_compare else NOT_COMPARED
    return Line(label, [*cells, difference])


def findings_block(found: Iterable[tuple[Said, int, str]]) -> Block:
    """Return what is to be looked at (what it is, how often, in which unit) for a file."""
    lines = [
        Line(f"{said.title}（{unit}）", (number, said.rule, said.mend))
        for said, number, unit in found
    ]
    heads = ["件数", "きまり", "直し方"]
    return Block("findings", "報告の前に見るところ", "見るところ", heads, lines, unit="件・日")


def unknown_block(months: Iterable[MonthUnknown], basis: str) -> Block:
    """Return how much is not known, month by month, for a file."""
    heads = [head for it in TABLES for head in (f"{it.label_ja}（件）", f"{it.label_ja}（割合）")]
    lines = [Line(month_label(it.month), [it.base, *_shares(it)]) for it in months]
    said = [f"母数：{basis}", "単位：件、母数に対する割合"]
    return Block("unknown", "「不明」の割合", "月", ["母数", *heads], lines, said=said)


def _shares(month: MonthUnknown) -> Iterator[Value]:
    for table in TABLES:
        yield month.unknown[table]
        yield share(month.unknown[table], month.base)
