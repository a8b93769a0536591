"""The ninth of the month, in a real browser: one press to the report, frozen, published, gathered.

At every stop axe looks at the page, and nothing may run off a narrow screen.
"""

import datetime as dt
import io
import re

import pytest
from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from madoguchi.consultations.operations.importing import import_contacts
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.periods import just_over
from tests.journeys import steps
from tests.senders import HEAD, lines

# How many contacts each month has, by channel; one FAX in the first, which nobody is to find.
EACH = ("電話",) * 14 + ("メール",) * 6 + ("SNS",) * 5
NARROW = {"width": 320, "height": 640}


def last_year():
    """Return the fiscal year that is over."""
    return just_over(in_japan(timezone.now()).date())[2]


def of_a_year(first: dt.date) -> list[str]:
    """Return the contacts of a desk in the year that begins on `first`."""
    rows = []
    for month in range(12):
        day = dt.date(first.year + (first.month + month - 1) // 12, (month + 3) % 12 + 1, 8)
        ways = (*EACH, "FAX") if month == 0 else EACH
        rows += [
            f"{day}T10:{at:02},人{month}-{at},1,{way},10代,被害者,差別,助言"
            for at, way in enumerate(ways)
        ]
    return rows


@pytest.fixture
def filled(desk):
    """The desk has a whole year behind it."""
    now = timezone.now()
    import_contacts(desk=desk.pk, content=lines(*of_a_year(last_year().first)), actor=None, at=now)
    return desk


@pytest.fixture
def sound(faults_of):
    """Look at a page: nothing for axe to find, nothing off a narrow screen."""

    def look(page: Page) -> None:
        assert not faults_of(page)
        usual = page.viewport_size
        page.set_viewport_size(NARROW)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], page.url
        page.set_viewport_size(usual)

    return look


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).first.click()
    return waiting.value.path().read_bytes()


