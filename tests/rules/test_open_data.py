"""Open data: whoever knows all that is published cannot work out a count of 1 or 2."""

import datetime as dt
from itertools import product

import pytest

from madoguchi.demo.records import FY2024, FY2025_H1, contact_rows, printed_period
from madoguchi.rules import periods
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import STANDARD, UNKNOWN, Code, Coding, Table
from madoguchi.rules.contact_records import WINDOWS, Reader, reconciled
from madoguchi.rules.counting import (
    Basis,
    ContactFact,
    Return,
    Row,
    TableCount,
    Total,
    count,
    default_basis,
)
from madoguchi.rules.disclosure_control import SMALLEST, TooFewError, is_small
from madoguchi.rules.open_data import finest, open_table, open_totals, overlaps

YEAR = periods.fiscal_year(2024)


def possible(rows, foot, wanted):
    """Tell whether a table of no negative number shows `rows` and `foot`, with `wanted` set.

    `rows` end with their sums; None is hidden; `wanted` maps a place to its number. The
    exact answer: unknown cells are pipes from rows to columns, filled by augmenting paths.
    """
    rows = [list(row) for row in rows]
    for (at, column), number in wanted.items():
        rows[at][column] = number
    width = len(foot) - 1
    needs = [foot[c] - sum(row[c] or 0 for row in rows) for c in range(width)]
    free = [row[-1] is None for row in rows]
    gives = [
        sum(needs) if row[-1] is None else row[-1] - sum(it or 0 for it in row[:-1]) for row in rows
    ]
    if min([*needs, *gives]) < 0:
        return False
    flow = {(r, c): 0 for r, row in enumerate(rows) for c in range(width) if row[c] is None}
    # A row of unknown sum gives what it likes; one of a known sum must give all of it.
    must = [r for r in range(len(rows)) if not free[r]]
    order = [*must, *(r for r in range(len(rows)) if free[r])]
    for r in order:
        while gives[r] and _augment(r, needs, flow):
            gives[r] -= 1
    return not any(needs) and not any(gives[r] for r in must)


def _augment(start, needs, flow):
    """Find a way for one more from row `start` to a column that needs it, and take it."""
    rows, columns, waiting = {start: None}, {}, [start]
    for row in waiting:
        for column in [c for r, c in flow if r == row and c not in columns]:
            columns[column] = row
            if needs[column]:
                needs[column] -= 1
                _push(column, rows, columns, flow)
                return True
            for other in [r for (r, c), it in flow.items() if c == column and it and r not in rows]:
                rows[other] = column
                waiting.append(other)
    return False


def _push(end, rows, columns, flow):
    """Go back the way that was found, putting one more in and taking one out, in turn."""
    column = end
    while column is not None:
        row = columns[column]
        flow[row, column] += 1
        column = rows[row]
        if column is not None:
            flow[row, column] -= 1


def assert_protected(table, counts) -> None:
    """Every hidden small count may be SMALLEST, for all that is published of the table."""
    for at, row in enumerate(counts):
        for column, number in enumerate([*row, sum(row)]):
            if is_small(number):
                assert table.rows[at][column] is None
                assert possible(table.rows, table.foot, {(at, column): SMALLEST})


@pytest.fixture(scope="module")
def facts():
    reader = Reader(books=STANDARD, windows=WINDOWS)
    records = [reader.read(row) for row in contact_rows()]
    together = {}
    for record in records:
        together.setdefault((record.person, record.matter), []).append(record)
    found = []
    for (person, matter), own in together.items():
        known = reconciled(own)
        first = min(it.at for it in own)
        found += [
            ContactFact(
                person, matter, it.at, first, it.channel, it.action,
                known.age_group, known.standing, known.kinds,
            )
            for it in own
        ]  # fmt: skip
    return found


def figures(facts, period, basis):
    return count(facts, period=period, basis=basis, books=STANDARD)


def months(period):
    first, found = period.first, []
    while first <= period.last:
        found.append(periods.month(first.year, first.month))
        first = periods.after(found[-1])
    return found


@pytest.mark.parametrize("name", [FY2024, FY2025_H1])
@pytest.mark.parametrize("table", list(Table))
def test_nothing_small_can_be_worked_out_of_the_printed_periods(facts, name, table) -> None:
    period = printed_period(name)
    basis = default_basis(period)
    whole = figures(facts, period, basis)
    cuts = [[figures(facts, it, basis) for it in months(period)], [whole]]
    open_ = finest(table, cuts, whole)
    assert open_ is not None
    parts = cuts[0] if len(open_.columns) > 1 else cuts[1]
    counts = [
        [
            next((r.number for r in part.table(table).rows if r.code.key == code.key), 0)
            for part in parts
        ]
        for code in open_.codes
    ]
    assert_protected(open_, counts)
    # What is shown is true, and its sums are those of the official table.
    shown = [
        (at, column)
        for at, row in enumerate(open_.rows)
        for column, cell in enumerate(row)
        if cell is not None
    ]
    assert all(
        open_.rows[at][column] == [*counts[at], sum(counts[at])][column] for at, column in shown
    )
    assert open_.foot[-1] == whole.table(table).total


