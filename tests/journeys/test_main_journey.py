"""From a frightened person's first question to the official table, in a real browser."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import noting, working
from madoguchi.consultations.operations.noting import Classification
from madoguchi.consultations.operations.receiving import Letter, receive
from madoguchi.correspondence.queries.words import drafts_of
from madoguchi.rules.calendar import in_japan
from tests.journeys import steps
from tests.people import the_pause_passes

STORY = "知らない人に、仕事のことでうそを書かれています。"
CALL = "書きこみを見た友だちから電話がきて、こわくなったと話された。"
REPLY = "話してくれて、ありがとうございます。消す頼み方を、いっしょに見ましょう。"
DESCRIBED = [
    ("kinds", "DEFAMATION"),
    ("kinds", "DISCRIMINATION"),
    ("standing", "AFFECTED"),
    ("age_group", "TWENTIES"),
]
AGAIN = "読みました。画面の画像があります。"


@pytest.fixture
def earlier(desk, aoi):
    """Somebody else's matter of today: the tables are not empty before Emi comes."""
    at = timezone.now()
    letter = Letter(words="べつの人の話です。", channel="EMAIL")
    theirs = receive(desk=desk.pk, letter=letter, at=at)
    working.take_charge(matter=theirs.matter, actor=aoi.actor, at=at)
    noting.classify(
        matter=theirs.matter,
        actor=aoi.actor,
        classification=Classification(
            kinds=frozenset({"DEFAMATION"}),
            standing="AFFECTED",
            age_group="FORTIES",
            actions={Contact.objects.get().pk: "ADVICE"},
        ),
        at=at,
    )
    return theirs


def _figures(page):
    """Read every number of the page of figures for this month and the day after today."""
    today = in_japan(timezone.now()).date()
    steps.go_to(page, "統計")
    page.get_by_label("期間", exact=True).select_option("any")
    page.get_by_label("はじめの日").fill(today.replace(day=1).isoformat())
    page.get_by_label("おわりの日").fill((today + dt.timedelta(days=1)).isoformat())
    page.get_by_role("button", name="集計する").click()
    page.wait_for_url("**first=**")
    found = page.evaluate(
        """() => ({
          totals: [...document.querySelectorAll(".totals div")].map(
            (it) => ["totals", it.querySelector("dt").textContent, it.querySelector("dd").textContent]),
          rows: [...document.querySelectorAll(".figures-card")].flatMap((card) =>
            [...card.querySelectorAll("tbody tr")].map((row) => [
              card.querySelector("h2").id,
              row.querySelector("th").textContent,
              row.querySelector("td").textContent]))})"""
    )
    numbers = {
        (table, label): int("".join(it for it in number if it.isdigit()))
        for table, label, number in [*found["totals"], *found["rows"]]
    }
    assert len(numbers) == 4 + 6 + 7 + 4 + 7 + 9
    return numbers


def _note_a_call(page, aoi):
    """One key opens the note; what is typed is on the server before anything is pressed."""
    page.keyboard.press("Alt+t")
    note = page.get_by_label("聞いたこと")
    expect(note).to_be_focused()
    page.keyboard.type(CALL)
    expect(page.locator("form.call .saved")).to_contain_text("自動保存")
    expect(page.locator("form.call .saved")).to_contain_text("秒")
    assert [draft.words for draft in drafts_of(aoi.actor)] == [CALL]
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("に記録しました。")).to_be_visible()


def _say_what_was_done(page, emi, actions):
    """Say what was done in each contact that waits, the oldest first."""
    each = page.locator(".unsaid fieldset:has(input[name^='action-'])")
    expect(each).to_have_count(len(actions))
    waiting = Contact.objects.filter(consultation=emi, action=None).order_by("at")
    for contact, action in zip(waiting, actions, strict=True):
        steps.tick(page, f"action-{contact.pk}", action)


def _changed(before, after):
    assert before.keys() == after.keys()
    return {cell: after[cell] - before[cell] for cell in after if after[cell] != before[cell]}


def _emi_consults(page):
    """Emi, on her phone: the guide, then the desk itself. Returns her code."""
    steps.go_through_the_guide(page)
    expect(page.get_by_role("heading", name="あなたに合う窓口は")).to_be_visible()
    page.get_by_role("link", name="相談を書く").first.click()
    page.wait_for_url("**/consult/")
    page.get_by_label("相談したいこと").fill(STORY)
    page.get_by_text("もう少し書ける人は").click()
    page.locator("label:has(input[name=use_guide])").click()
    code = steps.send(page, STORY)
    # The code is shown once: the same page, asked for again, has covered it.
    page.reload()
    expect(page.get_by_text("番号を、かくしました")).to_be_visible()
    assert code not in page.content().replace("-", "")
    page.get_by_role("button", name="もう写しました").click()
    return code


