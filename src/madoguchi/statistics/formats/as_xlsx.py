"""Figures as an Excel workbook: a sheet of data, and a sheet to print.

The data sheet follows the rules of the Ministry of Internal Affairs for machine-readable tables
(one cell one datum, no merged cells, numbers as numbers, units in a column of their own).
"""

import datetime as dt
import io
from typing import Any

import xlsxwriter

from madoguchi.statistics.presenting import DATA_COLUMNS, Sheet, Stated, data_lines

_FONT = "BIZ UDPゴシック"
_A4 = 9


def xlsx_of(sheet: Sheet, at: dt.datetime) -> bytes:
    """Return the sheet as xlsx, made at the aware instant `at`. No cell is a formula."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        # A fixed creation time: the same figures make the same file.
        made = at.astimezone(dt.UTC).replace(tzinfo=None)
        book.set_properties({"title": sheet.title, "created": made})
        _write_data(book, sheet)
        _Print(book, sheet).write(at)
    return content.getvalue()


def _write_data(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet("データ")
    page.write_row(0, 0, DATA_COLUMNS, book.add_format({"bold": True, "font_name": _FONT}))
    plain = book.add_format({"font_name": _FONT})
    for number, line in enumerate(data_lines(sheet), 1):
        page.write_row(number, 0, line, plain)
    page.freeze_panes(1, 0)
    page.set_column(0, len(DATA_COLUMNS) - 1, 14)


class _Print:
    """The sheet to print: A4 landscape, each table as the prefecture prints it."""

    def __init__(self, book: Any, sheet: Sheet) -> None:
        self._sheet = sheet
        self._page = book.add_worksheet("印刷用")
        styles: dict[str, dict[str, Any]] = {
            "title": {"bold": True, "font_size": 14},
            "plain": {},
            "small": {"font_size": 9},
            "head": {
                "bold": True,
                "border": 1,
                "bg_color": "#E6E6E6",
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
            },
            "cell": {"border": 1, "num_format": "#,##0"},
            "sum": {"border": 1, "num_format": "#,##0", "bold": True},
        }
        self._styles = {
            name: book.add_format({"font_name": _FONT, **style}) for name, style in styles.items()
        }
        self._row = 0

    def write(self, at: dt.datetime) -> None:
        self._line("title", [self._sheet.title])
        self._line("plain", [f"期間：{self._sheet.period}　{self._sheet.made_on(at)}"])
        self._row += 1
        self._line("head", [f"{name}（{unit}）" for name, _number, unit in self._sheet.totals])
        self._line("cell", [number for _name, number, _unit in self._sheet.totals])
        for shown in self._sheet.tables:
            self._table(shown)
        self._row += 1
        for note in self._sheet.notes:
            self._line("small", [note])
        self._set_up()

    def _table(self, shown: Stated) -> None:
        table = shown.count
        self._row += 1
        said = f"{shown.title}　{shown.base}　単位：件　合計：{shown.check}"
        self._line("plain", [said])
        mark = "（※）" if table.is_multiple else ""
        self._line("head", [*(row.code.label_ja for row in table.rows), f"合計{mark}"])
        self._page.write(self._row, len(table.rows), table.total, self._styles["sum"])
        self._line("cell", [row.number for row in table.rows])
        for note in shown.notes:
            self._line("small", [note])

    def _line(self, style: str, cells: list[Any]) -> None:
        self._page.write_row(self._row, 0, cells, self._styles[style])
        self._row += 1

    def _set_up(self) -> None:
        self._page.set_landscape()
        self._page.set_paper(_A4)
        self._page.fit_to_pages(1, 0)
        self._page.repeat_rows(0, 1)
        self._page.set_footer("&L&F&R&P／&N")
        self._page.set_column(0, 10, 13)
        self._page.hide_gridlines(0)
