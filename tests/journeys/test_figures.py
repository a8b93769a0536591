"""Beni looks at the figures before the ninth: every page, the list behind a number, the files."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import places, steps
from tests.journeys.test_ux_accessible import SMALL, runs_off

MAY = "part=any&first=2025-05-01&last=2025-05-31"


@pytest.fixture
def beni_at_the_figures(adviser: Page, busy, beni) -> Page:
    """Beni's screen, at the official tables of May."""
    steps.sign_in(adviser, beni)
    steps.go_to(adviser, "統計")
    return adviser


def test_axe_finds_nothing_and_nothing_runs_off_any_page_of_filled_figures(
    beni_at_the_figures, faults_of
):
    page, found, seen = beni_at_the_figures, {}, []
    for where in places.in_the_figures(page, MAY):
        seen.append(where)
        found[where] = faults_of(page) + runs_off(page) + page.evaluate(SMALL, 24)
    assert "figures: list" in seen
    assert not {where: faults for where, faults in found.items() if faults}


def test_beni_goes_through_the_tables_opens_a_number_and_takes_the_file(beni_at_the_figures):
    page = beni_at_the_figures
    page.get_by_label("期間", exact=True).select_option(label="日付で決める")
    page.get_by_label("はじめの日").fill("2025-05-01")
    page.get_by_label("おわりの日").fill("2025-05-31")
    page.get_by_role("button", name="集計する").click()
    expect(page.get_by_text("令和7年5月（2025年5月1日～2025年5月31日）").first).to_be_visible()
    tabs = page.get_by_role("navigation", name="統計のページ")
    tabs.get_by_role("link", name="くわしい表").click()
    experts = page.get_by_role("region", name="専門家相談（種類別）")
    expect(experts).to_contain_text("母数：この期間の日時に予約した専門家相談 6回")
    fees = experts.get_by_role("row", name="弁護士").get_by_role("cell").last
    expect(fees).to_have_text("22000")
    assert _taken(page, experts, "CSV")["謝金（円）"] == "22000"
    fees.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "専門家相談（種類別）：弁護士：謝金（円）"
    )
    expect(page.locator(".list-total")).to_contain_text("22000")
    amounts = page.locator(".list-behind tbody td.figure").all_inner_texts()
    assert amounts == ["11000", "11000"]
    page.locator(".list-behind tbody a").first.click()
    page.wait_for_url("**/desk/matters/**")
    page.go_back()
    page.get_by_role("link", name="表にもどる").click()
    expect(page.get_by_role("heading", level=1, name="くわしい表")).to_be_visible()
    expect(page.get_by_text("令和7年5月（2025年5月1日～2025年5月31日）")).to_be_visible()


def _taken(page: Page, section, name: str) -> dict[str, str]:
    """Take a table's own file; return its lines for lawyers: column, value."""
    with page.expect_download() as waiting:
        section.get_by_role("link", name=re.compile(f"{name}$")).click()
    content = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    lines = csv.DictReader(io.StringIO(content))
    return {it["項目"]: it["値"] for it in lines if it["分類"] == "弁護士"}


def test_a_statistician_takes_a_cross_table_and_finds_no_list(adviser, busy, daichi):
    steps.sign_in(adviser, daichi, lands_at="相談の集計")
    adviser.goto(f"/stats/cross/?{MAY}&one=CHANNEL&other=ACTION_TAKEN&counts=CONTACTS")
    table = adviser.get_by_role("region", name="手法別と対応別")
    expect(table).to_contain_text("母数と一致")
    expect(table.locator("td a")).to_have_count(0)
    with adviser.expect_download() as waiting:
        adviser.get_by_role("link", name="Excel").click()
    assert waiting.value.suggested_filename == "cross-2025-05-01-2025-05-31.xlsx"
