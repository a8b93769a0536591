"""The guide's pages: help first, one question at a time, nothing left behind."""

import re

import pytest
from django.urls import reverse

from madoguchi.correspondence.operations.chat import set_room
from madoguchi.directory.questions import all_questions
from madoguchi.directory.windows import WINDOW_IDS
from tests.people import AT

pytestmark = pytest.mark.django_db

PAGES = [
    *("/", "/guide/2/", "/guide/3/", "/guide/4/", "/urgent/", "/windows/", "/windows/rules/"),
    *("/evidence/", "/safety/", "/privacy/", "/accessibility/", "/about/", "/blank/"),
    *(f"/windows/{it}/" for it in WINDOW_IDS if it != "own"),
]
PREFIXES = ("", "/easy", "/en")
# Words that a page's title must not show to whoever looks over a shoulder.
TELLING = re.compile(
    "誹謗|中傷|いじめ|性的|ポルノ|被害|自殺|脅|死に|slander|abuse|porn|suicide|bully", re.IGNORECASE
)


def answer(client, happened, **more):
    return client.post("/guide/", {"happened": happened, **more})


def walk(client, happened, *pages):
    """Answer question 1 and then each page; return the page one lands on."""
    there = answer(client, happened)
    for told in pages:
        there = client.post(there["Location"], told)
    return client.get(there["Location"])


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_stands_in_every_language_for_everybody(client, prefix, page):
    response = client.get(prefix + page)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    title = re.search("<title>(.*?)</title>", text_of(response), re.DOTALL)
    assert not TELLING.search(title.group(1))


def test_help_stands_on_the_first_page_before_the_first_question(client):
    page = text_of(client.get("/"))
    assert page.index("tel:110") < page.index("tel:0120279338") < page.index("どうしましたか")
    assert 'name="danger_now"' in page


def test_the_first_page_is_light(client):
    assert len(client.get("/").content) < 60_000


def test_the_first_page_shows_the_desk_where_there_is_just_one(client, desk):
    assert "返事のめやす" in text_of(client.get("/"))


def test_the_first_page_stands_without_any_desk(client):
    assert "返事のめやす" not in text_of(client.get("/"))


def test_a_path_of_four_questions_ends_in_windows(client):
    page = walk(
        client,
        "a",
        {"kinds": ["a1", "a3"]},
        {"wants": ["w2", "w3"], "removal": ["d1"]},
        {"who": "self", "under18": "no"},
    )
    said = text_of(page)
    assert "違法・有害情報相談センター" in said
    assert "相談の前に、消さずに残してください" in said
    assert "自分のふりをするアカウントがある" in said


def test_no_answer_is_ever_in_an_address(client):
    there = answer(client, "a")
    seen = [there["Location"]]
    for told in ({"kinds": ["a5"]}, {"wants": ["w2"], "removal": ["d3"]}, {"who": "self"}):
        there = client.post(there["Location"], told)
        seen.append(there["Location"])
    assert seen == ["/guide/2/", "/guide/3/", "/guide/4/", "/guide/result/"]


def test_the_answers_live_in_the_session_as_the_contract_writes_them(client):
    walk(client, "a", {"kinds": ["a2", "a3"]})
    assert client.session["guide"] == {"happened": "a", "kinds": ["a2", "a3"]}


def test_another_way_forgets_the_letters_of_the_first(client):
    walk(client, "a", {"kinds": ["a5"]})
    answer(client, "d")
    assert client.session["guide"] == {"happened": "d"}


@pytest.mark.parametrize("happened", ["b", "c", "f", "g"])
def test_who_needs_no_more_questions_is_asked_none(client, happened):
    assert answer(client, happened)["Location"] == "/guide/result/"


def test_danger_shows_the_numbers_at_once(client):
    there = answer(client, "a", danger_now="yes")
    assert there["Location"] == "/guide/result/"
    page = text_of(client.get(there["Location"]))
    assert page.index("先に、ここへ電話できます") < page.index("まず、ここに")
    assert "tel:110" in page


def test_fear_may_go_on_to_the_other_questions(client):
    page = text_of(client.get(answer(client, "b")["Location"]))
    assert "つづけて答える" in page
    assert 'href="/guide/2/"' in page


@pytest.mark.parametrize("number", [2, 3, 4])
def test_every_question_can_be_skipped_and_gone_back_from(client, number):
    answer(client, "a")
    page = text_of(client.get(f"/guide/{number}/"))
    assert "とばす" in page
    assert "ひとつ前にもどる" in page
    skipped = client.post(f"/guide/{number}/", {"skip": "1", "kinds": ["a5"], "who": "self"})
    assert skipped.status_code == 302
    assert client.session["guide"] == {"happened": "a"}


def test_the_first_question_can_be_skipped_too(client):
    assert "とばす" in text_of(client.get("/"))
    assert answer(client, "").status_code == 302


def test_an_earlier_answer_can_be_changed(client):
    walk(client, "a", {"kinds": ["a1"]})
    assert re.search(r'value="a1"[^>]*checked', text_of(client.get("/guide/2/")))


def test_the_result_can_be_made_more_exact(client):
    walk(client, "a", {"kinds": ["a7"]}, {"wants": ["w2"]})
    client.post("/guide/result/", {"service": "x", "asked_platform": "no", "prefecture": "大阪府"})
    page = text_of(client.get("/guide/result/"))
    assert "都道府県（差別の情報の通報）" in page
    assert "help.x.com" in page


