"""Opening hours: weekdays, holidays, the turn of the year, nth Sundays, last call, midnight."""

import datetime as dt

import pytest

from madoguchi.directory.emergency import is_holiday
from madoguchi.directory.windows import all_windows
from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.hours import Hours, Opening

NINE_TO_FIVE = Opening(weekdays=(0, 1, 2, 3, 4), opens=dt.time(9), until=dt.time(17))
# ネットハーモニー: Mon-Sat 16-22, second Sunday 13-18, last call 30 minutes before the end.
HARMONY = Hours(
    (
        Opening(weekdays=(0, 1, 2, 3, 4, 5), opens=dt.time(16), until=dt.time(22), last_call=30),
        Opening(weekdays=(6,), nth=(2,), opens=dt.time(13), until=dt.time(18), last_call=30),
    )
)
EVENING = Hours((Opening(weekdays=(4,), opens=dt.time(20), until=dt.time()),))
SUPPORT = all_windows()["houterasu"].phones[0].hours
POLICE = all_windows()["police"].phones[0].hours


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("hours", "when", "is_open"),
    [
        (SUPPORT, "2026-11-24T08:59", False),
        (SUPPORT, "2026-11-24T09:00", True),
        (SUPPORT, "2026-11-24T20:59", True),
        (SUPPORT, "2026-11-24T21:00", False),
        (SUPPORT, "2026-11-28T16:59", True),  # a Saturday
        (SUPPORT, "2026-11-28T17:00", False),
        (SUPPORT, "2026-11-22T12:00", False),  # a Sunday
        (SUPPORT, "2026-11-23T12:00", False),  # 勤労感謝の日
        (SUPPORT, "2026-09-22T12:00", False),  # 国民の休日 between two holidays
        (SUPPORT, "2026-12-28T12:00", True),
        (SUPPORT, "2026-12-29T12:00", False),
        (SUPPORT, "2027-01-03T12:00", False),
        (SUPPORT, "2027-01-04T12:00", True),
        (POLICE, "2027-01-01T03:00", True),
        (HARMONY, "2026-11-24T21:29", True),
        (HARMONY, "2026-11-24T21:30", False),
        (HARMONY, "2026-11-08T13:00", True),  # the second Sunday
        (HARMONY, "2026-11-15T13:00", False),  # the third
        (EVENING, "2026-11-27T23:59", True),
        (EVENING, "2026-11-28T00:00", False),
    ],
)
def test_a_window_is_open_when_it_says_so(hours, when, is_open):
    assert hours.is_open(at(when), is_holiday) is is_open


@pytest.mark.parametrize(
    ("hours", "when", "opens"),
    [
        (SUPPORT, "2026-11-24T08:00", "2026-11-24T09:00"),
        (SUPPORT, "2026-11-24T12:00", "2026-11-25T09:00"),
        (SUPPORT, "2026-11-21T18:00", "2026-11-24T09:00"),  # over Sunday and a holiday
        (SUPPORT, "2026-12-28T22:00", "2027-01-04T09:00"),
        (HARMONY, "2026-11-07T22:00", "2026-11-08T13:00"),
    ],
)
def test_the_next_opening_is_the_first_after_now(hours, when, opens):
    assert hours.next_opening(at(when), is_holiday) == at(opens)


def test_another_time_zone_is_read_on_japans_clock():
    noon_in_japan = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
    assert Hours((NINE_TO_FIVE,)).is_open(noon_in_japan, is_holiday)


def test_only_round_the_clock_is_always():
    assert POLICE.always
    assert not SUPPORT.always


def test_hours_that_end_before_they_begin_are_refused():
    with pytest.raises(ValueError, match="before they begin"):
        Opening(weekdays=(0,), opens=dt.time(17), until=dt.time(9))


def test_hours_that_never_come_have_no_next_opening():
    never = Hours((Opening(weekdays=(0,), nth=(6,), opens=dt.time(9), until=dt.time(17)),))
    assert never.next_opening(at("2026-11-22T12:00"), is_holiday) is None
