"""A person is handed over between two desks: asked on her page, taken up, answered."""

import pytest
from playwright.sync_api import Page, expect

from madoguchi.consultations.models import Contact
from madoguchi.referrals.models import Arrival, Referral
from tests.handovers import CALLED, MEMO, STORY, TELEPHONE, emis_matter
from tests.journeys import steps


@pytest.fixture
def emi(desk, other_desk, aoi, chika, adviser: Page, supervisor: Page):
    """Emi's matter; Aoi at one desk has signed in, and Chika at the other."""
    steps.sign_in(adviser, aoi)
    steps.sign_in(supervisor, chika)
    return emis_matter(desk, aoi)


def test_from_consent_on_my_page_to_accepted_and_answered(
    person: Page, adviser: Page, supervisor: Page, emi, faults_of
) -> None:
    address = _prepared(adviser, emi, faults_of)
    _agreed(person, emi, faults_of)
    _sent(adviser, address)
    _taken_up(supervisor, faults_of)
    _goes_on_there(person, faults_of)
    _answered(adviser, supervisor, address)
    # Both desks' figures count it.
    [referral, arrival] = Referral.objects.get(), Arrival.objects.get()
    assert referral.status == "SETTLED"
    assert Contact.objects.filter(desk=referral.desk, action="OTHER_AGENCY").count() == 1
    assert Contact.objects.get(consultation=arrival.matter_id).channel == "EMAIL"


def _prepared(adviser: Page, emi, faults_of) -> str:
    """Aoi prepares it, and may not send it yet."""
    adviser.goto(f"/desk/matters/{emi.number}/")
    adviser.get_by_role("link", name="引き継ぎを準備する").click()
    adviser.get_by_label("どこへ引き継ぎますか").select_option(label="となりの相談窓口")
    for item in ("STORY", "NAME", "REACH"):
        steps.tick(adviser, "items", item)
    adviser.get_by_label("引き継ぐわけ").fill("お住まいの近くの窓口のほうが、会って話せるため")
    assert not faults_of(adviser)
    adviser.get_by_role("button", name="準備する").click()
    expect(adviser.get_by_text("本人の返事を待っています").first).to_be_visible()
    expect(adviser.get_by_role("button", name="引き継ぐ", exact=True)).to_have_count(0)
    assert not faults_of(adviser)
    return adviser.url


def _agreed(person: Page, emi, faults_of) -> None:
    """Emi agrees to two of three things on her telephone."""
    steps.open_my_page(person, emi.code)
    person.get_by_role("link", name="見て、返事をする").click()
    person.get_by_role("link", name="返事をする").click()
    assert not faults_of(person)
    steps.tick(person, "items", "STORY")
    steps.tick(person, "items", "NAME")
    person.get_by_role("button", name="選んだものを渡してよい").click()
    expect(person.get_by_text("まだ伝えていません").first).to_be_visible()


def _sent(adviser: Page, address: str) -> None:
    """Aoi sees it and sends."""
    adviser.goto(address)
    expect(adviser.get_by_text("マイページで、本人から同意をもらいました")).to_be_visible()
    adviser.get_by_role("button", name="引き継ぐ", exact=True).click()
    expect(adviser.get_by_text("答えを待っている").first).to_be_visible()


def _taken_up(supervisor: Page, faults_of) -> None:
    """Chika reads just that, and takes it up."""
    supervisor.reload()
    supervisor.locator(".more-rooms summary").click()
    supervisor.get_by_role("link", name="引き継ぎ 1").click()
    supervisor.get_by_role("link", name="ネットハーモニー").click()
    expect(supervisor.get_by_text(STORY).first).to_be_visible()
    for hidden in (TELEPHONE, CALLED, MEMO):
        expect(supervisor.get_by_text(hidden)).to_have_count(0)
    assert not faults_of(supervisor)
    supervisor.get_by_role("button", name="受ける", exact=True).click()
    expect(supervisor.get_by_role("heading", name="引き継いだ内容")).to_be_visible()
    assert not faults_of(supervisor)


def _goes_on_there(person: Page, faults_of) -> None:
    """Emi gets her code for the new desk, and does not tell it twice."""
    person.reload()
    expect(person.get_by_text("新しい窓口が受けました").first).to_be_visible()
    person.get_by_role("button", name="番号を見る").click()
    code = steps.code_on(person)
    assert not faults_of(person)
    person.get_by_role("button", name="写しました").click()
    person.wait_for_load_state()
    person.context.clear_cookies()
    steps.open_my_page(person, code)
    assert steps.said_on_my_page(person) == [STORY]


def _answered(adviser: Page, supervisor: Page, address: str) -> None:
    """Chika answers, Aoi reads it and calls it done."""
    supervisor.get_by_label("伝えること").fill("来週、面接をします。")
    supervisor.get_by_role("button", name="引き継いだ窓口に答える").click()
    expect(supervisor.get_by_text("引き継いだ窓口に答えました")).to_be_visible()
    adviser.goto(address)
    expect(adviser.get_by_text("来週、面接をします。")).to_be_visible()
    adviser.get_by_role("button", name="済みにする").click()
    expect(adviser.get_by_text("この引き継ぎは、終わっています")).to_be_visible()
