"""Cross tables and the tables people ask for, as pages: base, period, unit, sum, chart, list."""

import datetime as dt
import re
from html import unescape

import pytest

from madoguchi.consultations.operations import receiving, working
from madoguchi.consultations.operations.noting import Classification, classify
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.demo.records import printed
from madoguchi.rules.particulars import Particulars
from tests.people import AT, at_the_desk
from tests.web.test_statistics_pages import filled  # noqa: F401
from tests.web.test_two_books import two_books  # noqa: F401

CROSS, MORE = "/stats/cross/", "/stats/more/"
MAY = {"part": "any", "first": "2025-05-01", "last": "2025-05-31"}
FY2024 = {"year": "2024", "part": "year"}
_LINK = re.compile(r'<a href="(/stats/list/\?[^"]+)">(\d+)</a>')

pytestmark = pytest.mark.django_db


def page_of(user, address: str, asked: dict[str, str]) -> str:
    answer = at_the_desk(user).get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def sections(page: str) -> dict[str, str]:
    return dict(re.findall(r'<h2 id="[a-z0-9-]+">(.+?)</h2>(.+?)</section>', page, re.DOTALL))


def test_a_cross_table_sums_to_its_base_and_its_sides_are_the_official_tables(
    filled,  # noqa: F811
    daichi,
) -> None:
    asked = FY2024 | {"one": "CHANNEL", "other": "ACTION_TAKEN", "counts": "CONTACTS"}
    page = page_of(daichi, CROSS, asked)
    assert "母数：延べ受付件数 599件" in page
    assert "令和6年度（2024年4月1日～2025年3月31日）" in page
    assert "母数と一致" in page
    sums = dict(
        re.findall(r'<th scope="row">(.+?)</th>.*?<td class="figure whole">(\d+)</td></tr>', page)
    )
    assert (sums["電話"], sums["合計"]) == ("334", "599")
    assert 'role="img"' in page


def test_several_kinds_to_one_case_are_said_under_a_cross_table(filled, daichi) -> None:  # noqa: F811
    asked = FY2024 | {"one": "INFRINGEMENT_KIND", "other": "AGE_GROUP", "counts": "NEW"}
    page = page_of(daichi, CROSS, asked)
    assert "重複集計あり" in page
    assert "母数：新規受付件数 393件" in page
    assert ">545</td></tr></tfoot>" in page


def test_numbers_of_a_cross_table_lead_to_lists_as_long(filled, beni, daichi) -> None:  # noqa: F811
    asked = FY2024 | {"one": "WEEKDAY", "other": "HOUR", "counts": "CONTACTS"}
    assert "/stats/list/" not in page_of(daichi, CROSS, asked)
    links = _LINK.findall(page_of(beni, CROSS, asked))
    assert len(links) > 40
    browser = at_the_desk(beni)
    for address, number in links[::9]:
        assert f"全{number}件" in browser.get(unescape(address)).content.decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"one": "CHANNEL", "other": "CHANNEL", "counts": "CONTACTS"}, "ちがうものを選んで"),
        ({"one": "CHANNEL", "other": "MONTH", "counts": "NEW"}, "延べ受付件数で数えて"),
        ({"one": "HOUR", "other": "MONTH", "counts": "CASE_MONTHS"}, "延べ受付件数で数えて"),
    ],
)
def test_what_cannot_be_crossed_is_said_and_not_guessed(filled, daichi, asked, said) -> None:  # noqa: F811
    page = page_of(daichi, CROSS, FY2024 | asked)
    assert said in page
    assert '<svg class="chart"' not in page


def test_a_link_from_another_room_keeps_the_period(filled, daichi) -> None:  # noqa: F811
    page = page_of(daichi, "/stats/", FY2024 | {"basis": ""})
    [tabs] = re.findall(r'<nav class="tabs figures-tabs".+?</nav>', page, re.DOTALL)
    links = [unescape(link) for link in re.findall(r'href="([^"]+year=[^"]+)"', tabs)]
    assert len(links) == 5  # those of rooms that ask for a period
    for link in links:
        assert "令和6年度" in page_of(daichi, link, {})


def test_every_further_table_names_base_unit_and_sum(filled, beni) -> None:  # noqa: F811
    page = page_of(beni, MORE, FY2024)
    found = sections(page)
    assert len(found) == 16
    for title, section in found.items():
        assert "母数：" in section, title
        assert "単位：" in section, title
        assert "母数と合いません" not in section, title
        if "<table" in section:
            assert '<svg class="chart"' in section, title
            assert "<desc" in section, title
    assert "延べ受付件数 599件" in found["曜日別"]
    assert "新規受付件数 393件" in found["月別の新規受付件数"]
    broken = found["中断（手法別）"]
    number = printed("net-harmony-fy2024")["tables"]["対応別"]["rows"]["中断"]
    assert f"母数：対応が中断の受付 {number}件" in broken
    assert f"17.2％（599件のうち{number}件）" in broken
    for address, cell in _LINK.findall(broken):
        assert f"全{cell}件" in page_of(beni, unescape(address), {})


