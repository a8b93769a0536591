"""A desk's own spreadsheet, read as contact records: where its header is, what its columns are.

Nothing is sure: everything here is a first guess that a person looks through and corrects.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from madoguchi.rules.codebooks import CodeBook, Coding, Table, folded
from madoguchi.rules.contact_records import (
    AT,
    COLUMNS,
    MATTER,
    MINUTES,
    PERSON,
    REFERRED_TO,
    REMARKS,
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
    AT: ("受付日時", "相談日時", "受付日", "相談日", "受電日", "日付", "年月日", "日時"),
    PERSON: ("相談者", "整理番号", "相談者番号", "氏名", "仮名", "ケース", "利用者"),
    MATTER: ("内容", "案件", "事案", "件名", "相談番号", "概要"),
    "手法": ("手法", "相談方法", "受付方法", "受付手段", "手段", "方法", "経路"),
    "年代": ("年代", "年齢"),
    "状況": ("状況", "立場", "区分"),
    "侵害種別": ("侵害種別", "侵害", "種別", "相談種別", "分類"),
    "対応": ("対応", "処理", "結果", "措置"),
    MINUTES: ("所要分", "所要", "対応時間", "分"),
    REFERRED_TO: ("紹介先", "案内先"),
    REMARKS: ("備考", "メモ", "特記", "詳細", "記録"),
}


@dataclass(frozen=True)
class Plan:
    """How a spreadsheet is read.

    `header` is the row of the headings, from 0. `columns` names for each of ours the number of
    theirs; where there is none, `constants` may hold what stands in every row. `values` says
    for each coded column which label their words mean.
    """

    header: int
    columns: Mapping[str, int] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def header_of(rows: Rows) -> int:
    """Return the row that most looks like headings: titles and dates stand above it."""

    def score(number: int) -> tuple[int, int]:
        cells = [folded(cell) for cell in rows[number] if folded(cell)]
        known = sum(
            any(word in cell for words in _HEADINGS.values() for word in words) for cell in cells
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
    for exact in (True, False):
        for ours, words in _HEADINGS.items():
            free = [at for at, name in enumerate(names) if name and at not in found.values()]
            if ours not in found:
                match = next(
                    (at for word in words for at in free if _is(word, names[at], exact=exact)), None
                )
                if match is not None:
                    found[ours] = match
    return found


def _is(word: str, name: str, *, exact: bool) -> bool:
    return name == word if exact else word in name


def moment_of(day: str, clock: str = "") -> str:
    """Return a day (and a time) however it was written as 2024-04-01T16:05; as it is where not.

    R6.4.1, 令和6年4月1日, 2024/4/1 and full-width digits are read; without a time, midnight.
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
    try:
        at = dt.datetime(year, int(match["month"]), int(match["day"]), *time)  # noqa: DTZ001 (a clock in Japan)
    except ValueError:
        return day
    return at.isoformat("T", "minutes")


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
        for cells in rows[plan.header + 1 :]:
            for value in _parts(_cell(cells, at), several=several):
                if not any(book.key_of(value) for book in own) and value != UNCLASSIFIED:
                    said[value] = None
        found[column] = list(said)[:_MOST_VALUES]
    return {column: values for column, values in found.items() if values}


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

    So the place of a row in the list tells which of theirs it is.
    """
    several = {book.table.column for book in books if book.coding is Coding.MULTIPLE}
    found = []
    for number, cells in enumerate(rows[plan.header + 1 :], start=1):
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
