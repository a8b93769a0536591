"""What a person does at my-page beside reading and writing: she talks by chat, and she decides."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.correspondence.operations.chat import set_room
from madoguchi.experts.models import ExpertConsultation
from madoguchi.experts.operations.asking import Chosen
from madoguchi.experts.operations.consenting import ask_person
from madoguchi.rules.experts import Shown, Status
from tests.experts import QUESTION, asked, hours, lawyer, letters_in
from tests.journeys import places, steps

STORY = "知らない人が、わたしの写真を使って悪口を書いています。"
WORDS = "つづきを、いま話せますか。"
HELLO = "はい、どうぞ。"


@pytest.mark.on_both_databases
def test_a_person_talks_by_chat_in_her_own_consultation(person, adviser, faults_of, aoi, desk):
    set_room(desk=desk.pk, actor=None, is_open=True, by_hours=False, at=timezone.now())
    code = steps.consult(person, STORY)
    steps.open_my_page(person, code)
    person.get_by_role("link", name="チャットで話す").click()
    assert not faults_of(person)
    person.get_by_label("話したいこと").fill(WORDS)
    person.get_by_role("button", name="チャットを始める").click()
    expect(person.get_by_text("つぎは、あなたの番です。")).to_be_visible()

    steps.sign_in(adviser, aoi)
    adviser.goto("/desk/chat/")
    adviser.keyboard.press("Alt+c")
    expect(adviser.get_by_label("相談者へ")).to_be_focused()
    adviser.keyboard.type(HELLO)
    adviser.keyboard.press("Control+Enter")
    expect(person.get_by_text(HELLO)).to_be_visible()
    # The adviser has before them what she wrote at first.
    expect(adviser.get_by_role("heading", name=STORY[:10])).to_be_visible()

    person.get_by_role("button", name="チャットを終える").click()
    expect(person.get_by_text("番号は、これまでと同じです。")).to_be_visible()
    assert not faults_of(person)
    person.get_by_role("link", name="マイページにもどる").click()
    assert steps.said_on_my_page(person) == [STORY, WORDS, HELLO]
    adviser.get_by_role("textbox", name="まとめ").fill("つづきを聞いた。")
    steps.tick(adviser, "action", "LISTENING")
    adviser.keyboard.press("Alt+s")
    expect(adviser.get_by_text("まとめを記録しました。")).to_be_visible()
    assert Consultation.objects.count() == 1
    assert list(Contact.objects.order_by("at").values_list("channel", flat=True)) == [
        "EMAIL",
        "SNS",
    ]


def test_she_says_herself_what_a_lawyer_may_see_and_takes_it_back(
    person_without_scripts, adviser, faults_of, aoi, beni
):
    person, tomorrow = person_without_scripts, timezone.now() + dt.timedelta(days=1)
    hours(beni, lawyer(beni), starts_at=tomorrow.replace(microsecond=0))
    code = steps.consult(person, STORY)
    number = Consultation.objects.get().matter.number
    steps.sign_in(adviser, aoi)
    adviser.goto(f"/desk/matters/{number}/")
    adviser.keyboard.press("Alt+e")
    adviser.get_by_label("聞きたいこと").fill(QUESTION)
    adviser.get_by_label("日程はあとで決める").check()
    adviser.get_by_label(STORY[:10]).check()
    adviser.get_by_label("マイページで、本人に聞く").check()
    adviser.keyboard.press("Control+Enter")
    expect(adviser.get_by_text("マイページで、本人に聞いています。")).to_be_visible()
    assert not faults_of(adviser)

    steps.open_my_page(person, code)
    person.get_by_role("link", name="見て、返事をする").click()
    expect(person.get_by_text(QUESTION)).to_be_visible()
    expect(person.get_by_label("のあなたの文")).not_to_be_checked()
    person.get_by_label("のあなたの文").check()
    person.get_by_role("button", name="選んだものを見せて、聞いてよい").click()
    expect(person.get_by_text("あなたは、同意しています")).to_be_visible()

    adviser.reload()
    expect(adviser.get_by_text("本人がマイページで同意")).to_be_visible()
    adviser.locator("section", has_text="予約する").get_by_role("radio").first.check()
    adviser.get_by_role("button", name="この時間を予約する").click()
    expect(adviser.get_by_text("予約しました。")).to_be_visible()
    assert not faults_of(adviser)

    person.get_by_role("button", name="同意を取り消す").click()
    expect(person.get_by_text("あなたは、見せないと答えました")).to_be_visible()
    assert ExpertConsultation.objects.get().status == Status.ASKED
    adviser.reload()
    expect(adviser.get_by_text("本人が同意していない・取り消した")).to_be_visible()


def test_her_page_of_choices_is_for_everybody(person, faults_of, aoi):
    code = steps.consult(person, STORY)
    matter = Consultation.objects.get().pk
    row = asked(aoi, matter, agreed=False)
    chosen = Chosen(frozenset({Shown.MESSAGES}), letters_in(matter))
    ask_person(asked=row.pk, chosen=chosen, actor=aoi.actor, at=timezone.now())
    steps.open_my_page(person, code)
    for prefix in places.LANGUAGES:
        person.goto(f"{prefix}/my/asked/{row.pk}/")
        expect(person.get_by_text(QUESTION)).to_be_visible()
        assert not faults_of(person)
