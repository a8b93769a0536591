"""What counts differently is not compared."""

import datetime as dt
from dataclasses import replace

import pytest

from madoguchi.rules import periods
from madoguchi.rules.calendar import JAPAN, Period
from madoguchi.rules.codebooks import STANDARD, Code, CodeBook, Coding, Table, changes_in
from madoguchi.rules.comparing import Obstacle, obstacles_between, obstacles_in
from madoguchi.rules.counting import Basis, ContactFact, count, default_basis, divided
from madoguchi.rules.returns import as_values, corrections, from_values

APRIL = dt.date(2025, 4, 1)
NOW, BEFORE = periods.fiscal_year(2025), periods.fiscal_year(2024)


def return_of(period: Period, basis: Basis | None = None, books=STANDARD):
    return count([], period=period, basis=basis or default_basis(period), books=books)


def obstacles(basis: Basis | None = None, books=STANDARD) -> dict[Table, frozenset[Obstacle]]:
    now, before = return_of(NOW, basis, books), return_of(BEFORE, basis, books)
    found = {table.table: obstacles_in(table, now, before, books) for table in now.tables}
    return {table: why for table, why in found.items() if why}


def books_with(*codes: Code, coding: Coding | None = None) -> tuple[CodeBook, ...]:
    """Return the standard books, the one of 手法 followed by another next April."""
    old = next(book for book in STANDARD if book.table is Table.CHANNEL)
    others = [book for book in STANDARD if book.table is not Table.CHANNEL]
    ended = replace(old, valid_to=APRIL - dt.timedelta(days=1))
    new = CodeBook(Table.CHANNEL, APRIL, None, coding or old.coding, codes or old.codes)
    return (*others, ended, new)


def test_new_consultations_and_case_months_are_not_compared() -> None:
    of_consultations = {Table.AGE_GROUP, Table.STANDING, Table.INFRINGEMENT_KIND}
    assert obstacles() == dict.fromkeys(of_consultations, frozenset({Obstacle.BASE}))


@pytest.mark.parametrize("basis", Basis)
def test_on_one_basis_and_by_one_book_everything_is_compared(basis: Basis) -> None:
    assert obstacles(basis) == {}


def test_tables_by_different_books_are_not_compared() -> None:
    books = books_with(Code("TELEPHONE", "電話"), Code("SMOKE", "のろし"))
    assert obstacles(Basis.NEW, books) == {Table.CHANNEL: frozenset({Obstacle.BOOK})}


def test_single_and_multiple_choice_are_not_compared() -> None:
    books = books_with(coding=Coding.MULTIPLE)
    assert obstacles(Basis.NEW, books) == {Table.CHANNEL: frozenset({Obstacle.BOOK})}


def test_a_label_reworded_or_put_elsewhere_is_still_the_same() -> None:
    old = next(book for book in STANDARD if book.table is Table.CHANNEL)
    books = books_with(*(replace(code, label_ja=f"新{code.label_ja}") for code in old.codes[::-1]))
    assert obstacles(Basis.NEW, books) == {}


def test_a_year_that_is_not_over_is_not_compared() -> None:
    assert obstacles_between(NOW, BEFORE, dt.date(2026, 3, 31)) == {Obstacle.UNFINISHED}
    assert obstacles_between(NOW, BEFORE, dt.date(2026, 4, 1)) == frozenset()


def test_the_same_days_of_an_earlier_year() -> None:
    assert periods.years_before(NOW, 1) == BEFORE
    assert periods.years_before(periods.month(2024, 2), 1) == periods.month(2023, 2)
    assert periods.years_before(periods.month(2025, 2), 1) == periods.month(2024, 2)
    leap = dt.date(2024, 2, 29)
    assert periods.years_before(Period(leap, leap), 2).first == dt.date(2022, 2, 28)
    first = Period(dt.date.min, dt.date(1, 4, 3))
    assert periods.years_before(first, 1) == first


