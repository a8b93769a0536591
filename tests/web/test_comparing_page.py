"""Two years beside each other, and the refusal to draw what would mislead."""

import re

import pytest

from madoguchi.demo.records import FY2024, FY2025_H1, printed
from tests.people import at_the_desk
from tests.web.test_statistics_pages import filled  # noqa: F401

PAGE = "/stats/compare/"
FY2025 = {"year": "2025", "part": "year", "years": "1"}

pytestmark = pytest.mark.django_db


def sections(user, asked: dict[str, str]) -> dict[str, str]:
    page = at_the_desk(user).get(PAGE, asked).content.decode()
    found = re.findall(r'<h2 id="[a-z_-]+">(.+?)</h2>(.+?)</section>', page, re.DOTALL)
    return dict(found)


def test_the_printed_years_rest_on_different_bases_and_no_line_is_drawn(filled, daichi) -> None:  # noqa: F811
    found = sections(daichi, FY2025 | {"basis": ""})
    for title in ("年代別", "状況別", "侵害種別"):
        assert "母数がちがうため、くらべられません" in found[title]
        assert "<svg" not in found[title]
        assert "差</th>" not in found[title]
        assert "母数：新規受付件数 393件" in found[title]
        assert "母数：実件数 313件" in found[title]
    for title in ("手法別", "対応別"):
        assert "くらべられません" not in found[title]
        assert '<svg class="chart"' in found[title]


def test_on_one_basis_both_years_are_drawn_with_their_numbers(filled, daichi) -> None:  # noqa: F811
    found = sections(daichi, FY2025 | {"basis": "new"})
    before = printed(FY2024)["tables"]["年代別"]["rows"]
    rows = re.findall(r'<th scope="row">(.+?)</th>(.+?)</tr>', found["年代別"])
    numbers = {label: re.findall(r">([^<]+)</td>", cells) for label, cells in rows}
    assert {label: int(numbers[label][1]) for label in before} == before
    for label in before:
        now, then, difference = numbers[label]
        sign = difference.replace("＋", "").replace("－", "-").replace("±", "")
        assert int(now) - int(then) == int(sign)
    chart = re.search(r"<svg.+?</svg>", found["年代別"], re.DOTALL)
    assert chart
    assert 'role="img"' in chart[0]
    assert "令和6年度" in chart[0]
    assert "url(#compare-age-group-hatch)" in chart[0]  # told apart without colour


def test_totals_stand_beside_each_other(filled, daichi) -> None:  # noqa: F811
    totals = sections(daichi, FY2025 | {"basis": ""})["総数"]
    now, before = printed(FY2025_H1)["totals"], printed(FY2024)["totals"]
    for name in ("新規受付件数", "延べ受付件数"):
        difference = f"－{before[name] - now[name]}"
        cells = f'>{now[name]}件</td><td class="figure">{before[name]}件</td><td class="figure">{difference}</td>'
        assert f'<th scope="row">{name}</th><td class="figure"{cells}' in totals


def test_a_year_that_is_not_over_is_shown_and_not_drawn(filled, daichi) -> None:  # noqa: F811
    asked = {"part": "any", "first": "2025-04-01", "last": "2999-12-31", "basis": "new"}
    found = sections(daichi, asked)
    assert all("<svg" not in section for section in found.values())
    assert "まだ終わっていない期間がある" in found["手法別"]


def test_comparisons_are_for_who_may_read_figures(filled, aoi, beni) -> None:  # noqa: F811
    assert at_the_desk(aoi).get(PAGE).status_code == 404
    assert at_the_desk(beni).get(PAGE).status_code == 200
