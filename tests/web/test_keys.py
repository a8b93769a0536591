"""The page that names the desk's keys: none is left out."""

import re
from pathlib import Path

import madoguchi
from madoguchi.workbench.views.keys import GROUPS
from tests.people import at_the_desk

ROOMS = Path(madoguchi.__file__).parent
KEY = re.compile(r'(?:data-key|key)="((?:Alt|Ctrl)\+[^"{]+)"')


def test_every_key_of_a_button_or_link_stands_on_the_page():
    named = {key for _title, keys in GROUPS for pressed, _what in keys for key in pressed}
    pages = (ROOMS / "workbench" / "templates").rglob("*.html")
    used = {key for page in pages for key in KEY.findall(page.read_text())}
    assert used
    assert used <= named


def test_lists_say_that_they_are_lists(aoi, desk):
    page = at_the_desk(aoi).get("/desk/").content.decode()
    assert 'class="matter-list" data-list' in page
    assert "workbench/lists.js" in page


def test_the_page_of_keys_is_led_to_from_everywhere(aoi):
    page = at_the_desk(aoi).get("/desk/due/").content.decode()
    assert 'href="/desk/keys/" data-key="Alt+H"' in page
    assert at_the_desk(aoi).get("/desk/keys/").status_code == 200


def test_a_statistician_has_no_lists_and_no_page_of_keys(daichi):
    assert at_the_desk(daichi).get("/desk/keys/").status_code == 404
