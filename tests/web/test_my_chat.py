"""My-page: talking by chat in the same consultation, whoever the person is."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import chatting, working
from madoguchi.consultations.operations.receiving import Letter, receive
from madoguchi.correspondence.models import Talk
from madoguchi.correspondence.operations import chat
from madoguchi.desks.operations.hours import set_hours
from madoguchi.ledger.models import Entry
from madoguchi.matters.models import Deadline
from madoguchi.rules.chat import Status
from madoguchi.rules.consultation import Status as Standing
from madoguchi.rules.triage import Signals
from tests.people import AT, at_the_desk
from tests.web.test_chat import ALWAYS

pytestmark = pytest.mark.django_db
STORY, WORDS = "前に書いた相談です。", "つづきを、チャットで話したいです。"
CODE = re.compile(r"\d{4}-\d{4}-\d{4}-\d{4}")


@pytest.fixture(autouse=True)
def _room(desk):
    """A desk whose chat is open."""
    set_hours(desk=desk.pk, openings=[ALWAYS], actor=None, at=AT)
    chat.set_room(desk=desk.pk, actor=None, is_open=True, at=AT)


@pytest.fixture
def emi(desk, aoi):
    """Emi's letter of long ago, in Aoi's charge."""
    received = receive(desk=desk.pk, letter=Letter(words=STORY, channel="EMAIL"), at=AT)
    working.take_charge(matter=received.matter, actor=aoi.actor, at=AT)
    return received


@pytest.fixture
def hers(emi):
    """Emi's browser at my-page."""
    client = Client()
    client.post("/my/", {"code": emi.code})
    return client


def _text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def _begin(client, words=WORDS, once=None):
    return client.post("/my/chat/", {"words": words, "once": once or uuid4().hex})


def test_a_talk_from_my_page_is_one_more_contact_by_sns_of_the_same_consultation(hers, emi, aoi):
    assert "チャットで話す" in _text(hers.get("/my/messages/"))
    assert _begin(hers)["Location"] == "/chat/talk/"
    talk = Talk.objects.get()
    assert (talk.matter_id, talk.status) == (emi.matter, Status.WAITING)
    assert Consultation.objects.count() == 1
    channels = Contact.objects.order_by("at").values_list("channel", "consultation")
    assert list(channels) == [("EMAIL", emi.matter), ("SNS", emi.matter)]
    page = _text(hers.get("/chat/talk/"))
    assert "つぎは、あなたの番です。" in page
    assert WORDS in page
    # Who waits is promised an answer, whether or not somebody is free to talk.
    assert Deadline.objects.filter(matter=emi.matter, done_at=None).exists()
    entry = Entry.objects.get(deed="HEAR")
    assert (entry.detail["channel"], entry.detail["talk"]) == ("SNS", str(talk.pk))


def test_the_place_in_the_queue_is_said(hers, desk, emi):
    now = timezone.now() - dt.timedelta(minutes=1)
    chatting.open_talk(desk=desk.pk, words="さきに来た人", signals=Signals(), at=now)
    _begin(hers)
    assert "あなたの前に、1人が待っています。" in _text(hers.get("/chat/talk/"))


def test_the_desk_sees_whose_matter_it_is_and_the_talk_stands_in_it(hers, emi, aoi, beni):
    _begin(hers)
    talk = Talk.objects.get()
    waiting = _text(at_the_desk(beni).get("/desk/chat/"))
    assert STORY in waiting
    assert "担当 あおい" in waiting
    at_the_desk(beni).post(f"/desk/chat/{talk.pk}/take/")
    # Who answers the talk does not take the matter away from who advises her.
    assert Consultation.objects.get().adviser == aoi
    chat.answer(talk=talk.pk, actor=beni.actor, words="こんにちは", at=timezone.now())
    assert "こんにちは" in _text(hers.get("/chat/talk/"))
    assert "こんにちは" in _text(hers.get("/my/messages/"))


