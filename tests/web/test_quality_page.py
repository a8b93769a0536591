"""The page of contradictions, and the lists it opens."""

import re
from html import unescape

import pytest

from madoguchi.rules.quality import Finding
from madoguchi.statistics.presenting.quality import SAID
from tests.people import at_the_desk
from tests.web.test_statistics_pages import PRINTED, filled  # noqa: F401

PAGE = "/stats/quality/"
_LINK = re.compile(r'<a href="(/stats/(?:quality/)?list/\?[^"]+)">(\d+)(?:件|日)?</a>')

pytestmark = pytest.mark.django_db


def test_every_finding_is_named_with_its_rule_and_leads_to_its_list(filled, beni) -> None:  # noqa: F811
    browser = at_the_desk(beni)
    page = browser.get(PAGE, PRINTED[0][1]).content.decode()
    for finding in Finding:
        assert SAID[finding].title in page
        assert SAID[finding].rule in page
    links = _LINK.findall(page)
    assert len(links) > 30
    for address, number in links[:12]:
        assert f"全{number}件" in browser.get(unescape(address)).content.decode()


def test_what_is_not_known_is_shown_by_month_with_its_share(filled, daichi) -> None:  # noqa: F811
    page = at_the_desk(daichi).get(PAGE, PRINTED[0][1]).content.decode()
    assert "母数：新規受付件数" in page
    rows = re.findall(r'<th scope="row">令和\d年\d+月</th>(.+?)</tr>', page)
    assert len(rows) == 12
    ages = [int(re.findall(r">(\d+)（", row)[0]) for row in rows]
    assert sum(ages) == 238  # 年代 不明 of 令和6年度, as printed
    assert "<a href=" not in "".join(rows)


def test_lists_of_findings_are_for_supervisors_and_for_findings_there_are(
    filled,  # noqa: F811
    beni,
    daichi,
    chika,
) -> None:
    asked = {"first": "2025-04-01", "last": "2025-09-30", "finding": "EMPTY_DAY"}
    address = f"{PAGE}list/"
    assert at_the_desk(beni).get(address, asked).status_code == 200
    for somebody in (daichi, chika):
        assert at_the_desk(somebody).get(address, asked).status_code == 404
    for wrong in ({"finding": "x"}, {"last": "2025-03-01"}, {"first": ""}):
        assert at_the_desk(beni).get(address, asked | wrong).status_code == 404
