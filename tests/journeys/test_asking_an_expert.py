"""Aoi asks a lawyer for Emi: booked from the matter, answered on the lawyer's page, settled."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from madoguchi.consultations.models import Consultation
from madoguchi.experts.models import ExpertConsultation
from madoguchi.rules.experts import Status
from tests.experts import QUESTION, hours, lawyer
from tests.journeys import steps

STORY = "知らない人が、わたしの写真を使って悪口を書いています。"
ANSWER = "投稿が新しいうちに、開示の手続きを急いでください。"


def _matter(adviser: Page, number: str) -> None:
    adviser.goto(f"/desk/matters/{number}/")


@pytest.fixture
def fumi_offers_hours(beni, fumi):
    """Fumi, with four hours to come."""
    tomorrow = (timezone.now() + dt.timedelta(days=1)).replace(microsecond=0)
    hours(beni, lawyer(beni, user=fumi.pk), starts_at=tomorrow)
    return fumi


def test_from_the_question_to_the_result(
    person_without_scripts, adviser, supervisor, faults_of, aoi, fumi_offers_hours
):
    person, expert = person_without_scripts, supervisor
    code = steps.consult(person, STORY)
    number = Consultation.objects.get().matter.number

    steps.sign_in(adviser, aoi)
    _matter(adviser, number)
    adviser.get_by_role("button", name="担当になる").click()
    expect(adviser.get_by_text("担当になりました。")).to_be_visible()
    # Six presses beside the question's own words.
    adviser.keyboard.press("Alt+e")
    adviser.get_by_label("聞きたいこと").fill(QUESTION)
    assert not faults_of(adviser)
    adviser.get_by_role("radio").first.check()
    adviser.get_by_label(STORY[:10]).check()
    adviser.get_by_label("本人が同意した").check()
    adviser.get_by_label("相手方の名前").fill("@warui_account")
    adviser.keyboard.press("Control+Enter")
    expect(adviser.get_by_text("予約しました。")).to_be_visible()
    assert not faults_of(adviser)

    steps.open_my_page(person, code)
    expect(person.get_by_text("お約束があります")).to_be_visible()

    steps.sign_in(expert, fumi_offers_hours, lands_at="わたしへの質問")
    expert.get_by_role("link", name="質問を読む・結果を書く").click()
    expect(expert.get_by_text(QUESTION)).to_be_visible()
    expect(expert.get_by_text(STORY)).to_be_visible()
    expect(expert.get_by_text("warui_account")).to_have_count(0)
    assert not faults_of(expert)
    steps.tick(expert, "result", "ADVICE_ONLY")
    expert.get_by_label("助言の内容").fill(ANSWER)
    expert.get_by_label("かかった時間（分）").fill("30")
    expert.get_by_role("button", name="結果を書きとめる").click()
    expect(expert.get_by_text("結果を書きとめました。")).to_be_visible()
    expert.goto(f"/desk/matters/{number}/")
    expect(expert.get_by_text(STORY)).to_have_count(0)

    _matter(adviser, number)
    adviser.locator("section", has_text="専門家に聞く").get_by_role("link").first.click()
    expect(adviser.get_by_text(ANSWER)).to_be_visible()
    adviser.get_by_role("button", name="済みにする").click()
    expect(adviser.get_by_text("済みにしました。")).to_be_visible()
    assert ExpertConsultation.objects.get().status == Status.CLOSED
    expert.goto("/expert/")
    expect(expert.get_by_text("いま、質問はありません。")).to_be_visible()
