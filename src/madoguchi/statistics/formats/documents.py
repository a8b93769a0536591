"""A document of figures as files: CSV, Excel, PDF. All are made from the same tables."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import xlsxwriter

from madoguchi.rules.contact_records import guarded
from madoguchi.statistics.charts.blocks import chart_of, described
from madoguchi.statistics.presenting.document import HIDDEN, Block, Document, Value
from madoguchi.ui.printing import printed

COLUMNS = (
    *("相談窓口", "期間の始まり", "期間の終わり", "版", "章", "表", "分類", "項目", "値"),
    *("単位", "秘匿", "注"),
)
_FONT = "BIZ UDPゴシック"
_A4 = 9
# As many columns fit a page upright; with more it is turned.
_MOST_UPRIGHT = 9


@dataclass(frozen=True)
class FileKind:
    """One kind of file: how a document becomes it, and what it is called."""

    content_type: str
    make: Callable[[Document, dt.datetime], bytes]


def data_lines(document: Document) -> Iterator[list[Value]]:
    """Return every cell of every table as a line of data, under COLUMNS.

    One datum to a cell, numbers as numbers, the unit in a column of its own: the rules of the
    Ministry of Internal Affairs for machine-readable tables (統計表における機械判読可能な
    データの表記方法の統一ルール, 2020-12-18).
    """
    around = [document.desk, document.first, document.last, document.state]
    for chapter, block in document.blocks:
        notes = " ".join([*block.said, *block.notes])
        for line in block.lines:
            for place, (column, cell) in enumerate(zip(block.columns, line.cells, strict=True)):
                if cell in {"", None}:
                    continue
                hidden = "秘匿" if cell == HIDDEN else ""
                where = [chapter.title, block.title, line.label, column]
                yield [*around, *where, cell, block.unit_of(place), hidden, notes]


def csv_of(document: Document, at: dt.datetime) -> bytes:
    """Return the document's tables as CSV: UTF-8 with BOM, or a Japanese Excel garbles it."""
    del at
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for line in data_lines(document):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in line])
    return text.getvalue().encode("utf-8-sig")


def xlsx_of(document: Document, at: dt.datetime) -> bytes:
    """Return the document as a workbook: a sheet of data, and one to print. No formulas."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        made = at.astimezone(dt.UTC).replace(tzinfo=None)
        book.set_properties({"title": document.title, "created": made})
        plain = book.add_format({"font_name": _FONT})
        data = book.add_worksheet("データ")
        data.write_row(0, 0, COLUMNS, book.add_format({"bold": True, "font_name": _FONT}))
        for number, line in enumerate(data_lines(document), 1):
            data.write_row(number, 0, line, plain)
        data.freeze_panes(1, 0)
        data.set_column(0, len(COLUMNS) - 1, 14)
        _Print(book).write(document)
    return content.getvalue()


_STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "chapter": {"bold": True, "font_size": 12},
    "plain": {},
    "small": {"font_size": 9},
    "head": {"bold": True, "border": 1, "bg_color": "#E6E6E6", "text_wrap": True},
    "cell": {"border": 1, "num_format": "#,##0"},
    "sum": {"border": 1, "num_format": "#,##0", "bold": True},
}


class _Print:
    """The sheet to print: A4, a table below the other, as the report has them."""

    def __init__(self, book: Any) -> None:
        self._page = book.add_worksheet("印刷用")
        self._styles = {
            name: book.add_format({"font_name": _FONT, **style}) for name, style in _STYLES.items()
        }
        self._row = 0

    def write(self, document: Document) -> None:
        self._line("title", [document.title])
        self._line("plain", [f"期間：{document.period}"])
        self._line("plain", [document.state])
        for chapter in document.chapters:
            self._row += 1
            self._line("chapter", [chapter.title])
            for words in chapter.words:
                self._line("plain", [words])
            for block in chapter.blocks:
                self._block(block)
            for story in chapter.stories:
                for style, words in (
                    ("head", story.title),
                    ("plain", f"相談：{story.asked}"),
                    ("plain", f"助言：{story.advice}"),
                ):
                    self._line(style, [words])
        self._set_up()

    def _block(self, block: Block) -> None:
        self._row += 1
        self._line("plain", ["　".join([block.title, *block.said])])
        self._line("head", [block.label, *block.columns])
        for line in block.lines:
            self._line("sum" if line.is_sum else "cell", [line.label, *line.cells])
        if block.finding:
            self._line("plain", [block.finding])
        for note in block.notes:
            self._line("small", [note])

    def _line(self, style: str, cells: list[Any]) -> None:
        self._page.write_row(self._row, 0, cells, self._styles[style])
        self._row += 1

    def _set_up(self) -> None:
        self._page.set_paper(_A4)
        self._page.fit_to_pages(1, 0)
        self._page.set_footer("&L&F&R&P／&N")
        self._page.set_column(0, 0, 22)
        self._page.set_column(1, 14, 12)
        self._page.hide_gridlines(0)


def pdf_of(document: Document, at: dt.datetime) -> bytes:
    """Return the document as PDF: tagged (PDF/UA-1), its font embedded.

    Raises `UnableToPrintError` where the machine has no Japanese font.
    """
    template = resources.files("madoguchi.statistics").joinpath("data", "report.typ")
    return printed(template.read_bytes(), _mapping(document), made_at=int(at.timestamp()))


def _mapping(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "desk": document.desk,
        "period": document.period,
        "state": document.state,
        "is_wide": any(len(block.columns) > _MOST_UPRIGHT for _chapter, block in document.blocks),
        "chapters": [
            {
                "title": chapter.title,
                "words": list(chapter.words),
                "tables": [_table(block) for block in chapter.blocks],
                "stories": [
                    {"title": it.title, "asked": it.asked, "advice": it.advice}
                    for it in chapter.stories
                ],
            }
            for chapter in document.chapters
        ],
    }


def _table(block: Block) -> dict[str, Any]:
    return {
        "title": block.title,
        "said": list(block.said),
        "heads": [block.label, *block.columns],
        "lines": [
            {
                "cells": [line.label, *("" if it is None else str(it) for it in line.cells)],
                "sum": line.is_sum,
            }
            for line in block.lines
        ],
        "notes": list(block.notes),
        "finding": block.finding,
        "key": block.key,
        "chart": str(chart_of(block)),
        "alt": described(block) if block.drawn else "",
    }


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCUMENT_FILES = {
    "pdf": FileKind("application/pdf", pdf_of),
    "xlsx": FileKind(_XLSX, xlsx_of),
    "csv": FileKind("text/csv; charset=utf-8", csv_of),
}
