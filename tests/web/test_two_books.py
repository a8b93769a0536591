"""A period that spans two code books: its parts beside each other, and no sum that misleads."""

import csv
import datetime as dt
import io
import json
import re
from html import unescape

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from madoguchi.desks.models import Code, CodeBook
from madoguchi.rules.codebooks import Table
from tests.people import at_the_desk
from tests.web.test_statistics_pages import file_of, filled, page_of  # noqa: F401

APRIL = dt.date(2025, 4, 1)
ASKED = {"part": "any", "first": "2025-01-01", "last": "2025-09-30", "basis": "case-month"}
HALVES = ("手法別（令和7年1月～3月）", "手法別（令和7年4月～9月）")
_ROW = re.compile(r'<th scope="row">(.+?)</th><td class="figure">(?:<a[^>]*>)?(\d+)')
_LINK = re.compile(r'<a href="(/stats/list/\?[^"]+)">(\d+)</a>')

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_books(filled):  # noqa: F811
    """The desk, whose 手法 know no FAX any more from April on, but a 窓口."""
    old = CodeBook.objects.get(desk=filled, table=Table.CHANNEL)
    CodeBook.objects.filter(pk=old.pk).update(valid_to=APRIL - dt.timedelta(days=1))
    new = CodeBook.objects.create(desk=filled, table=Table.CHANNEL, valid_from=APRIL)
    kept = [(it.key, it.label) for it in old.codes.order_by("position") if it.key != "FAX"]
    for position, (key, label) in enumerate([*kept, ("COUNTER", "窓口")]):
        Code.objects.create(book=new, position=position, key=key, label=label)
    return filled


def parts_on(page: str) -> dict[str, dict[str, int]]:
    found = re.findall(r'<h2 id="[a-z0-9-]+">(手法別.*?)</h2>(.+?)</section>', page, re.DOTALL)
    return {title: {label: int(it) for label, it in _ROW.findall(body)} for title, body in found}


def months_of(user, first: str, last: str) -> dict[str, int]:
    return parts_on(page_of(user, ASKED | {"first": first, "last": last}))["手法別"]


def test_the_page_shows_a_table_for_each_book_with_its_own_base(two_books, daichi) -> None:
    page = page_of(daichi, ASKED)
    parts = parts_on(page)
    assert tuple(parts) == HALVES
    before, after = parts.values()
    assert before == months_of(daichi, "2025-01-01", "2025-03-31")
    assert after == months_of(daichi, "2025-04-01", "2025-09-30")
    assert "窓口" not in before
    assert after["窓口"] == 0
    assert "FAX" in before
    assert (
        "分類表が変わりました。前の分類表だけにある行：FAX。新しい分類表だけにある行：窓口。"
        in page
    )
    assert "行ごとに足した数は出しません" in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_number_of_a_part_leads_to_the_list_of_its_days(two_books, beni) -> None:
    page = page_of(beni, ASKED)
    section = re.search(r'<h2 id="channel-1">.+?</section>', page, re.DOTALL)
    assert section
    links = _LINK.findall(section[0])
    assert len(links) >= 3
    for address, number in links:
        assert "last=2025-03-31" in address
        assert f"全{number}件" in at_the_desk(beni).get(unescape(address)).content.decode()


def test_every_file_says_the_parts_as_the_page_does(two_books, daichi) -> None:
    before, after = parts_on(page_of(daichi, ASKED)).values()
    given = json.loads(file_of(daichi, ASKED, "json"))["tables"]["手法別"]
    assert [{**it["rows"], "合計": it["total"]} for it in given["parts"]] == [before, after]
    assert given["parts"][0]["period"] == {"from": "2025-01-01", "to": "2025-03-31"}
    lines = list(csv.DictReader(io.StringIO(file_of(daichi, ASKED, "csv").decode("utf-8-sig"))))
    for first, rows in (("2025-01-01", before), ("2025-04-01", after)):
        said = [it for it in lines if (it["表"], it["期間の始まり"]) == ("手法別", first)]
        assert {it["分類"]: int(it["件数"]) for it in said} == rows
    book = load_workbook(io.BytesIO(file_of(daichi, ASKED, "xlsx")))
    printed = list(book["印刷用"].iter_rows(values_only=True))
    for rows in (before, after):
        assert any(row[: len(rows)] == (*rows.values(),) for row in printed)
    pages = PdfReader(io.BytesIO(file_of(daichi, ASKED, "pdf"))).pages
    words = re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))
    for title, rows in zip(HALVES, (before, after), strict=True):
        assert title in words
        assert "".join(map(str, rows.values())) in words


def test_tables_whose_book_did_not_change_stay_whole(two_books, daichi) -> None:
    given = json.loads(file_of(daichi, ASKED, "json"))["tables"]
    assert [name for name, table in given.items() if "parts" in table] == ["手法別"]


def test_a_report_frozen_over_two_books_keeps_its_parts(two_books, beni) -> None:
    before, after = parts_on(page_of(beni, ASKED)).values()
    browser = at_the_desk(beni)
    begun = browser.post("/stats/reports/begin/", ASKED)["Location"]
    shown = parts_of_report(browser.get(begun).content.decode())
    assert tuple(shown) == HALVES
    assert [*shown.values()] == [before, after]
    kept = browser.post(f"{begun}freeze/")["Location"]
    page = browser.get(kept).content.decode()
    assert parts_of_report(page) == shown
    assert "前の分類表だけにある行：FAX" in page


def parts_of_report(page: str) -> dict[str, dict[str, int]]:
    found = re.findall(r'<h3 id="[a-z0-9-]+">(手法別（.+?)</h3>(.+?)</section>', page, re.DOTALL)
    return {
        title: {label.removesuffix("（※）"): int(it) for label, it in _ROW.findall(body)}
        for title, body in found
    }
