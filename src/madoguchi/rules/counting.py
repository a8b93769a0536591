"""How a desk's figures are counted (集計). Numbers carry their basis.

The rule of 実件数, as ネットハーモニー prints it under its figures for 令和7年4月～9月:

    同じ相談者が同じ月に同じ内容を複数回相談した場合、1件としてカウントする。
    ただし、同じ内容の相談が月をまたぐ場合には、2件としてカウントする。

So 実件数 is the number of distinct (person, matter, month in Japan): a case-month. It adds up
over months, as 新規受付件数 and 延べ受付件数 do. The number of consultations does not: one
that runs from May to June is one consultation, but two case-months.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum, unique

from madoguchi.rules.calendar import Month, Period
from madoguchi.rules.codebooks import (
    UNKNOWN,
    BookChange,
    Code,
    CodeBook,
    Coding,
    Table,
    changes_in,
    stretches,
)

# The tables of 令和6年度 rest on 新規受付件数, those of 令和7年4月～9月 on 実件数.
CASE_MONTHS_SINCE = dt.date(2025, 4, 1)


@unique
class Basis(StrEnum):
    """What the tables about consultations count (母数)."""

    NEW = "new"  # 新規受付件数
    CASE_MONTH = "case-month"  # 実件数


@unique
class Total(StrEnum):
    """The printed totals; each table names the one it rests on."""

    OPENING_DAYS = "相談開設日数"
    NEW = "新規受付件数"
    CASE_MONTHS = "実件数"
    CONTACTS = "延べ受付件数"


@dataclass(frozen=True)
class ContactFact:
    """What is counted of one contact (受付). Attributes of the consultation are as now known.

    `person` and `matter` are whatever tells consultations apart; `first_at` is when the
    consultation's first contact ever came in, inside the period or before it.
    """

    person: object
    matter: object
    at: dt.datetime
    first_at: dt.datetime
    channel: str
    action: str | None
    age_group: str | None
    standing: str | None
    kinds: frozenset[str]


# The tables that count each total; those of consultations count one of two, by the basis.
_OF_CONSULTATIONS = (Table.AGE_GROUP, Table.STANDING, Table.INFRINGEMENT_KIND)
TABLES_OF: Mapping[Total, tuple[Table, ...]] = {
    Total.NEW: _OF_CONSULTATIONS,
    Total.CASE_MONTHS: _OF_CONSULTATIONS,
    Total.CONTACTS: (Table.CHANNEL, Table.ACTION_TAKEN),
}

# What a number counts: a total, in a table (None: the total itself), under a code ("" in a
# table: unclassified).
Cell = tuple[Total, Table | None, str]


@dataclass(frozen=True)
class Row:
    """One line of a table: a code and how often."""

    code: Code
    number: int


@dataclass(frozen=True)
class TableCount:
    """One table of a return, with its base (母数)."""

    table: Table
    counts: Total
    base: int
    coding: Coding
    rows: tuple[Row, ...]
    unclassified: int
    # Where the labels changed within the period; then the table of each stretch by itself.
    changes: tuple[BookChange, ...] = ()
    parts: tuple["Part", ...] = ()

    @property
    def is_multiple(self) -> bool:
        """Whether one unit may stand in several rows (重複集計あり)."""
        return self.coding is Coding.MULTIPLE

    @property
    def total(self) -> int:
        """The sum of the rows."""
        return sum(row.number for row in self.rows)

    @property
    def adds_up(self) -> bool:
        """Whether the sum is the base (plus repeated marks, less what is unclassified)."""
        if self.is_multiple:
            return self.total >= self.base
        return self.total + self.unclassified == self.base


@dataclass(frozen=True)
class Part:
    """A table of those days of a period in which one book of labels held (分類表ごとの表)."""

    period: Period
    count: TableCount


@dataclass(frozen=True)
class Return:
    """The figures (集計表) of one desk for one period on one basis."""

    period: Period
    basis: Basis
    opening_days: int
    new: int
    case_months: int
    contacts: int
    unclassified: int
    tables: tuple[TableCount, ...]

    def total(self, which: Total) -> int:
        """Return the printed total `which`."""
        return {
            Total.OPENING_DAYS: self.opening_days,
            Total.NEW: self.new,
            Total.CASE_MONTHS: self.case_months,
            Total.CONTACTS: self.contacts,
        }[which]

    def table(self, which: Table) -> TableCount:
        """Return the table `which`."""
        return next(table for table in self.tables if table.table is which)


def default_basis(period: Period) -> Basis:
    """Return the basis the prefecture itself used in `period`."""
    return Basis.CASE_MONTH if period.first >= CASE_MONTHS_SINCE else Basis.NEW


def count(
    facts: Iterable[ContactFact],
    *,
    period: Period,
    basis: Basis,
    books: Sequence[CodeBook],
    opening_days: int = 0,
) -> Return:
    """Return the figures of the `facts` that lie in `period`; others are left aside."""
    return returned(
        tally(facts, period), period=period, basis=basis, books=books, opening_days=opening_days
    )


def tally(facts: Iterable[ContactFact], period: Period) -> Counter[Cell]:
    """Count the `facts` that lie in `period` under every total.

    延べ受付件数 counts contacts; 新規受付件数 consultations whose first contact ever lies in the
    period; 実件数 case-months. Tallies of months add up to the tally of the whole period.
    """
    # 「同じ相談者が同じ月に同じ内容を」: one key, so one entry however many contacts.
    case_months: dict[object, ContactFact] = {}
    new: dict[object, ContactFact] = {}
    numbers: Counter[Cell] = Counter()
    for fact in facts:
        if fact.at not in period:
            continue
        numbers.update(_cells(fact, Total.CONTACTS))
        consultation = (fact.person, fact.matter)
        case_months[consultation, Month.of(fact.at)] = fact
        if fact.first_at in period:
            new[consultation] = fact
    for total, units in ((Total.NEW, new), (Total.CASE_MONTHS, case_months)):
        for fact in units.values():
            numbers.update(_cells(fact, total))
    return numbers


def _cells(fact: ContactFact, total: Total) -> Iterable[Cell]:
    """Return the cells in which `fact` counts once under `total`."""
    yield total, None, ""
    for table in TABLES_OF[total]:
        for key in _marks(fact, table):
            yield total, table, key


def returned(
    numbers: Mapping[Cell, int],
    *,
    period: Period,
    basis: Basis,
    books: Sequence[CodeBook],
    opening_days: int = 0,
) -> Return:
    """Return what was tallied as the figures of `period`, under the codes of its books.

    手法別 and 対応別 count contacts; 年代別, 状況別 and 侵害種別 count new consultations or
    case-months, as `basis` says.
    """
    unit = Total.NEW if basis is Basis.NEW else Total.CASE_MONTHS
    return Return(
        period=period,
        basis=basis,
        opening_days=opening_days,
        new=numbers.get((Total.NEW, None, ""), 0),
        case_months=numbers.get((Total.CASE_MONTHS, None, ""), 0),
        contacts=numbers.get((Total.CONTACTS, None, ""), 0),
        unclassified=numbers.get((Total.CONTACTS, Table.ACTION_TAKEN, ""), 0),
        tables=tuple(
            replace(
                _table(
                    table,
                    Total.CONTACTS if table in TABLES_OF[Total.CONTACTS] else unit,
                    numbers,
                    codes_in(books, table, period),
                    _labels(books, table),
                ),
                changes=changes_in(books, table, period.first, period.last),
            )
            for table in Table
        ),
    )


def divided(figures: Return, part_of: Callable[[Period], Return]) -> Return:
    """Return the figures with every table that spans two books divided into its parts.

    `part_of` returns the figures of some days on the same basis. A number under a label that
    held for some of the days only is no number of the whole period.
    """
    known: dict[Period, Return] = {}

    def parts(table: TableCount) -> tuple[Part, ...]:
        if not any(it.divides for it in table.changes):
            return ()
        days = stretches(table.changes, figures.period.first, figures.period.last)
        pieces = [Period(*it) for it in days]
        known.update({it: part_of(it) for it in pieces if it not in known})
        return tuple(Part(it, known[it].table(table.table)) for it in pieces)

    return replace(figures, tables=tuple(replace(it, parts=parts(it)) for it in figures.tables))


def _table(
    table: Table,
    counts: Total,
    numbers: Mapping[Cell, int],
    book: tuple[Coding, tuple[Code, ...]],
    labels: Mapping[str, str],
) -> TableCount:
    """Take one table out of what was tallied."""
    found = {
        key: number
        for (total, of, key), number in numbers.items()
        if total is counts and of is table and number
    }
    unclassified = found.pop("", 0)
    coding, codes = book
    strangers = sorted(found.keys() - {code.key for code in codes})
    everything = (*codes, *(Code(key, labels.get(key, key)) for key in strangers))
    return TableCount(
        table=table,
        counts=counts,
        base=numbers.get((counts, None, ""), 0),
        coding=coding,
        rows=tuple(Row(code, found.get(code.key, 0)) for code in everything),
        unclassified=unclassified,
    )


def _marks(fact: ContactFact, table: Table) -> Iterable[str]:
    """Return the codes under which `fact` stands in `table`; "" where unclassified."""
    match table:
        case Table.AGE_GROUP:
            return (fact.age_group or UNKNOWN,)
        case Table.CHANNEL:
            return (fact.channel,)
        case Table.STANDING:
            return (fact.standing or UNKNOWN,)
        case Table.INFRINGEMENT_KIND:
            return fact.kinds or (UNKNOWN,)
        case Table.ACTION_TAKEN:
            return (fact.action or "",)


def codes_in(
    books: Sequence[CodeBook], table: Table, period: Period
) -> tuple[Coding, tuple[Code, ...]]:
    """Return how `table` is coded in `period`: the newest book's codes, then older books' own.

    Codes of a book that ended before the period, or starts after it, have no row of their own.
    """
    own = [book for book in books if book.table is table and _overlaps(book, period)]
    own.sort(key=lambda book: book.valid_from, reverse=True)
    codes: dict[str, Code] = {}
    for book in own:
        for code in book.codes:
            codes.setdefault(code.key, code)
    is_multiple = any(book.coding is Coding.MULTIPLE for book in own)
    return Coding.MULTIPLE if is_multiple else Coding.SINGLE, tuple(codes.values())


def _labels(books: Sequence[CodeBook], table: Table) -> dict[str, str]:
    """Return how every code that `table` ever had was called last."""
    own = sorted((it for it in books if it.table is table), key=lambda book: book.valid_from)
    return {code.key: code.label_ja for book in own for code in book.codes}


def _overlaps(book: CodeBook, period: Period) -> bool:
    has_begun = book.valid_from <= period.last
    return has_begun and (book.valid_to is None or book.valid_to >= period.first)
