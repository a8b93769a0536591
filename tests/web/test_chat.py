"""The chat's pages, for people and at the desk, as a program sees them."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import chatting
from madoguchi.correspondence.models import Line, Side, Talk
from madoguchi.correspondence.operations import chat
from madoguchi.desks.operations.hours import set_hours
from madoguchi.intake.views.chat import TALKS_AN_HOUR
from madoguchi.rules.chat import GONE_AFTER, SILENT_AFTER, Status
from madoguchi.rules.hours import Opening
from madoguchi.rules.triage import Signals
from madoguchi.vault.models import SealedSession
from madoguchi.workbench.views.chat import _seen
from tests.people import AT, at_the_desk

pytestmark = pytest.mark.django_db

WORDS = "だれかと話したいです。"
ALWAYS = Opening(
    weekdays=(0, 1, 2, 3, 4, 5, 6),
    opens=dt.time(),
    until=dt.time(),
    closed_on_holidays=False,
    closed_at_new_year=False,
)
CODE = re.compile(r"\d{4}-\d{4}-")


@pytest.fixture(autouse=True)
def _room(desk):
    """A desk whose chat is open."""
    set_hours(desk=desk.pk, openings=[ALWAYS], actor=None, at=AT)
    chat.set_room(desk=desk.pk, actor=None, is_open=True, at=AT)


@pytest.fixture
def emi():
    """Emi's browser: no name, no account."""
    return Client()


def _text(answer):
    return answer.content.decode()


def _begun(client, words=WORDS):
    answer = client.post("/chat/", {"words": words, "once": uuid4().hex})
    assert answer["Location"] == "/chat/talk/"
    return Talk.objects.latest("opened_at")


def _taken(client, user):
    talk = _begun(client)
    chatting.take_talk(talk=talk.pk, actor=user.actor, at=timezone.now())
    return talk


def _back(talk, ago, **fields):
    Talk.objects.filter(pk=talk.pk).update(**dict.fromkeys(fields, timezone.now() - ago))


# -- in, and out of hours -----------------------------------------------------------------------


def test_the_first_words_begin_a_talk_and_the_queue_is_said_honestly(emi):
    for _ in range(2):
        _begun(Client())
    talk = _begun(emi)
    page = _text(emi.get("/chat/talk/"))
    assert "あなたの前に、2人が待っています。" in page
    assert WORDS in page
    assert Contact.objects.get(pk=talk.pk).channel == "SNS"
    chatting.leave(talk=Talk.objects.earliest("opened_at").pk, at=timezone.now())
    assert "あなたの前に、1人が待っています。" in _text(emi.get("/chat/talk/live/"))


def test_pressed_twice_one_talk_begins(emi):
    for _ in range(2):
        emi.post("/chat/", {"words": WORDS, "once": "same"})
    assert Talk.objects.count() == 1


def test_without_a_word_nothing_begins(emi):
    answer = emi.post("/chat/", {"words": " "})
    assert "ひとことだけでも" in _text(answer)
    assert not Talk.objects.exists()


def test_out_of_hours_the_page_says_when_and_gives_the_words_back(emi, desk):
    set_hours(desk=desk.pk, openings=[], actor=None, at=AT)
    page = _text(emi.post("/chat/", {"words": WORDS}))
    assert "いまは、チャットの時間外です" in page
    assert WORDS in page
    assert 'href="tel:110"' in page
    assert not Talk.objects.exists()
    later = timezone.localtime() + dt.timedelta(hours=25)
    one_day = Opening(weekdays=(later.weekday(),), opens=dt.time(0, 1), until=dt.time(0, 2))
    set_hours(desk=desk.pk, openings=[one_day], actor=None, at=AT)
    assert "から話せます。" in _text(emi.get("/chat/"))


def test_a_desk_without_a_chat_says_so_and_shows_the_letterbox(emi, desk, beni):
    chat.set_room(desk=desk.pk, actor=beni.actor, is_open=False, at=AT)
    page = _text(emi.get("/chat/"))
    assert "いまは、チャットを受けていません" in page
    assert 'href="/consult/"' in page


