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

CROSS, MORE = "/stats/cross/", "/stats/more/"
FY2024 = {"year": "2024", "part": "year"}
_LINK = re.compile(r'<a href="(/stats/list/\?[^"]+)">(\d+)</a>')

pytestmark = pytest.mark.django_db


def page_of(user, address: str, asked: dict[str, str]) -> str:
    answer = at_the_desk(user).get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def sections(page: str) -> dict[str, str]:
    return dict(re.findall(r'<h2 id="[a-z-]+">(.+?)</h2>(.+?)</section>', page, re.DOTALL))


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
    assert len(found) == 13
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


def test_further_pages_are_for_who_may_read_figures(filled, aoi, daichi) -> None:  # noqa: F811
    for address in (CROSS, MORE):
        assert at_the_desk(aoi).get(address).status_code == 404
        assert at_the_desk(daichi).get(address).status_code == 200
