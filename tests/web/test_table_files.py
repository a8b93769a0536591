"""Every table that a page of figures shows leaves as Excel, CSV and PDF, with the page's numbers."""

import csv
import io
import re
from html import unescape

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from madoguchi.referrals.models import Referral
from madoguchi.ui import printing
from tests.people import at_the_desk

MAY = {"part": "any", "first": "2025-05-01", "last": "2025-05-31"}
PAGES = [
    ("more", {}),
    ("cross", {"one": "WEEKDAY", "other": "HOUR", "counts": "CONTACTS"}),
    ("cross", {"one": "INFRINGEMENT_KIND", "other": "AGE_GROUP", "counts": "CASE_MONTHS"}),
    ("compare", {"basis": "new", "years": "1"}),
    ("quality", {"basis": "new"}),
]
_TABLE = re.compile(r"<table[^>]*>(.+?)</table>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")

pytestmark = pytest.mark.django_db
each_page = pytest.mark.parametrize(("name", "more"), PAGES)


def numbers_on(page: str) -> list[list[str]]:
    """Return the rows of all tables of a page that hold numbers, each cell as its digits.

    Signs are ours: ＋3 and ±0 on the page are 3 and 0 in a file.
    """
    rows = []
    for table in _TABLE.findall(page):
        for row in re.findall(r"<tr[^>]*>(.+?)</tr>", table, re.DOTALL):
            cells = [_plain(it) for it in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
            numbers = [it for it in cells if re.fullmatch(r"-?\d+", it)]
            if numbers:
                rows.append(numbers)
    return rows


def _plain(cell: str) -> str:
    """Return a cell as a number where it is one: 12, 12件, 12（5％）, ＋3."""
    words = unescape(_TAG.sub("", cell)).strip()
    words = words.replace("＋", "").replace("±", "").replace("－", "-" if words != "－" else "")
    return re.sub(r"(?<=\d)(件|日|（.+）)$", "", words)


def files_of(page: str) -> dict[str, str]:
    """Return the addresses of the files of the whole page."""
    links = [unescape(it) for it in re.findall(r'href="([^"]+/file/[^"]+)"', page)]
    return {it.split("/file/")[1].split("/")[0]: it for it in links if "table=" not in it}


def shown(user, name: str, more: dict[str, str]) -> tuple[str, dict[str, bytes]]:
    browser = at_the_desk(user)
    answer = browser.get(f"/stats/{name}/", MAY | more)
    assert answer.status_code == 200
    page = answer.content.decode()
    given = {}
    for kind, address in files_of(page).items():
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert f".{kind}" in answer["Content-Disposition"]
        given[kind] = answer.content
    assert set(given) == {"xlsx", "csv", "pdf"}
    return page, given


@each_page
def test_excel_has_the_numbers_of_the_page_and_no_formula(busy, beni, name, more) -> None:
    page, given = shown(beni, name, more)
    book = load_workbook(io.BytesIO(given["xlsx"]))
    assert book.sheetnames == ["データ", "印刷用"]
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    assert not book["データ"].merged_cells.ranges
    printed = [
        [str(it) for it in row if isinstance(it, int)]
        for row in book["印刷用"].iter_rows(values_only=True)
    ]
    printed = [row for row in printed if row]
    expected = numbers_on(page)
    assert len(expected) >= 5
    missing = [row for row in expected if row not in printed]
    assert not missing


@each_page
def test_csv_has_the_numbers_of_the_page_under_desk_period_and_unit(busy, beni, name, more) -> None:
    page, given = shown(beni, name, more)
    assert given["csv"].startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(given["csv"].decode("utf-8-sig"))))
    rows: dict[tuple[str, ...], list[str]] = {}
    for it in lines:
        assert it["相談窓口"] == busy.name
        assert (it["期間の始まり"], it["期間の終わり"]) == ("2025-05-01", "2025-05-31")
        assert it["単位"]
        if re.fullmatch(r"-?\d+", it["値"]):
            rows.setdefault((it["章"], it["表"], it["分類"]), []).append(it["値"])
    assert [row for row in numbers_on(page) if row not in rows.values()] == []


