"""The desk's lists by keys alone, for who wishes; and no key taken where it is somebody else's."""

import re

import pytest
from playwright.sync_api import expect

from madoguchi.consultations.operations.receiving import Letter, receive
from tests.journeys import steps
from tests.people import AT

STORIES = ("ひとつめの相談", "ふたつめの相談", "みっつめの相談")


@pytest.fixture
def table(adviser, desk, aoi):
    """Aoi's screen, with three matters in the inbox."""
    for words in STORIES:
        receive(desk=desk.pk, letter=Letter(words=words, channel="EMAIL"), at=AT)
    steps.sign_in(adviser, aoi)
    adviser.goto("/desk/?list=all")
    return adviser


def _line(page):
    """Return on which line the focus is."""
    return page.evaluate("document.activeElement.querySelector('.line-words')?.textContent ?? ''")


def test_a_list_is_walked_through_and_opened_by_keys(table):
    shown = table.locator("main .line-words").all_text_contents()
    assert sorted(shown) == sorted(STORIES)
    table.keyboard.press("Alt+l")
    walked = [_line(table)]
    for key in ("ArrowDown", "j", "j"):
        table.keyboard.press(key)
        walked.append(_line(table))
    # At its end one stays.
    assert walked == [*shown, shown[-1]]
    for key, at in (("k", 1), ("ArrowUp", 0), ("ArrowUp", 0), ("End", 2), ("Home", 0)):
        table.keyboard.press(key)
        assert _line(table) == shown[at]
    table.keyboard.press("Enter")
    expect(table.get_by_role("heading", level=1)).to_have_text(shown[0])
    # Beside a matter, the list begins where one is.
    table.keyboard.press("Alt+l")
    assert _line(table) == shown[0]


def test_outside_a_list_no_key_is_taken(table):
    table.keyboard.press("j")
    table.keyboard.press("ArrowDown")
    assert table.evaluate("document.activeElement === document.body")
    table.keyboard.press("Alt+l")
    table.keyboard.press("Shift+J")
    assert _line(table) == table.locator("main .line-words").first.text_content()


def test_while_somebody_types_the_letters_are_theirs(table, aoi):
    table.goto("/desk/search/")
    words = table.get_by_label(re.compile("ことば|さがす")).first
    words.focus()
    table.keyboard.type("jk")
    expect(words).to_have_value("jk")


def test_the_help_is_one_key_away_and_names_each(table, faults_of):
    table.keyboard.press("Alt+h")
    table.wait_for_url("**/desk/keys/")
    for key in ("Alt+L", "Alt+N", "J", "Home"):
        expect(table.locator("main kbd", has_text=key).first).to_be_visible()
    assert not faults_of(table)
