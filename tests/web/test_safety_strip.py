"""The strip that asks whether somebody is safe: why, since when, and what came of asking."""

import datetime as dt

import pytest
from django.utils import timezone

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import chatting, receiving, working
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.correspondence.models import Kind, Line, Message
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.matters.models import Deadline
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.deadlines import Named
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.triage import Signals
from tests.people import AT, at_the_desk

LATER = AT + dt.timedelta(hours=5)
WORDS, ANSWER = "思わせることばがあります", "「いま安全ではない」と答えています"


@pytest.fixture
def emi(desk):
    """Emi, who answered that she is not safe."""
    letter = Letter(
        words="家にいられません。",
        channel="EMAIL",
        signals=Signals(says_unsafe=True),
        particulars=Particulars(safe_now="no"),
    )
    return receiving.receive(desk=desk.pk, letter=letter, at=AT)


@pytest.fixture
def table(aoi):
    """Aoi's browser."""
    return at_the_desk(aoi)


def _strip(client, number):
    page = client.get(f"/desk/matters/{number}/").content.decode()
    return page.split(' safety">')[1].split("</form>")[0] if ' safety">' in page else ""


def _checks(client, number, **said):
    return client.post(f"/desk/matters/{number}/safety/", said)


def _writes(emi, at=LATER):
    signals = Signals(danger_words=True)
    receiving.hear(matter=emi.matter, words="いま橋の上", channel="EMAIL", signals=signals, at=at)


def test_an_alarm_raised_anew_says_the_new_reason_and_leads_to_the_new_words(emi, table, aoi):
    assert ANSWER in _strip(table, emi.number)
    check = working.Check(words="母といる。")
    working.check_safety(matter=emi.matter, actor=aoi.actor, at=AT, check=check)
    assert _strip(table, emi.number) == ""
    _writes(emi)
    strip = _strip(table, emi.number)
    assert WORDS in strip
    assert ANSWER not in strip
    new = Message.objects.get(kind=Kind.FROM_PERSON, at=LATER)
    assert f'href="#said-{new.pk}"' in strip
    assert "19時" in strip or "19:00" in strip
    page = table.get(f"/desk/matters/{emi.number}/").content.decode()
    assert f'id="said-{new.pk}"' in page


def test_both_reasons_are_said_while_both_hold(emi, table):
    _writes(emi)
    strip = _strip(table, emi.number)
    assert WORDS in strip
    assert ANSWER in strip


def test_a_line_of_a_chat_that_raised_the_alarm_is_one_press_away(desk, table, aoi):
    talk = chatting.open_talk(desk=desk.pk, words="聞いて", signals=Signals(), at=AT)
    chatting.take_talk(talk=talk.talk, actor=aoi.actor, at=AT)
    line = chatting.say(
        talk=talk.talk, words="いま橋の上", signals=Signals(danger_words=True), at=LATER
    )
    number = Consultation.objects.get().matter.number
    where = f"/desk/chat/{talk.talk}/"
    assert f'href="{where}#line-{line.pk}"' in _strip(table, number)
    assert f'id="line-{line.pk}"' in table.get(where).content.decode()
    assert Line.objects.count() == 2


def test_who_says_that_somebody_is_safe_says_what_was_said_and_it_is_kept(emi, table, desk):
    assert _checks(table, emi.number, how="SPOKEN").status_code == 400
    assert Consultation.objects.get().safety_check_due
    _checks(table, emi.number, how="SPOKEN", words="母といる。")
    row = Consultation.objects.get()
    assert not row.safety_check_due
    memo = messages_in(row.matter, Kind.MEMO)[0]
    assert memo.words == "話して安全を確かめた：母といる。"
    assert "母といる" not in str(Message.objects.get(kind=Kind.MEMO).words)


@pytest.mark.parametrize(("again", "days"), [("SOON", (0, 4)), ("IN_A_WEEK", (7, 20))])
def test_who_is_safe_now_may_be_asked_again_and_the_strip_stays_for_it(emi, table, again, days):
    _checks(table, emi.number, how="SPOKEN", words="母といる。", again=again)
    [due] = Deadline.objects.filter(name=Named.SAFETY, done_at=None)
    ahead = (in_japan(due.due_at).date() - in_japan(timezone.now()).date()).days
    assert days[0] <= ahead <= days[1]
    strip = _strip(table, emi.number)
    assert "安全の再確認をします" in strip
    _checks(table, emi.number, how="SPOKEN", words="きょうも母といる。")
    assert not Deadline.objects.filter(name=Named.SAFETY, done_at=None).exists()
    assert _strip(table, emi.number) == ""
