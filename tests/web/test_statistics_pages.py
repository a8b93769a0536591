"""The page of figures and its files: the same numbers everywhere, for those who may read them."""

import csv
import datetime as dt
import io
import json
import re

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from madoguchi.consultations.operations.importing import import_contacts
from madoguchi.demo.records import FY2024, FY2025_H1, contact_rows, opening_days, printed
from madoguchi.desks.operations import record_opening_days
from madoguchi.rules.contact_records import COLUMNS
from madoguchi.ui import printing
from tests.people import AT, at_the_desk

PRINTED = [
    (FY2024, {"year": "2024", "part": "year", "basis": ""}),
    (FY2025_H1, {"year": "2025", "part": "half-1", "basis": "case-month"}),
    (FY2025_H1, {"part": "any", "first": "2025/4/1", "last": "２０２５－０９－３０", "basis": ""}),
]
# The printed figures end with September 2025: they were taken afterwards.
TAKEN = AT + dt.timedelta(days=200)
PAGE = "/stats/"
DOWNLOAD = "/stats/download/"

pytestmark = pytest.mark.django_db
each_period = pytest.mark.parametrize(("name", "asked"), PRINTED)


@pytest.fixture
def filled(desk):
    """The desk with every contact behind the printed figures."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(contact_rows())
    import_contacts(desk=desk.pk, content=text.getvalue().encode(), actor=None, at=TAKEN)
    for name in (FY2024, FY2025_H1):
        record_opening_days(desk=desk.pk, days=opening_days(name), at=AT)
    return desk


def page_of(user, asked: dict[str, str]) -> str:
    answer = at_the_desk(user).get(PAGE, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def file_of(user, asked: dict[str, str], kind: str) -> bytes:
    answer = at_the_desk(user).get(DOWNLOAD, {**asked, "format": kind})
    assert answer.status_code == 200
    assert f".{kind}" in answer["Content-Disposition"]
    return answer.content


@each_period
def test_the_page_shows_every_printed_cell(
    filled, daichi, name: str, asked: dict[str, str]
) -> None:
    page, expected = page_of(daichi, asked), printed(name)
    for label, number in expected["totals"].items():
        assert re.search(rf"<dt>{label}</dt><dd>{number}<", page)
    cards = page.partition('<section class="card figures-card"')[2]  # below the shortcuts
    sections = re.findall(r'<h2 id="[a-z-]+">(.+?)</h2>(.+?)</section>', cards, re.DOTALL)
    assert [title for title, _ in sections] == list(expected["tables"])
    for title, section in sections:
        table = expected["tables"][title]
        cells = re.findall(r'<th scope="row">(.+?)</th><td class="figure">(\d+)</td>', section)
        *rows, (_sum, total) = cells
        assert [(label, int(number)) for label, number in rows] == list(table["rows"].items())
        assert int(total) == table["total"]
        assert f"母数：{table['counts']} {expected['totals'][table['counts']]}件" in section
        assert ("重複集計あり" in section) == table["multiple"]
        assert ("母数と一致" in section) != table["multiple"]


@each_period
def test_the_json_has_every_printed_cell(filled, daichi, name: str, asked: dict[str, str]) -> None:
    given, expected = json.loads(file_of(daichi, asked, "json")), printed(name)
    assert given["format"] == "madoguchi.statistics/1"
    assert given["desk"] == expected["desk"]
    assert given["period"] == expected["period"]
    assert given["totals"].items() >= expected["totals"].items()
    assert given["unclassified"] == 0
    assert list(given["tables"]) == list(expected["tables"])
    for title, table in expected["tables"].items():
        assert given["tables"][title].items() >= table.items()
        assert list(given["tables"][title]["rows"]) == list(table["rows"])


def _lines(name: str) -> list[tuple[str, str, int]]:
    expected = printed(name)
    return [("総数", label, number) for label, number in expected["totals"].items()] + [
        (title, label, number)
        for title, table in expected["tables"].items()
        for label, number in [*table["rows"].items(), ("合計", table["total"])]
    ]


@each_period
def test_the_csv_opens_in_excel_with_every_printed_cell(
    filled, daichi, name: str, asked: dict[str, str]
) -> None:
    content = file_of(daichi, asked, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n")
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    found = [(line["表"], line["分類"], int(line["件数"])) for line in lines]
    assert [line for line in found if line in _lines(name)] == _lines(name)


@each_period
def test_the_workbook_has_numbers_and_no_merged_cell(
    filled, daichi, name: str, asked: dict[str, str]
) -> None:
    book = load_workbook(io.BytesIO(file_of(daichi, asked, "xlsx")))
    data, to_print = book.worksheets
    assert (data.title, to_print.title) == ("データ", "印刷用")
    assert not data.merged_cells.ranges
    header, *lines = data.iter_rows(values_only=True)
    place = {column: number for number, column in enumerate(header)}
    found = [(line[place["表"]], line[place["分類"]], line[place["件数"]]) for line in lines]
    assert [line for line in found if line in _lines(name)] == _lines(name)
    assert all(isinstance(number, int) for _table, _label, number in found)
    assert all(cell.data_type != "f" for row in data for cell in row)
    for table in printed(name)["tables"].values():
        numbers = (*table["rows"].values(), table["total"])
        assert any(row[: len(numbers)] == numbers for row in to_print.iter_rows(values_only=True))


@each_period
def test_the_pdf_is_tagged_embeds_its_font_and_has_every_printed_cell(
    filled, daichi, name: str, asked: dict[str, str]
) -> None:
    book = PdfReader(io.BytesIO(file_of(daichi, asked, "pdf")))
    catalog = book.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert "pdfuaid" in catalog["/Metadata"].get_object().get_data().decode()
    assert catalog["/Lang"] == "ja"
    fonts = [font for page in book.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    assert all("BIZUDPGothic" in str(font.get_object()["/BaseFont"]) for font in fonts)
    text = "".join(page.extract_text() for page in book.pages)
    words = re.sub(r"\s+", "", text)
    for label, number in printed(name)["totals"].items():
        assert label in words
        assert f"{number}" in words
    for table in printed(name)["tables"].values():
        numbers = [*table["rows"].values(), table["total"]]
        assert "".join(map(str, numbers)) in words


def test_a_pdf_without_a_japanese_font_is_refused_with_a_sentence(
    filled, daichi, monkeypatch
) -> None:
    monkeypatch.setattr(printing, "families", lambda: frozenset({"Libertinus Serif"}))
    client = at_the_desk(daichi)
    answer = client.get(DOWNLOAD, {**PRINTED[0][1], "format": "pdf"}, follow=True)
    assert "日本語の書体がこの機械にない" in answer.content.decode()


def test_figures_are_for_supervisor_and_statistician_of_the_desk(
    filled, aoi, beni, chika, daichi
) -> None:
    asked = {**PRINTED[0][1], "format": "json"}
    for user in (beni, daichi):
        assert at_the_desk(user).get(PAGE).status_code == 200
    for user in (aoi, chika):
        assert at_the_desk(user).get(PAGE).status_code == 404
        assert at_the_desk(user).get(DOWNLOAD, asked).status_code == 404


def test_another_desk_sees_its_own_figures_only(filled, chika, other_desk) -> None:
    type(chika).objects.filter(pk=chika.pk).update(role="SUPERVISOR")
    chika.refresh_from_db()
    given = json.loads(
        file_of(chika, {"part": "any", "first": "2024-04-01", "last": "2025-03-31"}, "json")
    )
    assert given["desk"] == other_desk.name
    assert set(given["totals"].values()) == {0}


def test_every_chart_says_its_finding_to_who_cannot_see_it(filled, daichi) -> None:
    page = page_of(daichi, PRINTED[0][1])
    charts = re.findall(r"<svg class=\"chart\".+?</svg>", page, re.DOTALL)
    assert len(charts) == 5
    for chart in charts:
        assert 'role="img"' in chart
        title, words = re.findall(r'<(?:title|desc) id="([a-z-]+)">', chart)
        assert f'aria-labelledby="{title} {words}"' in chart
    assert '<title id="channel-title">手法別：電話が最も多く334件（56％）</title>' in page
    assert "不明が最も多く238件（61％）、分かるものでは30代の30件" in page
    assert "style=" not in "".join(charts)


def test_what_is_unclassified_is_shown(filled, daichi) -> None:
    row = contact_rows()[0] | {"対応": "未分類", "相談者": "X"}
    text = ",".join(row) + "\n" + ",".join(row.values())
    import_contacts(desk=filled.pk, content=text.encode(), actor=None, at=TAKEN)
    page = page_of(daichi, PRINTED[0][1])
    assert "対応が未分類の受付が1件あります" in page
    assert "未分類を足して母数と一致" in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"part": "any", "first": "", "last": "2025-03-31"}, "日付を入れてください"),
        ({"part": "any", "first": "x", "last": "2025-03-31"}, "2025-04-01 のように"),
        ({"part": "any", "first": "2025-04-01", "last": "2025-03-31"}, "あとにしてください"),
        ({"part": "year", "year": ""}, "年度を選んでください"),
    ],
)
def test_a_question_that_cannot_be_answered_says_how_to_mend_it(
    filled, daichi, asked: dict[str, str], said: str
) -> None:
    page = page_of(daichi, asked)
    assert said in page
    assert '<svg class="chart"' not in page
    assert at_the_desk(daichi).get(DOWNLOAD, {**asked, "format": "csv"}).status_code == 404


def test_the_links_of_a_page_lead_to_the_same_figures(filled, daichi) -> None:
    page = page_of(daichi, PRINTED[1][1])
    links = re.findall(r'href="([^"]+format=json)"', page)
    assert len(links) == 1
    given = at_the_desk(daichi).get(links[0].replace("&amp;", "&")).json()
    assert given["totals"] == {
        "相談開設日数": 155,
        "新規受付件数": 286,
        "実件数": 313,
        "延べ受付件数": 450,
    }


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_days_to_the_end_of_the_calendar_are_counted_at_once(filled, daichi, kind: str) -> None:
    asked = {"part": "any", "first": "0001-01-01", "last": "9999-12-31", "basis": ""}
    assert file_of(daichi, asked, kind)
    assert page_of(daichi, asked)