def test_a_letter_that_nobody_opened_still_waits_when_the_talk_is_taken(hers, emi, aoi):
    _begin(hers)
    chatting.take_talk(talk=Talk.objects.get().pk, actor=aoi.actor, at=timezone.now())
    row = Consultation.objects.get()
    assert (row.unread, row.waiting_since) == (True, AT)
    assert Deadline.objects.filter(matter=emi.matter, done_at=None).exists()
    working.read(matter=emi.matter, actor=aoi.actor, at=timezone.now())
    assert not Consultation.objects.get().unread


def test_at_the_end_the_code_stays_the_one_she_has(hers, emi, aoi):
    _begin(hers)
    chatting.take_talk(talk=Talk.objects.get().pk, actor=aoi.actor, at=timezone.now())
    assert "番号（受付コード）を先に見る" not in _text(hers.get("/chat/talk/"))
    hers.post("/chat/talk/code/")
    over = _text(hers.post("/chat/leave/", follow=True))
    assert "番号は、これまでと同じです。" in over
    assert not CODE.search(over)
    again = Client()
    assert again.post("/my/", {"code": emi.code})["Location"] == "/my/messages/"


def test_pressed_twice_one_talk_begins(hers):
    for _press in range(2):
        _begin(hers, once="the-same-form")
    assert Talk.objects.count() == 1
    assert Talk.objects.get().lines.count() == 1


def test_another_screen_of_hers_goes_on_with_the_same_talk(hers, emi):
    _begin(hers)
    other = Client()
    other.post("/my/", {"code": emi.code})
    assert "チャットにもどる" in _text(other.get("/my/messages/"))
    assert other.get("/my/chat/")["Location"] == "/chat/talk/"
    assert WORDS in _text(other.get("/chat/talk/"))
    _begin(other, "こちらの画面からも書きます。")
    assert (Talk.objects.count(), Talk.objects.get().lines.count()) == (1, 2)


def test_a_closed_matter_comes_back_to_the_inbox(hers, emi, aoi):
    Consultation.objects.update(status="CLOSED", closed_at=AT)
    _begin(hers)
    row = Consultation.objects.get()
    assert (row.status, row.closed_at, row.unread) == (Standing.RECEIVED, None, True)


def test_out_of_hours_the_page_says_when_and_gives_the_words_back(hers, desk):
    set_hours(desk=desk.pk, openings=[], actor=None, at=AT)
    answer = _begin(hers)
    assert "いまは、チャットの時間外です" in _text(answer)
    assert WORDS in _text(answer)
    assert 'href="/my/messages/"' in _text(answer)
    assert not Talk.objects.exists()


def test_a_desk_without_a_chat_offers_none(hers, desk):
    chat.set_room(desk=desk.pk, actor=None, is_open=False, at=AT)
    assert "チャット" not in _text(hers.get("/my/messages/"))
    assert "いまは、チャットを受けていません" in _text(hers.get("/my/chat/"))


def test_without_my_page_there_is_no_talk_in_somebodys_matter(emi):
    answer = _begin(Client())
    assert answer.status_code in (200, 302)
    assert not Talk.objects.exists()


def test_what_was_typed_too_late_is_given_back_and_not_sent(hers):
    mine = hers.session["my"]
    session = hers.session
    session["my"] = {**mine, "used_at": (timezone.now() - dt.timedelta(minutes=16)).isoformat()}
    session.save()
    assert WORDS in _text(_begin(hers))
    assert not Talk.objects.exists()


def test_words_of_danger_put_the_talk_first(hers, emi):
    _begin(hers, "しにたい")
    assert Talk.objects.get().is_urgent
    assert Consultation.objects.get().safety_check_due


def test_words_are_needed(hers):
    assert "ここに、ひとことだけでも書いてください。" in _text(_begin(hers, ""))
    assert not Talk.objects.exists()


@pytest.mark.parametrize("prefix", ["/en", "/easy"])
def test_it_is_there_in_every_language(hers, prefix):
    answer = hers.post(f"{prefix}/my/chat/", {"words": WORDS, "once": uuid4().hex})
    assert answer["Location"] == f"{prefix}/chat/talk/"
