"""Figures that may be published (秘匿): small counts are hidden, and cannot be worked out.

A published table is counts by label (rows) and month (columns), with the sum of each row at its
end and the sum of each column below. A count of 1 or 2 could be somebody whom a reader knows,
so it is hidden (x); and since a single hidden count is the sum less the others, others are
hidden with it.

What is promised of every hidden small count:

1. Whoever knows all that is published, and that no count is negative, still finds it possible
   that it is `SMALLEST` or more.
2. Whoever knows the hidden sums of rows too (a report of the same period prints the year's
   numbers) still finds it possible that the count of a month is `SMALLEST` or more, or none.

The proof is kept with it: four hidden counts at the corners of a rectangle, of which two may grow
and two shrink by the same number without changing any sum; for the second promise, none of the
corners is a sum.

3. In a table of one column and single marks: whoever knows these rules too, and tries on which
   counts they would have hidden just this, still finds the first promise kept. The hidden counts
   may stand in any order: every order hides the same lines.

What is not promised: silence towards somebody who knows hidden counts of months from elsewhere,
nor, of tables by month, towards somebody who tries these rules on guesses.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

# The smallest count, save zero, that is published.
SMALLEST = 3


class Cell(NamedTuple):
    """A place in a table. The column after the last holds the sums of the rows."""

    row: int
    column: int


class TooFewError(Exception):
    """A sum that other tables share is itself small: publish a longer period instead."""


def is_small(count: int) -> bool:
    """Tell whether `count` could be somebody whom a reader knows."""
    return 0 < count < SMALLEST


def hidden_cells(
    counts: Sequence[Sequence[int]], ceilings: Sequence[Sequence[int]] | None = None
) -> frozenset[Cell]:
    """Return which cells of a table, sums of rows included, are not to be published.

    `counts`: rows of equal length. The sums of columns and the grand total always stay, since
    other tables have them too. `ceilings`: what each count cannot exceed, where readers know
    (重複集計: no label is more often than its base). TooFewError: one of those sums is small
    itself, or no choice of cells keeps the promise.
    """
    table = _Table(counts, ceilings)
    if any(map(is_small, table.foot)):
        raise TooFewError
    if not table.has_months and ceilings is None:
        return _hidden_in_one_column([row[0] for row in counts])
    small = sorted(cell for cell in table.cells() if is_small(table.at(cell)))
    hidden = set(small)
    for cell in small:
        hidden.update(table.cheapest_rectangle(cell, hidden))
    for cell in small:
        if table.has_months and not table.is_sum(cell):
            hidden.update(table.cheapest_rectangle_of_months(cell, hidden))
    return frozenset(hidden)


def _hidden_in_one_column(counts: Sequence[int]) -> frozenset[Cell]:
    """Return the small counts, and with them all that are as the least of the others is."""
    hidden = {count for count in counts if is_small(count)}
    if hidden:
        least = min((count for count in counts if count >= SMALLEST), default=None)
        if least is None:
            raise TooFewError
        hidden.add(least)
    lines = (at for at, count in enumerate(counts) if count in hidden)
    return frozenset(Cell(at, column) for at in lines for column in (0, 1))


class _Table:
    """Counts with the sums of their rows."""

    def __init__(
        self, counts: Sequence[Sequence[int]], ceilings: Sequence[Sequence[int]] | None
    ) -> None:
        self._ceilings = ceilings
        self._counts = [[*row, sum(row)] for row in counts]
        self._width = len(self._counts[0]) if self._counts else 0
        self.foot = [sum(column) for column in zip(*self._counts, strict=True)]

    def at(self, cell: Cell) -> int:
        return self._counts[cell.row][cell.column]

    def cells(self) -> Iterator[Cell]:
        return (Cell(*at) for at in product(range(len(self._counts)), range(self._width)))

    @property
    def has_months(self) -> bool:
        """Whether there are several columns; the counts of a single one are the sums."""
        return self._width > 2  # noqa: PLR2004 (one, and the sums)

    def is_sum(self, cell: Cell) -> bool:
        return cell.column == self._width - 1

    def cheapest_rectangle(self, cell: Cell, hidden: set[Cell]) -> list[Cell]:
        """Return the corners that protect `cell` and hide the least that is not hidden yet."""
        return self._cheapest(filter(self._protects, self._rectangles(cell)), hidden)

    def cheapest_rectangle_of_months(self, cell: Cell, hidden: set[Cell]) -> list[Cell]:
        """Return the same where the sums of rows are known: the count may be more, or none."""
        corners = (it for it in self._rectangles(cell) if not any(map(self.is_sum, it)))
        return self._cheapest(
            (it for it in corners if self._protects(it) or self._may_vanish(it)), hidden
        )

    def _cheapest(self, found: Iterable[list[Cell]], hidden: set[Cell]) -> list[Cell]:
        corners = min(found, key=lambda it: self._loss(it, hidden), default=None)
        if corners is None:
            raise TooFewError
        return corners

    def _rectangles(self, cell: Cell) -> Iterator[list[Cell]]:
        """Yield all rectangles with `cell` at a corner: it, beside it, below it, opposite."""
        for row, column in self.cells():
            if row != cell.row and column != cell.column:
                yield [cell, Cell(cell.row, column), Cell(row, cell.column), Cell(row, column)]

    def _protects(self, corners: list[Cell]) -> bool:
        """Tell whether the first corner may be `SMALLEST`, the others giving way.

        Along a row two corners change by opposite numbers; but where one of them is the sum of
        that row, it changes with the other.
        """
        cell, beside, below, opposite = corners
        grows = SMALLEST - self.at(cell)
        has_sum = self.is_sum(cell) or self.is_sum(beside)
        shrinking = [below, opposite] if has_sum else [beside, below]
        growing = [cell, beside] if has_sum else [cell, opposite]
        return all(self.at(it) >= grows for it in shrinking) and all(
            self._has_room(it, grows) for it in growing
        )

    def _may_vanish(self, corners: list[Cell]) -> bool:
        """Tell whether the first corner, no sum, may be none, the others giving way."""
        cell, beside, below, opposite = corners
        number = self.at(cell)
        return self.at(opposite) >= number and all(
            self._has_room(it, number) for it in (beside, below)
        )

    def _has_room(self, cell: Cell, grows: int) -> bool:
        """Tell whether a count may be more by `grows`; a sum may where its counts may."""
        if self._ceilings is None or self.is_sum(cell):
            return True
        return self.at(cell) + grows <= self._ceilings[cell.row][cell.column]

    def _loss(self, corners: list[Cell], hidden: set[Cell]) -> tuple[int, int, list[Cell]]:
        """Return what hiding `corners` costs: how many sums, how much, and where."""
        lost = [it for it in corners if it not in hidden]
        sums = sum(map(self.is_sum, lost))
        return sums, sum(self.at(it) + 1 for it in lost), corners