def test_what_people_tell_and_what_the_desk_answers_is_counted(desk, aoi, daichi) -> None:
    told = Particulars(service="x", places="https://example.jp/himitsu")
    first = receiving.receive(
        desk=desk.pk, letter=Letter(words="困っています", channel="EMAIL", particulars=told), at=AT
    ).matter
    receiving.receive(desk=desk.pk, letter=Letter(words="待っています", channel="EMAIL"), at=AT)
    later = AT + dt.timedelta(hours=1)
    working.take_charge(matter=first, actor=aoi.actor, at=later)
    contact = aoi.desk.contacts.get(consultation=first)
    said = Classification(
        kinds=frozenset({"DEFAMATION"}),
        age_group="TEENS",
        standing="AFFECTED",
        actions={contact.pk: "BROKEN_OFF"},
    )
    classify(matter=first, actor=aoi.actor, classification=said, at=later)
    working.reply(matter=first, words="読みました", actor=aoi.actor, at=later)
    page = page_of(daichi, MORE, {"part": "any", "first": "2025-05-01", "last": "2025-05-31"})
    assert "himitsu" not in page
    found = sections(page)
    rows = {title: dict(_rows(section)) for title, section in found.items()}
    assert rows["初回返信まで"]["その日のうち"] == rows["初回返信まで"]["返信なし"] == "1"
    assert "50.0％（2件のうち1件）" in found["初回返信まで"]
    assert rows["掲載場所（サービス）"]["X（旧Twitter）"] == "1"
    assert "書かれた新規の相談は1件" in found["掲載場所（サービス）"]
    assert rows["受付回数別"]["1回"] == "2"
    assert rows["中断（手法別）"]["メール"] == "1"


def _rows(section: str):
    return re.findall(r'<th scope="row">(.+?)</th><td class="figure">(\d+)</td>', section)


def test_every_number_of_the_further_tables_leads_to_what_comes_to_it(busy, beni) -> None:
    page = page_of(beni, MORE, MAY)
    browser = at_the_desk(beni)
    found = sections(page)
    assert '<p class="empty">' not in page  # all of them have something to show
    links = 0
    for title, section in found.items():
        numbers = re.findall(r'<td class="figure[^"]*">(.*?)</td>', section)
        for cell in numbers:
            if not re.fullmatch(r"\d+(％)?|－|\d+％|1％未満|", cell):
                [(address, number)] = re.findall(r'<a href="([^"]+)">(\d+)</a>', cell)
                shown = browser.get(unescape(address)).content.decode()
                assert _comes_to(shown) == number, (title, address)
                links += 1
            elif cell.isdigit() and cell != "0":
                assert title == "紹介先"  # the sum of several marks to one
    assert links > 100


def _comes_to(page: str) -> str:
    total = re.search(r'<span class="list-total">[^<]+：(\d+)</span>', page)
    number = total or re.search(r"全(\d+)件", page)
    assert number
    return number[1]


def test_a_statistician_sees_the_kinds_of_experts_without_names_or_lists(
    busy, beni, daichi
) -> None:
    page = page_of(daichi, MORE, MAY)
    assert "専門家相談（種類別）" in page
    assert "専門家相談（専門家別）" not in page
    assert "げん" not in page
    assert "/stats/list/" not in page
    named = at_the_desk(daichi).get("/stats/more/file/csv/", MAY | {"table": "experts"})
    assert named.status_code == 404
    for_beni = page_of(beni, MORE, MAY)
    rows = dict(re.findall(r'<th scope="row">(げん|ふみ)</th>(.+?)</tr>', for_beni))
    cells = {name: re.sub(r"<[^>]+>", " ", row).split() for name, row in rows.items()}
    assert cells["ふみ"] == ["4", "2", "2", "0", "1", "1", "0", "0", "50", "22000"]
    assert cells["げん"] == ["2", "0", "1", "1", "0", "0", "0", "1", "0", "0"]


def test_reports_to_the_prefecture_are_a_table(busy, daichi) -> None:
    section = sections(page_of(daichi, MORE, MAY))["差別情報の通報"]
    rows = dict(re.findall(r'<th scope="row">(.+?)</th>(.+?)</tr>', section))
    cells = {name: re.sub(r"<[^>]+>", " ", row).split() for name, row in rows.items()}
    assert cells["府内の特定の地域"] == ["2", "2", "2", "1", "1", "1", "3"]
    assert cells["合計"] == ["4", "3", "3", "2", "1", "1", "10"]
    assert "母数：この期間に書いた通報 4件" in section


@pytest.mark.parametrize(
    "wrong",
    [{"of": "people"}, {"column": "NONE"}, {"row": "'"}, {"first": "2025-06-01"}, {"first": "x"}],
)
def test_a_cell_that_no_further_table_has_has_no_list(desk, beni, daichi, wrong) -> None:
    asked = {"first": "2025-05-01", "last": "2025-05-31", "of": "experts", "column": "HELD"}
    assert at_the_desk(beni).get("/stats/list/", asked).status_code == 200
    assert at_the_desk(beni).get("/stats/list/", asked | wrong).status_code == 404
    assert at_the_desk(daichi).get("/stats/list/", asked).status_code == 404


def test_a_cross_table_over_two_books_comes_in_two(two_books, beni) -> None:  # noqa: F811
    asked = {"part": "any", "first": "2025-01-01", "last": "2025-09-30"}
    page = page_of(beni, CROSS, asked | {"one": "CHANNEL", "other": "MONTH", "counts": "CONTACTS"})
    found = sections(page)
    before, after = (found[f"手法別と月別（令和7年{it}）"] for it in ("1月～3月", "4月～9月"))
    assert "FAX" in before
    assert "窓口" not in before
    assert "窓口" in after
    assert "途中で分類表が変わりました" in after
    whole = page_of(beni, CROSS, asked | {"one": "STANDING", "other": "MONTH"})
    assert list(sections(whole)) == ["状況別と月別"]


def test_further_pages_are_for_who_may_read_figures(filled, aoi, daichi) -> None:  # noqa: F811
    for address in (CROSS, MORE):
        assert at_the_desk(aoi).get(address).status_code == 404
        assert at_the_desk(daichi).get(address).status_code == 200
