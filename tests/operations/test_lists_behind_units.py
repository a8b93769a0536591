"""Behind every cell of a further table stands a list, and the list comes to the cell."""

import pytest

from madoguchi.experts.queries.figures import expert_figures
from madoguchi.referrals.queries.url_reports import figures
from madoguchi.rules import periods
from madoguchi.rules.access import RefusedError
from madoguchi.rules.experts import Result
from madoguchi.rules.url_report import Status
from madoguchi.statistics.queries import connecting
from madoguchi.statistics.queries.behind_units import TableCell, listed_units
from madoguchi.statistics.queries.sources import SOURCES
from madoguchi.statistics.queries.units import counted
from tests.busy_desk import MAY

pytestmark = pytest.mark.django_db


def comes_to(found, cell) -> int:
    return found.total if cell.is_amount else found.number


@pytest.mark.parametrize("table", SOURCES)
def test_every_cell_and_every_sum_is_what_its_list_comes_to(busy, beni, table: str) -> None:
    found = counted(SOURCES[table].units(busy.pk, MAY))
    assert found.base
    columns = {column for _row, column in found.numbers}
    for (row, column), number in found.numbers.items():
        cell = TableCell(MAY, table, row, column)
        listed = listed_units(beni.actor, cell)
        assert comes_to(listed, cell) == number, cell
        assert len(listed.entries) == listed.number
    for column in columns:
        cell = TableCell(MAY, table, None, column)
        sums = sum(it for (_row, key), it in found.numbers.items() if key == column)
        assert comes_to(listed_units(beni.actor, cell), cell) == sums, cell
    assert not counted(SOURCES[table].units(busy.pk, periods.month(2024, 5))).base


@pytest.mark.parametrize("table", SOURCES)
def test_lines_come_once_page_by_page_and_lead_to_a_matter(busy, beni, table: str) -> None:
    column = {"handovers": "ALL", "expert-kinds": "ALL", "experts": "ALL", "url-reports": "WRITTEN"}
    cell = TableCell(MAY, table, None, column.get(table, ""))
    whole = listed_units(beni.actor, cell).entries
    pages = [
        listed_units(beni.actor, cell, start=at, most=1).entries[0] for at in range(len(whole))
    ]
    assert pages == whole
    assert [it.at for it in whole] == sorted(it.at for it in whole)
    assert all(it.line or it.report for it in whole)


@pytest.mark.parametrize("table", SOURCES)
def test_only_who_supervises_the_desk_opens_such_a_list(
    busy, aoi, daichi, chika, table: str
) -> None:
    for somebody in (aoi, daichi, chika):
        with pytest.raises(RefusedError):
            listed_units(somebody.actor, TableCell(MAY, table))


@pytest.mark.parametrize("table", SOURCES)
def test_another_desks_supervisor_finds_nothing(busy, chika, table: str) -> None:
    type(chika).objects.filter(pk=chika.pk).update(role="SUPERVISOR")
    chika.refresh_from_db()
    for column in ("", "ALL", "WRITTEN"):
        assert listed_units(chika.actor, TableCell(MAY, table, None, column)).number == 0


def test_sessions_are_those_of_the_experts_own_report(busy) -> None:
    for period in (MAY, periods.month(2025, 6)):
        report = expert_figures(busy.pk, period)
        found = counted(connecting.sessions_by_expert(busy.pk, period)).numbers
        for line in report.lines:
            said = {
                column: number for (row, column), number in found.items() if row == str(line.expert)
            }
            assert said.get("HELD", 0) == line.sessions
            assert said.get("MISSED", 0) == line.missed
            assert said.get("TO_COME", 0) == line.booked
            assert said.get("MINUTES", 0) == line.minutes
            assert said.get("FEES", 0) == line.fees
            assert said.get("AWAITED", 0) == line.awaited
            assert {it: said[it] for it in Result if it in said} == line.results


def test_both_tables_of_experts_come_to_the_same(busy) -> None:
    by_kind = counted(connecting.sessions_by_kind(busy.pk, MAY))
    by_expert = counted(connecting.sessions_by_expert(busy.pk, MAY))
    assert by_kind.base == by_expert.base == 6
    kinds = {column: it for (_row, column), it in by_kind.numbers.items()}
    assert kinds["FEES"] == 11_000 * 2
    assert kinds["MISSED"] == 1


def test_reports_are_those_of_their_own_figures(busy) -> None:
    own = figures(busy.pk, MAY)
    found = counted(connecting.reports(busy.pk, MAY))
    sums = {}
    for (_row, column), number in found.numbers.items():
        sums[column] = sums.get(column, 0) + number
    assert found.base == own.reports == 4
    assert sums["URLS"] == own.urls
    assert {it: sums.get(it, 0) for it in Status if it != "WRITTEN"} == own.reached
