"""The contacts of one month as columns, and what is counted over them. No rows, no Django.

`rules.counting` is what these numbers must equal, and a test changes rows at random to see
whether they do; here only the speed is different.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from hashlib import blake2b
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from madoguchi.rules.codebooks import UNKNOWN, Table
from madoguchi.rules.counting import TABLES_OF, Cell, Total

_DAY = 24 * 60  # minutes
_LONGEST = 31 * _DAY
_MOST_KINDS = 64  # bits
_MOST_LABELS = 256
_TAG = 8  # bytes

Truths = NDArray[np.bool_]
Codes = NDArray[np.unsignedinteger[Any]]


class Came(NamedTuple):
    """The contacts of a month as its rows tell them, one sequence to a column.

    Minutes are since the month began.
    """

    consultation: Sequence[str] = ()
    minute: Sequence[int] = ()
    channel: Sequence[str] = ()
    action: Sequence[str | None] = ()
    age_group: Sequence[str] = ()
    standing: Sequence[str] = ()
    first_minute: Sequence[int] = ()  # of the first contact ever; below 0: before this month


@dataclass(frozen=True)
class Marks:
    """What the tables say of contacts, or of cases: one code each, or one bit for each label."""

    labels: tuple[str, ...]
    codes: Codes
    is_multiple: bool = False

    def numbers(self, chosen: Truths) -> Iterator[tuple[str, int]]:
        """Return each label with how many of the `chosen` bear it."""
        if not self.is_multiple:
            found = np.bincount(self.codes[chosen], minlength=len(self.labels))
            yield from zip(self.labels, found.tolist(), strict=True)
            return
        for label, bears in self.bits():
            yield label, int(np.count_nonzero(bears & chosen))

    def bits(self) -> Iterator[tuple[str, Truths]]:
        """Return each label with who bears it."""
        for place, label in enumerate(self.labels):
            if self.is_multiple:
                yield label, (self.codes >> np.uint64(place)) & np.uint64(1) != 0
            else:
                yield label, self.codes == place


@dataclass(frozen=True)
class Columns:
    """One month: a place in `case`… for each contact, one in `age_group`… for each case-month.

    `case` leads from a contact to its case-month, numbered within this month only.
    """

    case: NDArray[np.uint32]
    minute: NDArray[np.uint16]
    channel: NDArray[np.uint8]
    action: NDArray[np.uint8]
    age_group: NDArray[np.uint8]
    standing: NDArray[np.uint8]
    kinds: NDArray[np.uint64]
    new_on: NDArray[np.uint8]  # day of the first contact ever; 0: not in this month
    tag: NDArray[np.uint64]  # by which a case that was touched is found: `tags_of`
    channel_labels: NDArray[np.str_]
    action_labels: NDArray[np.str_]
    age_group_labels: NDArray[np.str_]
    standing_labels: NDArray[np.str_]
    kinds_labels: NDArray[np.str_]

    def marks(self, table: Table) -> Marks:
        """Return what `table` says of contacts (手法, 対応) or of cases."""
        return self.marks_named(_NAMES[table])

    def marks_named(self, name: str) -> Marks:
        """Return what is said in the column called `name`."""
        labels = tuple(getattr(self, f"{name}_labels").tolist())
        return Marks(labels, getattr(self, name), is_multiple=name == "kinds")

    def contacts_within(self, first: int, last: int) -> Truths:
        """Tell which contacts came from the day `first` to the day `last` of the month."""
        after = self.minute >= (first - 1) * _DAY
        return after & (self.minute < last * _DAY)

    def units_within(self, total: Total, first: int, last: int) -> Truths:
        """Tell which cases have a contact within these days; of NEW, their first ever too."""
        heard = np.zeros(len(self.age_group), dtype=np.bool_)
        heard[self.case[self.contacts_within(first, last)]] = True
        if total is Total.NEW:
            heard &= (self.new_on >= first) & (self.new_on <= last)
        return heard

    def chosen(self, total: Total, first: int, last: int) -> Truths:
        """Tell which contacts, or cases, count under `total` within these days."""
        if total is Total.CONTACTS:
            return self.contacts_within(first, last)
        return self.units_within(total, first, last)

    def tally(self, first: int, last: int) -> Counter[Cell]:
        """Count what came from the day `first` to the day `last` of the month (1 to 31)."""
        numbers: Counter[Cell] = Counter()
        for total, tables in TABLES_OF.items():
            chosen = self.chosen(total, first, last)
            numbers[total, None, ""] = int(np.count_nonzero(chosen))
            for table in tables:
                for label, number in self.marks(table).numbers(chosen):
                    numbers[total, table, label] = number
        return +numbers

    def without(self, tags: NDArray[np.uint64]) -> "Columns":
        """Return the month without the cases of these `tags` and their contacts."""
        stays = np.ones(len(self.tag), dtype=np.bool_)
        for tag in tags:
            stays &= self.tag != tag
        came = stays[self.case]
        numbers = np.cumsum(stays, dtype=np.uint32) - 1
        of_contacts = {name: getattr(self, name)[came] for name in _OF_CONTACTS}
        of_cases = {name: getattr(self, name)[stays] for name in _OF_CASES}
        return replace(self, case=numbers[self.case[came]], **of_contacts, **of_cases)

    def joined(self, other: "Columns") -> "Columns":
        """Return the month with the cases of `other`, none of which it has, and their contacts."""
        told: dict[str, NDArray[Any]] = {}
        for name in _NAMES.values():
            label = f"{name}_labels"
            labels = _Labels(zip(getattr(self, label).tolist(), count(), strict=False))
            codes = _renumbered(other.marks_named(name), labels)
            told |= {name: np.concatenate([getattr(self, name), codes]), label: labels.array}
        for name in ("minute", "new_on", "tag"):
            told[name] = np.concatenate([getattr(self, name), getattr(other, name)])
        cases = np.uint32(len(self.tag))
        return Columns(case=np.concatenate([self.case, other.case + cases]), **told)

    def packed(self) -> bytes:
        """Return the columns as bytes (numpy's npz, without pickles)."""
        held = io.BytesIO()
        np.savez_compressed(held, **{field.name: getattr(self, field.name) for field in _FIELDS})
        return held.getvalue()


_FIELDS = fields(Columns)
_OF_CONTACTS = ("minute", "channel", "action")
_OF_CASES = ("age_group", "standing", "kinds", "new_on", "tag")
_NAMES = {
    Table.AGE_GROUP: "age_group",
    Table.CHANNEL: "channel",
    Table.STANDING: "standing",
    Table.INFRINGEMENT_KIND: "kinds",
    Table.ACTION_TAKEN: "action",
}


def unpacked(packed: bytes) -> Columns:
    """Return the columns that were `packed`."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as held:
        return Columns(**{field.name: held[field.name] for field in _FIELDS})


class _Labels(dict[str, int]):
    """Labels, numbered as they come."""

    def __missing__(self, label: str) -> int:
        self[label] = number = len(self)
        return number

    def column(self, labels: Sequence[str | None], empty: str) -> NDArray[np.uint8]:
        return np.array([self[label or empty] for label in labels], dtype=np.uint8)

    @property
    def array(self) -> NDArray[np.str_]:
        return np.array(list(self), dtype=np.str_)


def tags_of(names: Iterable[str], key: bytes) -> NDArray[np.uint64]:
    """Return the tag of each case: a hash of its id that nobody can make without `key`.

    The key is another one every month, so that no tag leads from one month to the next.
    """
    ids = (name.replace("-", "").encode() for name in names)
    tags = b"".join(blake2b(it, key=key, digest_size=_TAG).digest() for it in ids)
    return np.frombuffer(tags, dtype=np.uint64)


def _renumbered(marks: Marks, labels: _Labels) -> Codes:
    """Return the codes of `marks` as `labels` number them."""
    if marks.is_multiple:
        codes = np.zeros(len(marks.codes), dtype=np.uint64)
        for label, bears in marks.bits():
            codes |= bears.astype(np.uint64) << np.uint64(_within(labels[label], _MOST_KINDS))
        return codes
    numbers = [_within(labels[label], _MOST_LABELS) for label in marks.labels]
    return np.array(numbers, dtype=np.uint8)[marks.codes]


def _within(number: int, most: int) -> int:
    if number >= most:
        raise ValueError("more labels in one month than columns hold")
    return number


def columns_of(came: Came, kinds: Sequence[tuple[str, str]], key: bytes) -> Columns:
    """Return contacts as columns; `kinds` are pairs of a consultation and one of its 侵害種別.

    `key` is that of the month's tags.
    """
    cases = _Labels()
    case = [cases[name] for name in came.consultation]
    # One contact of each case: they all say the same of it.
    of_case = list(dict(zip(case, range(len(case)), strict=True)).values())
    channel, action, age_group, standing = (_Labels() for _ in range(4))
    bits, names = _kinds(cases, kinds)
    return Columns(
        case=np.array(case, dtype=np.uint32),
        minute=np.array(came.minute, dtype=np.uint16),
        channel=channel.column(came.channel, ""),
        action=action.column(came.action, ""),
        age_group=age_group.column([came.age_group[place] for place in of_case], UNKNOWN),
        standing=standing.column([came.standing[place] for place in of_case], UNKNOWN),
        kinds=bits,
        new_on=np.array([_day(came.first_minute[place]) for place in of_case], dtype=np.uint8),
        tag=tags_of(cases, key),
        channel_labels=channel.array,
        action_labels=action.array,
        age_group_labels=age_group.array,
        standing_labels=standing.array,
        kinds_labels=names.array,
    )


def _day(minute: int) -> int:
    """Return the day of the month (1 to 31) in which `minute` lies; 0 for another month's."""
    return minute // _DAY + 1 if 0 <= minute < _LONGEST else 0


def _kinds(cases: _Labels, kinds: Sequence[tuple[str, str]]) -> tuple[NDArray[np.uint64], _Labels]:
    """Return one bit for each kind of each case; a case without any is 不明."""
    names = _Labels()
    bits = [0] * len(cases)
    for consultation, kind in kinds:
        # A consultation may be marked between the reading of its contacts and of its marks:
        # its month is touched again then.
        if consultation in cases:
            bits[cases[consultation]] |= 1 << names[kind]
    unknown = 1 << names[UNKNOWN]
    if len(names) > _MOST_KINDS:
        raise ValueError("more kinds of infringement in one month than columns hold")
    return np.array([found or unknown for found in bits], dtype=np.uint64), names