def test_what_is_not_for_somebody_is_listed_with_the_reason(client):
    page = text_of(walk(client, "a", {"kinds": ["a1"]}, {"wants": ["w2"], "removal": ["d4"]}, {}))
    assert "ここは使えません" in page
    assert "この内容を扱っていません" in page


def test_without_answers_there_is_no_result(client):
    assert client.get("/guide/result/")["Location"] == "/"
    assert client.get("/guide/print/")["Location"] == "/"


def test_the_sheet_holds_no_answers_unless_they_are_asked_for(client):
    walk(client, "a", {"kinds": ["a5"]})
    bare = text_of(client.get("/guide/print/"))
    told = text_of(client.post("/guide/print/", {"answers": "yes"}))
    for telling in ("はだか", "出すとおどされた", "答えたため", "別の画像を求められても"):
        assert telling not in bare
        assert telling in told


@pytest.mark.parametrize("method", ["get", "post"])
def test_leaving_ends_the_session_and_lands_on_an_empty_page(client, method):
    walk(client, "a", {"kinds": ["a5"]})
    away = getattr(client, method)("/exit/")
    assert (away.status_code, away["Location"]) == (303, "/blank/")
    assert '"cookies"' in away["Clear-Site-Data"]
    assert client.get("/guide/result/")["Location"] == "/"
    blank = text_of(client.get("/blank/"))
    assert "<script" not in blank
    assert "<a " not in blank


def test_leaving_is_never_refused(client):
    strict = client.__class__(enforce_csrf_checks=True)
    assert strict.post("/exit/").status_code == 303


WILD = [
    "",
    "zz",
    "a1",
    "\x00",
    "９",
    "a" * 5000,
    "<script>",
    "死にたい",
    "\ud800".encode("utf-8", "replace").decode(),
]


@pytest.mark.parametrize("value", WILD)
def test_no_input_breaks_a_page(client, value):
    keys = ("happened", "kinds", "wants", "removal", "found", "posted", "who", "under18")
    told = {key: [value, value] for key in (*keys, "service", "prefecture", "danger_now")}
    for page in (
        "/guide/",
        "/guide/2/",
        "/guide/3/",
        "/guide/4/",
        "/guide/result/",
        "/guide/print/",
    ):
        assert client.post(page, told).status_code in {200, 302}
    assert client.get("/windows/", {"by": value}).status_code == 200
    assert client.get("/windows/no-such-window/").status_code == 404


def test_answers_that_can_no_longer_be_read_are_not_said(client):
    session = client.session
    session["guide"] = {"happened": "q", "from": "an older edition"}
    session.save()
    assert client.get("/guide/2/").status_code == 200


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("happened", "abcdefg")
def test_every_first_answer_leads_to_a_result_in_every_language(client, prefix, happened):
    there = client.post(f"{prefix}/guide/", {"happened": happened})
    while not there["Location"].endswith("/guide/result/"):
        assert there["Location"].startswith(f"{prefix}/guide/")
        there = client.post(there["Location"], {})
    assert "window-card" in text_of(client.get(there["Location"]))


def test_easy_pages_show_readings(client):
    assert "<ruby>" in text_of(client.get("/easy/"))
    assert "{" not in re.sub(r"<[^>]*>", "", text_of(client.get("/easy/windows/ihaho/")))


def test_english_pages_ask_in_english(client):
    assert "What happened?" in text_of(client.get("/en/"))


def test_a_doubtful_cell_is_shown_as_doubtful(client):
    assert text_of(client.get("/windows/")).count("<small>要確認</small>") == 11


def test_windows_can_be_listed_by_how_they_are_reached(client):
    page = text_of(client.get("/windows/?by=phone"))
    assert reverse("guide:window", args=["moj"]) in page
    assert reverse("guide:window", args=["ihaho"]) not in page.split('id="matrix"')[0]


def test_every_row_of_the_rule_table_can_be_read(client):
    page = text_of(client.get("/windows/rules/"))
    assert "intimate-images" in page
    assert all_questions()["q3a"].title.ja in page


def test_the_own_desk_is_offered_last_and_by_its_name(client, desk):
    page = text_of(walk(client, "a", {"kinds": ["a1"]}, {}, {}))
    assert page.rindex("ネットハーモニー") > page.rindex("この窓口をくわしく見る")


def test_who_skips_the_first_question_is_led_on_as_who_does_not_know(client):
    response = client.post("/guide/", {"happened": ""}, follow=True)
    assert response.redirect_chain == [("/guide/result/", 302)]
    assert "違法・有害情報相談センター" in response.content.decode()


def test_every_number_in_a_sentence_of_the_emergency_page_can_be_pressed(client):
    page = client.get("/urgent/").content.decode()
    for number in ("0120-279-226", "119", "050-3655-0279"):
        assert f'href="tel:{number.replace("-", "")}"' in page
    assert page.count('href="tel:0120279338"') == 1


def test_the_first_page_leads_to_the_chat_while_it_is_open(client, desk, beni):
    assert 'href="/chat/"' not in client.get("/").content.decode()
    set_room(desk=desk.pk, actor=beni.actor, is_open=True, by_hours=False, at=AT)
    assert 'href="/chat/"' in client.get("/").content.decode()
