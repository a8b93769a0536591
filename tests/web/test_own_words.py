"""The box for one's own words: understood, asked back, kept nowhere; danger sees numbers first."""

import logging
import re

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
STORY = "インスタで私になりすましたアカウントを作られて、悪口を書かれています。消したいです"


def text_of(response):
    return response.content.decode()


def write(client, text, prefix=""):
    there = client.post(f"{prefix}/guide/words/", {"text": text})
    return there, client.get(there["Location"])


@pytest.mark.parametrize("prefix", ["", "/easy", "/en"])
def test_the_first_page_has_a_box_for_ones_own_words_after_the_first_question(client, prefix):
    page = text_of(client.get(f"{prefix}/"))
    box = page.index('name="text"')
    assert page.index("tel:110") < page.index('id="q1"') < box
    assert f'action="{prefix}/guide/words/"' in page
    assert 'maxlength="1000"' in page
    assert 'spellcheck="false"' in page


@pytest.mark.parametrize("prefix", ["", "/easy", "/en"])
def test_what_was_understood_is_asked_back_with_the_answers_filled_in(client, prefix):
    there, page = write(client, STORY, prefix)
    assert there["Location"] == f"{prefix}/guide/words/"
    said = text_of(page)
    for value in ("a", "a3", "w2"):
        assert f'value="{value}"' in said
    assert said.count(" checked") >= 3
    assert "instagram" in said


def test_confirmed_answers_lead_to_the_result(client):
    write(client, STORY)
    told = {"happened": "a", "kinds": ["a3", "a1"], "wants": ["w3"], "service": "instagram"}
    there = client.post("/guide/words/confirm/", told)
    assert there["Location"] == "/guide/result/"
    assert client.session["guide"]["wants"] == ["w3"]
    assert client.get("/guide/result/").status_code == 200


def test_another_way_than_the_one_understood_leads_to_its_questions(client):
    write(client, STORY)
    there = client.post("/guide/words/confirm/", {"happened": "d"})
    assert there["Location"] == "/guide/2/"
    assert client.session["guide"]["happened"] == "d"
    assert "kinds" not in client.session["guide"]


def test_words_that_were_not_understood_are_answered_with_the_question(client):
    there, page = write(client, "こんにちは")
    assert there["Location"] == "/guide/words/"
    assert "読み取れませんでした" in text_of(page)
    assert 'name="happened"' in text_of(page)
    assert not re.search(r'value="[a-g]" checked', text_of(page))


def test_the_page_that_did_not_understand_leads_on_to_the_questions(client):
    write(client, "こんにちは")
    assert client.post("/guide/words/confirm/", {"happened": "a"})["Location"] == "/guide/2/"


@pytest.mark.parametrize(
    "text",
    [
        "もう死にたいです",
        "家に行くから待ってろと書かれました。殺すって",
        "裸の写真をばらまくと脅されています",
    ],
)
def test_danger_sees_the_numbers_before_anything_else(client, text):
    there, page = write(client, text)
    assert there["Location"] == "/guide/words/numbers/"
    said = text_of(page)
    assert said.index("tel:110") < said.index('href="/guide/words/"')
    assert "tel:0120279338" in said
    assert client.get("/guide/words/").status_code == 200


def test_harmless_words_do_not_go_to_the_numbers(client):
    there, _ = write(client, STORY)
    assert "numbers" not in there["Location"]


def test_nothing_written_is_kept_in_the_session_the_database_or_the_log(client, caplog):
    caplog.set_level(logging.DEBUG)
    secret = "水玉模様のきりん"
    text = f"爆サイに{secret}という名前で悪口を書かれました"
    there, page = write(client, text)
    assert secret not in text_of(page)
    assert secret not in there["Location"]
    assert secret not in repr(dict(client.session))
    assert secret not in caplog.text
    assert not any(secret in row for row in _every_row())


def _every_row():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 the tables' own names
            yield repr(cursor.fetchall())


def test_an_empty_box_leads_back_to_the_first_page(client):
    assert client.post("/guide/words/", {"text": "  "})["Location"] == "/"


def test_a_text_that_is_too_long_is_read_as_far_as_the_box_goes(client):
    there = client.post("/guide/words/", {"text": "あ" * 1000 + "死にたい"})
    assert there["Location"] == "/guide/words/"


def test_a_forged_answer_is_no_answer(client):
    write(client, STORY)
    client.post("/guide/words/confirm/", {"happened": "a", "kinds": ["zzz"], "service": "<x>"})
    assert client.session["guide"].get("kinds") is None
    assert client.session["guide"].get("service") is None


@pytest.mark.parametrize("page", ["/guide/words/", "/guide/words/numbers/"])
def test_titles_tell_nothing_over_a_shoulder(client, page):
    title = text_of(client.get(page)).split("<title>")[1].split("</title>")[0]
    assert not any(word in title for word in ("死", "危", "自殺", "脅"))


def test_asking_for_the_confirmation_by_address_shows_the_answers(client):
    assert client.get("/guide/words/confirm/")["Location"] == "/guide/words/"


def test_who_was_not_understood_sees_the_numbers_and_can_say_that_there_is_danger(client):
    _, page = write(client, "ぬぬぬ")
    said = text_of(page)
    assert "tel:110" in said
    assert "tel:0120279338" in said
    assert 'name="danger_now"' in said


def test_who_was_not_understood_and_ticks_nothing_is_led_to_windows(client):
    write(client, "ぬぬぬ")
    response = client.post("/guide/words/confirm/", {}, follow=True)
    assert "違法・有害情報相談センター" in text_of(response)


def test_of_images_the_age_is_asked_openly(client):
    write(client, "裸の写真をばらまくと脅されています")  # sees the numbers first
    open_questions = text_of(client.get("/guide/words/")).partition("ほかの質問にも答える")[0]
    assert 'name="under18"' in open_questions


def test_a_wish_to_die_leads_to_who_listens_before_the_police(client):
    write(client, "クラスで悪口を書かれて、もう死にたいです")
    first = text_of(client.get("/guide/result/")).partition("window-card")[2]
    assert first.index("まもろうよ こころ") < first.index("警察・サイバー犯罪相談窓口")
