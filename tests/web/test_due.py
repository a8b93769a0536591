"""Deadlines as the desk's pages show them."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from madoguchi.consultations.operations import receiving, working
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.operations.words import begin_draft
from madoguchi.matters.models import Deadline
from madoguchi.matters.operations.timing import Due, set_deadline
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.deadlines import Named
from madoguchi.workbench.templatetags.desk import due_day, due_far
from tests.people import AT, at_the_desk


@pytest.fixture
def emi(desk):
    """Emi's matter, received long ago: her reply is overdue."""
    letter = Letter(words="なりすましのアカウントがあります", channel="EMAIL")
    return receiving.receive(desk=desk.pk, letter=letter, at=AT)


@pytest.fixture
def table(aoi):
    """Aoi's browser."""
    return at_the_desk(aoi)


def _said(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def _soon(**apart):
    return timezone.now() + dt.timedelta(**apart)


def test_a_deadline_says_the_day_and_how_far_it_is():
    now = dt.datetime(2026, 11, 25, 15, 0, tzinfo=AT.tzinfo)
    today = now.replace(hour=17)
    assert f"{due_day(today, now)}・{due_far(today, now)}" == "きょう 17時00分・あと2時間"
    friday = today + dt.timedelta(days=2)
    assert due_day(friday, now) == "11月27日（金） 17時00分"
    assert due_far(friday, now) == "あと2日"
    assert due_far(now - dt.timedelta(hours=3), now) == "3時間前に過ぎた"


def test_the_three_lists_stand_on_one_page_and_the_menu_counts(emi, table, aoi):
    set_deadline(
        matter=emi.matter,
        due=Due(Named.EXPERT, _soon(seconds=5), words="弁護士の返事"),
        actor=aoi.actor,
        at=timezone.now(),
    )
    said = _said(table.get("/desk/due/"))
    assert "過ぎた 1 初回返信" in said
    assert "今週 0" in said
    assert f"{emi.number} なりすまし" in said
    assert re.search(r"期限 2 ", said)  # the overdue one and today's (or tomorrow's, at midnight)


def test_a_colleagues_deadlines_stand_under_the_whole_desk(emi, table, beni):
    working.take_charge(matter=emi.matter, actor=beni.actor, at=AT)
    assert emi.number not in _said(table.get("/desk/due/"))
    assert emi.number in _said(table.get("/desk/due/?whose=all"))


def test_the_matters_page_shows_what_is_due_and_takes_more(emi, table):
    where = f"/desk/matters/{emi.number}/"
    due = in_japan(_soon(days=2))
    posted = {"name": "CALL_BACK", "day": f"{due:%Y-%m-%d}", "time": "10:30", "words": "昼に"}
    table.post(f"{where}deadlines/", {**posted, "call_as": "PERSON", "voice_mail": "no"})
    said = _said(table.get(where))
    assert "初回返信" in said
    assert re.search(
        r"折り返し電話 .*10時30分 昼に 名乗り方：個人の名前だけ言う・留守電に残さない", said
    )


def test_a_deadline_without_a_time_is_asked_for_again(emi, table):
    where = f"/desk/matters/{emi.number}/deadlines/"
    answer = table.post(where, {"name": "OWN", "day": "2030-01-07", "words": "書類を送る"})
    assert answer.status_code == 400
    assert "書類を送る" in answer.content.decode()
    assert not Deadline.objects.filter(name=Named.OWN).exists()


def test_a_deadline_is_met_and_moved_from_the_list(emi, table, aoi):
    row = set_deadline(
        matter=emi.matter, due=Due(Named.OWN, _soon(hours=1)), actor=aoi.actor, at=timezone.now()
    )
    table.post(f"/desk/deadlines/{row.pk}/move/", {"day": "2099-01-05", "time": "09:00"})
    row.refresh_from_db()
    assert in_japan(row.due_at).isoformat() == "2099-01-05T09:00:00+09:00"
    answer = table.post(f"/desk/deadlines/{row.pk}/move/", {"day": "2099-01-05"}, follow=True)
    assert "両方えらんでください" in answer.content.decode()
    past = {"day": "2020-01-06", "time": "09:00", "number": emi.number}
    answer = table.post(f"/desk/deadlines/{row.pk}/move/", past, follow=True)
    assert "期限が過去になっています" in answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith(f"/matters/{emi.number}/")
    table.post(f"/desk/deadlines/{row.pk}/met/")
    row.refresh_from_db()
    assert row.done_by == aoi
    answer = table.post(f"/desk/deadlines/{row.pk}/met/", follow=True)
    assert "もう済んでいます" in answer.content.decode()


@pytest.mark.parametrize("who", ["chika", "daichi"])
def test_to_a_stranger_no_deadline_exists(emi, who, request):
    stranger = at_the_desk(request.getfixturevalue(who))
    row = Deadline.objects.get()
    for deed in ("met", "move"):
        posted = {"day": "2099-01-05", "time": "09:00"}
        assert stranger.post(f"/desk/deadlines/{row.pk}/{deed}/", posted).status_code == 404
    page = stranger.get("/desk/due/")
    assert page.status_code == 404 or emi.number not in _said(page)
    row.refresh_from_db()
    assert row.done_at is None


def test_a_promised_call_is_taken_from_the_note(table, aoi, desk):
    draft = begin_draft(actor=aoi.actor, kind=Kind.NOTE, matter=None, at=timezone.now())
    due = in_japan(_soon(days=3))
    posted = {
        "words": "いまは話せない",
        "channel": "TELEPHONE",
        "back_day": f"{due:%Y-%m-%d}",
        "back_time": "14:00",
        "back_as": "PERSON",
        "back_mail": "no",
    }
    half = {**posted, "back_time": ""}
    answer = table.post(f"/desk/drafts/{draft.pk}/record/", half)
    assert "日と時刻の両方" in answer.content.decode()
    answer = table.post(f"/desk/drafts/{draft.pk}/record/", posted, follow=True)
    said = _said(answer)
    assert re.search(
        r"折り返し電話 .*14時00分 名乗り方：個人の名前だけ言う・留守電に残さない", said
    )
    assert Deadline.objects.get().set_by == aoi


def test_an_appointment_in_person_has_a_name_of_its_own(emi, table):
    due = in_japan(_soon(days=2))
    posted = {"name": "APPOINTMENT", "day": f"{due:%Y-%m-%d}", "time": "10:30", "words": "2階"}
    page = table.post(f"/desk/matters/{emi.number}/deadlines/", posted, follow=True)
    assert "面接の約束" in _said(page)
    assert Deadline.objects.get(name=Named.APPOINTMENT)
