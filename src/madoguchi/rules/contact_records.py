"""Contact records (受付記録): the file format in which a desk brings and takes its contacts.

One row is one contact; person and matter together are one consultation. A row is read into a
`ContactRecord` or refused with faults, each naming its column and how to mend it. A fault never
repeats what the cell held: a cell may hold somebody's words.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.codebooks import UNKNOWN, CodeBook, Coding, Table, book_on, folded

AT = "受付日時"
PERSON = "相談者"
MATTER = "内容"
MINUTES = "所要分"
REFERRED_TO = "紹介先"
REMARKS = "備考"

REQUIRED = (AT, PERSON, MATTER, "手法", "年代", "状況", "侵害種別", "対応")
COLUMNS = (*REQUIRED, MINUTES, REFERRED_TO, REMARKS)

# Ids of the windows that 紹介先 may name.
WINDOWS = (
    "ihaho",
    "moj",
    "hibo-hotline",
    "safeline",
    "ihc",
    "houterasu",
    "lawyer",
    "police",
    "mamorou",
    "school",
    "ipa",
    "prefecture",
    "platform",
    "consumer",
    "own",
)

# 対応 of a contact that no adviser has classified yet: said, never left empty.
UNCLASSIFIED = "未分類"

_LONGEST_NAME = 200
_MINUTES_OF_A_DAY = 24 * 60
# What is earlier or later is mistyped: there was no such desk yet, or it has not happened.
_EARLIEST = dt.datetime(1990, 1, 1, tzinfo=JAPAN)
# Full-width letters and digits, and their half-width twins. No more than that: ① is not 1.
_WIDTHS = {0x3000: " ", **{0xFF00 + code: chr(0x20 + code) for code in range(1, 0x5F)}}
_FORMULA = tuple("=+-@\t\r")
# 2024-04-01T16:05, 2024/4/1 16:05, 2024年4月1日 16時05分; seconds and an offset may follow.
_MOMENT = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"[T\s]\s*(?P<hour>\d{1,2})[:時](?P<minute>\d{2})"
    r"(?:[:分](?:(?P<second>[0-5]\d)(?:\.\d+)?秒?)?)?"
    r"\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True)
class Fault:
    """What is wrong in one column, and how to mend it."""

    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """One contact as its row tells it. `at` is in Japan time, to the minute.

    `age_group`, `standing` and `kinds` are what this row knows: None or empty where it says 不明.
    """

    person: str
    matter: str
    at: dt.datetime
    channel: str
    action: str | None
    age_group: str | None
    standing: str | None
    kinds: frozenset[str]
    minutes: int | None = None
    referred_to: tuple[str, ...] = ()
    remarks: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of a consultation: codes of 年代, 状況 and 侵害種別."""

    age_group: str = UNKNOWN
    standing: str = UNKNOWN
    kinds: frozenset[str] = field(default_factory=frozenset)

    def after(self, record: ContactRecord) -> "Known":
        """Return what is known once a later `record` is read: it holds where it knows."""
        return Known(
            record.age_group or self.age_group,
            record.standing or self.standing,
            record.kinds or self.kinds,
        )

    def filled_from(self, earlier: "Known") -> "Known":
        """Return this, with what only `earlier` knew."""
        return Known(
            earlier.age_group if self.age_group == UNKNOWN else self.age_group,
            earlier.standing if self.standing == UNKNOWN else self.standing,
            self.kinds or earlier.kinds,
        )


def reconciled(records: Iterable[ContactRecord]) -> Known:
    """Return what one consultation's `records` know: the latest that knows the value holds.

    Of two in the same minute the one further down the file is the later.
    """
    known = Known()
    for record in sorted(records, key=lambda record: record.at):
        known = known.after(record)
    return known


