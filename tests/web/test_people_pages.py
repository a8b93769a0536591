"""People, links and searching, as a browser asks for them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.consultations.models import Consultation, Link
from madoguchi.consultations.operations import linking, receiving
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.queries import shelf
from madoguchi.consultations.queries.people import people_in
from madoguchi.rules.linking import Tie
from madoguchi.rules.particulars import Particulars
from tests.people import AT, at_the_desk

pytestmark = pytest.mark.django_db
STORY = "なりすましのアカウントで中傷されています"


@pytest.fixture(autouse=True)
def _nothing_open():
    shelf.forget()
    yield
    shelf.forget()


def came_in(desk, words=STORY):
    told = Particulars(telephone="090-1234-5678")
    letter = Letter(words=words, channel="EMAIL", particulars=told)
    return receiving.receive(desk=desk.pk, letter=letter, at=AT)


@pytest.fixture
def table(aoi):
    return at_the_desk(aoi)


def test_a_search_shows_where_it_was_found_and_keeps_words_out_of_addresses(desk, table):
    matter = came_in(desk)
    page = table.post("/desk/search/", {"words": "中傷"})
    text = page.content.decode()
    assert matter.number in text
    assert "<mark>中傷</mark>" in text
    assert "%E4%B8%AD" not in text
    assert "no-store" in page.headers["Cache-Control"]


def test_a_search_soon_after_a_start_says_so_and_offers_to_search_again(desk, table, monkeypatch):
    monkeypatch.setattr(shelf, "_CHUNK", 1)
    for words in ("古い相談です", "新しい相談です"):
        came_in(desk, words)
    shelf.read_ahead()

    page = table.post("/desk/search/", {"words": "古い相談"})
    assert "まだ準備中です" in page.content.decode()
    assert "古い相談 1件は、まだ見ていません" in page.content.decode()
    assert 'name="words" value="古い相談"' in page.content.decode()

    shelf.read_ahead()
    page = table.post("/desk/search/", {"words": "古い相談"})
    assert "まだ準備中です" not in page.content.decode()
    assert "見つかった相談" in page.content.decode()


def test_words_in_an_address_are_not_searched(desk, table):
    came_in(desk)
    assert "<mark>" not in table.get("/desk/search/", {"words": "中傷"}).content.decode()


def test_a_number_typed_anyhow_leads_to_its_matter(desk, table):
    matter = came_in(desk)
    year, count = matter.number.split("-")
    page = table.post("/desk/search/", {"words": f"{year.lower()}ー{int(count)}"})
    assert f"/desk/matters/{matter.number}/" in page.content.decode()


def test_nothing_asked_is_answered_in_a_sentence(table):
    page = table.post("/desk/search/", {"words": " "})
    assert page.status_code == 400
    assert "さがすことばを書いてください。" in page.content.decode()


def test_what_was_found_stands_as_text_and_never_as_markup(desk, table):
    came_in(desk, "<script>中傷</script>")
    assert "<script>中傷" not in table.post("/desk/search/", {"words": "中傷"}).content.decode()


def test_others_find_no_door(desk, chika, daichi):
    number = came_in(desk).number
    assert at_the_desk(daichi).post("/desk/search/", {"words": "中傷"}).status_code == 404
    for user in (chika, daichi):
        client = at_the_desk(user)
        for door in ("people/", "people/affected/", "people/proxies/", "people/clues/", "links/"):
            assert client.post(f"/desk/matters/{number}/{door}").status_code == 404
    assert (
        "<mark>" not in at_the_desk(chika).post("/desk/search/", {"words": "中傷"}).content.decode()
    )


def test_a_suggestion_is_decided_on_and_undone(desk, aoi, table):
    first, second = came_in(desk), came_in(desk)
    address = f"/desk/matters/{second.number}/people/"
    assert "同じ電話番号" in table.get(f"/desk/matters/{second.number}/").content.decode()
    assert "同じ電話番号" in table.get(address).content.decode()
    said = {"number": first.number, "tie": "SAME_MATTER"}
    page = table.post(f"/desk/matters/{second.number}/links/", said, follow=True).content.decode()
    assert "つながりを記録しました" in page
    assert "実件数 1・のべ 2" in page
    made = Link.objects.get()
    assert made.reasons == ["TELEPHONE"]
    undo = f"/desk/matters/{second.number}/links/{made.pk}/undo/"
    assert "実件数 1・のべ 1" in table.post(undo, follow=True).content.decode()


def test_a_number_that_is_none_keeps_what_was_typed(desk, table):
    number = came_in(desk).number
    page = table.post(f"/desk/matters/{number}/links/", {"number": "R7-9999", "tie": "TWICE"})
    assert page.status_code == 400
    assert "R7-9999" in page.content.decode()


def test_people_are_written_down_and_taken_off(desk, table):
    found = came_in(desk)
    base = f"/desk/matters/{found.number}/people/"
    table.post(f"{base}affected/", {"name": "ゆき", "age_group": "TEENS", "words": ""})
    table.post(f"{base}proxies/", {"kind": "SCHOOL", "name": "担任"})
    table.post(f"{base}clues/", {"sign": "HANDLE", "value": "@bad", "whose": "POSTER"})
    page = table.get(base).content.decode()
    for words in ("ゆき", "担任", "@bad", "話してよいか、まだ聞いていません"):
        assert words in page
    row = Consultation.objects.get(pk=found.matter)
    known = people_in(row)
    table.post(f"{base}proxies/{known.proxies[0].id}/drop/")
    for clue in known.clues:
        table.post(f"{base}clues/{clue.id}/drop/")
    left = people_in(row)
    assert (left.proxies, left.clues) == ([], [])


def test_a_clue_that_is_none_is_refused_in_a_sentence(desk, table):
    base = f"/desk/matters/{came_in(desk).number}/people/"
    said = {"sign": "EMAIL", "value": "なし", "whose": "SEEKER"}
    page = table.post(f"{base}clues/", said, follow=True).content.decode()
    assert "形になっていません" in page


def test_a_matter_with_many_links_asks_no_more_of_the_database(
    desk, aoi, table, django_assert_max_num_queries
):
    matters = [came_in(desk) for _number in range(3)]
    number = matters[0].number
    table.get(f"/desk/matters/{number}/")

    with CaptureQueriesContext(connection) as few:
        table.get(f"/desk/matters/{number}/")
    more = [came_in(desk) for _number in range(9)]
    for other in more[:6]:
        ids = (other.matter, matters[0].matter)
        linking.link(matters=ids, tie=Tie.SAME_PERSON, actor=aoi.actor, at=AT)
    with CaptureQueriesContext(connection) as many:
        table.get(f"/desk/matters/{number}/")
    assert len(many) <= len(few) + 3


def test_a_number_in_what_was_written_becomes_a_clue_in_one_press(desk, table):
    came_in(desk)
    letter = Letter(
        words="０９０－１２３４－５６７８に電話を。相手は @iyana_hito です。", channel="EMAIL"
    )
    again = receiving.receive(desk=desk.pk, letter=letter, at=AT)
    where = f"/desk/matters/{again.number}/"
    for page in (table.get(where), table.get(f"{where}people/")):
        offered = page.content.decode().split('class="people offered"')[1].split("</ul>")[0]
        assert 'value="090-1234-5678"' in offered
        assert 'value="iyana_hito"' in offered
        assert offered.count("手がかりにする") == 2
    posted = {"sign": "TELEPHONE", "value": "090-1234-5678", "whose": "SEEKER"}
    page = table.post(f"{where}people/clues/", posted, follow=True).content.decode()
    assert "iyana_hito" in page.split('class="people offered"')[1].split("</ul>")[0]
    assert "090" not in page.split('class="people offered"')[1].split("</ul>")[0]
    # And the other matter with this number is told of at once.
    assert (
        "R7-0001"
        in table.get(where).content.decode().split('id="people"')[1].split("</section>")[0]
    )
