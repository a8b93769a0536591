"""What the desk's pages ask before a matter is closed, or a talk ended."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import chatting
from madoguchi.consultations.queries.unfinished import unfinished_in
from madoguchi.correspondence.models import Talk
from madoguchi.ledger.models import Entry
from madoguchi.matters.operations.timing import Due, set_deadline
from madoguchi.rules.chat import Status as Talking
from madoguchi.rules.consultation import Status
from madoguchi.rules.deadlines import Named
from madoguchi.rules.triage import Signals
from tests.handovers import emis_matter
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
SUMMARY = "夜ねむれないという話を聞いた。"


def _text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def emi(desk, aoi):
    """Emi's matter, in which a call and an interview are promised."""
    received = emis_matter(desk, aoi)
    Contact.objects.update(action="ADVICE")
    for name in (Named.CALL_BACK, Named.APPOINTMENT):
        due = Due(name, timezone.now() + dt.timedelta(days=2))
        set_deadline(matter=received.matter, due=due, actor=aoi.actor, at=timezone.now())
    return received


@pytest.fixture
def talk(desk, aoi):
    """A talk of Aoi's with words of danger in it."""
    now, danger = timezone.now(), Signals(danger_words=True)
    opened = chatting.open_talk(desk=desk.pk, words="きえたい", signals=danger, at=now)
    chatting.take_talk(talk=opened.talk, actor=aoi.actor, at=now)
    return opened


def _status(matter):
    return Consultation.objects.get(pk=matter).status


def test_what_is_open_is_named_and_closing_takes_a_tick_for_each(emi, aoi):
    browser, press = at_the_desk(aoi), f"/desk/matters/{emi.number}/close/"
    asked = browser.post(press)
    assert asked.status_code == 409
    page = _text(asked)
    assert "終結する前に、残っていることがあります" in page
    assert "折り返し電話の約束" in page
    assert "面接の約束" in page
    keys = [it.key for it in unfinished_in(Consultation.objects.get(pk=emi.matter))]
    assert all(f'value="{key}"' in page for key in keys)
    assert browser.post(press, {"left": keys[:1]}).status_code == 409
    assert _status(emi.matter) == Status.IN_PROGRESS
    done = browser.post(press, {"left": keys}, follow=True)
    assert "終結しました。" in _text(done)
    assert _status(emi.matter) == Status.CLOSED


def test_a_running_talk_is_to_be_ended_first(talk, aoi):
    Contact.objects.update(action="LISTENING")
    number = Consultation.objects.get(pk=talk.matter).matter.number
    answer = at_the_desk(aoi).post(f"/desk/matters/{number}/close/", follow=True)
    assert "チャットがつづいています。" in _text(answer)
    assert _status(talk.matter) == Status.IN_PROGRESS


def test_ending_a_talk_asks_whether_the_person_is_safe(talk, aoi):
    browser = at_the_desk(aoi)
    asked = browser.post(f"/desk/chat/{talk.talk}/end/")
    assert asked.status_code == 409
    assert "安全確認が、まだです" in _text(asked)
    assert 'form="end-talk" name="leaves" value="unsafe"' in _text(asked)
    assert Talk.objects.get().status == Talking.TALKING
    browser.post(f"/desk/chat/{talk.talk}/end/", {"leaves": "unsafe"})
    assert Talk.objects.get().status == Talking.ENDED
    assert Entry.objects.get(deed="END_TALK").detail["unsafe"] is True


def test_so_does_a_summary_that_ends_it_and_its_words_stay(talk, aoi):
    browser, press = at_the_desk(aoi), f"/desk/chat/{talk.talk}/sum-up/"
    told = {"words": SUMMARY, "action": "LISTENING"}
    asked = browser.post(press, told)
    assert asked.status_code == 409
    assert SUMMARY in _text(asked)
    assert 'form="summary" name="leaves" value="unsafe"' in _text(asked)
    browser.post(press, {**told, "leaves": "unsafe"})
    assert Talk.objects.get().status == Talking.SUMMED_UP