def _aoi_helps(page, emi, aoi):
    """Aoi, at the desk: takes charge, notes a call, classifies, replies."""
    steps.sign_in(page, aoi)
    page.goto("/desk/?list=unassigned")
    page.get_by_role("link", name="知らない人に").click()
    expect(page.get_by_text(STORY).last).to_be_visible()
    # What Emi told the guide, and let be used, is there: she wants it gone.
    expect(page.get_by_label("この相談の情報").get_by_text("消したい")).to_be_visible()
    page.get_by_role("button", name="担当になる").click()
    expect(page.get_by_text("担当 あおい")).to_be_visible()
    _note_a_call(page, aoi)
    _say_what_was_done(page, emi, ["ADVICE", "LISTENING"])
    for name, code in DESCRIBED:
        steps.tick(page, name, code)
    page.get_by_role("button", name="分類を保存").click()
    expect(page.locator(".unsaid")).to_have_count(0)
    page.keyboard.press("Alt+r")
    expect(page.get_by_label("送る文")).to_be_focused()
    page.keyboard.type(REPLY)
    page.get_by_role("button", name="相談者へ送る").click()
    expect(page.get_by_text("返信を送りました。")).to_be_visible()
    # Taken back in time, it is a draft again; sent once more, it stays.
    page.keyboard.press("Alt+z")
    expect(page.get_by_text("返信を取りやめました。")).to_be_visible()
    expect(page.get_by_label("送る文")).to_have_value(REPLY)
    page.get_by_role("button", name="相談者へ送る").click()
    expect(page.get_by_text("まだ相談者に見えていません").first).to_be_visible()
    the_pause_passes()
    page.reload()
    expect(page.get_by_text("まだ読まれていません")).to_be_visible()
    expect(page.get_by_role("button", name="取りやめて")).to_have_count(0)


def _emi_reads_and_writes_again(page, code):
    """Emi reads the reply with her code, and nothing of the call."""
    steps.open_my_page(page, code)
    assert steps.said_on_my_page(page) == [STORY, REPLY]
    page.get_by_label("つづきを書く").fill(AGAIN)
    page.get_by_role("button", name="送る").click()
    expect(page.get_by_text("届きました。")).to_be_visible()
    assert steps.said_on_my_page(page) == [STORY, REPLY, AGAIN]
    assert "友だちから電話" not in page.content()
    page.get_by_role("link", name="閉じて、出る").click()
    page.wait_for_url("**/blank/")


def _aoi_finishes(page, emi):
    """Aoi sees that the reply was read, and says what was done about the third contact."""
    page.goto("/desk/?list=mine")
    expect(page.get_by_text("新しい返信").first).to_be_visible()
    page.get_by_role("link", name="知らない人に").click()
    expect(page.get_by_text("読まれた")).to_be_visible()
    _say_what_was_done(page, emi, ["CONTINUED"])
    page.get_by_role("button", name="分類を保存").click()
    expect(page.locator(".unsaid")).to_have_count(0)


@pytest.mark.on_both_databases
def test_from_a_frightened_person_s_first_question_to_the_official_table(
    person, adviser, supervisor, earlier, aoi, beni
):
    steps.sign_in(supervisor, beni)
    before = _figures(supervisor)
    code = _emi_consults(person)
    emi = Consultation.objects.exclude(matter=earlier.matter).get()
    _aoi_helps(adviser, emi, aoi)
    _emi_reads_and_writes_again(person, code)
    _aoi_finishes(adviser, emi)
    # The figures change by exactly that: the reply is counted nowhere.
    times = Contact.objects.filter(consultation=emi).values_list("at", flat=True)
    months = len({in_japan(at).strftime("%Y-%m") for at in times})  # two, at a month's midnight
    assert _changed(before, _figures(supervisor)) == {
        ("totals", "新規受付件数"): 1,
        ("totals", "実件数"): months,
        ("totals", "延べ受付件数"): 3,
        ("channel", "メール"): 2,
        ("channel", "電話"): 1,
        ("age-group", "20代"): months,
        ("standing", "被害者"): months,
        ("infringement-kind", "誹謗・中傷"): months,
        ("infringement-kind", "差別"): months,
        ("action-taken", "助言"): 1,
        ("action-taken", "傾聴"): 1,
        ("action-taken", "継続"): 1,
    }
