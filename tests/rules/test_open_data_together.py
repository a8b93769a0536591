"""Tables published together, by brute force: every universe of a few people is made.

What a reader can conclude from all that is published is exactly what holds in every universe
that would look the same. So of each small count that is hidden, some of them must hold more.
"""

from collections import Counter, defaultdict
from functools import cache
from itertools import combinations_with_replacement, product

import pytest

from madoguchi.rules import periods
from madoguchi.rules.codebooks import UNKNOWN, Code, Coding, Table
from madoguchi.rules.counting import Basis, Return, Row, TableCount, Total
from madoguchi.rules.disclosure_control import SMALLEST, TooFewError, is_small
from madoguchi.rules.open_data import finest, open_table

AGES = ("A", "B", "C")
KINDS = ("K", "L", UNKNOWN)
# A consultation carries one kind, both, or none that is known.
SETS = (("K",), ("L",), ("K", "L"), (UNKNOWN,))
CHANNELS = ("T", "S")
APRIL, MAY = periods.month(2025, 4), periods.month(2025, 5)
BOTH = periods.Period(APRIL.first, MAY.last)


def table_count(table, labels, numbers, base, coding=Coding.SINGLE) -> TableCount:
    rows = tuple(Row(Code(it, it), n) for it, n in zip(labels, numbers, strict=True))
    return TableCount(table, Total.CASE_MONTHS, base, coding, rows, 0)


def figures(period, new, base, *tables) -> Return:
    return Return(period, Basis.CASE_MONTH, 0, new, base, base, 0, tables)


def ages_of(numbers) -> TableCount:
    return table_count(Table.AGE_GROUP, AGES, numbers, sum(numbers))


def kinds_of(numbers, base) -> TableCount:
    return table_count(Table.INFRINGEMENT_KIND, KINDS, numbers, base, Coding.MULTIPLE)


def numbers_of(marks, labels) -> tuple[int, ...]:
    found = Counter(marks)
    return tuple(found[it] for it in labels)


def published_alone(count: TableCount):
    """Return what everybody sees of a table of one period; None where it is not published."""
    whole = figures(APRIL, count.base, count.base, count)
    try:
        return open_table(count.table, [whole], whole).rows
    except TooFewError:
        return None


# -- one month: tables of single and of several marks beside each other ---------------------------


