"""Files of contact records: bytes in, rows of text out, numbered as a spreadsheet numbers them."""

import codecs
import csv
import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from madoguchi.rules.codebooks import folded
from madoguchi.rules.contact_records import (
    ContactRecord,
    Fault,
    Reader,
    header_faults,
)
from madoguchi.rules.records import Records

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, and any workbook under a password
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:[!?]|/?[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)  # HTML
_SECOND = dt.timedelta(seconds=1)
_READ_AT_ONCE = 1 << 20
_SHEETS = "xl/worksheets/sheet"
_HELD_AT_ONCE = 20 << 20
_NO_WORKBOOK = "Excelのファイルとして読めません。xlsxかCSVで保存し直してください。"
# What openpyxl raises on files that are none, or damaged (a ParseError is a SyntaxError).
_DAMAGED = (
    *(InvalidFileException, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError),
    *(KeyError, IndexError, ValueError, TypeError, AttributeError, SyntaxError),
)


class UnableToImportError(Exception):
    """Nothing of the file was taken. The message says in Japanese why, and what to do."""


class UnreadableFileError(UnableToImportError):
    """The file is not one of contact records."""


@dataclass(frozen=True)
class RowFault:
    """A fault and where it is: row 1 is the header."""

    row: int
    column: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.row}行目「{self.column}」：{self.sentence}"


@dataclass(frozen=True)
class Read:
    """What a file held: every record, or the faults that forbid to take any of it."""

    records: Records
    faults: list[RowFault]


def check_workbook(content: bytes) -> None:
    """Refuse what is called .xlsx and is no workbook (`UnreadableFileError`)."""
    if not content.startswith((_ZIP, _OLD_OFFICE)):
        raise UnreadableFileError(_NO_WORKBOOK)


def read_records(content: bytes, reader: Reader) -> Read:
    """Read a CSV file (UTF-8 or Shift_JIS) or the first sheet of an xlsx.

    Raises `UnreadableFileError` where it is neither.
    """
    rows = rows_in(content)
    header = [folded(name) for name in next(rows, [])]
    faults = [RowFault(1, fault.column, fault.sentence) for fault in header_faults(header)]
    read = Read(Records(), faults)
    if faults:
        return read
    for number, cells in enumerate(rows, 2):
        if any(cell.strip() for cell in cells):
            _read_row(number, header, cells, reader, read)
    return read


def _read_row(number: int, header: list[str], cells: list[str], reader: Reader, read: Read) -> None:
    found: ContactRecord | list[Fault]
    named = dict(zip(header, cells, strict=False))
    nameless = [cell for name, cell in zip(header, cells, strict=False) if not name]
    if any(cell.strip() for cell in (*cells[len(header) :], *nameless)):
        found = [Fault("列", "列の名前がないところに文字があります。区切りをお確かめください。")]
    else:
        found = reader.read(named)
    if isinstance(found, ContactRecord):
        read.records.add(found)
    else:
        read.faults.extend(RowFault(number, fault.column, fault.sentence) for fault in found)


def rows_in(content: bytes) -> Iterator[list[str]]:
    """Return the rows of a CSV file or of an xlsx's first sheet, as text.

    Raises `UnreadableFileError` where it is neither.
    """
    if content.startswith(_OLD_OFFICE):
        raise UnreadableFileError(
            "古い形式（.xls）か、パスワードのついたファイルです。パスワードなしのxlsxかCSVで保存してください。"
        )
    return _workbook_rows(content) if content.startswith(_ZIP) else _csv_rows(content)


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    encoding = _encoding(content)
    if _PAGE.match(content):
        raise UnreadableFileError(
            "表ではなく、ウェブページのファイルです。ExcelなどでCSVかxlsxに保存し直してください。"
        )
    if b"\0" in content:
        raise UnreadableFileError("文字のファイルではありません。CSVかxlsxを選んでください。")
    # Read through, not decoded at once: as text a large file takes four times its size.
    text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    try:
        yield from csv.reader(text, strict=True)
    except csv.Error as error:
        raise UnreadableFileError(
            'CSVとして読めません。引用符（"）が閉じているか、お確かめください。'
        ) from error


def _encoding(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for start in range(0, len(content), _READ_AT_ONCE):
                decoder.decode(content[start : start + _READ_AT_ONCE])
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFileError("文字コードが読めません。UTF-8かShift_JISで保存してください。")


def _workbook_rows(content: bytes) -> Iterator[list[str]]:
    try:
        with warnings.catch_warnings():
            # What openpyxl leaves out (styles, drop-down lists) holds no records.
            warnings.simplefilter("ignore")
            if _has_merged_cells(content):
                yield from _texts(_filled_down(content))
                return
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # some programs write wrong ones
            yield from _texts(sheet.iter_rows(values_only=True))
    except _DAMAGED as error:
        raise UnreadableFileError(_NO_WORKBOOK) from error


def _has_merged_cells(content: bytes) -> bool:
    """Say whether a workbook of a size to be held in memory merges cells: row by row none shows."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [part for part in parts.infolist() if part.filename.startswith(_SHEETS)]
        if sum(part.file_size for part in sheets) > _HELD_AT_ONCE:
            return False
        return any(b"<mergeCell " in parts.read(part) for part in sheets)


def _filled_down(content: bytes) -> Iterator[tuple[object, ...]]:
    """Return the rows of a workbook; what is merged over several rows stands in each of them."""
    sheet = load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    above = {
        (row, it.min_col): sheet.cell(it.min_row, it.min_col).value
        for it in sheet.merged_cells.ranges
        for row in range(it.min_row, it.max_row + 1)
    }
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        yield tuple(above.get((number, at), cell) for at, cell in enumerate(row, start=1))


def _texts(rows: Iterable[tuple[object, ...]]) -> Iterator[list[str]]:
    for row in rows:
        yield [_text(cell) for cell in row]


def _text(cell: object) -> str:
    """Return a workbook's cell as it would stand in a CSV file."""
    match cell:
        case None:
            return ""
        case dt.datetime():
            # A date cell is a fraction of a day: 16:05 may be stored a hair too early.
            return (cell + _SECOND / 2).isoformat("T", "minutes")
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)
