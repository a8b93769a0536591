"""Code books (分類表): which labels a desk may write, and since when.

Labels change by fiscal year; a code's key does not. The standard books are those of the
figures Osaka Prefecture prints for ネットハーモニー (令和6年度, 令和7年4月～9月), in its order.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from functools import cached_property
from itertools import pairwise

from madoguchi.rules.access import RefusedError

# Code for "not known" (不明): a value like any other, never an empty cell in a table.
UNKNOWN = "UNKNOWN"
_LONGEST_LABEL = 60


@unique
class Table(StrEnum):
    """The five tables of the official figures, in the order they are printed."""

    AGE_GROUP = "AGE_GROUP"  # 年代別
    CHANNEL = "CHANNEL"  # 手法別
    STANDING = "STANDING"  # 状況別
    INFRINGEMENT_KIND = "INFRINGEMENT_KIND"  # 侵害種別
    ACTION_TAKEN = "ACTION_TAKEN"  # 対応別

    @property
    def label_ja(self) -> str:
        """How the table is headed: 年代別."""
        return _HEADINGS[self][0]

    @property
    def column(self) -> str:
        """How the column is headed in a file of contact records: 年代."""
        return _HEADINGS[self][1]


_HEADINGS = {
    Table.AGE_GROUP: ("年代別", "年代"),
    Table.CHANNEL: ("手法別", "手法"),
    Table.STANDING: ("状況別", "状況"),
    Table.INFRINGEMENT_KIND: ("侵害種別", "侵害種別"),
    Table.ACTION_TAKEN: ("対応別", "対応"),
}


@unique
class Coding(StrEnum):
    """How many codes of a book one unit may carry."""

    SINGLE = "SINGLE"  # 単数集計
    MULTIPLE = "MULTIPLE"  # 重複集計


def folded(label: str) -> str:
    """Return `label` as it is compared: full-width and half-width alike, no space around."""
    return unicodedata.normalize("NFKC", label).strip()


@dataclass(frozen=True)
class Code:
    """One label of a book; `key` stays when the label is reworded."""

    key: str
    label_ja: str


@dataclass(frozen=True)
class CodeBook:
    """The codes (分類) of one table, in printed order.

    Holds from `valid_from` to `valid_to`, both included; no `valid_to` = until further notice.
    """

    table: Table
    valid_from: dt.date
    valid_to: dt.date | None
    coding: Coding
    codes: tuple[Code, ...]

    def holds_on(self, day: dt.date) -> bool:
        """Tell whether the book is in force on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def key_of(self, label: str) -> str | None:
        """Return the key of `label` however wide it was typed; None where it is not ours."""
        return self._keys.get(label) or self._keys.get(folded(label))

    def label_of(self, key: str) -> str | None:
        """Return the label of `key`; None where the book has no such code."""
        return self._labels.get(key)

    @property
    def knows_unknown(self) -> bool:
        """Whether an empty cell may stand for 不明."""
        return UNKNOWN in self._labels

    @cached_property
    def _keys(self) -> dict[str, str]:
        return {folded(code.label_ja): code.key for code in self.codes}

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {code.key: code.label_ja for code in self.codes}


def book_on(books: Iterable[CodeBook], table: Table, day: dt.date) -> CodeBook | None:
    """Return the book of `table` in force on `day`; the newest where two overlap."""
    in_force = [book for book in books if book.table is table and book.holds_on(day)]
    return max(in_force, key=lambda book: book.valid_from, default=None)


# The first and the last of some days.
Stretch = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class BookChange:
    """分類表の変更: from the day `on` other labels stand in a table. Labels, in their order.

    `is_recoded`: one label to a unit became several, or the other way round.
    """

    on: dt.date
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    is_recoded: bool = False

    @property
    def divides(self) -> bool:
        """Whether numbers before and after are not to be added; a label reworded is the same."""
        return bool(self.added or self.dropped or self.is_recoded)


def changes_in(
    books: Iterable[CodeBook], table: Table, first: dt.date, last: dt.date
) -> tuple[BookChange, ...]:
    """Return how the book of `table` changes after `first`, up to `last`."""
    own = sorted((it for it in books if it.table is table), key=lambda book: book.valid_from)
    found = (
        _change(before, after)
        for before, after in pairwise(own)
        if first < after.valid_from <= last
    )
    return tuple(it for it in found if it.divides or it.renamed)


