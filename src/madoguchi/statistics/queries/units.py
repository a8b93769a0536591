"""What a further table counts, thing by thing: the number and its list come from the same units."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from madoguchi.rules.calendar import Period

# The one column of a table that has no others.
NUMBER = ""
ONCE: Mapping[str, int] = MappingProxyType({NUMBER: 1})


class Unit(NamedTuple):
    """One thing that is counted: in which row, and what it adds to which columns.

    What stands in several rows comes several times, one after the other.
    """

    id: UUID
    row: str
    adds: Mapping[str, int] = ONCE


@dataclass(frozen=True)
class Spread:
    """How many of `base` stand under each key; where several may hold, they come to more."""

    base: int
    numbers: dict[str, int]


@dataclass(frozen=True)
class Counted:
    """What rows and columns come to: of `base` units, by the keys of both."""

    base: int
    numbers: Mapping[tuple[str, str], int]


def counted(units: Iterable[Unit]) -> Counted:
    """Add up units by rows and columns."""
    numbers: Counter[tuple[str, str]] = Counter()
    base, last = 0, None
    for unit in units:
        base += unit.id != last
        last = unit.id
        for column, number in unit.adds.items():
            numbers[unit.row, column] += number
    return Counted(base, numbers)


def spread(units: Iterable[Unit]) -> Spread:
    """Add up units by rows."""
    found = counted(units)
    return Spread(found.base, {row: number for (row, _column), number in found.numbers.items()})


@unique
class Of(StrEnum):
    """What a unit is."""

    CONTACTS = "CONTACTS"  # 受付
    CONSULTATIONS = "CONSULTATIONS"  # 相談
    TALKS = "TALKS"  # チャット
    HANDOVERS = "HANDOVERS"  # 引き継ぎ
    SESSIONS = "SESSIONS"  # 専門家相談
    REPORTS = "REPORTS"  # 差別情報の通報


@dataclass(frozen=True)
class Source:
    """Where a table's units come from, oldest first; `amounts`: columns that add more than one."""

    of: Of
    units: Callable[[UUID, Period], Iterator[Unit]]
    amounts: frozenset[str] = frozenset()
