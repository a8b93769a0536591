"""The printed figures, by way of file, import, storage, sealing and counting."""

import csv
import datetime as dt
import io

import pytest

from madoguchi.consultations.operations.exporting import export_contacts
from madoguchi.consultations.operations.importing import import_contacts
from madoguchi.demo.records import (
    FY2024,
    FY2025_H1,
    contact_rows,
    opening_days,
    printed,
    printed_period,
)
from madoguchi.desks.operations import record_opening_days
from madoguchi.rules.contact_records import COLUMNS
from madoguchi.rules.counting import Basis, Total
from madoguchi.statistics.queries import return_of

AT = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
PRINTED = [(FY2024, Basis.NEW), (FY2025_H1, Basis.CASE_MONTH)]

pytestmark = pytest.mark.django_db


def file_of(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def assert_as_printed(desk, name: str, basis: Basis | None) -> None:
    expected = printed(name)
    figures = return_of(desk.pk, period=printed_period(name), basis=basis)
    totals = {label: figures.total(Total(label)) for label in expected["totals"]}
    assert totals == expected["totals"]
    assert figures.unclassified == 0
    for table in figures.tables:
        cells = expected["tables"][table.table.label_ja]
        assert [(row.code.label_ja, row.number) for row in table.rows] == list(
            cells["rows"].items()
        )
        assert table.total == cells["total"]
        assert table.counts == cells["counts"]
        assert table.base == expected["totals"][cells["counts"]]


def fill(desk) -> None:
    import_contacts(desk=desk.pk, content=file_of(contact_rows()), actor=None, at=AT)
    for name, _basis in PRINTED:
        record_opening_days(desk=desk.pk, days=opening_days(name), at=AT)


@pytest.mark.parametrize(("name", "basis"), PRINTED)
def test_one_file_reproduces_every_printed_cell(desk, name: str, basis: Basis) -> None:
    fill(desk)
    assert_as_printed(desk, name, basis)
    assert_as_printed(desk, name, None)  # it is the default, too


@pytest.mark.parametrize("in_order", [True, False])
def test_a_file_for_every_month_comes_to_the_same(desk, *, in_order: bool) -> None:
    by_month: dict[str, list[dict[str, str]]] = {}
    for row in contact_rows():
        by_month.setdefault(row["受付日時"][:7], []).append(row)
    assert len(by_month) == 18
    for month in sorted(by_month, reverse=not in_order):
        content = file_of(by_month[month])
        assert import_contacts(desk=desk.pk, content=content, actor=None, at=AT).landed
    for name, basis in PRINTED:
        record_opening_days(desk=desk.pk, days=opening_days(name), at=AT)
        assert_as_printed(desk, name, basis)


def test_what_is_taken_out_can_be_brought_to_another_desk(desk, other_desk) -> None:
    fill(desk)
    taken = export_contacts(desk=desk.pk, actor=None, at=AT)
    assert taken.startswith(b"\xef\xbb\xbf")
    assert import_contacts(desk=other_desk.pk, content=taken, actor=None, at=AT).landed
    for name, basis in PRINTED:
        record_opening_days(desk=other_desk.pk, days=opening_days(name), at=AT)
        assert_as_printed(other_desk, name, basis)
    again = export_contacts(desk=other_desk.pk, actor=None, at=AT)
    assert sorted(again.splitlines()) == sorted(taken.splitlines())