def _change(before: CodeBook, after: CodeBook) -> BookChange:
    old = {code.key: code.label_ja for code in before.codes}
    new = {code.key: code.label_ja for code in after.codes}
    return BookChange(
        on=after.valid_from,
        added=tuple(label for key, label in new.items() if key not in old),
        dropped=tuple(label for key, label in old.items() if key not in new),
        renamed=tuple(
            (old[key], label) for key, label in new.items() if old.get(key, label) != label
        ),
        is_recoded=before.coding is not after.coding,
    )


def stretches(changes: Iterable[BookChange], first: dt.date, last: dt.date) -> list[Stretch]:
    """Return the days from `first` to `last` cut where labels changed: in each, one book holds."""
    begins = [first, *(it.on for it in changes if it.divides)]
    ends = [*(day - dt.timedelta(days=1) for day in begins[1:]), last]
    return list(zip(begins, ends, strict=True))


def books_on(books: Iterable[CodeBook], day: dt.date) -> dict[Table, CodeBook]:
    """Return the books in force on `day`, by table."""
    known = list(books)
    found = {table: book_on(known, table, day) for table in Table}
    return {table: book for table, book in found.items() if book is not None}


def check_plan(codes: Sequence[Code], *, known: Mapping[str, str]) -> None:
    """Refuse a book that could not be written or read by (RefusedError).

    It has at least one code, each key and each label once, and 不明 stays where it was: empty
    cells stand for it.
    """
    labels = [folded(code.label_ja) for code in codes]
    if not codes:
        raise RefusedError("no-codes")
    if any(not 0 < len(label) <= _LONGEST_LABEL or ";" in label for label in labels):
        raise RefusedError("bad-label")
    if len(set(labels)) < len(labels) or len({code.key for code in codes}) < len(codes):
        raise RefusedError("label-twice")
    if UNKNOWN in known and UNKNOWN not in {code.key for code in codes}:
        raise RefusedError("unknown-stays")


# Older than any figure that could be carried in.
_ALWAYS = dt.date(2000, 4, 1)


def _standard(table: Table, coding: Coding, **codes: str) -> CodeBook:
    """Return a book whose codes are given as KEY="label", in order."""
    rows = tuple(Code(key, label) for key, label in codes.items())
    return CodeBook(table, _ALWAYS, None, coding, rows)


STANDARD: tuple[CodeBook, ...] = (
    _standard(
        Table.AGE_GROUP,
        Coding.SINGLE,
        TEENS="10代",
        TWENTIES="20代",
        THIRTIES="30代",
        FORTIES="40代",
        FIFTIES="50代",
        SIXTY_OR_OVER="60歳以上",
        UNKNOWN="不明",
    ),
    _standard(
        Table.CHANNEL,
        Coding.SINGLE,
        TELEPHONE="電話",
        SNS="SNS",
        EMAIL="メール",
        FAX="FAX",
        LETTER="手紙",
        INTERVIEW="面接",
    ),
    _standard(
        Table.STANDING,
        Coding.SINGLE,
        AFFECTED="被害者",
        POSTER="加害者",
        OTHER="その他",
        UNKNOWN="不明",
    ),
    _standard(
        Table.INFRINGEMENT_KIND,
        Coding.MULTIPLE,
        DEFAMATION="誹謗・中傷",
        DISCRIMINATION="差別",
        ILLEGAL="違法情報",
        HARMFUL="有害情報",
        OTHER="その他",
        OUTSIDE_HUMAN_RIGHTS="人権問題外",
        UNKNOWN="不明",
    ),
    _standard(
        Table.ACTION_TAKEN,
        Coding.SINGLE,
        ADVICE="助言",
        INFORMATION="情報提供",
        OTHER_AGENCY="他機関紹介",
        SORTING_OUT="問題整理",
        LISTENING="傾聴",
        EXPERT="専門家連携",
        BROKEN_OFF="中断",
        CONTINUED="継続",
        OTHER="その他",
    ),
)