def test_a_flood_has_to_wait_and_sees_the_numbers(emi):
    for number in range(TALKS_AN_HOUR):
        Client().post("/chat/", {"words": WORDS, "once": str(number)})
    answer = emi.post("/chat/", {"words": "べつの人です", "once": "x"})
    assert answer.status_code == 429
    assert "べつの人です" in _text(answer)
    assert 'href="tel:110"' in _text(answer)


# -- the talk -----------------------------------------------------------------------------------


def test_words_go_both_ways_and_are_seen(emi, aoi):
    talk = _taken(emi, aoi)
    at_desk = at_the_desk(aoi)
    at_desk.post(f"/desk/chat/{talk.pk}/say/", {"words": "こんにちは。聞いています。"})
    assert "こんにちは。聞いています。" in _text(emi.get("/chat/talk/live/"))
    emi.post("/chat/talk/", {"words": "ありがとうございます", "once": "2"})
    page = _text(at_desk.get(f"/desk/chat/{talk.pk}/live/"))
    assert "ありがとうございます" in page
    assert "読まれた" in page
    assert "相談員が読みました" in _text(emi.get("/chat/talk/live/"))


def test_nothing_new_has_no_body_and_asks_little(emi, aoi, django_assert_max_num_queries):
    talk = _taken(emi, aoi)
    mark = emi.get("/chat/talk/live/")["ETag"]
    with django_assert_max_num_queries(2):
        answer = emi.get("/chat/talk/live/", headers={"If-None-Match": mark})
    assert (answer.status_code, answer.content) == (304, b"")
    chat.answer(talk=talk.pk, actor=aoi.actor, words="はい", at=timezone.now())
    answer = emi.get("/chat/talk/live/", headers={"If-None-Match": mark})
    assert answer.status_code == 200
    assert "はい" in _text(answer)


def test_the_other_side_is_seen_writing(emi, aoi):
    talk = _taken(emi, aoi)
    at_desk = at_the_desk(aoi)
    mark = at_desk.get(f"/desk/chat/{talk.pk}/live/")["ETag"]
    emi.post("/chat/talk/typed/", {"words": "あの"})
    answer = at_desk.get(f"/desk/chat/{talk.pk}/live/", headers={"If-None-Match": mark})
    assert "相手が書いています" in _text(answer)
    at_desk.post(f"/desk/chat/{talk.pk}/typed/", {"field": "line", "words": "はい"})
    assert "相談員が書いています" in _text(emi.get("/chat/talk/live/"))


def test_what_is_half_written_survives_a_reload_and_lies_in_the_session_alone(emi, aoi):
    talk = _taken(emi, aoi)
    emi.post("/chat/talk/typed/", {"words": "まだ書いている途中"})
    assert "まだ書いている途中</textarea>" in _text(emi.get("/chat/talk/"))
    assert "まだ書いている途中".encode() not in bytes(SealedSession.objects.get().payload)
    assert Line.objects.count() == 1
    emi.post("/chat/talk/", {"words": "書き終えた", "once": "3"})
    assert "まだ書いている途中" not in _text(emi.get("/chat/talk/"))
    at_desk = at_the_desk(aoi)
    for field, words in (
        ("line", "返事の途中"),
        ("summary", "まとめの途中"),
        ("memo", "メモの途中"),
    ):
        at_desk.post(f"/desk/chat/{talk.pk}/typed/", {"field": field, "words": words})
        assert f"{words}</textarea>" in _text(at_desk.get(f"/desk/chat/{talk.pk}/"))


def test_without_scripts_looking_anew_keeps_what_is_half_written(emi, aoi):
    _taken(emi, aoi)
    emi.post("/chat/talk/", {"words": "とちゅう", "do": "look"})
    assert Line.objects.count() == 1
    assert "とちゅう</textarea>" in _text(emi.get("/chat/talk/"))


def test_who_waits_without_scripts_may_let_the_page_come_anew(emi, aoi):
    talk = _begun(emi)
    assert "http-equiv" not in _text(emi.get("/chat/talk/"))
    page = _text(emi.get("/chat/talk/?again=1"))
    assert '<meta http-equiv="refresh" content="30">' in page
    assert "<textarea" not in page
    chatting.take_talk(talk=talk.pk, actor=aoi.actor, at=timezone.now())
    assert "http-equiv" not in _text(emi.get("/chat/talk/?again=1"))