def header_faults(names: Sequence[str]) -> list[Fault]:
    """Return what is wrong with a file's header: columns missing, twice, or unknown."""
    own = [folded(name) for name in names]
    faults = [
        Fault(name, f"「{name}」の列がありません。1行目に列の名前をお書きください。")
        for name in REQUIRED
        if name not in own
    ]
    faults += [
        Fault(name, f"「{name}」の列が2つ以上あります。1つにしてください。")
        for name in COLUMNS
        if own.count(name) > 1
    ]
    for position, name in enumerate(own, 1):
        if name and name not in COLUMNS:
            why = f"列の名前が読めません。使える名前は {'、'.join(COLUMNS)} です。"
            faults.append(Fault(f"{position}列目", why))
    return faults


def guarded(text: str) -> str:
    """Return `text` so that a spreadsheet takes it for text, not for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """Return what `guarded` was given."""
    is_guarded = text.startswith("'") and text.lstrip("'").startswith(_FORMULA)
    return text[1:] if is_guarded else text


def moment(text: str) -> dt.datetime | None:
    """Return the instant written in `text`, in Japan time without seconds; None if unreadable."""
    match = _MOMENT.fullmatch(folded(text))
    if match is None:
        return None
    parts = [int(match[name]) for name in ("year", "month", "day", "hour", "minute")]
    offset = match["offset"]
    zone = JAPAN if offset is None else dt.datetime.strptime(offset.upper(), "%z").tzinfo
    try:
        return dt.datetime(*parts, tzinfo=zone).astimezone(JAPAN)  # type: ignore[misc, arg-type]
    except (ValueError, OverflowError):
        return None


class Reader:
    """Reads rows by a desk's code books and the windows that can be referred to."""

    def __init__(
        self,
        *,
        books: Sequence[CodeBook],
        windows: Iterable[str],
        latest: dt.datetime | None = None,
    ) -> None:
        """Read by `books`, and by the ids of `windows`; refuse what came in after `latest`."""
        self._latest = latest
        self._books = books
        self._windows = frozenset(windows)
        # One set for all rows that say the same: a file may have a million of them.
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        self._labels: dict[int, _Labels] = {}
        self._of_day: dict[dt.date, dict[Table, _Labels | None]] = {}

    def read(self, row: Mapping[str, str]) -> ContactRecord | list[Fault]:
        """Return the contact that `row` (column → cell) tells, or every fault in it."""
        cells = _Cells(row)
        at = cells.moment(AT, self._latest)
        person, matter = cells.name(PERSON), cells.name(MATTER)
        minutes = cells.minutes(MINUTES)
        referred_to = cells.windows(REFERRED_TO, self._windows)
        if at is None:  # no day, no code book
            return cells.faults
        codes = {table: cells.codes(table, own) for table, own in self._on(at.date()).items()}
        if cells.faults:
            return cells.faults
        return ContactRecord(
            person=person,
            matter=matter,
            at=at,
            channel=codes[Table.CHANNEL][0],
            action=next(iter(codes[Table.ACTION_TAKEN]), None),
            age_group=next(iter(codes[Table.AGE_GROUP]), None),
            standing=next(iter(codes[Table.STANDING]), None),
            kinds=self._once(frozenset(codes[Table.INFRINGEMENT_KIND])),
            minutes=minutes,
            referred_to=referred_to,
            remarks=cells.text(REMARKS),
        )

    def _once(self, kinds: frozenset[str]) -> frozenset[str]:
        return self._sets.setdefault(kinds, kinds)

    def _on(self, day: dt.date) -> "dict[Table, _Labels | None]":
        if day not in self._of_day:
            books = {table: book_on(self._books, table, day) for table in Table}
            self._of_day[day] = {
                table: self._read_by(book) if book else None for table, book in books.items()
            }
        return self._of_day[day]

    def _read_by(self, book: CodeBook) -> "_Labels":
        return self._labels.setdefault(id(book), _Labels(book))


@dataclass(frozen=True)
class _Labels:
    """A book, and what was read by it: a file says the same in a cell over and over."""

    book: CodeBook
    read: dict[str, tuple[str, ...]] = field(default_factory=dict)


