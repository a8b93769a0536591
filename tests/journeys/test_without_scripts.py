"""Everything that matters works with JavaScript off, for people and at the desk."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import working
from madoguchi.consultations.operations.receiving import Letter, receive
from madoguchi.consultations.queries import kinds_of
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.queries.words import drafts_of, messages_in
from tests.journeys import steps
from tests.people import AT, the_pause_passes

STORY = "知らない人に、仕事のことでうそを書かれています。"
REPLY = "話してくれて、ありがとうございます。"


@pytest.fixture
def emi(desk, aoi):
    """Emi's matter, in Aoi's charge."""
    received = receive(desk=desk.pk, letter=Letter(words=STORY, channel="EMAIL"), at=AT)
    working.take_charge(matter=received.matter, actor=aoi.actor, at=AT)
    return received


def test_a_person_finds_help_consults_and_reads_the_reply(person_without_scripts, desk, aoi):
    page = person_without_scripts
    steps.go_through_the_guide(page)
    page.get_by_role("link", name="相談を書く").first.click()
    page.get_by_label("相談したいこと").fill(STORY)
    code = steps.send(page, STORY)
    matter = Consultation.objects.get().matter_id
    at = timezone.now()
    working.take_charge(matter=matter, actor=aoi.actor, at=at)
    working.reply(matter=matter, actor=aoi.actor, words=REPLY, at=at)
    the_pause_passes()
    steps.open_my_page(page, code)
    assert steps.said_on_my_page(page) == [STORY, REPLY]
    page.get_by_label("つづきを書く").fill("読みました。")
    page.get_by_role("button", name="送る").click()
    expect(page.get_by_text("届きました。")).to_be_visible()
    assert steps.said_on_my_page(page) == [STORY, REPLY, "読みました。"]
    assert Contact.objects.count() == 2


def test_a_wrong_entry_is_said_and_the_rest_is_kept(person_without_scripts, desk):
    page = person_without_scripts
    page.goto("/consult/")
    page.locator(".tell-more summary").click()
    page.get_by_label("呼び名").fill("えみ")
    page.get_by_role("button", name="確かめるページへ").click()
    expect(page.get_by_role("alert")).to_contain_text("ひとことだけでも")
    # What was told beside it stands open and filled.
    expect(page.get_by_label("呼び名")).to_be_visible()
    expect(page.get_by_label("呼び名")).to_have_value("えみ")


def test_words_of_danger_show_the_numbers_and_can_still_be_sent(person_without_scripts, desk):
    page = person_without_scripts
    page.goto("/consult/")
    page.get_by_label("相談したいこと").fill("もう消えたいです。")
    page.get_by_role("button", name="確かめるページへ").click()
    page.wait_for_url("**/consult/first/")
    expect(page.locator('a[href="tel:0120279338"]')).to_be_visible()
    page.get_by_role("button", name="このまま送る").click()
    steps.code_on(page)
    assert Consultation.objects.get().safety_check_due


def test_an_adviser_notes_a_call(adviser_without_scripts, aoi):
    page = adviser_without_scripts
    steps.sign_in(page, aoi)
    page.get_by_role("button", name="電話").click()
    expect(page.get_by_label("聞いたこと")).to_be_focused()
    page.get_by_label("聞いたこと").fill("もしもし")
    page.get_by_role("button", name="途中で保存").click()
    expect(page.get_by_text("ここまでを保存しました。")).to_be_visible()
    assert [draft.words for draft in drafts_of(aoi.actor)] == ["もしもし"]
    expect(page.get_by_label("聞いたこと")).to_have_value("もしもし")
    page.get_by_label("聞いたこと").fill("もしもし。つづき。")
    steps.tick(page, "action", "LISTENING")
    page.get_by_role("button", name="通話を終えて記録").click()
    expect(page.get_by_text("に記録しました。")).to_be_visible()
    contact = Contact.objects.get()
    assert (contact.channel, contact.action) == ("TELEPHONE", "LISTENING")
    assert [it.words for it in messages_in(Consultation.objects.get().matter)] == [
        "もしもし。つづき。"
    ]


def test_an_adviser_classifies_and_replies(adviser_without_scripts, aoi, emi):
    page = adviser_without_scripts
    steps.sign_in(page, aoi)
    page.get_by_role("link", name="知らない人に").click()
    steps.tick(page, f"action-{Contact.objects.get().pk}", "ADVICE")
    steps.tick(page, "kinds", "DEFAMATION")
    page.get_by_role("button", name="分類を保存").click()
    expect(page.locator(".unsaid")).to_have_count(0)
    assert Contact.objects.get().action == "ADVICE"
    assert kinds_of(Consultation.objects.get()) == {"DEFAMATION"}
    page.get_by_role("button", name="返信を書く").click()
    page.get_by_label("送る文").fill(REPLY)
    page.get_by_role("button", name="相談者へ送る").click()
    expect(page.get_by_text("返信を送りました。")).to_be_visible()
    replies = messages_in(Consultation.objects.get().matter, Kind.REPLY)
    assert [it.words for it in replies] == [REPLY]


def test_the_supervisor_reads_the_figures(adviser_without_scripts, beni, emi):
    page = adviser_without_scripts
    steps.sign_in(page, beni)
    steps.go_to(page, "統計")
    page.get_by_label("期間", exact=True).select_option("any")
    page.get_by_label("はじめの日").fill("2025-05-01")
    page.get_by_label("おわりの日").fill("2025-05-31")
    page.get_by_role("button", name="集計する").click()
    expect(page.locator(".totals div").filter(has_text="延べ受付件数")).to_contain_text("1")
    # The bars are drawn by the server.
    expect(page.locator("svg.chart").first).to_be_visible()