def test_the_check_finds_a_count_that_can_be_worked_out() -> None:
    assert not possible([[None, 8, 9], [7, 8, 15]], [8, 16, 24], {(0, 0): SMALLEST})
    assert possible([[None, None, 9], [None, None, 15]], [8, 16, 24], {(0, 0): SMALLEST})


def return_with(table: Table, base: int, numbers: list[int], coding: Coding) -> Return:
    codes = [
        *(Code(f"K{at}", f"種別{at}") for at in range(len(numbers) - 1)),
        Code(UNKNOWN, "不明"),
    ]
    rows = tuple(Row(code, number) for code, number in zip(codes, numbers, strict=True))
    one = TableCount(table, Total.NEW, base, coding, rows, 0)
    return Return(YEAR, Basis.NEW, 0, base, base, base, 0, (one,))


def worlds_of_marks(base: int, total: int, rows: int):
    """Return every table of one month in which `base` units carry `total` marks."""
    return [
        numbers
        for numbers in product(range(base + 1), repeat=rows)
        if sum(numbers) == total and all(number <= base - numbers[-1] for number in numbers[:-1])
    ]


@pytest.mark.parametrize("base", [3, 4, 5, 6])
def test_several_marks_for_one_consultation_give_nothing_away(base) -> None:
    published = 0
    for total in range(base, 2 * base + 3):
        worlds = worlds_of_marks(base, total, 3)
        for numbers in worlds:
            whole = return_with(Table.INFRINGEMENT_KIND, base, list(numbers), Coding.MULTIPLE)
            try:
                table = open_table(Table.INFRINGEMENT_KIND, [whole], whole)
            except TooFewError:
                continue
            published += 1
            assert_nothing_derived([table], numbers, [[world] for world in worlds])
    assert published > 10


def agree(tables, world) -> bool:
    """Tell whether a world, a tuple of numbers for each table, looks like what is published."""
    return all(
        cell is None or cell == number
        for table, numbers in zip(tables, world, strict=True)
        for (cell, _sum), number in zip(table.rows, numbers, strict=True)
    )


def assert_nothing_derived(tables, numbers, worlds) -> None:
    """Of all `worlds` that look the same, each small count of the first table is more in one."""
    agreeing = [world for world in worlds if agree(tables, world)]
    for at, number in enumerate(numbers):
        if is_small(number):
            assert tables[0].rows[at] == (None, None)
            assert max(world[0][at] for world in agreeing) >= SMALLEST


def joint_worlds(units: int):
    """Return the margins of every joint table of two books of three labels, by counting up."""
    found = set()

    def walk(left, place, rows, columns):
        if place == 9:
            if left == 0:
                found.add((tuple(rows), tuple(columns)))
            return
        for number in range(left + 1):
            row, column = divmod(place, 3)
            more_rows, more_columns = list(rows), list(columns)
            more_rows[row] += number
            more_columns[column] += number
            walk(left - number, place + 1, more_rows, more_columns)

    walk(units, 0, [0, 0, 0], [0, 0, 0])
    return sorted(found)


def test_two_tables_of_the_same_contacts_do_not_tell_on_each_other() -> None:
    worlds, published = joint_worlds(7), 0
    for one, other in worlds[::7]:
        try:
            tables = [
                open_table(table, [whole], whole)
                for table, numbers in ((Table.CHANNEL, one), (Table.ACTION_TAKEN, other))
                for whole in [return_with(table, 7, list(numbers), Coding.SINGLE)]
            ]
        except TooFewError:
            continue
        published += 1
        assert_nothing_derived(tables, one, worlds)
        assert_nothing_derived(tables[::-1], other, [world[::-1] for world in worlds])
    assert published > 5


def test_a_month_too_small_is_published_by_a_longer_period(facts) -> None:
    period = periods.half(2024, 1)
    whole = figures(facts, period, Basis.NEW)
    small = return_with(Table.CHANNEL, 1, [1, 0, 0], Coding.SINGLE)
    table = finest(Table.CHANNEL, [[small, small], [whole]], whole)
    assert table is not None
    assert table.columns == (period,)


def test_where_even_the_total_is_small_nothing_is_published() -> None:
    small = return_with(Table.CHANNEL, 2, [2, 0, 0], Coding.SINGLE)
    assert finest(Table.CHANNEL, [[small]], small) is None
    with pytest.raises(TooFewError):
        open_totals(small)


def test_no_month_is_published_in_two_sets() -> None:
    assert overlaps(periods.half(2024, 1), [YEAR])
    assert not overlaps(YEAR, [YEAR])
    assert not overlaps(YEAR, [Period(dt.date(2025, 4, 1), dt.date(2025, 4, 30))])
