"""Everybody can use the pages: axe finds nothing, nothing runs off the screen, fingers fit."""

import pytest
from django.utils import timezone

from madoguchi.consultations.operations import working
from madoguchi.consultations.operations.receiving import Letter, receive
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.triage import Signals
from tests.journeys import places
from tests.people import the_pause_passes

NARROW = {"width": 320, "height": 640}
# The first pages of each room, in the other languages.
FIRST_PAGES = ["/", "/guide/2/", "/urgent/", "/windows/", "/consult/", "/my/", "/safety/"]


@pytest.fixture(autouse=True)
def _desk(desk):
    """These pages belong to the one desk there is."""


@pytest.fixture
def emi(desk, beni):
    """A matter with everything that can stand on its page, in Beni's charge."""
    at = timezone.now()
    told = Particulars(
        nickname="ゆき", wants=("w2", "w3"), reply_by="telephone", telephone="0612345678"
    )
    letter = Letter(
        words=places.DANGER + "https://example.com/" + "x" * 200,
        channel="EMAIL",
        particulars=told,
        signals=Signals(danger_words=True),
    )
    received = receive(desk=desk.pk, letter=letter, at=at)
    working.take_charge(matter=received.matter, actor=beni.actor, at=at)
    working.reply(matter=received.matter, actor=beni.actor, words="いっしょに考えます。", at=at)
    the_pause_passes()
    working.write_memo(matter=received.matter, actor=beni.actor, words="所内のこと", at=at)
    return received


# -- axe ---------------------------------------------------------------------------------


def _found_on_the_way(page, stops, faults_of):
    found = {}
    for where in stops:
        if faults := faults_of(page):
            found[where] = faults
    return found


def test_axe_finds_nothing_on_any_public_page(person, faults_of):
    found = {}
    for where in places.public_addresses():
        person.goto(where)
        found[where] = faults_of(person)
    found |= _found_on_the_way(person, places.along_the_way(person), faults_of)
    assert not {where: faults for where, faults in found.items() if faults}


@pytest.mark.parametrize("prefix", ["/easy", "/en"], ids=["easy", "en"])
def test_axe_finds_nothing_in_the_other_languages(person, faults_of, prefix):
    found = {}
    for where in FIRST_PAGES:
        person.goto(prefix + where)
        found[where] = faults_of(person)
    assert not {where: faults for where, faults in found.items() if faults}


def test_axe_finds_nothing_at_the_desk(adviser, faults_of, beni, emi):
    stops = places.at_the_desk(adviser, beni, emi.number)
    assert not _found_on_the_way(adviser, stops, faults_of)


# -- nothing runs off the screen -------------------------------------------------------------

_SIDEWAYS = """() => {
  const page = document.documentElement, width = page.clientWidth;
  if (page.scrollWidth <= width) return [];
  // What reaches beyond the edge and is not inside something that scrolls by itself.
  return [...document.querySelectorAll('body *')].filter((it) => {
    for (let up = it; up && up !== document.body; up = up.parentElement)
      if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(up).overflowX)) return false;
    return it.getBoundingClientRect().right > width + 1;
  }).slice(0, 3).map((it) => it.outerHTML.slice(0, 120)).concat(page.scrollWidth + ' > ' + width);
}"""
_TWICE = "(size) => { document.documentElement.style.fontSize = size; }"


def runs_off(page):
    """Return what runs off a narrow screen, and off this one with letters twice as large."""
    usual = page.viewport_size
    page.set_viewport_size(NARROW)
    narrow = page.evaluate(_SIDEWAYS)
    page.set_viewport_size(usual)
    page.evaluate(_TWICE, "200%")
    large = page.evaluate(_SIDEWAYS)
    page.evaluate(_TWICE, "")
    return [f"320 px: {it}" for it in narrow] + [f"200 %: {it}" for it in large]


@pytest.mark.parametrize("prefix", places.LANGUAGES, ids=["ja", "easy", "en"])
def test_no_public_page_runs_off_the_screen(person, prefix):
    found = {}
    for where in places.public_addresses(prefix):
        person.goto(where)
        found[where] = runs_off(person)
    for where in places.along_the_way(person, prefix):
        found[where] = runs_off(person)
    assert not {where: it for where, it in found.items() if it}


def test_no_page_of_the_desk_runs_off_the_screen(adviser, beni, emi):
    found = {where: runs_off(adviser) for where in places.at_the_desk(adviser, beni, emi.number)}
    assert not {where: it for where, it in found.items() if it}


# -- fingers fit ---------------------------------------------------------------------------------

# A link inside a line of words is as high as the line (WCAG 2.5.8 excepts it), and a box to
# tick is as large as the words beside it, which tick it, too.
SMALL = """(least) => {
  const inLine = (it) => it.tagName === 'A' && getComputedStyle(it).display === 'inline'
    && [...it.parentElement.childNodes].some((by) => by.nodeType === 3 && by.data.trim());
  const aim = (it) => ['checkbox', 'radio'].includes(it.type) ? it.closest('label') || it : it;
  return [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter((it) => it.checkVisibility({opacityProperty: false}) && it.type !== 'hidden'
      && !it.matches('.skip, .visually-hidden') && !inLine(it))
    .map((it) => [it, aim(it).getBoundingClientRect()])
    .filter(([it, box]) => box.width && (box.height < least - 0.5 || box.width < least - 0.5))
    .map(([it, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${it.outerHTML.slice(0, 110)}`);
}"""


def test_every_public_target_is_large_enough_for_a_finger(person):
    found = {}
    for where in places.public_addresses():
        person.goto(where)
        found[where] = person.evaluate(SMALL, 44)
    for where in places.along_the_way(person):
        found[where] = person.evaluate(SMALL, 44)
    assert not {where: it for where, it in found.items() if it}


def test_every_target_at_the_desk_is_large_enough(adviser, beni, emi):
    found = {
        where: adviser.evaluate(SMALL, 24)
        for where in places.at_the_desk(adviser, beni, emi.number)
    }
    assert not {where: it for where, it in found.items() if it}