@cache
def universes(people: int) -> frozenset[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return the two tables, by age and by kind, of every universe of so many consultations."""
    each = list(product(AGES, SETS))
    return frozenset(
        (
            numbers_of((age for age, _kinds in world), AGES),
            numbers_of((it for _age, kinds in world for it in kinds), KINDS),
        )
        for world in combinations_with_replacement(each, people)
    )


def agrees(rows, numbers) -> bool:
    """Tell whether a table of one period is one that could have been published so."""
    return rows is None or all(
        seen is None or seen == number for (seen, _sum), number in zip(rows, numbers, strict=True)
    )


@pytest.mark.parametrize("people", range(3, 8))
def test_single_marks_and_several_marks_of_the_same_people_do_not_tell_on_each_other(people):
    by_age = cache(lambda ages: published_alone(ages_of(ages)))
    by_kind = cache(lambda kinds: published_alone(kinds_of(kinds, people)))
    # A reader sees how many marks there are in all, too.
    marks = defaultdict(list)
    for world in universes(people):
        marks[sum(world[1])].append(world)
    hidden = 0
    for worlds in marks.values():
        looks = {(by_age(ages), by_kind(kinds)) for ages, kinds in worlds}
        for look in looks:
            alike = [it for it in worlds if all(map(agrees, look, it))]
            for rows, numbers in zip(look, zip(*alike, strict=True), strict=True):
                hidden += held(rows, numbers)
    assert hidden > people


def held(rows, possible) -> int:
    """Return how many small counts of a published table are hidden, and hold them to be so."""
    if rows is None:
        return 0
    by_row = [set(it) for it in zip(*possible, strict=True)]
    unseen = [it for it, (seen, _sum) in zip(by_row, rows, strict=True) if seen is None]
    seen = [it for it, (seen, _sum) in zip(by_row, rows, strict=True) if seen is not None]
    assert not any(is_small(number) for it in seen for number in it)
    assert all(max(it) >= SMALLEST for it in unseen if any(map(is_small, it)))
    return len(unseen)


@pytest.mark.parametrize("people", range(1, 9))
def test_any_table_of_ages_goes_with_any_table_of_kinds(people):
    """Why it is so: what is possible of one table is the same whatever the other says."""
    both = universes(people)
    assert both == set(product({ages for ages, _ in both}, {kinds for _, kinds in both}))


@pytest.mark.parametrize("people", range(1, 6))
def test_any_table_of_consultations_goes_with_any_table_of_their_contacts(people):
    contacts = [how for times in (1, 2) for how in combinations_with_replacement(CHANNELS, times)]
    found = defaultdict(set)
    for world in combinations_with_replacement(list(product(AGES, contacts)), people):
        channels = [it for _age, how in world for it in how]
        ages = numbers_of((age for age, _how in world), AGES)
        found[len(channels)].add((ages, numbers_of(channels, CHANNELS)))
    for both in found.values():
        assert both == set(product({one for one, _ in both}, {other for _, other in both}))


# -- two months: consultations that go on keep their labels ----------------------------------------

# A consultation is of one month, of the other, or of both, and everybody knows that none is older.
STAYS = ((1, 0), (0, 1), (1, 1))


@cache
def stories(people: int, ages=AGES) -> dict[tuple[int, int], set[tuple[tuple[int, ...], ...]]]:
    """Return the ages of both months in every universe, by how many consultations each has."""
    found = defaultdict(set)
    for world in combinations_with_replacement(list(product(ages, STAYS)), people):
        months = tuple(
            numbers_of((age for age, stays in world if stays[at]), AGES) for at in (0, 1)
        )
        found[sum(months[0]), sum(months[1])].add(months)
    return found


def by_month(people, months, *, guarded: bool):
    """Return what is published of both months."""
    parts = [
        figures(period, people, sum(it), ages_of(it))
        for period, it in zip((APRIL, MAY), months, strict=True)
    ]
    together = [sum(it) for it in zip(*months, strict=True)]
    whole = figures(BOTH, people, sum(together), ages_of(together))
    if guarded:
        table = finest(Table.AGE_GROUP, [parts, [whole]], whole)
        return table and table.rows
    try:
        return open_table(Table.AGE_GROUP, parts, whole).rows
    except TooFewError:
        return None


def given_away(people: int, ages=AGES, *, guarded: bool) -> tuple[int, int]:
    """Return how many small counts everybody can tell to be small, and how many are hidden."""
    told = hidden = 0
    for worlds in stories(people, ages).values():
        for rows in {by_month(people, it, guarded=guarded) for it in worlds} - {None}:
            alike = [table for table in map(as_shown(rows), worlds) if seen_as(rows, table)]
            for row, at in product(range(3), range(len(rows[0]) - 1)):
                numbers = {table[row][at] for table in alike}
                if any(map(is_small, numbers)):
                    hidden += 1
                    told += max(numbers) < SMALLEST
    return told, hidden


def as_shown(rows):
    """Return how two months are set out, by month or as one, with the sum of each row."""
    if len(rows[0]) == 2:
        return lambda months: [[sum(it)] * 2 for it in zip(*months, strict=True)]
    return lambda months: [[*it, sum(it)] for it in zip(*months, strict=True)]


def seen_as(rows, table) -> bool:
    return all(
        seen is None or seen == number
        for line, numbers in zip(rows, table, strict=True)
        for seen, number in zip(line, numbers, strict=True)
    )


@pytest.mark.parametrize("people", [6, 8, 9])
def test_who_knows_that_all_began_here_does_not_find_whose_consultations_went_on(people):
    told, hidden = given_away(people, guarded=True)
    assert hidden
    assert not told


def test_where_months_are_told_apart_nobody_finds_whose_consultations_went_on():
    ages, people = AGES[:2], 14
    apart = [
        rows
        for worlds in stories(people, ages).values()
        for rows in (by_month(people, it, guarded=True) for it in worlds)
        if rows and len(rows[0]) == 3 and any(None in row for row in rows)
    ]
    assert apart
    told, hidden = given_away(people, ages, guarded=True)
    assert hidden
    assert not told


def test_without_room_for_others_the_months_would_tell():
    """The counter-example that the rule was mended for."""
    assert given_away(9, guarded=False)[0]


def test_with_room_for_others_the_months_are_told_apart():
    parts = [figures(it, 40, 24, ages_of((20, 4, 0))) for it in (APRIL, MAY)]
    whole = figures(BOTH, 40, 48, ages_of((40, 8, 0)))
    table = finest(Table.AGE_GROUP, [parts, [whole]], whole)
    assert table
    assert table.columns == (APRIL, MAY)
    # All of April's are here again in May: nobody else could be.
    again = figures(BOTH, 24, 48, ages_of((40, 8, 0)))
    table = finest(Table.AGE_GROUP, [parts, [again]], again)
    assert table
    assert table.columns == (BOTH,)