def test_a_period_over_two_books_says_from_when_which_rows_stand() -> None:
    books = books_with(Code("TELEPHONE", "でんわ"), Code("SMOKE", "のろし"))
    whole = Period(dt.date(2025, 1, 1), dt.date(2025, 6, 30))
    [change] = changes_in(books, Table.CHANNEL, whole.first, whole.last)
    assert change.on == APRIL
    assert change.added == ("のろし",)
    assert change.dropped == ("SNS", "メール", "FAX", "手紙", "面接")
    assert change.renamed == (("電話", "でんわ"),)
    assert return_of(whole, books=books).table(Table.CHANNEL).changes == (change,)
    for period in (NOW, BEFORE):
        assert return_of(period, books=books).table(Table.CHANNEL).changes == ()


def test_a_book_written_anew_without_any_change_changes_nothing() -> None:
    assert changes_in(books_with(), Table.CHANNEL, dt.date(2025, 1, 1), APRIL) == ()


def test_a_table_over_two_books_is_divided_where_the_labels_changed() -> None:
    books = books_with(Code("TELEPHONE", "でんわ"), Code("SMOKE", "のろし"))
    asked: list[Period] = []

    def part_of(period: Period):
        asked.append(period)
        return return_of(period, Basis.NEW, books)

    whole = Period(dt.date(2025, 1, 1), dt.date(2025, 6, 30))
    figures = divided(return_of(whole, Basis.NEW, books), part_of)
    parts = figures.table(Table.CHANNEL).parts
    halves = [Period(whole.first, dt.date(2025, 3, 31)), Period(APRIL, whole.last)]
    assert [it.period for it in parts] == asked == halves
    labels = [[row.code.label_ja for row in it.count.rows] for it in parts]
    assert labels == [["電話", "SNS", "メール", "FAX", "手紙", "面接"], ["でんわ", "のろし"]]
    assert all(not it.parts for it in figures.tables if it.table is not Table.CHANNEL)
    assert divided(return_of(NOW, books=books), part_of).table(Table.CHANNEL).parts == ()


def test_a_number_that_moved_from_part_to_part_is_a_correction_of_both() -> None:
    books = books_with(Code("TELEPHONE", "でんわ"), Code("SMOKE", "のろし"))
    whole = Period(dt.date(2025, 1, 1), dt.date(2025, 6, 30))

    def heard_in(month: int):
        at = dt.datetime(2025, month, 10, 10, 0, tzinfo=JAPAN)
        first = dt.datetime(2024, 1, 1, tzinfo=JAPAN)
        said = {"age_group": None, "standing": None, "kinds": frozenset()}
        fact = ContactFact("P", "1", at, first, "TELEPHONE", "ADVICE", **said)

        def part_of(period: Period):
            return count([fact], period=period, basis=Basis.NEW, books=books)

        return divided(part_of(whole), part_of)

    then, now = heard_in(2), heard_in(5)
    assert then.table(Table.CHANNEL).rows == now.table(Table.CHANNEL).rows
    assert corrections(from_values(as_values(then)), now) == (
        ("手法別（令和7年1月～3月）", "電話", 1, 0),
        ("手法別（令和7年4月～6月）", "でんわ", 0, 1),
    )


def test_a_label_reworded_divides_nothing_and_another_coding_does() -> None:
    old = next(book for book in STANDARD if book.table is Table.CHANNEL)
    reworded = books_with(*(replace(it, label_ja=f"新{it.label_ja}") for it in old.codes))
    recoded = books_with(coding=Coding.MULTIPLE)
    for books, divides in ((reworded, False), (recoded, True)):
        [change] = changes_in(books, Table.CHANNEL, dt.date(2025, 1, 1), dt.date(2025, 6, 30))
        assert change.divides is divides


def test_a_period_over_two_books_is_compared_with_nothing() -> None:
    books = books_with(Code("TELEPHONE", "電話"), Code("SMOKE", "のろし"))
    long = Period(dt.date(2024, 1, 1), dt.date(2026, 3, 31))
    before = periods.years_before(long, 1)
    now, then = return_of(long, Basis.NEW, books), return_of(before, Basis.NEW, books)
    table = now.table(Table.CHANNEL)
    assert obstacles_in(table, now, now, books) == {Obstacle.BOOK}
    assert Obstacle.BOOK in obstacles_in(table, now, then, books)
