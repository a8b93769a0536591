"""Deadlines: business days, the re-check clock, and which list a deadline stands in."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.desks.queries import is_holiday
from madoguchi.rules.calendar import JAPAN, in_japan
from madoguchi.rules.deadlines import (
    OFFICE,
    RECHECK_AFTER,
    Distance,
    Nearness,
    Working,
    distance,
    nearness,
    recheck_due,
    reply_due,
    week_ends_before,
)
from madoguchi.rules.hours import Hours, Opening

WORKING = Working(OFFICE, is_holiday)
NEVER = Working(Hours(()), is_holiday)
EVENINGS = Working(
    Hours((Opening(weekdays=(0, 2, 4, 6), opens=dt.time(16), until=dt.time(22)),)), is_holiday
)


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=JAPAN)


instants = st.datetimes(
    min_value=at("2020-01-01").replace(tzinfo=None),
    max_value=at("2030-12-31").replace(tzinfo=None),
    timezones=st.just(JAPAN),
)
workings = st.sampled_from([WORKING, EVENINGS, NEVER])
few = st.integers(min_value=1, max_value=15)


@pytest.mark.parametrize(
    ("came", "days", "due"),
    [
        ("2026-11-24T10:00", 3, "2026-11-27T17:00"),  # Tuesday: Wednesday is the first day
        ("2026-11-24T23:59", 3, "2026-11-27T17:00"),
        ("2026-11-20T10:00", 1, "2026-11-24T17:00"),  # Friday; Monday is 勤労感謝の日
        ("2026-11-22T03:00", 1, "2026-11-24T17:00"),  # a Sunday
        ("2026-12-28T16:00", 1, "2027-01-04T17:00"),  # over the turn of the year
        ("2026-04-28T09:00", 2, "2026-05-01T17:00"),  # 昭和の日 lies between
        ("2026-11-24T10:00", 0, "2026-11-24T17:00"),
    ],
)
def test_a_reply_falls_due_on_a_business_day_and_the_first_day_is_not_counted(came, days, due):
    assert reply_due(at(came), days, WORKING) == at(due)


def test_a_closing_day_is_no_business_day():
    closed = Working(Hours(OFFICE.openings, frozenset({dt.date(2026, 11, 25)})), is_holiday)
    assert reply_due(at("2026-11-24T10:00"), 1, closed) == at("2026-11-26T17:00")


@given(instants, few, workings)
def test_a_reply_is_never_due_on_the_day_it_came_nor_on_a_closed_day(came, days, working):
    due = in_japan(reply_due(came, days, working)).date()
    assert due > came.date()
    assert working is NEVER or working.is_business_day(due)


@given(instants, few, workings)
def test_as_many_business_days_lie_between_as_were_promised(came, days, working):
    due = in_japan(reply_due(came, days, working)).date()
    passed = [came.date() + dt.timedelta(days=n) for n in range(1, (due - came.date()).days + 1)]
    assert len([day for day in passed if working is NEVER or working.is_business_day(day)]) == days


@given(instants, few, workings)
def test_one_more_day_promised_is_later_and_one_day_later_is_never_earlier(came, days, working):
    due = reply_due(came, days, working)
    assert reply_due(came, days + 1, working) > due
    assert reply_due(came + dt.timedelta(days=1), days, working) >= due


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-24T10:00", "2026-11-24T12:00"),
        ("2026-11-24T16:30", "2026-11-24T17:00"),  # before everybody goes home
        ("2026-11-24T18:00", "2026-11-25T09:00"),  # closed: as soon as somebody is there
        ("2026-11-24T07:30", "2026-11-24T09:30"),
        ("2026-11-20T18:00", "2026-11-24T09:00"),
    ],
)
def test_who_could_not_be_reached_is_asked_again_soon(asked, due):
    assert recheck_due(at(asked), WORKING) == at(due)


@given(instants, workings)
def test_the_recheck_clock_always_runs_ahead_and_stops_while_somebody_is_there(asked, working):
    due = recheck_due(asked, working)
    opens = working.hours.next_opening(asked, is_holiday) or asked + RECHECK_AFTER
    assert asked < due <= max(asked + RECHECK_AFTER, opens)


@pytest.mark.parametrize(
    ("due", "stands"),
    [
        ("2026-11-25T10:59", Nearness.OVERDUE),
        ("2026-11-25T11:00", Nearness.TODAY),
        ("2026-11-25T23:59", Nearness.TODAY),
        ("2026-11-26T00:00", Nearness.THIS_WEEK),
        ("2026-11-29T23:59", Nearness.THIS_WEEK),  # Sunday
        ("2026-11-30T00:00", Nearness.LATER),
    ],
)
def test_a_deadline_stands_in_one_list(due, stands):
    assert nearness(at(due), at("2026-11-25T11:00")) is stands


@given(instants, instants)
def test_the_lists_end_with_the_week(due, now):
    is_later = nearness(due, now) is Nearness.LATER
    assert is_later == (due >= max(now, week_ends_before(now)))


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2026-11-25T13:05", Distance(2, "HOURS", is_over=False)),
        ("2026-11-25T11:59", Distance(59, "MINUTES", is_over=False)),
        ("2026-11-27T09:00", Distance(2, "DAYS", is_over=False)),
        ("2026-11-26T00:10", Distance(1, "DAYS", is_over=False)),
        ("2026-11-25T09:30", Distance(1, "HOURS", is_over=True)),
        ("2026-11-20T17:00", Distance(5, "DAYS", is_over=True)),
    ],
)
def test_how_far_a_deadline_is_is_said_in_its_largest_unit(due, said):
    assert distance(at(due), at("2026-11-25T11:00")) == said
