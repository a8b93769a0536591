"""A cross table as it is read: labels in their order, sums where they mean something."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from madoguchi.rules import periods
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import CodeBook, Coding, Table, changes_in, stretches
from madoguchi.rules.counting import Total, codes_in
from madoguchi.statistics.presenting.cells import (
    WEEKDAYS,
    labels_of,
    list_query,
    mark_label,
    side_label,
)
from madoguchi.statistics.presenting.tables import Cell, Column, WideRow, WideTable
from madoguchi.statistics.queries.crossing import Clock, CrossTable, Side


def title_of(sides: tuple[Side, Side]) -> str:
    """Return 手法別と曜日別."""
    return "と".join(side_label(side) for side in sides)


def divided(books: Sequence[CodeBook], sides: tuple[Side, Side], period: Period) -> list[Period]:
    """Return the period cut where the book of a side changed its labels."""
    changes = {
        change.on: change
        for side in sides
        if isinstance(side, Table)
        for change in changes_in(books, side, period.first, period.last)
        if change.divides
    }
    days = stretches([changes[on] for on in sorted(changes)], period.first, period.last)
    return [Period(*it) for it in days]


@dataclass(frozen=True)
class Crossed:
    """A cross table of one period, under the names of the desk's books."""

    table: CrossTable
    sides: tuple[Side, Side]
    period: Period
    books: Sequence[CodeBook]
    part: int = 0  # 1, 2…: of the days in which one book held; 0: the whole

    @property
    def title(self) -> str:
        """手法別と曜日別."""
        said = title_of(self.sides)
        return f"{said}（{periods.label_ja(self.period)}）" if self.part else said

    @property
    def wide(self) -> WideTable:
        """The table as it is shown, with the sums of its rows and columns."""
        heads = [Column(self._label(1, key)) for key in self.keys[1]]
        whole = "" if self.is_multiple else list_query(self.period, self.table.counts)
        return WideTable(
            f"cross-{self.part}" if self.part else "cross",
            self.title,
            "",
            str(self.table.counts),
            self.table.base,
            columns=(*heads, Column("合計", is_sum=True)),
            rows=tuple(self._row(key) for key in self.keys[0]),
            sums=(*(self._sum(1, key) for key in self.keys[1]), Cell(self.total, whole)),
            check=self.check,
            drawn=len(heads),
            mark="（※）" if self.is_multiple else "",
            notes=tuple(self.notes),
        )

    def _row(self, key: str) -> WideRow:
        cells = (self._cell(key, other) for other in self.keys[1])
        return WideRow(self._label(0, key), (*cells, self._sum(0, key)), key)

    @property
    def total(self) -> int:
        """The sum of all numbers."""
        return sum(self.table.numbers.values())

    @property
    def is_multiple(self) -> bool:
        """Whether one unit may stand in several cells."""
        return any(self._is_multiple(place) for place in (0, 1))

    @property
    def check(self) -> str:
        """How the sum stands to the base."""
        if self.is_multiple:
            holds = self.total >= self.table.base
            return "重複集計あり" if holds else "母数と合いません"
        return "母数と一致" if self.total == self.table.base else "母数と合いません"

    @property
    def notes(self) -> list[str]:
        """What is said under the table."""
        notes = []
        if self.is_multiple:
            notes.append("（※）侵害種別は1件にいくつもあるため、合計は母数と同じか、多くなります。")
        if self.table.counts is Total.CONTACTS and set(self.sides) & {
            Table.AGE_GROUP,
            Table.STANDING,
            Table.INFRINGEMENT_KIND,
        }:
            notes.append("年代・状況・侵害種別は相談のものを、受付1件ごとに数えています。")
        if self.part:
            notes.append(
                "この期間の途中で分類表が変わりました。分類表ごとに分けています。"
                "表をまたいで足した数は出しません。"
            )
        return notes

    @cached_property
    def keys(self) -> tuple[list[str], list[str]]:
        """The keys of both sides, in the order in which they are read."""
        return self._ordered(0), self._ordered(1)

    def _ordered(self, place: int) -> list[str]:
        found = {keys[place] for keys in self.table.numbers}
        match self.sides[place]:
            case Clock.WEEKDAY:
                return [str(day) for day in range(len(WEEKDAYS))]
            case Clock.HOUR:
                hours = sorted(int(key) for key in found)
                return [f"{hour:02}" for hour in range(hours[0], hours[-1] + 1)] if hours else []
            case Clock.MONTH:
                return sorted(found)
            case table:
                _coding, codes = codes_in(self.books, table, self.period)
                own = [code.key for code in codes]
                return [*own, *sorted(found - set(own))]

    def _is_multiple(self, place: int) -> bool:
        side = self.sides[place]
        if not isinstance(side, Table):
            return False
        return codes_in(self.books, side, self.period)[0] is Coding.MULTIPLE

    def _label(self, place: int, key: str) -> str:
        return mark_label(self.sides[place], key, labels_of(self.books))

    def _cell(self, *keys: str) -> Cell:
        marks = zip(self.sides, keys, strict=True)
        number = self.table.numbers.get((keys[0], keys[1]), 0)
        return Cell(number, list_query(self.period, self.table.counts, *marks))

    def _sum(self, place: int, key: str) -> Cell:
        """Return a row's or column's sum; its list, unless one unit stands in several cells."""
        number = sum(n for keys, n in self.table.numbers.items() if keys[place] == key)
        if self._is_multiple(1 - place):
            return Cell(number)
        return Cell(number, list_query(self.period, self.table.counts, (self.sides[place], key)))
