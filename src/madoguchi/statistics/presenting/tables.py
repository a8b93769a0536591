"""Further tables: what stands around their numbers, said as for the official ones."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from madoguchi.statistics.presenting import share


@dataclass(frozen=True)
class Line:
    """One row: its label, its number, and the query of the list behind it, if there is one."""

    label: str
    number: int
    list: str = ""
    is_unknown: bool = False
    key: str = ""


@dataclass(frozen=True)
class FigureTable:
    """One table with its base (母数) and its unit."""

    name: str
    title: str
    counts: str
    base: int
    lines: tuple[Line, ...]
    unit: str = "件"
    is_multiple: bool = False
    said: tuple[str, ...] = ()
    whole: str = ""  # the query of the list behind the sum

    def column(self, key: str) -> "Column | None":
        """Return the column called `key` in addresses; None where there is none."""
        return None if key else Column("", self.unit)

    def row_label(self, key: str | None) -> str:
        """Return how the row called `key` in addresses is called."""
        return next((it.label for it in self.lines if it.key == key), "")

    @property
    def sum_list(self) -> str:
        """Where the list behind the sum is; nowhere, where the sum is not that of a list."""
        return "" if self.is_multiple else self.whole

    @property
    def total(self) -> int:
        """The sum of the rows."""
        return sum(line.number for line in self.lines)

    @property
    def adds_up(self) -> bool:
        """Whether the sum is the base, or for several marks to one no less."""
        return self.total >= self.base if self.is_multiple else self.total == self.base

    @property
    def check(self) -> str:
        """How the sum stands to the base."""
        if not self.adds_up:
            return "母数と合いません"
        return "重複集計あり" if self.is_multiple else "母数と一致"

    @property
    def base_said(self) -> str:
        """What is counted, and how many."""
        return f"母数：{self.counts} {self.base}{self.unit}"

    @property
    def notes(self) -> list[str]:
        """What is said under the table."""
        several = "（※）1件がいくつもの行に入るため、合計は母数と同じか、多くなります。"
        return [*([several] if self.is_multiple else []), *filter(None, self.said)]

    @property
    def shares(self) -> list[tuple[Line, str]]:
        """Each row with its share of the base."""
        return [(line, share(line.number, self.base) if self.base else "－") for line in self.lines]

    @property
    def finding(self) -> str:
        """What the table shows, in a sentence."""
        most = max(self.lines, key=lambda line: line.number, default=None)
        if most is None or not most.number:
            return "この期間の件数はありません"
        part = share(most.number, self.base)
        return f"{most.label}が最も多く{most.number}{self.unit}（{part}）"


@dataclass(frozen=True)
class Cell:
    """One number and the query of the list behind it."""

    number: int
    list: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a wide table. `is_sum`: it comes to what others come to."""

    label: str
    unit: str = "件"
    is_sum: bool = False
    key: str = ""


@dataclass(frozen=True)
class WideRow:
    """One row of a wide table, with a cell for each column."""

    label: str
    cells: tuple[Cell, ...]
    key: str = ""


@dataclass(frozen=True)
class WideTable:
    """A table of several columns, with its base (母数). `sums`: the foot, column by column.

    `drawn`: the place of the column whose numbers are drawn.
    """

    name: str
    title: str
    head: str
    counts: str
    base: int
    columns: tuple[Column, ...]
    rows: tuple[WideRow, ...]
    sums: tuple[Cell, ...]
    check: str
    unit: str = "件"
    drawn: int = 0
    mark: str = ""
    notes: tuple[str, ...] = ()

    @property
    def base_said(self) -> str:
        """What is counted, and how many."""
        return f"母数：{self.counts} {self.base}{self.columns[self.drawn].unit}"

    def column(self, key: str) -> Column | None:
        """Return the column called `key` in addresses; None where there is none."""
        return next((it for it in self.columns if it.key == key), None)

    def row_label(self, key: str | None) -> str:
        """Return how the row called `key` in addresses is called."""
        return next((it.label for it in self.rows if it.key == key), "")

    @property
    def by_row(self) -> FigureTable:
        """The numbers of one column, for the chart."""
        lines = (Line(row.label, row.cells[self.drawn].number) for row in self.rows)
        unit = self.columns[self.drawn].unit
        return FigureTable(self.name, self.title, self.counts, self.base, (*lines,), unit)

    @property
    def finding(self) -> str:
        """What the table shows, in a sentence."""
        return self.by_row.finding

    @property
    def shown(self) -> list[tuple[str, list[tuple[Cell, Column]]]]:
        """Each row with its cells and their columns."""
        return [(row.label, self._paired(row.cells)) for row in self.rows]

    @property
    def foot(self) -> list[tuple[Cell, Column]]:
        """The sums with their columns."""
        return self._paired(self.sums)

    def _paired(self, cells: tuple[Cell, ...]) -> list[tuple[Cell, Column]]:
        return [*zip(cells, self.columns, strict=True)]


Shown = FigureTable | WideTable


def lines_of(
    labels: Mapping[str, str],
    numbers: Mapping[str, int],
    list_of: Callable[[str], str] = lambda _key: "",
) -> tuple[Line, ...]:
    """Return a line for each label, in their order, and for each number without one.

    `list_of`: the query of the list behind a line.
    """
    more = {key: key for key in sorted(numbers.keys() - labels.keys())}
    return tuple(
        Line(label, numbers.get(key, 0), list_of(key), key=key)
        for key, label in ({**labels, **more}).items()
    )


def most_first(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines that have a number, the largest first."""
    return tuple(sorted((it for it in lines if it.number), key=lambda it: -it.number))


def percent(number: int, base: int) -> str:
    """Return a rate to one place: 17.3％, ― where there is no base."""
    return f"{100 * number / base:.1f}％" if base else "－"


def rate(what: str, number: int, base: int) -> str:
    """Return a rate with the numbers it comes from, as a sentence; none of nothing."""
    if not base:
        return ""
    return f"{what}は{percent(number, base)}（{base}件のうち{number}件）。"


def numbered(labels: Sequence[str]) -> dict[str, str]:
    """Return bands by their place."""
    return {str(place): label for place, label in enumerate(labels)}
