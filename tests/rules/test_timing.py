"""How long things took: bands, and business days."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.deadlines import OFFICE, Working
from madoguchi.rules.timing import (
    HANDLING,
    TIMES,
    WAITING,
    Reply,
    band_of,
    bands,
    median,
    reply_band,
)

WORKING = Working(OFFICE, lambda day: day == dt.date(2025, 5, 5))
FRIDAY = dt.datetime(2025, 5, 2, 16, 0, tzinfo=JAPAN)


def test_bands_are_called_by_their_ends() -> None:
    assert bands(HANDLING, "分") == ["15分まで", "16～30分", "31～45分", "46～60分", "61分以上"]
    assert bands(TIMES, "回") == ["1回", "2回", "3～5回", "6回以上"]


@pytest.mark.parametrize(("minutes", "band"), [(0, 0), (15, 0), (16, 1), (60, 3), (61, 4)])
def test_the_end_of_a_band_still_belongs_to_it(minutes: int, band: int) -> None:
    assert band_of(minutes, HANDLING) == band


@given(st.lists(st.integers(0, 2000)), st.sampled_from([HANDLING, WAITING, TIMES]))
def test_everything_lies_in_one_band_and_longer_in_no_earlier_one(values, ends) -> None:
    found = [band_of(value, ends) for value in sorted(values)]
    assert found == sorted(found)
    assert all(0 <= band <= len(ends) for band in found)


@pytest.mark.parametrize(
    ("days", "reply"),
    [
        (0, Reply.SAME_DAY),
        (1, Reply.ONE_DAY),  # a Saturday: before the next business day is over
        (3, Reply.ONE_DAY),  # Monday is a holiday
        (4, Reply.ONE_DAY),
        (5, Reply.TWO_DAYS),
        (6, Reply.THREE_DAYS),
        (7, Reply.LATER),
        (400, Reply.LATER),
    ],
)
def test_a_reply_is_counted_in_days_on_which_the_desk_opens(days: int, reply: Reply) -> None:
    assert reply_band(FRIDAY, FRIDAY + dt.timedelta(days=days), WORKING) is reply


def test_who_had_no_reply_is_not_left_out() -> None:
    assert reply_band(FRIDAY, None, WORKING) is Reply.NONE


def test_the_middle_is_one_of_the_values() -> None:
    assert median([]) is None
    assert median([9]) == 9
    assert median([4, 1, 100, 3]) == 3