def test_words_of_danger_bring_the_numbers_and_the_talk_goes_on(emi, aoi):
    talk = _taken(emi, aoi)
    assert 'href="tel:0120279338"' not in _text(emi.get("/chat/talk/"))
    emi.post("/chat/talk/", {"words": "もう消えたいです", "once": "4"})
    page = _text(emi.get("/chat/talk/"))
    assert 'href="tel:0120279338"' in page
    assert "送る" in page
    talk.refresh_from_db()
    assert (talk.status, talk.is_urgent) == (Status.TALKING, True)
    assert Consultation.objects.get().safety_check_due
    assert "安全確認" in _text(at_the_desk(aoi).get(f"/desk/chat/{talk.pk}/"))


# -- the end ------------------------------------------------------------------------------------


def test_at_the_end_there_is_the_code_once_and_nothing_that_was_said(emi, aoi):
    _taken(emi, aoi)
    assert emi.post("/chat/leave/")["Location"] == "/chat/over/"
    page = _text(emi.get("/chat/over/"))
    [code] = re.findall(r'<span class="nb">([\d-]+)</span><span class="nb">([\d-]+)</span>', page)
    assert WORDS not in page
    assert not CODE.search(_text(emi.get("/chat/over/")))
    phone = Client()
    assert phone.post("/my/", {"code": "".join(code)})["Location"] == "/my/messages/"
    assert WORDS in _text(phone.get("/my/messages/"))


def test_silence_ends_the_talk_with_a_neutral_page(emi, aoi):
    talk = _taken(emi, aoi)
    _back(talk, SILENT_AFTER * 2, last_line_at=1)
    assert 'data-go="/chat/over/"' in _text(emi.get("/chat/talk/live/"))
    page = _text(emi.get("/chat/over/"))
    assert "あなたを守るために終えました。" in page
    assert "ページを閉じました" not in page
    assert WORDS not in page


def test_a_line_that_came_too_late_is_given_back(emi, aoi):
    talk = _taken(emi, aoi)
    emi.post("/chat/talk/typed/", {"words": "おそかった文"})
    chatting.end_talk(talk=talk.pk, actor=aoi.actor, at=timezone.now())
    emi.post("/chat/talk/", {"words": "おそかった文", "once": "5"})
    assert "おそかった文" in _text(emi.get("/chat/over/"))
    assert Line.objects.count() == 1


def test_who_was_gone_while_waiting_comes_back_to_the_old_place(emi):
    talk = _begun(emi)
    _begun(Client(), "あとから来た人")
    _back(talk, GONE_AFTER * 2, person_seen_at=1)
    assert "もう一度、前の順番で待つ" in _text(emi.get("/chat/over/"))
    emi.post("/chat/over/")
    assert "つぎは、あなたの番です。" in _text(emi.get("/chat/talk/"))
    assert Contact.objects.count() == 2


def test_the_code_can_be_had_before_the_line_breaks(emi):
    _begun(emi)
    assert CODE.search(_text(emi.post("/chat/talk/code/")))
    emi.post("/chat/leave/")
    assert not CODE.search(_text(emi.get("/chat/over/")))


def test_the_exit_leaves_nothing(emi, aoi):
    _taken(emi, aoi)
    emi.get("/exit/")
    assert emi.get("/chat/talk/")["Location"] == "/chat/"
    assert "data-go" in _text(emi.get("/chat/talk/live/"))


def test_somebody_else_s_browser_sees_nothing_of_it(emi, aoi):
    _taken(emi, aoi)
    stranger = Client()
    assert stranger.get("/chat/talk/")["Location"] == "/chat/"
    assert WORDS not in _text(stranger.get("/chat/talk/live/"))


# -- the desk -----------------------------------------------------------------------------------


