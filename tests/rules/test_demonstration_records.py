"""The demonstration records, read and counted without a database."""

from collections import defaultdict

import pytest

from madoguchi.demo.records import (
    FY2024,
    FY2025_H1,
    contact_rows,
    opening_days,
    printed,
    printed_period,
)
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.codebooks import STANDARD
from madoguchi.rules.contact_records import ContactRecord, Reader, reconciled
from madoguchi.rules.counting import Basis, ContactFact, Total, count

WINDOWS = "ihaho moj hibo-hotline safeline ihc houterasu lawyer police school".split()


def _records() -> list[ContactRecord]:
    reader = Reader(books=STANDARD, windows=WINDOWS)
    read = [reader.read(row) for row in contact_rows()]
    assert not [faults for faults in read if isinstance(faults, list)]
    return [record for record in read if isinstance(record, ContactRecord)]


def _facts() -> list[ContactFact]:
    consultations = defaultdict(list)
    for record in _records():
        consultations[record.person, record.matter].append(record)
    facts = []
    for (person, matter), records in consultations.items():
        known = reconciled(records)
        first = min(record.at for record in records)
        facts += [
            ContactFact(
                person,
                matter,
                each.at,
                first,
                each.channel,
                each.action,
                known.age_group,
                known.standing,
                known.kinds,
            )
            for each in records
        ]
    return facts  # fmt: skip


@pytest.mark.parametrize(("name", "basis"), [(FY2024, Basis.NEW), (FY2025_H1, Basis.CASE_MONTH)])
def test_the_records_count_to_every_printed_cell(name: str, basis: Basis) -> None:
    expected = printed(name)
    figures = count(
        _facts(),
        period=printed_period(name),
        basis=basis,
        books=STANDARD,
        opening_days=len(opening_days(name)),
    )
    totals = {label: figures.total(Total(label)) for label in expected["totals"]}
    assert totals == expected["totals"]
    for table in figures.tables:
        printed_table = expected["tables"][table.table.label_ja]
        assert {row.code.label_ja: row.number for row in table.rows} == printed_table["rows"]
        assert table.total == printed_table["total"]
        assert table.counts == printed_table["counts"]
        assert table.is_multiple is printed_table["multiple"]


def test_the_records_are_the_same_every_time() -> None:
    assert contact_rows() == contact_rows()


def test_people_are_heard_while_the_desk_is_open() -> None:
    days = {*opening_days(FY2024), *opening_days(FY2025_H1)}
    for record in _records():
        at = in_japan(record.at)
        assert at.date() in days
        if record.channel in {"TELEPHONE", "SNS", "INTERVIEW"}:
            assert 13 <= at.hour <= 21


def test_some_persons_have_two_matters_and_some_matters_two_years() -> None:
    facts, first_year = _facts(), printed_period(FY2024)
    matters = {(fact.person, fact.matter) for fact in facts}
    assert len({person for person, _matter in matters}) < len(matters)
    assert any(fact.first_at in first_year and fact.at not in first_year for fact in facts)
