"""The desk's own chat, person and adviser side by side, from the link to the summary."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import chatting
from madoguchi.correspondence.models import Line, Talk
from madoguchi.correspondence.operations.chat import set_room
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.desks.operations.hours import set_hours
from madoguchi.handbook.models import Sort
from madoguchi.handbook.operations import Written, approve, write
from madoguchi.rules.chat import SILENT_AFTER
from madoguchi.rules.hours import Opening
from madoguchi.rules.triage import Signals
from tests.journeys import steps

WORDS = "グループで、うわさを流されています。"
HELLO = "こんにちは。相談員です。"
SUMMARY = "グループの書きこみについて聞いた。画面の残し方を伝えた。"


@pytest.fixture(autouse=True)
def _room(desk):
    """A desk whose chat is open round the clock."""
    set_room(desk=desk.pk, actor=None, is_open=True, by_hours=False, at=timezone.now())


def _begin(page, words=WORDS):
    page.goto("/chat/")
    page.get_by_label("話したいこと").fill(words)
    page.get_by_role("button", name="チャットを始める").click()
    page.wait_for_url("**/chat/talk/")


def _say(page, words):
    page.get_by_label("書く").fill(words)
    page.get_by_role("button", name="送る").click()


@pytest.mark.on_both_databases
def test_a_person_and_an_adviser_talk_from_the_link_to_the_summary(person, adviser, aoi, desk):
    steps.sign_in(adviser, aoi)
    # The link stands where one would write a letter.
    person.goto("/consult/")
    person.get_by_role("link", name="チャットで話す").click()
    _begin(person)
    expect(person.get_by_text("つぎは、あなたの番です。")).to_be_visible()
    # Whoever looks at the inbox sees that somebody waits, without loading the page anew.
    expect(adviser.locator("em.waits")).to_contain_text("1", timeout=15_000)
    adviser.get_by_role("link", name="チャット").click()
    adviser.wait_for_url("**/desk/chat/")
    adviser.wait_for_load_state()
    adviser.keyboard.press("Alt+c")
    expect(adviser.get_by_label("相談者へ")).to_be_focused()
    expect(person.get_by_text("相談員と話しています")).to_be_visible()
    adviser.keyboard.type(HELLO)
    expect(person.get_by_text("相談員が書いています")).to_be_visible()
    adviser.keyboard.press("Control+Enter")
    expect(person.get_by_text(HELLO)).to_be_visible()
    expect(adviser.get_by_label("相談者へ")).to_have_value("")
    person.get_by_label("書く").press_sequentially("はい、")
    expect(adviser.get_by_text("相手が書いています")).to_be_visible()
    _say(person, "はい、話せます。")
    expect(adviser.locator(".talk .said").last).to_have_text("はい、話せます。")
    expect(person.get_by_text("相談員が読みました").last).to_be_visible()
    # No page was loaded for any of it.
    assert person.evaluate("performance.getEntriesByType('navigation').length") == 1
    _say(person, "もう消えたいです。")
    expect(person.locator('a[href="tel:0120279338"]')).to_be_visible()
    expect(adviser.get_by_role("status").get_by_text("安全確認がいります")).to_be_visible()
    person.get_by_role("button", name="チャットを終える").click()
    code = steps.code_on(person)
    expect(adviser.get_by_text("相談者が終えました。")).to_be_visible()
    adviser.get_by_role("textbox", name="まとめ").fill(SUMMARY)
    steps.tick(adviser, "action", "LISTENING")
    steps.tick(adviser, "kinds", "DEFAMATION")
    adviser.keyboard.press("Alt+s")
    expect(adviser.get_by_text("まとめを記録しました。")).to_be_visible()
    contact = Contact.objects.get()
    assert (contact.channel, contact.action) == ("SNS", "LISTENING")
    assert [it.words for it in messages_in(Consultation.objects.get().matter)] == [SUMMARY]
    steps.open_my_page(person, code)
    assert steps.said_on_my_page(person) == [WORDS, HELLO, "はい、話せます。", "もう消えたいです。"]
    assert SUMMARY not in person.content()


def test_a_talk_goes_on_to_the_close_of_its_matter(person, adviser, aoi, desk):
    steps.sign_in(adviser, aoi)
    _begin(person)
    adviser.goto("/desk/chat/")
    adviser.keyboard.press("Alt+c")
    expect(adviser.get_by_label("相談者へ")).to_be_focused()
    adviser.keyboard.type(HELLO)
    adviser.keyboard.press("Control+Enter")
    expect(person.get_by_text(HELLO)).to_be_visible()
    person.get_by_role("button", name="チャットを終える").click()
    expect(adviser.get_by_text("相談者が終えました。")).to_be_visible()
    adviser.get_by_role("textbox", name="まとめ").fill(SUMMARY)
    steps.tick(adviser, "action", "ADVICE")
    adviser.keyboard.press("Alt+s")
    expect(adviser.get_by_text("まとめを記録しました。")).to_be_visible()
    steps.close(adviser, Consultation.objects.get().matter.number)


def test_several_talks_at_once_and_a_hand_over(adviser, supervisor, aoi, beni, desk):
    at = timezone.now()
    for words in ("ひとりめです", "ふたりめです"):
        opened = chatting.open_talk(desk=desk.pk, words=words, signals=Signals(), at=at)
        chatting.take_talk(talk=opened.talk, actor=aoi.actor, at=at)
    steps.sign_in(adviser, aoi)
    adviser.goto("/desk/chat/")
    adviser.keyboard.press("Alt+1")
    expect(adviser.get_by_role("heading", name="ひとりめです")).to_be_visible()
    with adviser.expect_response("**/typed/"):
        adviser.get_by_label("相談者へ").fill("書きかけの返事")
    # What comes in elsewhere is seen, and what was half written is there on coming back.
    adviser.keyboard.press("Alt+2")
    expect(adviser.get_by_role("heading", name="ふたりめです")).to_be_visible()
    first = Talk.objects.earliest("opened_at", "id")
    chatting.say(talk=first.pk, words="まだいますか", signals=Signals(), at=timezone.now())
    expect(adviser.locator(".talk-list").get_by_text("新しい文")).to_be_visible()
    adviser.keyboard.press("Alt+1")
    expect(adviser.get_by_label("相談者へ")).to_have_value("書きかけの返事")
    adviser.get_by_label("代わる人").select_option(label="べに")
    adviser.get_by_role("button", name="代わる", exact=True).click()
    expect(adviser.get_by_text("同僚に代わりました。")).to_be_visible()
    steps.sign_in(supervisor, beni)
    supervisor.goto("/desk/chat/")
    expect(supervisor.locator(".busy")).to_contain_text("あおい")
    supervisor.keyboard.press("Alt+1")
    expect(supervisor.get_by_text("まだいますか")).to_be_visible()
    expect(supervisor.get_by_label("相談者へ")).to_be_editable()


def test_what_a_person_was_typing_is_there_after_a_reload(person, aoi, desk):
    _begin(person)
    field = person.get_by_label("書く")
    with person.expect_response("**/typed/"):
        field.fill("まだ途中の文")
    person.reload()
    expect(person.get_by_label("書く")).to_have_value("まだ途中の文")
    assert Line.objects.count() == 1


def test_what_cannot_be_sent_stays_and_is_said(person, desk):
    _begin(person)
    person.route("**/chat/talk/", lambda route: route.abort())
    _say(person, "とどくかな")
    expect(person.get_by_role("alert").last).to_contain_text("書いた文は残っています")
    expect(person.get_by_label("書く")).to_have_value("とどくかな")
    person.unroute("**/chat/talk/")
    person.get_by_role("button", name="送る").click()
    expect(person.locator(".talk .said").last).to_have_text("とどくかな")
    assert Line.objects.count() == 2


def test_a_screen_left_alone_closes_itself(person, aoi, desk):
    _begin(person)
    talk = Talk.objects.get()
    chatting.take_talk(talk=talk.pk, actor=aoi.actor, at=timezone.now())
    Talk.objects.update(last_line_at=timezone.now() - SILENT_AFTER * 2)
    person.wait_for_url("**/chat/over/")
    expect(person.get_by_text("あなたを守るために終えました。")).to_be_visible()
    assert WORDS not in person.content()


def test_the_whole_chat_works_without_scripts(
    person_without_scripts, adviser_without_scripts, aoi, desk
):
    emi, ours = person_without_scripts, adviser_without_scripts
    _begin(emi)
    steps.sign_in(ours, aoi)
    ours.get_by_role("link", name="チャット").click()
    ours.get_by_role("button", name="出る").click()
    ours.get_by_label("相談者へ").fill(HELLO)
    ours.get_by_role("button", name="送る").click()
    emi.get_by_label("書く").fill("とちゅうまで")
    emi.get_by_role("button", name="新しい文を見る").click()
    expect(emi.get_by_text(HELLO)).to_be_visible()
    expect(emi.get_by_label("書く")).to_have_value("とちゅうまで")
    emi.get_by_role("button", name="送る").click()
    ours.reload()
    expect(ours.locator(".talk .said").last).to_have_text("とちゅうまで")
    emi.get_by_role("button", name="チャットを終える").click()
    steps.code_on(emi)
    ours.get_by_role("textbox", name="まとめ").fill(SUMMARY)
    steps.tick(ours, "action", "ADVICE")
    ours.get_by_role("button", name="チャットを終えて記録").click()
    expect(ours.get_by_text("まとめを記録しました。")).to_be_visible()
    assert Contact.objects.get().action == "ADVICE"


def test_out_of_hours_the_person_learns_when_and_what_else_there_is(person, desk):
    set_room(desk=desk.pk, actor=None, is_open=True, at=timezone.now())
    later = timezone.localtime() + dt.timedelta(hours=25)
    line = Opening(weekdays=(later.weekday(),), opens=dt.time(0, 1), until=dt.time(0, 2))
    set_hours(desk=desk.pk, openings=[line], actor=None, at=timezone.now())
    person.goto("/chat/")
    expect(person.get_by_role("heading", name="いまは、チャットの時間外です")).to_be_visible()
    expect(person.get_by_text("から話せます。")).to_be_visible()
    expect(person.locator('main a[href="tel:110"]').first).to_be_visible()
    person.get_by_role("link", name="相談を書く").click()
    person.wait_for_url("**/consult/")


def test_a_text_of_the_handbook_is_called_by_a_slash_in_a_talk(adviser, aoi, beni, desk):
    at = timezone.now()
    text = Written(sort=Sort.TEMPLATE, title="名乗り", words="{担当}です。", call="na")
    sheet = write(written=text, actor=aoi.actor, at=at)
    approve(sheet=sheet.pk, actor=beni.actor, at=at)
    opened = chatting.open_talk(desk=desk.pk, words=WORDS, signals=Signals(), at=at)
    chatting.take_talk(talk=opened.talk, actor=aoi.actor, at=at)
    steps.sign_in(adviser, aoi)
    adviser.goto(f"/desk/chat/{opened.talk}/")
    expect(adviser.get_by_label("相談者へ")).to_be_focused()
    adviser.keyboard.type("/na")
    expect(adviser.locator("[data-text]")).to_have_count(1)
    adviser.keyboard.press("Enter")
    expect(adviser.get_by_label("相談者へ")).to_have_value("あおいです。")
    adviser.keyboard.press("Control+Enter")
    expect(adviser.locator(".talk .said").last).to_have_text("あおいです。")