class _Cells:
    """The cells of one row, and the faults found while reading them."""

    def __init__(self, row: Mapping[str, str]) -> None:
        self._row = row
        self.faults: list[Fault] = []

    def text(self, column: str) -> str:
        return unguarded(self._row.get(column, "")).strip()

    def refuse(self, column: str, sentence: str) -> None:
        self.faults.append(Fault(column, sentence))

    def moment(self, column: str, latest: dt.datetime | None) -> dt.datetime | None:
        at = moment(self.text(column))
        if at is None:
            why = _why_no_moment(self.text(column))
        elif at < _EARLIEST:
            why = f"{_EARLIEST.year}年より前の日付です。年をお確かめください。"
        elif latest is not None and at > latest:
            why = "まだ来ていない日付です。年月日をお確かめください。"
        else:
            return at
        self.refuse(column, why)
        return None

    def name(self, column: str) -> str:
        """Return a mark that tells persons or matters apart, alike however wide it was typed."""
        text = self.text(column).translate(_WIDTHS).strip()
        if not text:
            self.refuse(column, "空です。見分けるための記号をお書きください。")
        elif len(text) > _LONGEST_NAME:
            self.refuse(column, f"長すぎます。{_LONGEST_NAME}文字までにしてください。")
        return text

    def minutes(self, column: str) -> int | None:
        text = folded(self.text(column)).removesuffix("分")
        if not text:
            return None
        if text.isascii() and text.isdigit() and int(text) <= _MINUTES_OF_A_DAY:
            return int(text)
        self.refuse(column, "分を0から1440までの数字でお書きください。例：15")
        return None

    def windows(self, column: str, known: frozenset[str]) -> tuple[str, ...]:
        text = self.text(column)
        ids = tuple(dict.fromkeys(part.lower() for part in _parts(text))) if text else ()
        if not known.issuperset(ids):
            names = "、".join(sorted(known))
            self.refuse(column, f"知らない窓口の記号があります。使える記号は {names} です。")
        return ids

    def codes(self, table: Table, labels: _Labels | None) -> Sequence[str]:
        """Return the keys written in the column of `table`; empty where it says 不明."""
        if labels is None:
            self.refuse(table.column, "この日の分類表がありません。受付日時をお確かめください。")
            return ()
        text = self.text(table.column)
        found = labels.read.get(text)
        if found is None:
            faults = len(self.faults)
            found = self._keys(table, labels.book, text)
            if len(self.faults) == faults:
                labels.read[text] = found
        return found

    def _keys(self, table: Table, book: CodeBook, text: str) -> tuple[str, ...]:
        if table is Table.ACTION_TAKEN and folded(text) == UNCLASSIFIED:
            return ()
        labels = _parts(text) if book.coding is Coding.MULTIPLE else [text] if text else []
        if not labels and not book.knows_unknown:
            self.refuse(table.column, f"空です。1つお書きください。{_choices(book)}")
        keys = list(dict.fromkeys(book.key_of(label) for label in labels))
        known = tuple(key for key in keys if key is not None)
        if len(known) < len(keys):
            self.refuse(table.column, _mending(book, text))
        return () if known == (UNKNOWN,) else known


def _why_no_moment(text: str) -> str:
    """Return why `text` is no moment: no calendar or clock has it, or it is written otherwise."""
    match = _MOMENT.fullmatch(folded(text))
    if match is None:
        return "日付と時刻を「2024-04-01T16:05」のようにお書きください。"
    try:
        dt.date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return "そのような日はありません。年月日をお確かめください。"
    return "そのような時刻はありません。時刻をお確かめください。"


def _mending(book: CodeBook, text: str) -> str:
    """Return the sentence for labels that `book` does not have."""
    parts = _parts(text)
    if len(parts) > 1 and all(book.key_of(part) for part in parts):
        return "2つ以上あります。1つだけお書きください。"
    return f"分類表にない言葉です。{_choices(book)}"


def _choices(book: CodeBook) -> str:
    return f"使える言葉は {'、'.join(code.label_ja for code in book.codes)} です。"


def _parts(text: str) -> list[str]:
    """Return what is divided by `;`, half-width or full-width."""
    return [part.strip() for part in text.replace("；", ";").split(";") if part.strip()]
