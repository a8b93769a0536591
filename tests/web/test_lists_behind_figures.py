"""A number on the page of figures leads to what it counts, for those who may open it."""

import re
from html import unescape

import pytest

from tests.people import at_the_desk
from tests.web.test_statistics_pages import PAGE, PRINTED, each_period, filled  # noqa: F401

LIST = "/stats/list/"
_LINK = re.compile(r'<a href="/stats/list/\?([^"]+)">(\d+)</a>')
_CODES = re.compile(r"(first|last|counts|table|key)=[0-9A-Z_-]*")

pytestmark = pytest.mark.django_db


@each_period
def test_every_number_of_the_page_leads_to_a_list_as_long(filled, beni, name, asked) -> None:  # noqa: F811
    browser = at_the_desk(beni)
    links = _LINK.findall(browser.get(PAGE, asked).content.decode())
    assert len(links) > 30
    for query, number in links:
        page = browser.get(f"{LIST}?{unescape(query)}").content.decode()
        assert f"全{number}件" in page
        assert len(re.findall(r'<th scope="row">', page)) == min(int(number), 100)
        assert all(_CODES.fullmatch(part) for part in unescape(query).split("&"))


def test_a_line_leads_to_the_matter_and_the_next_page_goes_on(filled, beni) -> None:  # noqa: F811
    browser = at_the_desk(beni)
    asked = {"first": "2025-04-01", "last": "2025-09-30", "counts": "CONTACTS"}
    page = browser.get(LIST, asked).content.decode()
    matters = re.findall(r'<a href="(/desk/matters/[^"]+)">', page)
    assert len(matters) == 100
    assert browser.get(matters[0]).status_code == 200
    after = re.search(r'href="\?([^"]+start=100)"', page)
    assert after
    more = browser.get(f"{LIST}?{unescape(after[1])}").content.decode()
    assert "101件目から200件目まで" in more


def test_a_statistician_sees_numbers_and_no_list(filled, daichi, chika) -> None:  # noqa: F811
    asked = {"first": "2025-04-01", "last": "2025-09-30", "counts": "CONTACTS"}
    assert LIST not in at_the_desk(daichi).get(PAGE, PRINTED[1][1]).content.decode()
    for somebody in (daichi, chika):
        assert at_the_desk(somebody).get(LIST, asked).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"counts": "PEOPLE"},
        {"counts": "NEW", "table": "CHANNEL", "key": "EMAIL"},
        {"table": "MONTH", "key": "2025-13"},
        {"table": "MONTH", "key": ""},
        {"table": "HOUR", "key": "24"},
        {"first": "2025-10-01"},
        {"first": "x"},
    ],
)
def test_a_cell_that_no_table_has_has_no_list(filled, beni, wrong) -> None:  # noqa: F811
    asked = {"first": "2025-04-01", "last": "2025-09-30", "counts": "CONTACTS"}
    assert at_the_desk(beni).get(LIST, asked).status_code == 200
    assert at_the_desk(beni).get(LIST, asked | wrong).status_code == 404
