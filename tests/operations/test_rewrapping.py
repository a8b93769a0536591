"""Changing the key: everything moves to the new one, and the old one may be put away."""

import base64
import os
import re
import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.utils import timezone

from madoguchi.consultations.operations import receiving
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.desks.operations.keys import rewrap_everything
from madoguchi.ledger.models import Entry
from madoguchi.ledger.queries import first_break
from madoguchi.matters.models import Matter
from madoguchi.rules.access import Role
from madoguchi.vault import keys
from madoguchi.vault.keys import KeyMissingError, key_id, keyed_hash, master_keys
from madoguchi.vault.rewrapping import counted_by_wrapper, rewrap
from madoguchi.vault.sealing import erase
from tests.people import AT, found, hire

STORY = "夜になると、知らない人から写真を送れと書かれます。"


def _key(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


@pytest.fixture
def masters(settings):
    """Set the installation's master keys, the current one first, as a new process reads them."""

    def said(*letters: str) -> None:
        settings.MASTER_KEY = ",".join(_key(letter) for letter in letters)
        master_keys.cache_clear()
        keys._first_of.cache_clear()

    yield said
    master_keys.cache_clear()
    keys._first_of.cache_clear()


@pytest.fixture
def before(masters, db):
    """A desk of the old key: an adviser with a second factor, some matters."""
    masters("o")
    desk = found("osaka", "窓")
    aoi = hire(desk.pk, "aoi", "あおい", Role.ADVISER)
    letters = [Letter(words=f"{STORY}{number}", channel="EMAIL") for number in range(3)]
    ids = [receiving.receive(desk=desk.pk, letter=letter, at=AT).matter for letter in letters]
    return desk, aoi, list(Matter.objects.filter(pk__in=ids).order_by("pk"))


def _words(matters) -> list[str]:
    return [message.words for matter in matters for message in messages_in(matter)]


def _secret(user) -> str:
    return totp.decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])


def test_after_moving_the_new_key_alone_opens_everything(before, masters) -> None:
    desk, aoi, matters = before
    words, secret, lookup = _words(matters), _secret(aoi), keyed_hash("receipt", "1234")
    masters("n", "o")
    moved = rewrap_everything(at=timezone.now())
    masters("n")
    assert _words(matters) == words
    assert len(words) == 3
    assert _secret(aoi) == secret
    assert keyed_hash("receipt", "1234") == lookup
    assert first_break([desk.pk], others=True) is None
    assert set(counted_by_wrapper()) == {key_id(master_keys()[0]).hex()}
    entry = Entry.objects.get(deed="KEYS_REWRAPPED")
    assert entry.detail == {"moved": moved}
    assert moved >= 4


def test_after_moving_the_old_key_alone_opens_nothing(before, masters) -> None:
    _desk, aoi, matters = before
    masters("n", "o")
    rewrap_everything(at=timezone.now())
    masters("o")
    for ask in (lambda: _words(matters), lambda: _secret(aoi), lambda: keyed_hash("a", "b")):
        with pytest.raises(KeyMissingError):
            ask()


def test_before_moving_the_old_key_is_still_needed(before, masters) -> None:
    _desk, _aoi, matters = before
    masters("n")
    with pytest.raises(KeyMissingError):
        _words(matters)


def test_a_key_may_be_changed_again_and_again(before, masters) -> None:
    _desk, _aoi, matters = before
    words, lookup = _words(matters), keyed_hash("receipt", "1234")
    for pair in ("no", "mn", "lm"):
        masters(*pair)
        rewrap_everything(at=timezone.now())
    masters("l")
    assert (_words(matters), keyed_hash("receipt", "1234")) == (words, lookup)


def test_moving_twice_moves_nothing_more(before, masters) -> None:
    masters("n", "o")
    assert rewrap() > 0
    assert rewrap() == 0


def test_what_was_erased_stays_erased(before, masters) -> None:
    _desk, _aoi, matters = before
    erase(matters[0].pk)
    masters("n", "o")
    rewrap_everything(at=timezone.now())
    masters("n")
    assert _words(matters)[0] is None


def test_the_command_line_shows_moves_and_prints_the_sheet(tmp_path) -> None:
    url = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/keys.sqlite3",
        "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
        "MADOGUCHI_HOME": str(tmp_path),
    }

    def said(key: str, *words: str) -> str:
        told = subprocess.run(
            [sys.executable, "-m", "madoguchi.cli", *words],
            env={**os.environ, **url, "MADOGUCHI_KEY": key},
            capture_output=True,
            text=True,
            check=True,
        )
        return told.stdout

    old, new = _key("o"), _key("n")
    numbers = [key_id(base64.b64decode(key)).hex() for key in (old, new)]
    said(old, "desks", "create", "--slug", "osaka", "--name", "窓", "--prefecture", "大阪府")
    both = said(f"{new},{old}", "keys")
    assert both.splitlines()[0].startswith(f"{numbers[1]}  いまの鍵")
    assert both.splitlines()[1].startswith(f"{numbers[0]}  前の鍵")
    assert numbers[0] in said(f"{new},{old}", "keys", "rewrap")
    assert "つながっています" in said(new, "ledger", "verify")
    sheet = said(new, "keys", "sheet")
    assert numbers[1] in sheet
    typed = re.sub(r"\s", "", sheet.split("鍵\n", 1)[1].split("\n\n", 1)[0])
    assert typed == new
