"""Matters: numbered by the database, without a gap and without a double."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from madoguchi.matters.models import Matter
from madoguchi.matters.operations import lock, open_matter, reserve_numbers
from madoguchi.rules.calendar import FiscalYear
from tests.people import AT, JAPAN

YEAR = FiscalYear(2025)


def _opened(desk, at=AT):
    return open_matter(desk=desk.pk, at=at).number


@pytest.mark.django_db
def test_numbers_follow_each_other_within_desk_and_fiscal_year(desk, other_desk):
    assert [_opened(desk) for _ in range(3)] == ["R7-0001", "R7-0002", "R7-0003"]
    assert _opened(other_desk) == "R7-0001"
    march = dt.datetime(2026, 3, 31, 23, 59, tzinfo=JAPAN)
    assert _opened(desk, march) == "R7-0004"
    assert _opened(desk, march + dt.timedelta(minutes=1)) == "R8-0001"


@pytest.mark.django_db
def test_a_whole_import_reserves_its_numbers_at_once(desk, django_assert_max_num_queries):
    with transaction.atomic(), django_assert_max_num_queries(6):
        numbers = reserve_numbers(desk=desk.pk, year=YEAR, count=500)
    assert (numbers[0], numbers[-1], len(set(numbers))) == ("R7-0001", "R7-0500", 500)
    assert _opened(desk) == "R7-0501"


@pytest.mark.django_db
def test_a_number_that_was_not_used_after_all_is_given_again(desk):
    def fails():
        with transaction.atomic():
            _opened(desk)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert _opened(desk) == "R7-0001"


@pytest.mark.django_db
def test_the_database_refuses_a_number_twice(desk):
    _opened(desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Matter.objects.create(desk=desk, number="R7-0001", opened_at=AT)


@pytest.mark.django_db(transaction=True)
def test_numbers_are_neither_reserved_nor_locks_taken_outside_a_transaction(desk):
    with pytest.raises(AssertionError):
        reserve_numbers(desk=desk.pk, year=YEAR, count=1)


@pytest.mark.django_db
def test_a_locked_matter_is_the_matter_asked_for(desk):
    matter = open_matter(desk=desk.pk, at=AT)
    with transaction.atomic():
        assert lock(matter.pk) == matter


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_a_number_each(desk):
    def three(_):
        try:
            return [_opened(desk) for _ in range(3)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        given = [number for numbers in threads.map(three, range(8)) for number in numbers]
    assert sorted(given) == [f"R7-{n:04}" for n in range(1, 25)]
