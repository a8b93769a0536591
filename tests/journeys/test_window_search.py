"""Alt+W in a telephone note: three letters, Enter, and the window stands where one was typing."""

import pytest
from playwright.sync_api import expect

from madoguchi.consultations.models import Contact
from madoguchi.correspondence.queries.words import drafts_of
from madoguchi.directory.windows import all_windows
from tests.people import at_the_desk


@pytest.fixture
def note(adviser, aoi, live_server):
    """Aoi's screen with a note just begun."""
    cookie = at_the_desk(aoi).cookies["m"].value
    adviser.context.add_cookies([{"name": "m", "value": cookie, "url": live_server.url}])
    adviser.goto("/desk/")
    adviser.keyboard.press("Alt+n")
    expect(adviser.get_by_label("聞いたこと")).to_be_focused()
    return adviser


def test_a_window_goes_into_the_note_by_the_keyboard_alone(note, aoi, faults_of):
    words = note.get_by_label("聞いたこと")
    note.keyboard.type("なりすましの話")
    note.keyboard.press("Alt+w")
    expect(note.get_by_role("searchbox")).to_be_focused()
    note.keyboard.type("ほうむ")
    expect(note.locator(".found > li").first).to_contain_text("法務局")
    expect(note.locator(".found")).to_have_attribute("data-for", "ほうむ")
    assert not faults_of(note)
    note.keyboard.press("Enter")
    expect(words).to_be_focused()
    number = all_windows()["moj"].phones[0].display
    assert words.input_value().startswith("なりすましの話\n法務局（みんなの人権110番）")
    assert number in words.input_value()
    note.keyboard.type("と伝えた")
    assert words.input_value().endswith("\nと伝えた")
    expect(note.get_by_role("radio", name="他機関紹介")).to_be_checked()
    sent = note.get_by_role("checkbox", name="法務局（みんなの人権110番）")
    expect(sent).to_be_checked()
    expect(sent).to_be_visible()
    expect(note.get_by_role("checkbox", name="弁護士")).to_have_count(0)
    expect(note.locator(".saved")).to_contain_text("自動保存")
    note.wait_for_timeout(1200)
    assert drafts_of(aoi.actor)[0].choices["referred_to"] == ["moj"]
    assert number in drafts_of(aoi.actor)[0].words
    note.keyboard.press("Control+Enter")
    note.wait_for_url("**/desk/matters/**")
    expect(note.get_by_text("紹介先 法務局（みんなの人権110番）")).to_be_visible()
    assert Contact.objects.get().referred_to == ["moj"]


def test_escape_leads_back_to_the_words_and_changes_nothing(note):
    note.keyboard.type("話")
    note.keyboard.press("Alt+w")
    expect(note.locator(".found > li")).not_to_have_count(0)
    note.keyboard.press("Escape")
    expect(note.get_by_role("searchbox")).to_have_count(0)
    expect(note.get_by_label("聞いたこと")).to_be_focused()
    assert note.get_by_label("聞いたこと").input_value() == "話"


def test_an_answer_already_chosen_stays(note):
    note.keyboard.type("話")
    note.get_by_role("radio", name="傾聴").check()
    note.keyboard.press("Alt+w")
    note.get_by_role("button", name="メモに入れる").first.click()
    expect(note.get_by_role("radio", name="傾聴")).to_be_checked()