@each_page
def test_pdf_is_tagged_and_has_the_numbers_of_the_page(busy, beni, name, more) -> None:
    page, given = shown(beni, name, more)
    pdf = PdfReader(io.BytesIO(given["pdf"]))
    catalog = pdf.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert "pdfuaid" in catalog["/Metadata"].get_object().get_data().decode()
    words = re.sub(r"\s+", "", "".join(it.extract_text() for it in pdf.pages)).replace("−", "-")
    assert "令和7年5月（2025年5月1日～2025年5月31日）" in words
    assert "集計した日" in words
    if name in ("cross", "compare"):  # elsewhere shares or words stand between the numbers
        assert [row for row in numbers_on(page) if "".join(row) not in words] == []
    titles = [_TAG.sub("", it) for it in re.findall(r"<h2[^>]*>(.+?)</h2>", page)]
    assert [it for it in titles if re.sub(r"\s+", "", unescape(it)) not in words] == []


def test_one_table_leaves_alone(busy, beni) -> None:
    page = at_the_desk(beni).get("/stats/more/", MAY).content.decode()
    own = [unescape(it) for it in re.findall(r'href="([^"]+table=[a-z-]+)"', page)]
    assert len(own) == 3 * 16
    for address in own:
        answer = at_the_desk(beni).get(address)
        assert answer.status_code == 200
        if "/csv/" in address:
            lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
            assert len({it["表"] for it in lines}) == 1, address


def test_base_check_and_notes_leave_with_the_table(busy, beni) -> None:
    given = at_the_desk(beni).get("/stats/more/file/csv/", MAY | {"table": "expert-kinds"})
    lines = list(csv.DictReader(io.StringIO(given.content.decode("utf-8-sig"))))
    assert "母数：この期間の日時に予約した専門家相談 6回" in lines[0]["注"]
    assert "母数と一致" in lines[0]["注"]
    assert "取りやめた予約" in lines[0]["注"]
    units = {it["項目"]: it["単位"] for it in lines}
    assert (units["行われた"], units["時間（分）"], units["謝金（円）"]) == ("回", "分", "円")


def test_no_word_becomes_a_formula(busy, beni) -> None:
    Referral.objects.filter(window="moj").update(window="", to_name='=HYPERLINK("http://a")')
    asked = MAY | {"table": "handovers"}
    book = load_workbook(io.BytesIO(at_the_desk(beni).get("/stats/more/file/xlsx/", asked).content))
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    given = at_the_desk(beni).get("/stats/more/file/csv/", asked).content.decode("utf-8-sig")
    labels = {line["分類"] for line in csv.DictReader(io.StringIO(given))}
    assert '\'=HYPERLINK("http://a")' in labels


@each_page
def test_files_are_for_who_may_read_figures(busy, aoi, chika, daichi, name, more) -> None:
    for kind in ("xlsx", "csv"):
        address = f"/stats/{name}/file/{kind}/"
        assert at_the_desk(daichi).get(address, MAY | more).status_code == 200
        for somebody in (aoi, chika):
            assert at_the_desk(somebody).get(address, MAY | more).status_code == 404
    for wrong in ({"first": "x"}, {"last": "2025-01-01"}):
        asked = MAY | more | wrong
        assert at_the_desk(daichi).get(f"/stats/{name}/file/csv/", asked).status_code == 404
    assert at_the_desk(daichi).get(f"/stats/{name}/file/exe/", MAY | more).status_code == 404


def test_a_pdf_without_a_japanese_font_is_refused_with_a_sentence(
    busy, daichi, monkeypatch
) -> None:
    monkeypatch.setattr(printing, "families", lambda: frozenset({"Libertinus Serif"}))
    answer = at_the_desk(daichi).get("/stats/more/file/pdf/", MAY, follow=True)
    assert "日本語の書体がこの機械にない" in answer.content.decode()
