"""The letterbox, page by page, with no script anywhere."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.queries import particulars_of
from madoguchi.correspondence.queries.words import matter_of_code
from madoguchi.desks.models import Desk
from madoguchi.desks.operations import make_public
from madoguchi.rules.numbering import is_sound_code, typed_digits
from madoguchi.rules.triage import Urgency
from madoguchi.vault.models import SealedSession

pytestmark = pytest.mark.django_db

STORY = "教室の裏で撮られた写真を、知らない間に広められました。"
PREFIXES = ["", "/easy", "/en"]
in_every_language = pytest.mark.parametrize("prefix", PREFIXES, ids=["ja", "easy", "en"])


@pytest.fixture(autouse=True)
def _desk(desk):
    """These pages belong to the one desk there is."""


@pytest.fixture
def emi():
    """Emi's browser: no name, no account."""
    return Client()


def _text(answer):
    return answer.content.decode()


def _sent(client, **told):
    client.post("/consult/", {"words": STORY, **told})
    client.post("/consult/check/")
    return Consultation.objects.order_by("-first_contact_at").first()


def _code_on(answer):
    found = re.search(r'class="code">(.+?)</p>', _text(answer))
    return typed_digits(re.sub("<[^>]+>", "", found[1])) if found else None


# -- writing ----------------------------------------------------------------------------


@in_every_language
def test_every_page_answers_in_every_language(emi, prefix):
    assert emi.get(f"{prefix}/consult/").status_code == 200
    assert emi.post(f"{prefix}/consult/", {"words": STORY}).url == f"{prefix}/consult/check/"
    assert STORY in _text(emi.get(f"{prefix}/consult/check/"))
    assert emi.get(f"{prefix}/consult/first/").status_code == 200
    assert emi.post(f"{prefix}/consult/check/").url == f"{prefix}/consult/done/"
    assert _code_on(emi.get(f"{prefix}/consult/done/"))
    assert emi.get(f"{prefix}/consult/code/").url == f"{prefix}/consult/done/"


def test_one_field_is_required_and_one_is_enough(emi):
    page = _text(emi.get("/consult/"))
    assert page.count('class="required"') == 1
    assert len(re.findall(r"<(?:input|textarea|select)[^>]* required", page)) == 1
    assert _sent(emi).age_group == "UNKNOWN"


def test_the_numbers_stand_before_the_field(emi):
    page = _text(emi.get("/consult/"))
    assert 0 < page.index('href="tel:110"') < page.index("<textarea")
    assert 0 < page.index('href="tel:0120279338"') < page.index("<textarea")


def test_the_page_says_what_becomes_of_the_words(emi, desk):
    page = _text(emi.get("/consult/"))
    for said in (
        f"返事は{desk.reply_days}日以内",
        "24時間は見ていません",
        "相談員と責任者だけ",
        "保管",
    ):
        assert said in page


def test_no_file_is_asked_for_and_no_title_tells_what_this_is_about(emi):
    page = _text(emi.get("/consult/"))
    assert 'type="file"' not in page
    assert "書くページ" in re.search(r"<title>(.*?)</title>", page)[1]


def test_nothing_written_is_said_kindly(emi):
    page = _text(emi.post("/consult/", {"words": " 　\n"}))
    assert "ひとことだけでも" in page
    assert 'role="alert"' in page


def test_too_long_a_story_is_kept_and_the_person_told_by_how_much(emi):
    story = "あ" * 4_123
    page = _text(emi.post("/consult/", {"words": story, "nickname": "えみ"}))
    assert "いまは4,123字" in page
    assert "あと123字" in page
    assert story in page
    assert "えみ" in page
    assert emi.post("/consult/", {"words": "あ" * 4_000}).status_code == 302


def test_lines_count_one_letter_however_the_browser_ends_them(emi):
    assert emi.post("/consult/", {"words": "\r\n".join("あ" * 2_000)}).status_code == 302


# -- what is told beside it ---------------------------------------------------------------