def test_who_waits_stands_in_the_menu_and_in_the_list(emi, aoi):
    _begun(emi)
    at_desk = at_the_desk(aoi)
    assert '<em class="waits">1' in _text(at_desk.get("/desk/"))
    page = _text(at_desk.get("/desk/chat/"))
    assert WORDS in page
    assert 'data-key="Alt+C"' in page
    mark = at_desk.get("/desk/chat/list/")["ETag"]
    assert at_desk.get("/desk/chat/list/", headers={"If-None-Match": mark}).status_code == 304
    _begun(Client(), "つぎの人")
    answer = at_desk.get("/desk/chat/list/", headers={"If-None-Match": mark})
    assert "つぎの人" in _text(answer)


def test_who_comes_second_is_told_who_was_first(emi, aoi, beni):
    talk = _taken(emi, aoi)
    answer = at_the_desk(beni).post(f"/desk/chat/{talk.pk}/take/", follow=True)
    assert "ほかの人が、さきにこのチャットに出ました。" in _text(answer)


def test_another_desk_sees_no_talk_and_a_statistician_no_door(emi, aoi, daichi, request):
    talk = _taken(emi, aoi)
    chika = request.getfixturevalue("chika")  # with a second desk, none runs the public pages
    doors = ["", "live/", "say/", "typed/", "take/", "hand-over/", "memo/", "end/", "sum-up/"]
    for user in (chika, daichi):
        client = at_the_desk(user)
        for door in doors:
            where = f"/desk/chat/{talk.pk}/{door}"
            ask = client.get if door in ("", "live/") else client.post
            assert ask(where, {"words": "x"}).status_code == 404, where
    assert WORDS not in _text(at_the_desk(chika).get("/desk/chat/"))
    assert at_the_desk(daichi).get("/desk/chat/").status_code == 404
    assert Line.objects.filter(side=Side.STAFF).count() == 0


def test_a_talk_is_summed_up_with_its_classification(emi, aoi):
    talk = _taken(emi, aoi)
    answer = at_the_desk(aoi).post(
        f"/desk/chat/{talk.pk}/sum-up/",
        {"words": "友だちとのこと", "action": "LISTENING", "kinds": ["DEFAMATION"]},
        follow=True,
    )
    assert "まとめを記録しました。" in _text(answer)
    contact = Contact.objects.get()
    assert (contact.action, contact.channel, contact.minutes) == ("LISTENING", "SNS", 1)
    matter = Consultation.objects.get().matter
    page = _text(at_the_desk(aoi).get(f"/desk/matters/{matter.number}/"))
    assert "友だちとのこと" in page
    # What was said stands on the matter's page, too.
    assert f"/desk/chat/{talk.pk}/" in page


def test_an_empty_summary_is_refused_kindly(emi, aoi):
    talk = _taken(emi, aoi)
    answer = at_the_desk(aoi).post(f"/desk/chat/{talk.pk}/sum-up/", {"words": ""})
    assert answer.status_code == 400
    assert "対応を選んでください" in _text(answer)


def test_a_colleague_is_offered_with_what_they_are_at(emi, aoi, beni):
    talk = _taken(emi, aoi)
    _taken(Client(), beni)
    at_desk = at_the_desk(aoi)
    assert "べに（チャット1件）" in _text(at_desk.get(f"/desk/chat/{talk.pk}/"))
    answer = at_desk.post(f"/desk/chat/{talk.pk}/hand-over/", {"adviser": beni.pk}, follow=True)
    assert "同僚に代わりました。" in _text(answer)
    assert Talk.objects.get(pk=talk.pk).adviser == beni


def test_a_memo_beside_the_talk_is_not_seen_by_the_person(emi, aoi):
    talk = _taken(emi, aoi)
    at_the_desk(aoi).post(f"/desk/chat/{talk.pk}/memo/", {"words": "所内だけのこと"})
    assert "所内だけのこと" not in _text(emi.get("/chat/talk/"))
    assert "所内だけのこと" in _text(at_the_desk(aoi).get(f"/desk/chat/{talk.pk}/"))


