"""Figures that come from other desks (とりまとめ): read, checked, put under our codes, added up.

A sender's tables keep the sender's own labels. Which of our codes a label stands for is either
plain, since it is the same word, or decided by a person; nothing is guessed.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import Code, CodeBook, Coding, Table, book_on, folded
from madoguchi.rules.contact_records import AT
from madoguchi.rules.counting import (
    TABLES_OF,
    Basis,
    Return,
    Row,
    TableCount,
    Total,
    returned,
)

SUM = "合計"
UNCLASSIFIED = "未分類"
# The columns of a finished table, one figure to a line: as our own data sheets have them.
TABLE_COLUMNS = (
    *("期間の始まり", "期間の終わり", "集計の基準", "表", "分類", "件数", "母数", "重複集計"),
)
_LONGEST_LABEL = 60
_MOST_STRANGE = 40
# 読みかえ: the code for a label of a table.
Readings = Mapping[tuple[Table, str], str]


class UnreadableFiguresError(Exception):
    """The figures cannot be taken. The message says in Japanese why, and what to do."""


def is_contact_file(header: Iterable[str]) -> bool:
    """Tell whether a file's first row is that of contact records."""
    return AT in {folded(name) for name in header}


def is_table_file(header: Iterable[str]) -> bool:
    """Tell whether a file's first row is that of finished tables."""
    return {folded(name) for name in header} >= set(TABLE_COLUMNS)


def is_report_file(header: Iterable[str]) -> bool:
    """Tell whether a file's first row is that of a report's tables: for people, without bases."""
    return {folded(name) for name in header} >= {"章", "表", "分類", "項目", "値"}