def test_everything_told_arrives(emi):
    told = {
        "wants": ["w2", "w3"],
        "service": "短い動画のアプリ",
        "places": "https://example.com/1\nわからない",
        "since": "今年の春",
        "evidence": ["URL", "IMAGE"],
        "who": "guardian",
        "age_group": "FORTIES",
        "lives_here": "yes",
        "nickname": "えみ",
        "safe_now": "yes",
        "reply_by": "telephone",
        "telephone": "０６ー1234",
        "call_when": "平日の夕方",
        "call_as": "田中",
        "voice_mail": "no",
    }
    emi.post("/consult/", {"words": STORY, **told})
    page = _text(emi.get("/consult/check/"))
    for said in (
        "書いた人を知りたい",
        "今年の春",
        "家族・保護者",
        "40代",
        "田中",
        "https://example.com/1",
    ):
        assert said in page
    emi.post("/consult/check/")
    consultation = Consultation.objects.get()
    assert (consultation.age_group, consultation.standing) == ("FORTIES", "AFFECTED")
    kept = particulars_of(consultation).as_mapping()
    assert kept.pop("wants") == ("w2", "w3")
    assert kept.pop("evidence") == ("URL", "IMAGE")
    told = {key: value for key, value in told.items() if isinstance(value, str)}
    del told["age_group"]
    assert kept == told


@pytest.mark.parametrize(
    ("who", "standing"),
    [
        ("self", "AFFECTED"),
        ("guardian", "AFFECTED"),
        ("school", "OTHER"),
        ("friend", "OTHER"),
        ("poster", "POSTER"),
        ("", "UNKNOWN"),
        ("somebody", "UNKNOWN"),
    ],
)
def test_the_side_a_person_is_on_goes_into_the_books(emi, who, standing):
    assert _sent(emi, who=who).standing == standing


def test_a_telephone_without_a_number_is_no_error_and_no_telephone(emi):
    assert particulars_of(_sent(emi, reply_by="telephone")).reply_by == "my-page"


def test_the_guide_s_answers_are_used_only_where_the_person_says_so(emi):
    emi.get("/consult/")
    session = emi.session
    session["guide"] = {"wants": ["w2"], "who": "guardian", "under18": True}
    session.save()
    emi.cookies["m"] = session.session_key
    assert "use_guide" in _text(emi.get("/consult/"))
    assert particulars_of(_sent(emi)).wants == ()
    used = _sent(emi, use_guide="on")
    assert particulars_of(used).wants == ("w2",)
    assert (used.standing, used.urgency) == ("AFFECTED", Urgency.SERIOUS)


def test_without_answers_of_the_guide_nothing_is_said_of_them(emi):
    assert "use_guide" not in _text(emi.get("/consult/"))


# -- danger ---------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [{"words": "もう死にたいです"}, {"safe_now": "no"}])
def test_danger_shows_the_numbers_first_and_blocks_nothing(emi, told):
    assert emi.post("/consult/", {"words": STORY, **told}).url == "/consult/first/"
    page = _text(emi.get("/consult/first/"))
    assert 'href="tel:110"' in page
    assert page.index('href="tel:0120279338"') < page.index("このまま送る")
    assert emi.post("/consult/check/").url == "/consult/done/"
    consultation = Consultation.objects.get()
    assert consultation.urgency == Urgency.DANGER
    assert consultation.safety_check_due


def test_after_sending_in_danger_back_does_not_say_that_nobody_was_reached(emi):
    _sent(emi, words="死にたい")
    answer = emi.get("/consult/first/", follow=True)
    assert "だれにも届いていません" not in _text(answer)
    assert answer.redirect_chain[-1][0] == "/consult/done/"


def test_without_danger_the_check_page_comes_next(emi):
    assert emi.post("/consult/", {"words": STORY}).url == "/consult/check/"
    assert _sent(emi).urgency == Urgency.ORDINARY


# -- check, send, code ------------------------------------------------------------------------


def test_what_was_written_is_still_there_when_something_is_to_be_changed(emi):
    emi.post("/consult/", {"words": STORY, "since": "先週", "who": "self"})
    page = _text(emi.get("/consult/"))
    assert STORY in page
    assert "先週" in page
    assert "<details" in page
    assert " open>" in page
    assert re.search(r'value="self"[^>]*checked', page)


