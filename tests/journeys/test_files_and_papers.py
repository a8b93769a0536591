"""Pictures both ways, FAXes and letters from the tray, a visit that goes on by my-page."""

from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from madoguchi.consultations.models import Consultation, Contact
from tests import papers
from tests.journeys import steps
from tests.people import the_pause_passes

STORY = "知らないアカウントが、わたしのふりをしています。"
REPLY = "画像を見ました。出す紙を送ります。"


def file_of(name: str, content: bytes) -> dict[str, object]:
    """Return a file as somebody chooses it; what it is called is no matter."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def take_charge(page: Page, number: str) -> None:
    """Open the matter and take charge of it."""
    page.goto(f"/desk/matters/{number}/")
    page.get_by_role("button", name="担当になる").click()
    expect(page.get_by_text("担当になりました。")).to_be_visible()


def test_a_picture_goes_to_the_desk_and_a_paper_comes_back(
    person_without_scripts, adviser, desk, aoi
):
    person, paper = person_without_scripts, papers.pdf(2)
    person.goto("/consult/")
    person.get_by_label("相談したいこと").fill(STORY)
    code = steps.send(person, STORY)
    steps.open_my_page(person, code)
    person.get_by_role("link", name="ファイルを送る・見る").click()
    expect(person.get_by_text("はだかや性的な写真は、送らないでください")).to_be_visible()
    person.get_by_label("送るファイル").set_input_files([file_of("a.jpg", papers.picture())])
    person.get_by_role("button", name="ファイルを送る").click()
    expect(person.get_by_text("届きました。")).to_be_visible()

    number = Consultation.objects.get().matter.number
    steps.sign_in(adviser, aoi)
    take_charge(adviser, number)
    adviser.locator(".files summary").click()
    picture = adviser.locator(".files img")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 600)
    adviser.keyboard.press("Alt+r")
    adviser.get_by_label("送る文").fill(REPLY)
    adviser.get_by_label("いっしょに送るファイル").set_input_files([file_of("x.pdf", paper)])
    adviser.get_by_role("button", name="相談者へ送る").click()
    expect(adviser.get_by_text("返信を送りました。")).to_be_visible()

    the_pause_passes()
    person.goto("/my/messages/")
    assert steps.said_on_my_page(person)[-1] == REPLY
    with person.expect_download() as saved:
        person.get_by_role("link", name="PDFを保存する").click()
    assert saved.value.suggested_filename == "document.pdf"
    assert Path(saved.value.path()).read_bytes() == paper
    steps.close(adviser, number)
    # The picture came soon after the letter: one contact (decision 92).
    assert list(Contact.objects.values_list("channel", flat=True)) == ["EMAIL"]


@pytest.mark.parametrize(("channel", "label"), [("FAX", "FAX"), ("LETTER", "手紙")])
def test_paper_goes_from_the_tray_to_a_printed_reply(adviser, desk, aoi, channel, label):
    page = adviser
    steps.sign_in(page, aoi)
    page.goto("/desk/tray/")
    page.get_by_label("読み取ったファイル").set_input_files(
        [file_of("1.pdf", papers.pdf(2)), file_of("2.png", papers.picture(kind="PNG"))]
    )
    page.get_by_role("button", name="トレイに入れる").click()
    expect(page.get_by_text("トレイに入れました。")).to_be_visible()
    page.get_by_label("書かれていること（要点）").fill(STORY)
    expect(page.get_by_text("自動保存")).to_be_visible()
    page.reload()  # whatever happens to the browser
    expect(page.get_by_label("書かれていること（要点）")).to_have_value(STORY)
    page.get_by_text("見る", exact=True).first.click()
    expect(page.locator(".scans img").first).to_be_visible()
    for tick in page.locator("input[name=scans]").all():
        tick.check()
    steps.tick(page, "channel", channel)
    page.get_by_role("button", name="受け付ける").click()
    expect(page.get_by_text("に受け付けました。")).to_be_visible()
    contact = Contact.objects.get()
    assert (contact.channel, contact.message.attachments.count()) == (channel, 2)

    number = contact.consultation.matter.number
    take_charge(page, number)
    page.get_by_role("link", name="手紙・FAXで返信").click()
    expect(page.locator(f'input[name=channel][value="{channel}"]')).to_be_checked()
    page.get_by_label("宛先").fill("〒530-0001\n大阪市北区1\n山田花子 様")
    expect(page.get_by_text("自動保存")).to_be_visible()
    with page.expect_response(lambda it: REPLY in unquote(it.request.post_data or "")):
        page.get_by_label("返信の文").fill(REPLY)
    page.reload()
    expect(page.get_by_label("宛先")).to_have_value("〒530-0001\n大阪市北区1\n山田花子 様")
    page.get_by_role("button", name="返信として記録し、印刷へ").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="PDFを保存する").click()
    sheets = [
        it.extract_text() for it in PdfReader(BytesIO(Path(saved.value.path()).read_bytes())).pages
    ]
    assert "山田花子 様" in sheets[0]
    assert REPLY in sheets[1].replace("\n", "")
    steps.close(page, number)
    expect(page.get_by_text(f"{label}で送った").first).to_be_visible()
    assert Contact.objects.count() == 1


def test_a_visitor_goes_on_by_my_page_with_a_code(person, adviser, desk, aoi):
    steps.sign_in(adviser, aoi)
    adviser.keyboard.press("Alt+n")
    adviser.get_by_label("聞いたこと").fill("来所。なりすましの相談。")
    adviser.locator("summary", has_text="手法").click()
    steps.tick(adviser, "channel", "INTERVIEW")
    adviser.get_by_text("同意の確認（面接など）").click()
    steps.tick(adviser, "explained", "SECRECY")
    steps.tick(adviser, "agreed", "yes")
    adviser.get_by_role("button", name="通話を終えて記録").click()
    expect(adviser.get_by_text("同意を確認")).to_be_visible()
    adviser.get_by_role("link", name="受付コードを渡す").click()
    adviser.get_by_role("button", name="コードを作る").click()
    code = steps.code_on(adviser)
    # Who sits across the table sees nobody else's matter.
    expect(adviser.get_by_role("complementary", name="受信箱")).to_have_count(0)

    steps.open_my_page(person, code)
    person.get_by_label("つづきを書く").fill("画面のURLを書きます。")
    person.get_by_role("button", name="送る", exact=True).click()
    expect(person.get_by_text("届きました。")).to_be_visible()
    assert list(Contact.objects.order_by("at").values_list("channel", flat=True)) == [
        "INTERVIEW",
        "EMAIL",
    ]
    number = Consultation.objects.get().matter.number
    adviser.goto(f"/desk/matters/{number}/")
    expect(adviser.get_by_text("画面のURLを書きます。")).to_be_visible()
    steps.close(adviser, number)