def read_tables(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Return:
    """Return the finished tables of a data sheet, under the sender's labels.

    UnreadableFiguresError: a number is none, or there are several periods.
    """
    names = [folded(name) for name in header]
    lines = [dict(zip(names, row, strict=False)) for row in rows if any(it.strip() for it in row)]
    if not lines:
        raise UnreadableFiguresError("数字の行がありません。データのシートをお送りください。")
    period, basis = _heading(lines)
    cells: dict[str, list[tuple[str, int, str, str]]] = defaultdict(list)
    for number, line in enumerate(lines, 2):
        label, base, several = line["分類"].strip(), line["母数"], line["重複集計"]
        if len(label) > _LONGEST_LABEL:
            raise UnreadableFiguresError(f"{number}行目：分類の名前が長すぎます。")
        cells[line["表"].strip()].append((label, _number(line["件数"], number), base, several))
    totals = {label: number for label, number, _base, _several in cells["総数"]}
    missing = [it.label_ja for it in Table if it.label_ja not in cells]
    missing += [str(it) for it in Total if str(it) not in totals]
    if missing:
        raise UnreadableFiguresError(f"足りないものがあります：{'、'.join(missing)}")
    return Return(
        period=period,
        basis=basis,
        opening_days=totals[Total.OPENING_DAYS],
        new=totals[Total.NEW],
        case_months=totals[Total.CASE_MONTHS],
        contacts=totals[Total.CONTACTS],
        unclassified=totals.get(UNCLASSIFIED, 0),
        tables=tuple(_table(it, cells[it.label_ja], basis, totals) for it in Table),
    )


def _heading(lines: Sequence[Mapping[str, str]]) -> tuple[Period, Basis]:
    found = {tuple(line[name].strip() for name in TABLE_COLUMNS[:3]) for line in lines}
    if len(found) > 1:
        raise UnreadableFiguresError("期間や集計の基準が、いくつもあります。1つにしてください。")
    first, last, basis = found.pop()
    try:
        return Period(dt.date.fromisoformat(first[:10]), dt.date.fromisoformat(last[:10])), Basis(
            basis
        )
    except ValueError:
        raise UnreadableFiguresError(
            "期間か集計の基準が読めません。2025-04-01、new か case-month とお書きください。"
        ) from None


def _number(text: str, row: int) -> int:
    cleaned = folded(text).replace(",", "")
    if not (cleaned.isascii() and cleaned.isdigit()):
        raise UnreadableFiguresError(f"{row}行目：件数が、0以上の数ではありません。")
    return int(cleaned)


def _table(
    table: Table,
    cells: Sequence[tuple[str, int, str, str]],
    basis: Basis,
    totals: Mapping[str, int],
) -> TableCount:
    counts = _counts(table, basis)
    said = {_number(base, 2) for _label, _number_of, base, _several in cells}
    if said != {totals[counts]}:
        raise UnreadableFiguresError(f"{table.label_ja}：母数が、総数の{counts}とちがいます。")
    several = any(folded(it) == "あり" for *_rest, it in cells)
    rows = [(label, number) for label, number, *_rest in cells if label != SUM]
    sums = [number for label, number, *_rest in cells if label == SUM]
    if sums and sums != [sum(number for _label, number in rows)]:
        raise UnreadableFiguresError(f"{table.label_ja}：合計が、行の和とちがいます。")
    return TableCount(
        table=table,
        counts=counts,
        base=totals[counts],
        coding=Coding.MULTIPLE if several else Coding.SINGLE,
        rows=tuple(Row(Code(label, label), number) for label, number in rows),
        unclassified=totals.get(UNCLASSIFIED, 0) if table is Table.ACTION_TAKEN else 0,
    )


def _counts(table: Table, basis: Basis) -> Total:
    if table in TABLES_OF[Total.CONTACTS]:
        return Total.CONTACTS
    return Total.NEW if basis is Basis.NEW else Total.CASE_MONTHS


def check_sent(sent: Return, *, period: Period, basis: Basis, books: Sequence[CodeBook]) -> None:
    """Refuse figures that cannot be added to others (UnreadableFiguresError)."""
    if sent.period != period:
        raise UnreadableFiguresError(
            "期間がちがいます。相手にたしかめるか、期間を選び直してください。"
        )
    if sent.basis is not basis:
        raise UnreadableFiguresError("集計の基準（新規・実件数）がちがうため、足せません。")
    if sent.unclassified:
        raise UnreadableFiguresError("対応が未分類の受付が残っています。分類してもらってください。")
    if not sent.new <= sent.case_months <= sent.contacts:
        raise UnreadableFiguresError("新規、実件数、延べの順に大きくなっていません。")
    for table in sent.tables:
        _check_table(table, book_on(books, table.table, period.last))


def _check_table(table: TableCount, book: CodeBook | None) -> None:
    name = table.table.label_ja
    if not table.adds_up or any(row.number > table.base for row in table.rows):
        raise UnreadableFiguresError(f"{name}：合計が母数と合いません。")
    if book is None or book.coding is not table.coding:
        raise UnreadableFiguresError(f"{name}：集計のしかた（単数・重複）がちがい、足せません。")


def widened(books: Sequence[CodeBook], labels: Mapping[Table, Iterable[str]]) -> list[CodeBook]:
    """Return books by which a file can be read that uses further `labels`: each its own code.

    UnreadableFiguresError: there are so many that the column is another one.
    """
    wide = []
    for book in books:
        strange = [it for it in dict.fromkeys(labels.get(book.table, ())) if not book.key_of(it)]
        if len(strange) > _MOST_STRANGE or any(len(it) > _LONGEST_LABEL for it in strange):
            raise UnreadableFiguresError(
                f"「{book.table.column}」の列に、分類でない言葉があるようです。"
            )
        codes = (*book.codes, *(Code(it, it) for it in strange))
        wide.append(CodeBook(book.table, book.valid_from, book.valid_to, book.coding, codes))
    return wide


def undecided(
    sent: Return, books: Sequence[CodeBook], readings: Readings
) -> list[tuple[Table, str]]:
    """Return the labels of which nobody has said what they stand for."""
    return [
        (table.table, row.code.label_ja)
        for table in sent.tables
        for row in table.rows
        if row.number and _key(table.table, row, sent.period, books, readings) is None
    ]


def added(
    sent: Iterable[tuple[Return, Readings]],
    *,
    period: Period,
    basis: Basis,
    books: Sequence[CodeBook],
) -> Return:
    """Return the sum of figures of one period and basis, under our codes; none is undecided."""
    numbers: dict[tuple[Total, Table | None, str], int] = defaultdict(int)
    opening_days = 0
    for figures, readings in sent:
        opening_days += figures.opening_days
        for total in (Total.NEW, Total.CASE_MONTHS, Total.CONTACTS):
            numbers[total, None, ""] += figures.total(total)
        for table in figures.tables:
            for row in (it for it in table.rows if it.number):
                key = _key(table.table, row, period, books, readings)
                assert key is not None
                numbers[table.counts, table.table, key] += row.number
    return returned(numbers, period=period, basis=basis, books=books, opening_days=opening_days)


def _key(
    table: Table, row: Row, period: Period, books: Sequence[CodeBook], readings: Readings
) -> str | None:
    decided = readings.get((table, row.code.label_ja))
    book = book_on(books, table, period.last)
    return decided or (book.key_of(row.code.label_ja) if book else None)
