"""A telephone contact, classified, in at most twelve key presses beside the note's own text."""

import pytest
from playwright.sync_api import expect

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.queries import kinds_of
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.desks.models import CodeBook
from madoguchi.rules.consultation import Status
from tests.journeys import steps

NOTE = "仕事のうそを書かれている。書いた人を知りたい。"
AT_MOST = 12
# Every key that goes down counts, Alt and Ctrl too; what holds on while a page changes is kept
# by the browser's own tab, not by the page.
COUNTING = """
addEventListener("keydown", (event) => {
  const so_far = JSON.parse(sessionStorage.getItem("pressed") || "[]");
  sessionStorage.setItem("pressed", JSON.stringify([...so_far, event.key]));
}, true);
"""


@pytest.fixture
def table(adviser, aoi):
    """Aoi's screen, signed in, with every key counted."""
    steps.sign_in(adviser, aoi)
    adviser.add_init_script(COUNTING)
    adviser.goto("/desk/")
    return adviser


def _pressed(page):
    return page.evaluate("JSON.parse(sessionStorage.getItem('pressed') || '[]')")


def _key(user, table, code):
    """Return the number that stands on a chip."""
    book = CodeBook.objects.get(desk=user.desk, table=table)
    return str(book.codes.get(key=code).position + 1)


def test_a_call_is_recorded_and_classified_in_twelve_key_presses(table, aoi):
    table.keyboard.press("Alt+n")
    note = table.get_by_label("聞いたこと")
    expect(note).to_be_focused()
    # The note's own text, as an input method commits it: no key of it is counted.
    table.keyboard.insert_text(NOTE)
    table.keyboard.press("Escape")
    table.keyboard.press(_key(aoi, "INFRINGEMENT_KIND", "DEFAMATION"))
    table.keyboard.press("Enter")
    table.keyboard.press(_key(aoi, "ACTION_TAKEN", "OTHER_AGENCY"))
    table.keyboard.press(_key(aoi, "STANDING", "AFFECTED"))
    table.keyboard.press(_key(aoi, "AGE_GROUP", "TWENTIES"))
    table.keyboard.press("Enter")
    expect(table.get_by_text("に記録しました。")).to_be_visible()
    pressed = _pressed(table)
    assert pressed[:2] == ["Alt", "n"]
    assert len(pressed) <= AT_MOST, pressed
    contact = Contact.objects.select_related("consultation__matter").get()
    row = contact.consultation
    assert (contact.channel, contact.action) == ("TELEPHONE", "OTHER_AGENCY")
    assert kinds_of(row) == {"DEFAMATION"}
    assert (row.standing, row.age_group) == ("AFFECTED", "TWENTIES")
    assert [it.words for it in messages_in(row.matter)] == [NOTE]


def test_several_kinds_and_a_change_of_mind_still_fit(table, aoi):
    table.keyboard.press("Alt+n")
    expect(table.get_by_label("聞いたこと")).to_be_focused()
    table.keyboard.insert_text(NOTE)
    for key in ("Escape", "1", "5", "1", "Enter", "1", "Enter", "3"):
        table.keyboard.press(key)
    expect(table.get_by_role("button", name="通話を終えて記録")).to_be_focused()
    table.keyboard.press("Enter")
    expect(table.get_by_text("に記録しました。")).to_be_visible()
    assert len(_pressed(table)) <= AT_MOST
    row = Consultation.objects.get()
    assert kinds_of(row) == {"OTHER"}
    assert (row.standing, row.age_group) == ("UNKNOWN", "THIRTIES")
    assert Contact.objects.get().action == "ADVICE"


def test_a_number_in_the_note_is_a_number_and_escape_leads_back(table):
    table.keyboard.press("Alt+n")
    note = table.get_by_label("聞いたこと")
    expect(note).to_be_focused()
    table.keyboard.type("3")
    expect(note).to_have_value("3")
    table.keyboard.press("Escape")
    expect(note).not_to_be_focused()
    table.keyboard.press("Escape")
    expect(note).to_be_focused()
    expect(note).to_have_value("3")


def test_silence_takes_one_press_after_the_note_is_open(table):
    table.keyboard.press("Alt+n")
    expect(table.get_by_label("聞いたこと")).to_be_focused()
    table.get_by_role("button", name="無言").click()
    expect(table.get_by_text("に記録しました。")).to_be_visible()
    assert Consultation.objects.get().status == Status.CLOSED
    assert Contact.objects.get().action == "BROKEN_OFF"
