"""My-page: in by the code, read, write again, out."""

import datetime as dt
import hashlib
import re

import pytest
from django.test import Client
from django.utils import timezone

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import noting, working
from madoguchi.consultations.operations.noting import Classification
from madoguchi.consultations.operations.receiving import Letter, receive
from madoguchi.correspondence.models import Kind, Message
from madoguchi.desks.models import Desk
from madoguchi.intake.views.my_page import MESSAGES_AN_HOUR, WRONG_CODES_AN_HOUR
from madoguchi.ledger.models import Entry
from madoguchi.rules.numbering import in_fours, with_check_digit
from madoguchi.rules.triage import Urgency
from tests.people import AT, at_the_desk

pytestmark = pytest.mark.django_db

STORY = "教室の裏で撮られた写真を、知らない間に広められました。"
# Sound codes that open nothing.
WRONG = [with_check_digit(f"{n:015}") for n in range(WRONG_CODES_AN_HOUR + 2)]


@pytest.fixture
def received(desk):
    return receive(desk=desk.pk, letter=Letter(words=STORY, channel="EMAIL"), at=AT)


@pytest.fixture
def emi(received):
    """Emi's browser, before she has typed her code."""
    return Client()


@pytest.fixture
def inside(emi, received):
    """Emi's browser, her page open."""
    emi.post("/my/", {"code": received.code})
    return emi


def _text(answer):
    return answer.content.decode()


def _talk(client):
    """Return what stands in the bubbles."""
    return re.findall(r'class="said">([^<]*)<', _text(client.get("/my/messages/")))


def _once(client):
    return re.search(r'name="once" value="(\w+)"', _text(client.get("/my/messages/")))[1]


def _says(client, words, **more):
    return client.post("/my/messages/", {"words": words, "once": _once(client), **more})


# -- the code -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code,
        in_fours,
        lambda code: in_fours(code).replace("-", " "),
        lambda code: in_fours(code).replace("-", "　"),
        lambda code: in_fours(code).replace("-", "ー"),
        lambda code: in_fours(code).replace("-", "―"),
        lambda code: f" {in_fours(code)}　",
        lambda code: code.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ],
)
def test_the_code_opens_the_page_however_it_is_typed(emi, received, typed):
    assert emi.post("/my/", {"code": typed(received.code)}).url == "/my/messages/"
    assert _talk(emi) == [STORY]


@pytest.mark.parametrize("prefix", ["", "/easy", "/en"], ids=["ja", "easy", "en"])
def test_my_page_is_there_in_every_language(emi, received, prefix):
    assert emi.get(f"{prefix}/my/").status_code == 200
    assert emi.post(f"{prefix}/my/", {"code": received.code}).url == f"{prefix}/my/messages/"
    assert STORY in _text(emi.get(f"{prefix}/my/messages/"))


def test_one_wrong_digit_is_named_as_such(emi, received):
    wrong = received.code[:-1] + str((int(received.code[-1]) + 1) % 10)
    assert "どこか1字ちがうようです" in _text(emi.post("/my/", {"code": wrong}))


@pytest.mark.parametrize("typed", ["", "1", "番号", "\0", "x" * 9_000, "1" * 17, "<script>"])
def test_what_is_no_code_is_told_what_a_code_is(emi, typed):
    answer = emi.post("/my/", {"code": typed})
    assert answer.status_code == 200
    assert "入れてください" in _text(answer)
    assert "<script>" not in _text(answer).replace("<script src", "")


