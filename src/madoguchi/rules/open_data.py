"""Open data (公開データ): tables of labels by month that anybody may have.

Each table is protected by itself (`disclosure_control`). That is enough within a month: two
tables share nothing but their column sums, which are never hidden; and whatever they say, with
single or several marks, there is a set of contacts or of case-months that all could be about:
those of one table are put beside those of another in any order.

Between months it is not enough by itself. A consultation that goes on keeps its labels, and how
many go on is told by 実件数 less 新規受付件数, if the desk opened within the period: were all of
last month's consultations here again, its columns would be the same. So months are told apart
only where there is room for other consultations to go on than those that do (`_has_room`).

No month is published in two sets (`overlaps`), or the one could be taken from the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import UNKNOWN, Code, Table
from madoguchi.rules.counting import Return, TableCount, Total
from madoguchi.rules.disclosure_control import SMALLEST, TooFewError, hidden_cells, is_small


@dataclass(frozen=True)
class OpenTable:
    """One table as it is published: labels by period, the sum of each last; None is hidden."""

    table: Table
    counts: Total
    is_multiple: bool
    columns: tuple[Period, ...]
    codes: tuple[Code, ...]
    rows: tuple[tuple[int | None, ...], ...]
    foot: tuple[int, ...]

    @property
    def hides(self) -> bool:
        """Whether any cell is hidden."""
        return any(cell is None for row in self.rows for cell in row)


def open_table(table: Table, parts: Sequence[Return], whole: Return) -> OpenTable:
    """Return `table` by the periods of `parts`, which together are `whole`; small cells hidden.

    TooFewError: cut like this, it cannot be protected.
    """
    shape = whole.table(table)
    columns = [part.table(table) for part in parts]
    if any(is_small(column.base) for column in [*columns, shape]):
        raise TooFewError
    codes = _codes([shape, *columns])
    by_column = [{row.code.key: row.number for row in column.rows} for column in columns]
    counts = [[numbers.get(code.key, 0) for numbers in by_column] for code in codes]
    ceilings = _ceilings(codes, columns, counts) if shape.is_multiple else None
    hidden = hidden_cells(counts, ceilings)
    rows = [
        tuple(
            None if (at, column) in hidden else number
            for column, number in enumerate([*row, sum(row)])
        )
        for at, row in enumerate(counts)
    ]
    foot = [sum(column) for column in zip(*counts, strict=True)]
    return OpenTable(
        table=table,
        counts=shape.counts,
        is_multiple=shape.is_multiple,
        columns=tuple(part.period for part in parts),
        codes=codes,
        rows=tuple(rows),
        foot=(*foot, sum(foot)),
    )


def finest(table: Table, cuts: Iterable[Sequence[Return]], whole: Return) -> OpenTable | None:
    """Return `table` by the first of `cuts` (months, quarters, …) that protects; None: by none."""
    for parts in cuts:
        if whole.table(table).counts is Total.CASE_MONTHS and not _has_room(parts, whole):
            continue
        try:
            return open_table(table, parts, whole)
        except TooFewError:
            continue
    return None


def _has_room(parts: Sequence[Return], whole: Return) -> bool:
    """Tell whether readers cannot know which consultations went on from one part to another.

    As many as went on may be others: those that carry, in each table, one same mark alone in
    two parts that follow each other. A hidden count may be more by `SMALLEST` - 1 in two parts,
    and such a mark less.
    """
    going_on = whole.case_months - whole.new
    if len(parts) == 1 or going_on <= 0:
        return True
    alike = sum(_alike(*pair) for pair in zip(parts[::2], parts[1::2], strict=False))
    return going_on <= alike - 2 * (SMALLEST - 1)


def _alike(one: Return, other: Return) -> int:
    """Return how many case-months of two parts may be of consultations that run through both."""
    shared = []
    for table in (it for it in one.tables if it.counts is Total.CASE_MONTHS):
        then = _alone(other.table(table.table))
        shared.append(max((min(n, then.get(it, 0)) for it, n in _alone(table).items()), default=0))
    return min(shared)


def _alone(table: TableCount) -> dict[str, int]:
    """Return how many units may carry a mark and no other, by the mark's key."""
    numbers = {row.code.key: row.number for row in table.rows}
    if not table.is_multiple:
        return numbers
    known = table.base - numbers.get(UNKNOWN, 0)
    found = {UNKNOWN: numbers.get(UNKNOWN, 0)}
    for key in numbers.keys() - {UNKNOWN}:
        others = (number for it, number in numbers.items() if it not in {key, UNKNOWN})
        found[key] = min(numbers[key], known - max(others, default=0))
    return found


def open_totals(whole: Return) -> dict[Total, int]:
    """Return the totals that may be published. TooFewError: one of them is small itself."""
    counted = {total: whole.total(total) for total in Total}
    if any(is_small(counted[total]) for total in (Total.NEW, Total.CASE_MONTHS, Total.CONTACTS)):
        raise TooFewError
    return counted


def overlaps(period: Period, others: Iterable[Period]) -> bool:
    """Tell whether `period` shares a day with another one than itself.

    A half year published beside its year would tell the other half by subtraction.
    """
    return any(other != period and shares_a_day(period, other) for other in others)


def shares_a_day(one: Period, other: Period) -> bool:
    """Tell whether two periods have a day in common."""
    return other.first <= one.last and one.first <= other.last


def _codes(tables: Sequence[TableCount]) -> tuple[Code, ...]:
    """Return every code that stands in any of `tables`, the first table's order first."""
    found: dict[str, Code] = {}
    for table in tables:
        for row in table.rows:
            found.setdefault(row.code.key, row.code)
    return tuple(found.values())


def _ceilings(
    codes: Sequence[Code], columns: Sequence[TableCount], counts: Sequence[Sequence[int]]
) -> list[list[int]]:
    """Return what no count of a table of several marks can exceed, as a reader knows.

    A unit carries each mark once, and 不明 only where it carries no other.
    """
    ceilings = []
    for place, code in enumerate(codes):
        line = []
        for at, column in enumerate(columns):
            others = [row[at] for number, row in enumerate(counts) if number != place]
            unknown = [row[at] for it, row in zip(codes, counts, strict=True) if it.key == UNKNOWN]
            taken = max(others, default=0) if code.key == UNKNOWN else sum(unknown)
            line.append(column.base - taken)
        ceilings.append(line)
    return ceilings
