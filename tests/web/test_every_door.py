"""Every address against every role: who may enter does, nobody else finds anything."""

import datetime as dt
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from madoguchi.administration.operations.giving import ask_opening
from madoguchi.consultations.operations import receiving
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.operations.words import begin_draft
from tests import experts, people
from tests.people import AT, at_the_desk
from tools.doors import DOORS, ROOMS, Role, Who, doors

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)
EVERY = {door.name: door for door in doors()}
# What stands in an address where no row is meant; a door whose row is not made here is only
# tried for staying shut.
PLAIN = {"table": "channel", "page": 1}


@pytest.fixture
def rows(desk, aoi, beni, fumi):
    """One thing of each kind at Aoi's desk, by the name it has in an address."""
    received = receiving.receive(
        desk=desk.pk, letter=Letter(words="困っています", channel="EMAIL"), at=AT
    )
    draft = begin_draft(actor=beni.actor, matter=received.matter, kind=Kind.MEMO, at=LATER)
    opening = ask_opening(matter=received.matter, reason="危ない", actor=aoi.actor, at=AT)
    lawyer = experts.lawyer(beni, user=fumi.pk)
    taken, free = experts.hours(beni, lawyer, weeks=2)
    return {
        "number": received.number,
        "matter": received.matter,
        "user": aoi.pk,
        "draft": draft.pk if hasattr(draft, "pk") else draft.id,
        "opening": opening,
        "expert": lawyer.pk,
        "slot": free.pk,
        "asked": experts.booked(aoi, received.matter, taken).pk,
    }


@pytest.fixture
def browsers(aoi, beni, chika, daichi, fumi):
    """A browser for each who comes to a door."""
    return {
        Role.ADVISER: at_the_desk(aoi),
        Role.SUPERVISOR: at_the_desk(beni),
        Role.STATISTICIAN: at_the_desk(daichi),
        Role.EXPERT: at_the_desk(fumi),
        Role.STRANGER: at_the_desk(chika),
    }


def _address(door, rows):
    """Return the address, and whether everything it names is there."""
    known = {**PLAIN, **rows}
    nothing = {"pk": 1}
    said = {name: known.get(name) or nothing.get(name, UUID(int=0)) for name in door.varies}
    return reverse(door.name, kwargs=said), set(door.varies) <= set(known)


CLOSED = sorted(name for name, door in EVERY.items() if door.who is not Who.EVERYBODY)
# Signing in has rules of its own: who has proven what, and when (test_sign_in.py).
ENTERED = [name for name in CLOSED if EVERY[name].room]


def test_every_room_is_declared_and_every_declared_door_is_there():
    assert {door.room for door in EVERY.values()} == set(ROOMS)
    assert set(DOORS) <= set(EVERY)


def test_nobody_enters_without_signing_in(rows):
    found = []
    for name in CLOSED:
        address, _known = _address(EVERY[name], rows)
        answers = [getattr(Client(), method)(address) for method in ("get", "post")]
        door = reverse("account_login")
        if not all(getattr(it, "url", "").startswith(door) for it in answers):
            found.append(name)
    assert not found


def test_who_may_not_enter_finds_nothing(rows, browsers):
    found = []
    for name in ENTERED:
        door = EVERY[name]
        address, is_known = _address(door, rows)
        for role, browser in browsers.items():
            if not door.opens_to(role):
                answers = [getattr(browser, method)(address) for method in ("get", "post")]
                if not _is_shut(answers, is_made_up=role is Role.STRANGER and not is_known):
                    found.append((name, role, [it.status_code for it in answers]))
    assert not found


def _is_shut(answers, *, is_made_up):
    """Tell whether neither a link nor a press led anywhere.

    Some doors only answer a press, and lead back whoever comes by a link; who reads figures
    only is led to them, an expert to her own page. What is made up is not there: a stranger is told so like anybody.
    """
    codes = {it.status_code for it in answers}
    if codes <= {403, 404, 405}:
        return True
    own = (reverse("statistics:figures"), reverse("experts:questions"))
    if all(getattr(it, "url", "") in own for it in answers):
        return True
    link, press = answers
    if is_made_up:
        return codes <= {302, 403, 404, 405}
    return link.status_code == 302 and press.status_code in (403, 404)


def test_who_may_enter_does(rows, browsers):
    found = []
    for name in ENTERED:
        door = EVERY[name]
        address, is_known = _address(door, rows)
        for role, browser in browsers.items():
            if door.opens_to(role):
                status = browser.get(address).status_code
                is_missed = status in (403, 404) and is_known and not _is_for_one(door)
                if status >= 500 or is_missed:
                    found.append((name, role, status))
    assert not found


def _is_for_one(door):
    """Tell whether a door opens to one person alone, or needs more than its address says."""
    asking = {"statistics:download", "statistics:list", "statistics:findings"}
    return "draft" in door.varies or door.name in asking


def test_another_desks_supervisor_finds_nothing_of_ours(rows, other_desk):
    dan = at_the_desk(people.hire(other_desk.pk, "dan", "だん", people.Role.SUPERVISOR))
    found = []
    for name in ENTERED:
        door = EVERY[name]
        address, is_known = _address(door, rows)
        if door.is_one_desks:
            answers = [getattr(dan, method)(address) for method in ("get", "post")]
            if not _is_shut(answers, is_made_up=not is_known):
                found.append((name, [it.status_code for it in answers]))
    assert not found