def words_of(pdf: bytes) -> str:
    text = "".join(it.extract_text() for it in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", "", text)


def numbers_of(page: Page, table: str) -> dict[str, str]:
    """Return a table of a document, as the page shows it: label and first number."""
    rows = page.locator(f"section[aria-labelledby='{table}'] tbody tr")
    found = [[cell.inner_text() for cell in row.locator("th, td").all()] for row in rows.all()]
    return {row[0]: row[1] for row in found}


def test_one_press_makes_the_report_which_is_frozen_printed_and_published(
    supervisor, person, beni, filled, sound
):
    page = supervisor
    steps.sign_in(page, beni)
    steps.go_to(page, "統計")
    page.get_by_role("button", name="前の年度").click()
    expect(page.get_by_role("heading", name="年次統計分析報告書")).to_be_visible()
    assert numbers_of(page, "channel")["電話"] == str(14 * 12)
    sound(page)
    page.get_by_text("文と事例を書く").click()
    page.get_by_label("分析と課題").fill("電話が、いちばん多い年でした。")
    sound(page)
    page.get_by_role("button", name="文を保存する").click()
    page.get_by_role("button", name="確定する").click()
    expect(page.get_by_text("署名を確かめました")).to_be_visible()
    sound(page)
    assert "電話が、いちばん多い年でした。" in words_of(downloaded(page, "PDF"))
    frozen = page.url

    steps.go_to(page, "統計")
    page.get_by_role("link", name="公開データ").click()
    sound(page)
    page.get_by_label("年度").select_option(str(last_year().first.year))
    page.get_by_role("button", name="公開する前に見る").click()
    assert numbers_of(page, "channel")["FAX"] == "x"
    sound(page)
    page.get_by_role("button", name="公開する", exact=True).click()
    expect(page.get_by_text("公開しました")).to_be_visible()
    expect(page.get_by_text("同じ月の報告書（小さな数がのっています）")).to_be_visible()
    sound(page)

    person.goto("/figures/")
    sound(person)
    person.locator("main li a").first.click()
    sound(person)
    fax = person.locator("tr", has=person.get_by_role("rowheader", name="FAX")).first
    cells = fax.locator("td").all_inner_texts()
    assert cells[0] == "x"
    assert "1" not in cells
    # What is corrected afterwards is seen, and changes nothing that was printed.
    late = [f"{last_year().first}T09:00,おくれた人,1,FAX,20代,被害者,差別,助言"]
    import_contacts(desk=filled.pk, content=lines(*late), actor=None, at=timezone.now())
    page.goto(frozen)
    changes = page.get_by_role("region", name="確定したあとの訂正")
    expect(changes.get_by_role("row", name="手法別 FAX 1 2 +1")).to_be_visible()
    sound(page)
    person.reload()
    assert fax.locator("td").all_inner_texts() == cells


def workbook(rows: list[str]) -> bytes:
    book, content = Workbook(), io.BytesIO()
    for row in (HEAD, *rows):
        book.active.append(row.split(","))
    book.save(content)
    return content.getvalue()


def send(page: Page, name: str, file: str, content: bytes) -> None:
    page.locator("select[name=sender]").select_option(label=name)
    said = {"name": file, "mimeType": "application/octet-stream", "buffer": content}
    page.locator("input[type=file]").set_input_files([said])
    page.get_by_role("button", name="確かめて入れる").click()
    expect(page.get_by_text("数字を受け取りました")).to_be_visible()


def test_three_towns_are_gathered_frozen_and_one_comes_again(supervisor, beni, desk, sound):
    page, rows = supervisor, of_a_year(last_year().first)
    east, west, south = rows[:100], rows[100:150], rows[150:200]
    steps.sign_in(page, beni)
    steps.go_to(page, "統計")
    page.get_by_role("link", name="とりまとめ").click()
    page.get_by_label("年度").select_option(str(last_year().first.year))
    page.get_by_role("button", name="集計する").click()
    page.wait_for_url("**year=**")
    for name in ("東市", "西市", "南町"):
        page.get_by_label("提出元の名前").fill(name)
        page.get_by_role("button", name="加える").click()
        page.get_by_role("link", name=name).wait_for()
    expect(page.get_by_text("まだ届いていないところが3つあります")).to_be_visible()
    sound(page)
    send(page, "東市", "east.csv", lines(*east))
    send(page, "西市", "west.xlsx", workbook(west))
    send(page, "南町", "south.csv", lines(*(it.replace("電話", "でんわ") for it in south)))
    expect(page.get_by_text("まだ足せない数字があります")).to_be_visible()
    sound(page)
    page.get_by_label("手法別の「でんわ」").select_option(label="SNS")  # a slip of the hand
    page.get_by_role("button", name="読みかえを保存する").click()
    wrong = numbers_of(page, "channel")
    # Seen, and read anew on the town's own page.
    page.get_by_role("link", name="南町").click()
    sound(page)
    page.get_by_label("手法別の「でんわ」").select_option(label="電話")
    page.get_by_role("button", name="読みかえを保存する").click()
    expect(page.get_by_text("読みかえを保存しました")).to_be_visible()
    right = numbers_of(page, "channel")
    phoned = sum("電話" in it for it in rows[:200])
    assert right["電話"] == str(phoned)
    assert wrong["電話"] != right["電話"]

    page.get_by_role("button", name="とりまとめを確定する").click()
    expect(page.get_by_text("署名を確かめました")).to_be_visible()
    sound(page)
    frozen, printed = page.url, downloaded(page, "PDF")
    assert f"電話{phoned}" in words_of(printed)
    assert downloaded(page, "Excel").startswith(b"PK")
    assert f"手法別,電話,件数,{phoned}" in downloaded(page, "CSV").decode("utf-8-sig")

    page.get_by_role("link", name="この期間のとりまとめを開く").click()
    send(page, "西市", "again.xlsx", workbook(west[:40]))
    page.goto(frozen)
    expect(page.get_by_text("西市：出し直されました")).to_be_visible()
    expect(page.get_by_role("row", name="総数 延べ受付件数 200 190 -10")).to_be_visible()
    assert downloaded(page, "PDF") == printed
    sound(page)
