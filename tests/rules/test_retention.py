"""保存期間: years from the next fiscal year on, holds, what stands in the way."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules.access import RefusedError
from madoguchi.rules.calendar import JAPAN, FiscalYear
from madoguchi.rules.retention import Kept, check_may_erase, due_on, starts_on

CLOSED = dt.datetime(2025, 3, 31, 23, 59, tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("closed", "years", "due"),
    [
        ("2025-03-31", 3, "2028-04-01"),
        ("2025-04-01", 3, "2029-04-01"),  # a day later, a year longer
        ("2024-02-29", 1, "2025-04-01"),
        ("2024-12-31", 5, "2030-04-01"),
    ],
)
def test_years_are_counted_from_the_next_fiscal_year(closed, years, due):
    assert due_on(dt.date.fromisoformat(closed), years) == dt.date.fromisoformat(due)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2200, 1, 1)), st.integers(1, 30))
def test_nothing_is_erased_before_its_years_are_over(closed, years):
    due = due_on(closed, years)
    assert (due.month, due.day) == (4, 1)
    assert due.year - starts_on(closed).year == years
    assert due >= closed.replace(year=closed.year + years, day=1)
    assert FiscalYear.of(due).year == FiscalYear.of(closed).year + years + 1


def _kept(**said):
    facts = {"closed_at": CLOSED, "years": 3, "is_held": False, "is_asked": False}
    return Kept(**{**facts, "unclassified": 0, **said})


DUE = dt.date(2028, 4, 1)


def test_what_is_due_may_be_erased_from_its_day_on():
    check_may_erase(_kept(), DUE)
    with pytest.raises(RefusedError, match="not-due"):
        check_may_erase(_kept(), DUE - dt.timedelta(days=1))


def test_what_the_person_asked_for_need_not_be_due():
    check_may_erase(_kept(is_asked=True), CLOSED.date())


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"is_held": True}, "held"),
        ({"is_held": True, "is_asked": True}, "held"),
        ({"closed_at": None, "is_asked": True}, "still-open"),
        ({"unclassified": 1}, "unclassified-contacts"),
    ],
)
def test_what_stands_in_the_way(said, code):
    with pytest.raises(RefusedError, match=code):
        check_may_erase(_kept(**said), DUE)
