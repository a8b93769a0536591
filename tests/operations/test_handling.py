"""How the desk works, from its rows: how long, how often, whereto."""

import datetime as dt

import pytest

from madoguchi.consultations.operations import linking, receiving, working
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.rules import periods
from madoguchi.rules.linking import Tie
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.timing import Reply
from madoguchi.statistics.queries import connecting, handling
from madoguchi.statistics.queries.units import Spread, spread
from tests.operations.test_quality import bring
from tests.people import AT

MAY = periods.month(2025, 5)
LETTER = Letter(words="困っています", channel="EMAIL")

pytestmark = pytest.mark.django_db


def test_minutes_stand_in_their_bands_and_what_is_not_told_in_none(desk) -> None:
    for number, minutes in enumerate(("0", "15", "16", "61", "")):
        bring(desk, 内容=str(number), 所要分=minutes)
    assert handling.minutes_in(desk.pk, MAY) == Spread(4, {"0": 2, "1": 1, "4": 1})
    assert spread(handling.minutes(desk.pk, MAY)) == handling.minutes_in(desk.pk, MAY)
    assert handling.minutes_in(desk.pk, periods.month(2025, 4)) == Spread(0, {})


def test_windows_are_counted_once_to_a_contact(desk, other_desk) -> None:
    bring(desk, 内容="1", 紹介先="moj;police")
    bring(desk, 内容="2", 紹介先="moj")
    bring(desk, 内容="3")
    bring(other_desk, 内容="1", 紹介先="ihaho")
    assert connecting.windows_in(desk.pk, MAY) == Spread(2, {"moj": 2, "police": 1})


def test_linked_consultations_are_heard_as_one(desk, aoi) -> None:
    one, other, twice = (
        receiving.receive(desk=desk.pk, letter=LETTER, at=AT).matter for _each in range(3)
    )
    bring(desk, 内容="1")
    assert handling.times_in(desk.pk, MAY) == Spread(4, {"0": 4})
    later = AT + dt.timedelta(days=1)
    linking.link(matters=(one, other), tie=Tie.SAME_MATTER, actor=aoi.actor, at=later)
    assert handling.times_in(desk.pk, MAY) == Spread(3, {"0": 2, "1": 1})
    linking.link(matters=(twice, one), tie=Tie.TWICE, actor=aoi.actor, at=later)
    assert handling.times_in(desk.pk, MAY) == Spread(2, {"0": 1, "1": 1})


def test_the_first_reply_counts_and_no_later_one(desk, aoi) -> None:
    first, second, _third = (
        receiving.receive(desk=desk.pk, letter=LETTER, at=AT).matter for _each in range(3)
    )
    for matter, days in ((first, 0), (first, 8), (second, 20)):
        at = AT + dt.timedelta(days=days, minutes=5)
        if not days or matter == second:
            working.take_charge(matter=matter, actor=aoi.actor, at=at)
        working.reply(matter=matter, words="読みました", actor=aoi.actor, at=at)
    found = handling.replies_in(desk.pk, MAY)
    assert found.spread == Spread(3, {Reply.SAME_DAY: 1, Reply.LATER: 1, Reply.NONE: 1})
    assert found.in_time == 1
    assert handling.replies_in(desk.pk, periods.month(2025, 6)).spread.base == 0


def test_only_the_code_of_a_service_is_read_from_what_people_told(desk, monkeypatch) -> None:
    for service, places in (("x", "https://example.jp/a"), ("x", ""), ("", "ここ"), ("", "")):
        told = Particulars(service=service, places=places)
        letter = Letter(words="困っています", channel="EMAIL", particulars=told)
        receiving.receive(desk=desk.pk, letter=letter, at=AT)
    found = handling.services_in(desk.pk, MAY)
    assert found.spread == Spread(2, {"x": 2})
    assert found.with_places == 2
    monkeypatch.setattr(handling, "MOST_OPENED", 2)
    assert handling.services_in(desk.pk, MAY) is None