def test_the_code_is_shown_once_and_opens_the_matter(emi):
    consultation = _sent(emi)
    code = _code_on(emi.get("/consult/done/"))
    assert is_sound_code(code)
    assert matter_of_code(code).pk == consultation.pk
    again = emi.get("/consult/done/")
    assert _code_on(again) is None
    assert code not in _text(again).replace("-", "")
    assert consultation.matter.number not in _text(again)


def test_an_accidental_reload_loses_nothing_until_the_code_was_copied(emi):
    _sent(emi)
    code = _code_on(emi.get("/consult/done/"))
    emi.get("/consult/done/")
    assert _code_on(emi.post("/consult/code/", {"do": "see"})) == code
    assert emi.post("/consult/code/", {"do": "copied"}).url == "/consult/done/"
    assert _code_on(emi.post("/consult/code/", {"do": "see"}, follow=True)) is None
    assert "もう出せません" in _text(emi.get("/consult/done/"))


def test_after_ten_minutes_the_code_is_gone(emi):
    _sent(emi)
    emi.get("/consult/done/")
    session = emi.session
    session["receipt"] = {**session["receipt"], "shown_at": "2025-05-15T14:00:00+09:00"}
    session.save()
    assert _code_on(emi.post("/consult/code/", {"do": "see"}, follow=True)) is None
    assert emi.session["receipt"]["code"] == ""


def test_a_second_press_sends_nothing_more(emi):
    emi.post("/consult/", {"words": STORY})
    assert emi.post("/consult/check/").url == "/consult/done/"
    assert emi.post("/consult/check/").url == "/consult/done/"
    assert Contact.objects.count() == 1
    assert _code_on(emi.get("/consult/done/"))


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_send_one_letter_and_keep_its_code(emi):
    emi.post("/consult/", {"words": STORY})
    # Old enough for every request to prolong it, and so to write it.
    SealedSession.objects.update(expires_at=timezone.now() + dt.timedelta(minutes=20))
    cookies, both = emi.cookies["m"].value, Barrier(2)

    def press(_which):
        client = Client()
        client.cookies["m"] = cookies
        both.wait()
        try:
            return _text(client.post("/consult/check/", follow=True))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        pages = list(pool.map(press, range(2)))
    assert not [page for page in pages if "残っていません" in page]
    assert Consultation.objects.count() == 1
    assert is_sound_code(emi.session["receipt"]["code"])


def test_a_new_letter_after_the_first_is_a_second_consultation(emi):
    _sent(emi)
    first = _code_on(emi.get("/consult/done/"))
    _sent(emi)
    assert _code_on(emi.get("/consult/done/")) not in (None, first)
    assert Consultation.objects.count() == 2


@pytest.mark.parametrize("address", ["/consult/first/", "/consult/check/", "/consult/done/"])
def test_without_a_letter_there_is_nothing_to_check_or_send(emi, address):
    assert "残っていません" in _text(emi.get(address))
    assert emi.post("/consult/check/").status_code == 200
    assert not Consultation.objects.exists()


def test_after_sending_the_draft_is_gone(emi):
    _sent(emi)
    assert "letter" not in emi.session
    assert STORY not in _text(emi.get("/consult/"))


def test_leaving_forgets_the_draft(emi):
    emi.post("/consult/", {"words": STORY})
    emi.get("/exit/")
    assert STORY not in _text(emi.get("/consult/"))
    assert "残っていません" in _text(emi.get("/consult/check/"))


def test_letters_go_to_the_public_desk_though_another_is_founded(emi, desk, other_desk):
    assert "<textarea" in _text(emi.get("/consult/"))
    assert _sent(emi).matter.desk == desk
    make_public(desk=other_desk.pk, at=timezone.now())
    assert other_desk.name in _text(emi.get("/consult/"))
    assert other_desk.name in _text(emi.get("/"))


def test_without_a_public_desk_no_letters_are_taken(emi, desk):
    Desk.objects.update(is_public=False)
    for answer in (emi.get("/consult/"), emi.post("/consult/", {"words": STORY})):
        assert answer.status_code == 200
        assert "相談を受けていません" in _text(answer)
        assert "<textarea" not in _text(answer)
    assert emi.post("/consult/check/").status_code == 200
    assert not Consultation.objects.exists()
