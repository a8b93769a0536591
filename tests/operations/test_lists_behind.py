"""Behind every number stands a list, and the list is as long as the number says."""

from itertools import product

import pytest

from madoguchi.consultations.operations import receiving
from madoguchi.demo.records import printed_period
from madoguchi.rules import periods
from madoguchi.rules.access import RefusedError
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import Table
from madoguchi.rules.counting import TABLES_OF, Basis, Total
from madoguchi.statistics.queries import return_of
from madoguchi.statistics.queries.behind import PAGE, listed
from madoguchi.statistics.queries.cells import Cell
from madoguchi.statistics.queries.crossing import Clock, cross_table_of
from tests.operations.test_facts import FIRST, LAST, LETTER, Casework
from tests.operations.test_figures_reproduced import PRINTED, fill
from tests.people import AT

pytestmark = pytest.mark.django_db


def cells_of(figures):
    """Return every cell of a return, with its number."""
    for total in Total:
        yield Cell(figures.period, total), figures.total(total)
    for table in figures.tables:
        for row in table.rows:
            cell = Cell(figures.period, table.counts, ((table.table, row.code.key),))
            yield cell, row.number
        if table.table is Table.ACTION_TAKEN:
            cell = Cell(figures.period, Total.CONTACTS, ((table.table, ""),))
            yield cell, table.unclassified


def lines_of(actor, cell):
    """Return all lines of a list, page by page, each as what it stands for."""
    found = []
    while page := listed(actor, cell, start=len(found)).entries:
        found += page
    return [(it.line and it.line.matter, it.at, it.channel, it.month, it.day) for it in found]


@pytest.mark.parametrize(("name", "basis"), PRINTED)
def test_every_printed_cell_is_as_long_as_its_list(desk, beni, name: str, basis: Basis) -> None:
    fill(desk)
    figures = return_of(desk.pk, period=printed_period(name), basis=basis)
    seen = 0
    for cell, number in cells_of(figures):
        found = listed(beni.actor, cell)
        assert found.number == number, cell
        assert len(found.entries) == min(number, PAGE)
        seen += number > 0
    assert seen > 30


def test_the_pages_of_a_list_come_to_the_whole_and_nothing_comes_twice(desk, beni) -> None:
    fill(desk)
    period = printed_period(PRINTED[1][0])
    lines = lines_of(beni.actor, Cell(period, Total.CASE_MONTHS))
    assert len(lines) == len({(matter, month) for matter, _at, _how, month, _day in lines}) == 313
    assert len(lines_of(beni.actor, Cell(period, Total.CONTACTS))) == 450
    days = lines_of(beni.actor, Cell(period, Total.OPENING_DAYS))
    assert len(set(days)) == 155


@pytest.mark.parametrize("seed", range(200, 204))
def test_lists_are_as_long_as_their_numbers_after_any_deeds(aoi, beni, seed: int) -> None:
    work = Casework(seed, aoi.actor)
    for _step in range(40):
        work.do_something()
    whole = Period(FIRST.date(), LAST.date())
    for period in (whole, work.some_period(), work.some_period()):
        for basis in Basis:
            for cell, number in cells_of(return_of(aoi.desk_id, period=period, basis=basis)):
                assert listed(beni.actor, cell, most=0).number == number, cell


def test_lists_behind_cross_tables_are_as_long_as_their_numbers(aoi, beni) -> None:
    work = Casework(300, aoi.actor)
    for _step in range(40):
        work.do_something()
    of_consultations = [*TABLES_OF[Total.NEW], Clock.MONTH]
    asked = [
        *((Total.CONTACTS, *pair) for pair in product([*Table, *Clock], repeat=2)),
        *((Total.CASE_MONTHS, *pair) for pair in product(of_consultations, repeat=2)),
        *((Total.NEW, *pair) for pair in product(of_consultations, repeat=2)),
    ]
    for counts, *sides in asked:
        period = work.some_period()
        table = cross_table_of(aoi.desk_id, period=period, counts=counts, sides=tuple(sides))
        for keys, number in table.numbers.items():
            cell = Cell(period, counts, tuple(zip(sides, keys, strict=True)))
            assert listed(beni.actor, cell, most=0).number == number, cell


def test_only_who_supervises_the_desk_opens_a_list(desk, aoi, beni, daichi, chika) -> None:
    receiving.receive(desk=desk.pk, letter=LETTER, at=AT)
    cell = Cell(periods.month(2025, 5), Total.CONTACTS)
    assert listed(beni.actor, cell).number == 1
    for somebody in (aoi, daichi, chika):
        with pytest.raises(RefusedError):
            listed(somebody.actor, cell)
        with pytest.raises(RefusedError):
            listed(somebody.actor, Cell(periods.month(2025, 5), Total.OPENING_DAYS))


def test_another_desks_supervisor_finds_nothing_behind_the_same_cell(desk, chika) -> None:
    type(chika).objects.filter(pk=chika.pk).update(role="SUPERVISOR")
    chika.refresh_from_db()
    receiving.receive(desk=desk.pk, letter=LETTER, at=AT)
    for total in Total:
        assert listed(chika.actor, Cell(periods.month(2025, 5), total)).number == 0


def test_consultations_have_no_list_by_what_is_said_of_contacts() -> None:
    with pytest.raises(ValueError, match="not told apart"):
        Cell(periods.month(2025, 5), Total.NEW, ((Table.CHANNEL, "EMAIL"),))
