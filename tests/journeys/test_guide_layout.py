"""How the guide's pages lie on a phone and on a desk: nothing indented, nothing cut."""

import pytest

from tests.journeys import places


@pytest.fixture(autouse=True)
def _desk(desk):
    """These pages belong to the one desk there is."""


def test_the_numbers_in_the_red_box_are_not_indented(person):
    person.goto("/")
    person.locator("[name=danger_now]").check()
    person.locator("[name=happened][value=b]").click()
    person.goto("/guide/result/")
    box = person.locator(".notice-urgent")
    inside = box.locator("ul.windows")
    assert inside.evaluate("(it) => getComputedStyle(it).listStyleType") == "none"
    outer, inner = box.bounding_box(), inside.bounding_box()
    left = inner["x"] - outer["x"]
    right = outer["x"] + outer["width"] - inner["x"] - inner["width"]
    assert abs(left - right) <= 1


@pytest.mark.parametrize("prefix", places.LANGUAGES, ids=["ja", "easy", "en"])
def test_the_whole_matrix_is_in_sight_on_a_desk(adviser, prefix):
    adviser.goto(f"{prefix}/windows/")
    assert adviser.locator(".matrix-frame").evaluate("(it) => it.scrollWidth - it.clientWidth") == 0