def test_only_the_supervisor_switches_the_chat(aoi, beni, desk):
    at_the_desk(aoi).post("/desk/chat/switch/", {"open": "no"})
    assert "受付を止める" in _text(at_the_desk(beni).get("/desk/chat/"))
    answer = at_the_desk(beni).post("/desk/chat/switch/", {"open": "no"}, follow=True)
    assert "受付時間のあいだ、チャットを受ける" in _text(answer)
    set_hours(desk=desk.pk, openings=[], actor=None, at=AT)
    at_the_desk(beni).post("/desk/chat/switch/", {"open": "always"})
    assert "チャットを始める" in _text(Client().get("/chat/"))


def test_looking_on_keeps_nobody_signed_in(aoi):
    at_desk = at_the_desk(aoi)
    soon = timezone.now() + dt.timedelta(hours=1)
    SealedSession.objects.update(expires_at=soon)
    at_desk.get("/desk/chat/waiting/")
    at_desk.get("/desk/chat/list/")
    assert SealedSession.objects.get().expires_at == soon
    at_desk.get("/desk/chat/")
    assert SealedSession.objects.get().expires_at > soon


# -- what calls, wherever one is --------------------------------------------------------------

UNSAFE = Signals(danger_words=True)


def _called(client):
    return _text(client.get("/desk/chat/waiting/"))


def _says(talk, signals=UNSAFE):
    chatting.say(talk=talk.pk, words="いま橋の上", signals=signals, at=timezone.now())


def test_danger_in_a_talk_already_taken_is_seen_from_every_page_of_the_desk(emi, beni):
    desk, talk = at_the_desk(beni), _taken(emi, beni)
    chat.mark_seen(talk=talk.pk, side=Side.PERSON, at=timezone.now())
    assert "安全確認" not in _called(desk)
    _says(talk)
    assert 'class="unsafe">安全確認 1</em>' in _called(desk)
    assert 'data-title="【安全確認1】"' in _called(desk)
    for page in ("/desk/due/", "/settings/people/", "/stats/"):
        said = _text(desk.get(page))
        assert 'class="unsafe">安全確認 1</em>' in said, page
        assert 'data-live="/desk/chat/waiting/"' in said, page
        assert "ui/live" in said, page


def test_a_new_line_in_ones_own_talk_is_counted_until_it_is_read(emi, aoi, beni):
    desk, talk = at_the_desk(aoi), _taken(emi, aoi)
    desk.get(f"/desk/chat/{talk.pk}/")
    assert "新しい文" not in _called(desk)
    _says(talk, Signals())
    assert "新しい文 1" in _called(desk)
    assert "新しい文" not in _called(at_the_desk(beni))
    desk.get(f"/desk/chat/{talk.pk}/live/")
    assert "新しい文" not in _called(desk)


def test_a_talk_handed_over_calls_whoever_goes_on_until_they_open_it(emi, aoi, beni):
    talk = _taken(emi, aoi)
    at_the_desk(aoi).get(f"/desk/chat/{talk.pk}/")
    _says(talk)
    at_the_desk(aoi).get(f"/desk/chat/{talk.pk}/live/")
    chatting.hand_over_talk(talk=talk.pk, actor=aoi.actor, adviser=beni.pk, at=timezone.now())
    desk = at_the_desk(beni)
    assert "新しい文 1" in _called(desk)
    assert "安全確認 1" in _called(desk)
    desk.get(f"/desk/chat/{talk.pk}/")
    assert "新しい文" not in _called(desk)
    assert "安全確認 1" in _called(desk)
    assert "安全確認" not in _called(at_the_desk(aoi))


def test_another_desk_hears_of_no_talk(desk, chika):
    chatting.open_talk(desk=desk.pk, words=WORDS, signals=UNSAFE, at=timezone.now())
    assert "安全確認" not in _called(at_the_desk(chika))


def test_an_end_between_two_looks_of_one_answer_is_seen(emi, aoi, rf):
    stale = Talk.objects.get(pk=_taken(emi, aoi).pk)
    chatting.leave(talk=stale.pk, at=timezone.now())
    request = rf.get("/")
    request.user = aoi
    seen = _seen(request, stale)
    assert (seen["is_live"], stale.ended_by) == (False, "PERSON")
    assert stale.revision == Talk.objects.get().revision
