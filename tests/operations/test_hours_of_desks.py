"""When a desk is there: hours, closing days, days on which it was open."""

import datetime as dt

import pytest

from madoguchi.desks.operations.hours import record_opening_days, set_closing_days, set_hours
from madoguchi.desks.queries import hours_of, is_open, next_opening
from madoguchi.ledger.models import Entry
from madoguchi.rules.access import RefusedError
from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.hours import Opening
from tests.people import AT

pytestmark = pytest.mark.django_db
EVENINGS = Opening(weekdays=(0, 1, 2, 3, 4), opens=dt.time(16), until=dt.time(22), last_call=30)
SECOND_SUNDAY = Opening(weekdays=(6,), nth=(2,), opens=dt.time(13), until=dt.time())


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=JAPAN)


@pytest.fixture
def hours(desk, beni):
    set_hours(desk=desk.pk, openings=[EVENINGS, SECOND_SUNDAY], actor=beni.actor, at=AT)
    return hours_of(desk.pk)


def test_hours_are_kept_as_they_were_given(hours):
    assert set(hours.openings) == {EVENINGS, SECOND_SUNDAY}


@pytest.mark.parametrize(
    ("when", "is_there"),
    [
        ("2026-11-24T15:59", False),
        ("2026-11-24T16:00", True),
        ("2026-11-24T21:29", True),
        ("2026-11-24T21:30", False),  # last call
        ("2026-11-23T17:00", False),  # 勤労感謝の日
        ("2026-11-08T23:59", True),  # second Sunday, until midnight
        ("2026-11-15T14:00", False),  # third
    ],
)
def test_a_desk_is_open_by_its_hours(desk, hours, when, is_there):
    assert is_open(desk.pk, at(when)) is is_there


def test_a_desk_without_hours_is_never_said_to_be_open(desk):
    assert not is_open(desk.pk, AT)
    assert next_opening(desk.pk, AT) is None


def test_a_closing_day_closes_whatever_the_hours_say(desk, hours, beni):
    tuesday = dt.date(2026, 11, 24)
    set_closing_days(desk=desk.pk, days=[tuesday], since=tuesday, actor=beni.actor, at=AT)
    assert not is_open(desk.pk, at("2026-11-24T17:00"))
    assert next_opening(desk.pk, at("2026-11-24T10:00")) == at("2026-11-25T16:00")


def test_closing_days_that_are_over_stay_as_they_were(desk, beni):
    first, second = dt.date(2026, 11, 24), dt.date(2026, 11, 25)
    set_closing_days(desk=desk.pk, days=[first], since=first, actor=beni.actor, at=AT)
    set_closing_days(desk=desk.pk, days=[], since=second, actor=beni.actor, at=AT)
    assert hours_of(desk.pk).closed == {first}


def test_only_a_supervisor_of_the_desk_sets_its_hours(desk, hours, aoi, chika):
    for stranger in (aoi, chika):
        with pytest.raises(RefusedError):
            set_hours(desk=desk.pk, openings=[], actor=stranger.actor, at=AT)
    assert hours_of(desk.pk) == hours


def test_who_set_what_is_in_the_ledger(desk, hours, beni):
    record_opening_days(desk=desk.pk, days=[dt.date(2025, 5, 1)], actor=beni.actor, at=AT)
    told = Entry.objects.filter(chain=str(desk.pk)).order_by("-seq")[:2]
    assert [(it.deed, it.actor) for it in told] == [
        ("OPENING_DAYS_RECORDED", beni.pk),
        ("HOURS_SET", beni.pk),
    ]
