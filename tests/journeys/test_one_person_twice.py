"""A caller and a letter turn out to be one person: found, linked, undone; from ring to close."""

import pytest
from playwright.sync_api import Page, expect

from madoguchi.consultations.models import Contact
from tests.journeys import steps
from tests.people import the_pause_passes

NUMBER = "090-1234-5678"
CALL = f"娘の写真を使った偽のアカウント。折り返しは{NUMBER}へ。"
LETTER = "きのう電話した者です。写真のURLを書きます。"
REPLY = "通報の画面までいっしょに進めます。"


@pytest.fixture
def table(adviser: Page, desk, aoi) -> Page:
    """Aoi's screen, signed in."""
    steps.sign_in(adviser, aoi)
    return adviser


def _call(page: Page, words: str) -> str:
    """Note a call by the keyboard; return the number of its matter."""
    page.keyboard.press("Alt+n")
    page.get_by_label("聞いたこと").fill(words)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/desk/matters/**")
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def _count(page: Page, said: str) -> None:
    expect(page.locator(".counting dd")).to_have_text([said])


def test_a_call_goes_on_by_my_page_to_the_close(person: Page, table: Page, faults_of) -> None:
    number = _call(table, CALL)
    table.go_back()
    table.wait_for_url(f"**/desk/matters/{number}/")
    table.get_by_role("link", name="受付コードを渡す").click()
    table.get_by_role("button", name="コードを作る").click()
    code = steps.code_on(table)

    steps.open_my_page(person, code)
    person.get_by_label("つづきを書く").fill(LETTER)
    person.get_by_role("button", name="送る", exact=True).click()
    expect(person.get_by_text("届きました。")).to_be_visible()

    table.goto(f"/desk/matters/{number}/")
    expect(table.get_by_text(LETTER)).to_be_visible()
    table.keyboard.press("Alt+r")
    table.get_by_label("送る文").fill(REPLY)
    table.get_by_role("button", name="相談者へ送る").click()
    expect(table.get_by_text("返信を送りました。")).to_be_visible()
    the_pause_passes()
    person.reload()
    expect(person.get_by_text(REPLY)).to_be_visible()

    for contact in Contact.objects.all():
        steps.tick(table, f"action-{contact.pk}", "ADVICE")
    table.get_by_role("button", name="分類を保存").click()
    expect(table.locator(".unsaid")).to_have_count(0)
    table.get_by_role("button", name="終結する").click()
    expect(table.get_by_text("終結", exact=True).first).to_be_visible()
    assert not faults_of(table)
    told = Contact.objects.order_by("at").values_list("channel", flat=True)
    assert list(told) == ["TELEPHONE", "EMAIL"]


def test_the_same_number_is_offered_linked_counted_once_and_undone(table: Page, faults_of) -> None:
    first, second = _call(table, CALL), _call(table, f"また{NUMBER}の人。別の投稿も。")
    for number in (first, second):
        table.goto(f"/desk/matters/{number}/people/")
        table.get_by_role("button", name="手がかりにする").click()
        expect(table.get_by_role("button", name=f"消す ：{NUMBER}")).to_be_visible()
    suggested = table.get_by_role("region", name="同じ人かもしれない相談")
    expect(suggested.get_by_role("link", name=first)).to_be_visible()
    assert not faults_of(table)
    _count(table, "新規 1・実件数 1・のべ 1")
    suggested.get_by_role("button", name="同じ相談のつづき").click()
    expect(suggested).to_have_count(0)
    _count(table, "新規 1・実件数 1・のべ 2")
    assert not faults_of(table)
    table.get_by_role("button", name="外す", exact=True).click()
    _count(table, "新規 1・実件数 1・のべ 1")


def test_words_are_found_and_never_stand_in_an_address(table: Page, faults_of) -> None:
    number = _call(table, CALL)
    table.keyboard.press("Alt+k")
    table.wait_for_url("**/desk/search/")
    asked = table.get_by_label("さがすことば")
    expect(asked).to_be_focused()
    for words in ("偽のアカウント", "０９０１２３４５６７８", number):
        asked.fill(words)
        asked.press("Enter")
        expect(table.get_by_role("heading", name="見つかった相談")).to_be_visible()
        assert table.url.endswith("/desk/search/")
        assert not faults_of(table)
    table.get_by_role("link", name=number).click()
    expect(table.get_by_text(CALL).first).to_be_visible()


def test_a_list_is_narrowed_saved_under_a_name_and_dropped(table: Page, faults_of) -> None:
    mine = _call(table, CALL)
    table.goto("/desk/lists/")
    table.get_by_label("手法").select_option(label="電話")
    table.get_by_role("button", name="しぼりこむ").click()
    expect(table.get_by_role("link", name=mine)).to_be_visible()
    table.get_by_label("この一覧の名前").fill("電話の相談")
    table.get_by_role("button", name="この一覧を保存").click()
    view = table.get_by_role("link", name="電話の相談")
    table.get_by_label("手法").select_option(label="FAX")
    table.get_by_role("button", name="しぼりこむ").click()
    expect(table.get_by_role("link", name=mine)).to_have_count(0)
    view.click()
    expect(table.get_by_role("link", name=mine)).to_be_visible()
    assert not faults_of(table)
    table.get_by_role("button", name="消す ：電話の相談").click()
    expect(view).to_have_count(0)
