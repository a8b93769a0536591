"""A desk's own spreadsheet, read as contact records: where its header is, what its columns are.

Nothing is sure: everything here is a first guess that a person looks through and corrects.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from madoguchi.rules.codebooks import UNKNOWN, CodeBook, Coding, Table, folded
from madoguchi.rules.contact_records import (
    AT,
    COLUMNS,
    MATTER,
    MINUTES,
    PERSON,
    REFERRED_TO,
    REMARKS,
    REQUIRED,
    UNCLASSIFIED,
)

Rows = Sequence[Sequence[str]]

TIME = "受付時刻"  # where the day and the time stand in two columns
OURS = (AT, TIME, *COLUMNS[1:])
CODED = {table.column: table for table in Table}
_LOOKED_AT = 30
_MOST_VALUES = 60
_ERAS = {"R": 2018, "令和": 2018, "H": 1988, "平成": 1988, "S": 1925, "昭和": 1925}
_DAY = re.compile(
    r"(?:(?P<era>[RHS]|令和|平成|昭和)\s*)?(?P<year>\d{1,4}|元)[-/.年]\s*(?P<month>\d{1,2})[-/.月]"
    r"\s*(?P<day>\d{1,2})日?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?P<half>午前|午後|AM|PM)?\s*(?P<hour>\d{1,2})(?:[:時]\s*(?P<minute>\d{1,2})?)分?(?::\d{2})?",
    re.IGNORECASE,
)
# How desks head their columns; the first that is found in a header's words.
_HEADINGS = {
    TIME: ("受付時刻", "時刻", "時間帯", "受付時間", "開始時刻"),
    AT: ("受付日時", "相談日時", "受付日", "相談日", "受電日", "日付"),
    "手法": ("手法", "相談方法", "受付方法", "受付手段", "手段", "方法", "経路"),
    "年代": ("年代", "年齢"),
    "状況": ("立場",),
    "侵害種別": ("侵害", "種別", "内容区分", "内容分類", "分類"),
    MINUTES: ("所要", "対応時間"),
    "対応": ("対応", "処理", "結果", "措置"),
    REFERRED_TO: ("紹介先", "案内先"),
    REMARKS: ("備考", "メモ", "特記", "詳細", "記録"),
}
# What must be the whole heading. Who is one person and what is one matter decides the figures:
# 相談者の立場 or 概要 tells neither, so they are never guessed from a part of a heading.
_WHOLE = {
    TIME: ("時間",),
    AT: ("年月日", "日時"),
    PERSON: (
        *("相談者ID", "相談者番号", "相談者No", "相談者No.", "相談者コード", "相談者名"),
        *("整理番号", "氏名", "氏名カナ", "氏名(カナ)", "相談者氏名", "仮名"),
        *("ケース番号", "ケースID", "利用者番号", "利用者ID"),
    ),
    MATTER: ("案件番号", "案件ID", "事案番号", "事案ID", "相談番号"),
    "状況": ("状況",),
    "侵害種別": ("相談区分",),
    MINUTES: ("分", "所要分"),
}
_OWN = {*COLUMNS, *(word for words in _WHOLE.values() for word in words)}
_SUMS = frozenset({"合計", "小計", "総計", "累計", "計", "総合計"})
# From so many rows a person, the column is asked about: it may tell kinds, not people.
_MANY_ROWS = 10
_ROWS_A_PERSON = 5
_MOST_AT_ONCE = 1000  # rows left out by one range: more is mistyped


@dataclass(frozen=True)
class Plan:
    """How a spreadsheet is read.

    `header` is the row of the headings, from 0. `columns` names for each of ours the number of
    theirs; where there is none, `constants` may hold what stands in every row. `values` says
    for each coded column which label their words mean. `left_out` are the rows that are not
    taken, from 1 as a spreadsheet numbers them.
    """

    header: int
    columns: Mapping[str, int] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    left_out: Sequence[int] = ()


def header_of(rows: Rows) -> int:
    """Return the row that most looks like headings: titles and dates stand above it."""

    def score(number: int) -> tuple[int, int]:
        cells = [folded(cell) for cell in rows[number] if folded(cell)]
        known = sum(
            cell in _OWN or any(word in cell for words in _HEADINGS.values() for word in words)
            for cell in cells
        )
        return known if len(cells) > 1 else 0, -number

    return max(range(min(len(rows), _LOOKED_AT)), key=score, default=0)


def guessed(rows: Rows, header: int, known: Mapping[str, str] | None = None) -> dict[str, int]:
    """Return which of their columns each of ours is: by what was chosen last, then by its name."""
    names = [folded(cell).replace("\n", "") for cell in rows[header]] if rows else []
    found: dict[str, int] = {}
    for ours, theirs in (known or {}).items():
        if ours in OURS and theirs in names:
            found[ours] = names.index(theirs)
    whole = {ours: (*_HEADINGS.get(ours, ()), *_WHOLE.get(ours, ())) for ours in OURS}
    if set(REQUIRED) <= set(names):  # our own format, where 相談者 and 内容 are clear
        whole = {ours: (ours, *words) for ours, words in whole.items()}
    _find(names, whole, found, exact=True)
    _find(names, _HEADINGS, found, exact=False)
    return found


def _find(
    names: Sequence[str],
    headings: Mapping[str, Sequence[str]],
    found: dict[str, int],
    *,
    exact: bool,
) -> None:
    """Add to `found` which of the columns not found yet the `headings` name."""
    for ours, words in headings.items():
        free = [at for at, name in enumerate(names) if name and at not in found.values()]
        match = next((at for word in words for at in free if _is(word, names[at], exact)), None)
        if ours not in found and match is not None:
            found[ours] = match


def _is(word: str, name: str, exact: bool) -> bool:  # noqa: FBT001 (said by its name)
    return name == word if exact else word in name


def sums_in(rows: Rows, header: int) -> list[int]:
    """Return the rows below the header that are sums (合計), from 1 as a spreadsheet numbers."""
    below = enumerate(rows[header + 1 :], start=header + 2)
    return [number for number, cells in below if _SUMS & {folded(cell) for cell in cells}]


def moment_of(day: str, clock: str = "") -> str:
    """Return a day (and a time) however it was written as 2024-04-01T16:05; as it is where not.

    R6.4.1, 令和6年4月1日, 2024/4/1 and full-width digits are read; without a time, midnight.
    A day that no calendar has stays one (2024-04-31T00:00), for the reader to say so.
    """
    text = folded(day)
    match = _DAY.search(text)
    if match is None:
        return day
    year = 1 if match["year"] == "元" else int(match["year"])
    if match["era"]:
        year += _ERAS[match["era"].upper()]
    elif year < 100:  # noqa: PLR2004 (two digits: an era is missing)
        return day
    time = _time_of(folded(clock) or text[match.end() :].lstrip("T "))
    hour, minute = time
    return f"{year:04}-{int(match['month']):02}-{int(match['day']):02}T{hour:02}:{minute:02}"


def _time_of(text: str) -> tuple[int, int]:
    # A day and a time of a workbook: 2024-04-01T00:00 beside 1899-12-30T16:05.
    match = _CLOCK.search(text.rpartition("T")[2])
    if match is None:
        return 0, 0
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    is_afternoon = (match["half"] or "").upper() in ("午後", "PM")
    return (hour + 12 if is_afternoon and hour < 12 else hour), minute  # noqa: PLR2004 (noon)


def strange_values(rows: Rows, plan: Plan, books: Iterable[CodeBook]) -> dict[str, list[str]]:
    """Return for each coded column the words in it that no book of its table knows."""
    known = list(books)
    found: dict[str, list[str]] = {}
    for column, table in CODED.items():
        at = plan.columns.get(column)
        if at is None:
            continue
        own = [book for book in known if book.table is table]
        several = any(book.coding is Coding.MULTIPLE for book in own)
        said: dict[str, None] = {}
        for cells in _taken(rows, plan):
            for value in _parts(_cell(cells, at), several=several):
                if not any(book.key_of(value) for book in own) and value != UNCLASSIFIED:
                    said[value] = None
        found[column] = list(said)[:_MOST_VALUES]
    return {column: values for column, values in found.items() if values}


def left_out(rows: Rows, plan: Plan) -> list[int]:
    """Return which rows with something in them are left out, as a spreadsheet numbers them."""
    below = enumerate(rows[plan.header + 1 :], start=plan.header + 2)
    return [
        number for number, cells in below if number in plan.left_out and any(map(str.strip, cells))
    ]


def numbers_in(text: str) -> list[int]:
    """Return the rows that 9、12 or 20-24 names; raises `ValueError` where it names none."""
    found: set[int] = set()
    for part in re.split(r"[、,，;；\s]+", folded(text)):
        if part:
            first, _dash, last = re.sub(r"[~〜～ー−–]", "-", part.replace("行目", "")).partition(
                "-"
            )
            start, end = int(first), int(last or first)
            if not 0 < start <= end < start + _MOST_AT_ONCE:
                raise ValueError
            found |= set(range(start, end + 1))
    return sorted(found)


def _taken(rows: Rows, plan: Plan) -> Iterator[Sequence[str]]:
    """Return the rows below the header; an empty one for each that is left out."""
    for number, cells in enumerate(rows[plan.header + 1 :], start=plan.header + 2):
        yield () if number in plan.left_out else cells


def likely(value: str, labels: Sequence[str]) -> str:
    """Return the label that their word most likely means; "" where none is near.

    電話相談 is 電話: one stands in the other.
    """
    text = folded(value)
    near = [it for it in labels if folded(it) in text or (len(text) > 1 and text in folded(it))]
    return max(near, key=len, default="")


def _parts(text: str, *, several: bool) -> list[str]:
    parts = re.split(r"[;；、,，/／\n]", text) if several else [text]
    return [folded(part) for part in parts if folded(part)]


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at].strip() if at is not None and at < len(cells) else ""


def as_records(rows: Rows, plan: Plan, books: Iterable[CodeBook]) -> list[dict[str, str]]:
    """Return every row below the header as a row of contact records; empty ones stay empty.

    So do those that are left out, and the place of a row in the list tells which of theirs it is.
    """
    several = {book.table.column for book in books if book.coding is Coding.MULTIPLE}
    found = []
    for number, cells in enumerate(_taken(rows, plan), start=1):
        mapped = [_cell(cells, at) for at in plan.columns.values()]
        found.append(_record(cells, number, plan, several) if any(mapped) else {})
    return found


def _record(cells: Sequence[str], number: int, plan: Plan, several: set[str]) -> dict[str, str]:
    def said(column: str) -> str:
        at = plan.columns.get(column)
        return plan.constants.get(column, "") if at is None else _cell(cells, at)

    record = {AT: moment_of(said(AT), said(TIME))}
    # Without a column, every row is somebody else's; a person has one trouble.
    record[PERSON] = said(PERSON) or ("" if PERSON in plan.columns else f"行{number}")
    record[MATTER] = said(MATTER) or ("" if MATTER in plan.columns else "1")
    for column in CODED:
        meant = plan.values.get(column, {})
        parts = _parts(said(column), several=column in several)
        record[column] = ";".join(meant.get(part, part) for part in parts if meant.get(part, part))
    if not record["対応"]:
        record["対応"] = UNCLASSIFIED
    record[MINUTES] = said(MINUTES)
    record[REMARKS] = said(REMARKS)
    return record


@dataclass(frozen=True)
class People:
    """How many people the rows come to, and what speaks against it.

    `mixed`: of how many 年代 differs. `is_kind`: the words look like kinds, not like people.
    """

    count: int
    has_column: bool
    mixed: int = 0
    is_kind: bool = False


def people_in(
    records: Iterable[Mapping[str, str]], plan: Plan, books: Iterable[CodeBook]
) -> People:
    """Return how many people `records` come to by `plan`, and whether that can be right."""
    known = list(books)
    ages: defaultdict[str, set[str]] = defaultdict(set)
    rows = 0
    for record in filter(None, records):
        rows += 1
        keys = {book.key_of(record["年代"]) for book in known if book.table is Table.AGE_GROUP}
        said = ages[folded(record[PERSON])]
        if record["年代"] and UNKNOWN not in keys:
            said.add(record["年代"])
    if PERSON not in plan.columns:
        return People(len(ages), has_column=False)
    is_label = any(book.key_of(word) for book in known for word in ages if word)
    are_few = rows >= _MANY_ROWS and len(ages) * _ROWS_A_PERSON <= rows
    mixed = sum(len(said) > 1 for said in ages.values())
    return People(len(ages), has_column=True, mixed=mixed, is_kind=is_label or are_few)
