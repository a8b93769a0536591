"""Small counts are hidden, and nobody who does sums finds them."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from madoguchi.rules.disclosure_control import (
    SMALLEST,
    Cell,
    TooFewError,
    hidden_cells,
    is_small,
)


def with_sums(counts):
    return [[*row, sum(row)] for row in counts]


def worlds(counts, hidden, *, sums_are_known=False):
    """Return, for each hidden cell, every value it has in some table that looks the same.

    By trying: all ways of filling the hidden months, held against every published sum;
    `sums_are_known`: against those that are hidden, too.
    """
    table = with_sums(counts)
    width = len(counts[0])
    unknown = [cell for cell in sorted(hidden) if cell.column < width]
    most = max(sum(column) for column in zip(*counts, strict=True))
    possible = {cell: set() for cell in hidden}
    for values in product(range(most + 1), repeat=len(unknown)):
        world = [list(row) for row in counts]
        for cell, value in zip(unknown, values, strict=True):
            world[cell.row][cell.column] = value
        drawn = with_sums(world)
        same_feet = [sum(it) for it in zip(*drawn, strict=True)] == [
            sum(it) for it in zip(*table, strict=True)
        ]
        same_sums = all(
            drawn[row][width] == table[row][width]
            for row in range(len(table))
            if sums_are_known or (row, width) not in hidden
        )
        if same_feet and same_sums:
            for cell in hidden:
                possible[cell].add(drawn[cell.row][cell.column])
    return possible


def test_a_table_without_small_counts_is_published_whole():
    assert hidden_cells([[5, 0, 3], [0, 4, 12]]) == frozenset()


def test_of_a_single_period_the_small_count_goes_with_another():
    # FAX 1 among telephone, SNS, FAX: the smallest that gives way goes with it.
    hidden = hidden_cells([[525], [345], [1]])
    assert hidden == {Cell(1, 0), Cell(1, 1), Cell(2, 0), Cell(2, 1)}


def test_one_hidden_count_alone_could_be_worked_out():
    counts = [[9, 8], [1, 7], [6, 5]]
    assert worlds(counts, {Cell(1, 0)}) == {Cell(1, 0): {1}}
    assert max(worlds(counts, hidden_cells(counts))[Cell(1, 0)]) >= SMALLEST


def test_two_small_counts_that_add_up_to_two_do_not_protect_each_other():
    counts = [[1], [1], [40]]
    assert Cell(2, 0) in hidden_cells(counts)


def test_a_small_sum_that_other_tables_share_asks_for_a_longer_period():
    with pytest.raises(TooFewError):
        hidden_cells([[1, 5], [0, 7]])


def test_where_nothing_can_give_way_nothing_is_published():
    with pytest.raises(TooFewError):
        hidden_cells([[1], [1], [1]])


def test_an_empty_table_hides_nothing():
    assert hidden_cells([]) == frozenset()


TABLES = st.integers(1, 3).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 5), min_size=width, max_size=width), min_size=2, max_size=3
    )
)


@settings(max_examples=60)
@given(TABLES)
def test_nobody_who_does_sums_finds_a_small_count(counts):
    try:
        hidden = hidden_cells(counts)
    except TooFewError:
        assume(False)
    assume(sum(cell.column < len(counts[0]) for cell in hidden) <= 4)
    table = with_sums(counts)
    possible = worlds(counts, hidden)
    for row, column in product(range(len(table)), range(len(table[0]))):
        cell, count = Cell(row, column), table[row][column]
        if is_small(count):
            assert cell in hidden
            assert max(possible[cell]) >= SMALLEST


@settings(max_examples=60)
@given(TABLES.filter(lambda counts: len(counts[0]) > 1))
def test_nobody_who_knows_the_sums_of_the_rows_is_sure_of_a_small_count_of_a_month(counts):
    try:
        hidden = hidden_cells(counts)
    except TooFewError:
        assume(False)
    assume(sum(cell.column < len(counts[0]) for cell in hidden) <= 5)
    possible = worlds(counts, hidden, sums_are_known=True)
    for row, column in product(range(len(counts)), range(len(counts[0]))):
        if is_small(counts[row][column]):
            found = possible[Cell(row, column)]
            assert 0 in found or max(found) >= SMALLEST


def test_a_report_that_prints_the_one_letter_of_the_year_does_not_tell_its_month():
    counts = [[14, 14, 14], [6, 6, 6], [0, 1, 0]]
    found = worlds(counts, hidden_cells(counts), sums_are_known=True)
    assert found[Cell(2, 1)] == {0, 1}


@pytest.mark.parametrize("lines", [2, 3, 4, 5])
def test_nobody_who_tries_these_rules_on_every_guess_finds_a_small_count_of_one_period(lines):
    """Of all tables with the same sum, those are left of which just the same would be shown."""
    most = {2: 14, 3: 12, 4: 10, 5: 8}[lines]
    shown = defaultdict(list)
    for counts in product(range(most + 1), repeat=lines):
        try:
            hidden = hidden_cells([[it] for it in counts])
        except TooFewError:
            continue
        seen = tuple(None if (at, 0) in hidden else it for at, it in enumerate(counts))
        shown[sum(counts), seen].append(counts)
    found = 0
    for (_total, seen), guesses in shown.items():
        for at in (at for at, it in enumerate(seen) if it is None):
            possible = {counts[at] for counts in guesses}
            assert max(possible) >= SMALLEST
            found += any(map(is_small, possible))
    assert found > lines
