"""Doors: what is open to everybody is on a list, all else asks who is there."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tools.doors import DOORS, ROOMS, Who

# Who may enter what is declared in tools/doors.py, with the reason for each open door.
PUBLIC_ROOMS = {room for room, who in ROOMS.items() if who is Who.EVERYBODY}
PUBLIC_DOORS = {door for door, who in DOORS.items() if who is Who.EVERYBODY}
SAMPLES = {"UUIDConverter": UUID(int=0), "IntConverter": 1}
# Words that would tell somebody looking over a shoulder, or into a history.
TELLING = re.compile(
    r"abuse|bully|crime|defam|hara[s]+|hate|helpseek|porn|rape|revenge|sex|slander|suicid|threat|victim",
    re.IGNORECASE,
)


def _patterns(
    resolver: URLResolver, rooms: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*rooms, entry.namespace) if entry.namespace else rooms
            yield from _patterns(entry, inner)
        else:
            yield rooms, entry


def _doors() -> dict[str, str]:
    """Return the address behind every name, with samples for what varies."""
    found = {}
    for rooms, pattern in _patterns(get_resolver()):
        assert pattern.name, f"an address without a name: {pattern.pattern}"
        said = {
            name: SAMPLES.get(type(converter).__name__, "x")
            for name, converter in pattern.pattern.converters.items()
        }
        name = ":".join((*rooms, pattern.name))
        found[name] = reverse(name, kwargs=said)
    return found


def _is_for_the_public(name: str) -> bool:
    return name.split(":", maxsplit=1)[0] in PUBLIC_ROOMS


def _is_open(name: str) -> bool:
    return _is_for_the_public(name) or name in PUBLIC_DOORS


def _asks_who_is_there(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))


@pytest.mark.django_db
def test_every_door_that_is_not_on_the_list_asks_who_is_there() -> None:
    closed = {name: url for name, url in _doors().items() if not _is_open(name)}
    assert closed
    for method in ("get", "post"):
        open_doors = [
            name
            for name, url in closed.items()
            if not _asks_who_is_there(getattr(Client(), method)(url))
        ]
        assert not open_doors, method


@pytest.mark.django_db
def test_nobody_is_asked_to_sign_in_on_public_pages(desk) -> None:
    asked = [
        name
        for name, url in _doors().items()
        if _is_for_the_public(name) and _asks_who_is_there(Client().get(url))
    ]
    assert not asked


def test_the_list_names_only_doors_that_are_there() -> None:
    doors = _doors()
    assert not [name for name in PUBLIC_DOORS if name not in doors]
    assert {name.split(":")[0] for name in doors} >= PUBLIC_ROOMS


def test_no_address_tells_what_somebody_is_here_for() -> None:
    assert not [url for url in _doors().values() if TELLING.search(url)]