def _bare(answer, code):
    """Return a page without what differs each time: the token and what was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", _text(answer))
    return page.replace(code, "")


def test_who_is_locked_out_sees_what_a_wrong_code_sees(emi, received, monkeypatch):
    hashed = []
    slow = hashlib.scrypt
    monkeypatch.setattr(hashlib, "scrypt", lambda *a, **k: hashed.append(1) or slow(*a, **k))
    answers = [emi.post("/my/", {"code": code}) for code in WRONG[:WRONG_CODES_AN_HOUR]]
    locked = emi.post("/my/", {"code": received.code})
    assert "/my/messages/" not in locked.headers.get("Location", "")
    assert {_bare(a, c) for a, c in zip(answers, WRONG, strict=False)} == {
        _bare(locked, received.code)
    }
    assert {answer.status_code for answer in answers} == {locked.status_code}
    # Time is the slow hash, and everybody pays for one.
    assert len(hashed) == WRONG_CODES_AN_HOUR + 1


def test_another_address_is_not_locked_out(emi, received):
    for code in WRONG:
        emi.post("/my/", {"code": code})
    assert Client(REMOTE_ADDR="192.0.2.9").post("/my/", {"code": received.code}).status_code == 302


def test_mistyping_and_right_codes_do_not_use_up_the_tries_of_a_school(received):
    for _ in range(WRONG_CODES_AN_HOUR + 1):
        pupil = Client()
        pupil.post("/my/", {"code": received.code[:-1]})
        assert pupil.post("/my/", {"code": received.code}).status_code == 302


def test_a_new_key_is_given_to_the_session_that_opens_the_page(emi, received):
    emi.get("/my/")
    session = emi.session
    session["guide"] = {}
    session.save()
    emi.cookies["m"] = before = session.session_key
    emi.post("/my/", {"code": received.code})
    assert emi.cookies["m"].value != before
    stranger = Client()
    stranger.cookies["m"] = before
    assert stranger.get("/my/messages/").url == "/my/"


def test_opening_is_written_in_the_ledger(inside, received):
    entry = Entry.objects.get(deed="MY_PAGE_OPENED")
    assert (entry.matter, entry.actor) == (received.matter, None)


# -- reading ---------------------------------------------------------------------------------


def test_without_a_code_there_is_nothing_to_see(emi):
    assert emi.get("/my/messages/").url == "/my/"


def test_the_reply_is_read_and_the_desk_can_see_that(inside, received, aoi):
    working.take_charge(matter=received.matter, actor=aoi.actor, at=AT)
    working.reply(matter=received.matter, actor=aoi.actor, words="いっしょに考えます。", at=AT)
    assert Message.objects.get(kind=Kind.REPLY).read_at is None
    assert _talk(inside) == [STORY, "いっしょに考えます。"]
    assert Message.objects.get(kind=Kind.REPLY).read_at is not None
    assert aoi.name not in _text(inside.get("/my/messages/"))


def test_the_person_sees_that_an_adviser_read_it(inside, received, aoi):
    assert "相談員が読みました" not in _text(inside.get("/my/messages/"))
    working.read(matter=received.matter, actor=aoi.actor, at=AT)
    assert "相談員が読みました" in _text(inside.get("/my/messages/"))


def test_a_memo_is_never_seen(inside, received, aoi):
    working.write_memo(matter=received.matter, actor=aoi.actor, words="所内だけのこと", at=AT)
    assert "所内だけのこと" not in _text(inside.get("/my/messages/"))


def test_nobody_sees_another_person_s_talk(inside, desk):
    other = receive(desk=desk.pk, letter=Letter(words="べつの人の文", channel="EMAIL"), at=AT)
    assert _talk(inside) == [STORY]
    inside.post("/my/", {"code": other.code})
    assert _talk(inside) == ["べつの人の文"]


# -- writing again -----------------------------------------------------------------------------


def test_a_second_message_is_a_second_contact_of_the_same_consultation(inside):
    assert _says(inside, "つづきです。").url == "/my/messages/"
    assert _talk(inside) == [STORY, "つづきです。"]
    assert Consultation.objects.count() == 1
    assert list(Contact.objects.values_list("channel", flat=True)) == ["EMAIL", "EMAIL"]


def test_a_double_press_sends_one_message(inside):
    once = _once(inside)
    for _ in range(2):
        inside.post("/my/messages/", {"words": "つづきです。", "once": once})
    assert _talk(inside) == [STORY, "つづきです。"]


def test_danger_shows_the_numbers_first_and_blocks_nothing(inside):
    once = _once(inside)
    words = "もう、\n消えたいです。"
    page = _text(inside.post("/my/messages/", {"words": words, "once": once}))
    assert page.index('href="tel:110"') < page.index("このまま送る")
    assert Contact.objects.count() == 1
    edited = inside.post("/my/messages/", {"words": words, "once": once, "do": "edit"})
    assert words in _text(edited)
    inside.post("/my/messages/", {"words": words, "once": once, "confirmed": "yes"})
    assert _talk(inside) == [STORY, words]
    assert Consultation.objects.get().urgency == Urgency.DANGER


@pytest.mark.parametrize("words", ["", " 　", "\0"])
def test_nothing_is_no_message(inside, words):
    assert "ひとことだけでも" in _text(inside.post("/my/messages/", {"words": words}))
    assert Contact.objects.count() == 1


def test_too_long_a_message_is_kept_on_the_page(inside):
    answer = inside.post("/my/messages/", {"words": "あ" * 4_001})
    assert "あと1字" in _text(answer)
    assert "あ" * 4_001 in _text(answer)


def test_a_flood_has_to_wait_and_its_text_stays(inside):
    for n in range(MESSAGES_AN_HOUR):
        inside.post("/my/messages/", {"words": f"{n}です", "once": "a"})
    answer = inside.post("/my/messages/", {"words": "まだあります", "once": "b"})
    assert answer.status_code == 429
    assert "まだあります</textarea>" in _text(answer)
    assert 'href="tel:110"' in _text(answer)
    assert Contact.objects.count() == MESSAGES_AN_HOUR + 1


@pytest.mark.parametrize(
    "told",
    [
        {"words": "x", "once": "\0" * 999, "confirmed": "\0"},
        {"words": "<b>x</b>{{ x }}", "do": "\0"},
        {"words": b"\xff\xfe\x00"},
    ],
)
def test_garbage_is_no_fault_of_ours(inside, told):
    assert inside.post("/my/messages/", told, follow=True).status_code == 200
    assert "<b>x</b>" not in _text(inside.get("/my/messages/"))


# -- leaving -----------------------------------------------------------------------------------


def _leave_alone(client, minutes):
    session = client.session
    used_at = timezone.now() - dt.timedelta(minutes=minutes)
    session["my"] = {**session["my"], "used_at": used_at.isoformat()}
    session.save()


def test_the_page_stays_open_while_it_is_used(inside):
    _leave_alone(inside, 14)
    assert _talk(inside) == [STORY]
    _leave_alone(inside, 14)
    assert inside.get("/my/").url == "/my/messages/"


def test_after_a_quarter_of_an_hour_it_closes_and_says_nothing(inside):
    _leave_alone(inside, 16)
    page = _text(inside.get("/my/messages/"))
    assert STORY not in page
    assert "閉じました" in page
    assert inside.get("/my/messages/").url == "/my/"
    assert inside.get("/my/").status_code == 200


def test_what_was_typed_too_late_is_given_back_and_not_sent(inside):
    once = _once(inside)
    _leave_alone(inside, 16)
    answer = inside.post("/my/messages/", {"words": "長く書いた文", "once": once})
    assert "長く書いた文" in _text(answer)
    assert STORY not in _text(answer)
    assert Contact.objects.count() == 1


def test_leaving_closes_the_page(inside):
    assert "/exit/" in _text(inside.get("/my/messages/"))
    inside.get("/exit/")
    assert inside.get("/my/messages/").url == "/my/"


def test_a_person_asks_to_be_forgotten_and_the_supervisor_decides(client, desk, beni):

    received = receive(
        desk=desk.pk, letter=Letter(words="名前を出されています", channel="EMAIL"), at=AT
    )
    assert client.get("/my/erase/").status_code == 302
    client.post("/my/", {"code": received.code})
    page = client.get("/my/erase/").content.decode()
    assert "残るのは" in page
    assert client.post("/my/erase/").status_code == 200
    table = at_the_desk(beni)
    assert received.number in table.get("/settings/retention/").content.decode()
    follow = f"/settings/retention/{received.matter}/follow/"
    assert "まだ終結していません" in table.post(follow, follow=True).content.decode()
    contact = Consultation.objects.get().contacts.get().pk
    working.take_charge(matter=received.matter, actor=beni.actor, at=AT)
    said = Classification(actions={contact: "ADVICE"})
    noting.classify(matter=received.matter, actor=beni.actor, classification=said, at=AT)
    working.close(matter=received.matter, actor=beni.actor, at=AT)
    table.post(follow)
    assert Consultation.objects.get().keeping.erased_at
    page = table.get(f"/desk/matters/{received.number}/").content.decode()
    assert page.count("に、本人の求めで消去") >= 1
    assert "ことばの記録なし" not in page
    assert "に、本人の求めで消去" in table.get("/desk/lists/?status=CLOSED").content.decode()
    # Her page says what happened, once, and then asks for a code like any other.
    gone = client.get("/my/messages/").content.decode()
    assert "<h1>消しました</h1>" in re.sub(r"<rt>.*?</rt>|</?ruby>|</?rp>", "", gone)
    assert "しばらく使わなかった" not in gone
    assert client.get("/my/messages/").status_code == 302


def test_where_nobody_takes_letters_my_page_does_not_send_people_to_write_one(desk, client):
    assert "「相談を書く」から送ってください" in _plain(client.get("/my/"))
    Desk.objects.update(is_public=False)
    page = _plain(client.get("/my/"))
    assert "「相談を書く」から送ってください" not in page
    assert "/consult/" not in page.split("番号が分からないとき")[1].split("</section>")[0]
    assert "いま新しい相談を受けていません" in page


def _plain(answer):
    return re.sub(r"<rt>.*?</rt>|</?ruby>|</?rp>", "", _text(answer))
