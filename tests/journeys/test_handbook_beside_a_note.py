"""`/` and letters bring a text into what one writes; a button brings cases like it."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from madoguchi.consultations.models import Contact
from madoguchi.correspondence.queries.words import drafts_of
from madoguchi.handbook.models import Sort
from madoguchi.handbook.operations import Written, approve, write
from tests.journeys import steps


@pytest.fixture
def note(adviser, aoi, beni):
    """An open call note at Aoi's screen, and a handbook with a text and a case."""
    now = timezone.now()
    for written in (
        Written(sort=Sort.TEMPLATE, title="名乗り", words="{担当}が受けました。", call="na"),
        Written(
            sort=Sort.CASE,
            title="合成画像",
            words="娘の顔写真を合成した画像が拡散された。",
            advice="証拠を保全するよう助言した。",
        ),
    ):
        row = write(written=written, actor=aoi.actor, at=now)
        approve(sheet=row.pk, actor=beni.actor, at=now)
    steps.sign_in(adviser, aoi)
    adviser.keyboard.press("Alt+n")
    box = adviser.get_by_label("聞いたこと")
    expect(box).to_be_focused()
    return box


def test_a_text_is_called_by_a_slash_and_saved_as_if_typed(adviser, note, aoi):
    adviser.keyboard.insert_text("もしもし。 ")
    adviser.keyboard.type("/na")
    expect(adviser.locator("[data-text]")).to_have_count(1)
    adviser.keyboard.press("Enter")
    expect(note).to_have_value(f"もしもし。 {aoi.name}が受けました。")
    expect(note).to_be_focused()
    for _try in range(100):
        if drafts_of(aoi.actor)[0].words == f"もしもし。 {aoi.name}が受けました。":
            break
        adviser.wait_for_timeout(50)
    else:
        pytest.fail("what was put in was not saved")
    assert not Contact.objects.exists()


def test_a_slash_in_an_address_calls_nothing_and_escape_closes(adviser, note):
    adviser.keyboard.type("https://example.com/na")
    expect(adviser.locator("[data-sheets-here]")).to_be_hidden()
    adviser.keyboard.type(" /")
    expect(adviser.locator("[data-text]")).to_have_count(1)
    adviser.keyboard.press("Escape")
    expect(adviser.locator("[data-sheets-here]")).to_be_hidden()
    expect(note).to_be_focused()
    expect(note).to_have_value("https://example.com/na /")


def test_cases_like_this_one_stand_beside_the_words(adviser, note, faults_of):
    adviser.keyboard.insert_text("娘の写真を合成した画像がまわっている")
    expect(adviser.locator("form[data-draft] .saved")).to_contain_text("自動保存")
    adviser.get_by_role("button", name="似た事例").click()
    expect(adviser.get_by_text("証拠を保全するよう助言した。")).to_be_visible()
    expect(note).to_have_value("娘の写真を合成した画像がまわっている")
    assert not faults_of(adviser)
