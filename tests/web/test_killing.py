"""Killed at random while people write: nothing that was acknowledged is lost.

A server of its own (SQLite as in use, synchronous=FULL), people who write to it, and
`kill -9` for all of its processes at moments drawn from a seed that is printed. The short
form is 200 saves; `make soak` sets SAVES higher. SEED= draws the same moments again.
"""

import http.client
import json
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from urllib.parse import urlencode

import pytest

HERE = "127.0.0.1"
ROOT = Path(__file__).parents[2]
SAVES = int(os.environ.get("SAVES", "200"))
SEED = int(os.environ.get("SEED", secrets.randbelow(10**6)))
PEOPLE = 4
# Seconds from the first answer of a server to its end.
LIVES = (0.5, 4.5)
CSRF = "c" * 32

FOUND = """
from django.test import Client
from madoguchi.rules.access import Role
from tests import people
desk = people.found("osaka", "窓")
for number in range(4):
    user = people.hire(desk.pk, f"aoi{number}", "あおい", Role.ADVISER)
    print(people.at_the_desk(user).cookies["m"].value)
"""
READ = """
import json
from madoguchi.consultations.models import Consultation, Contact
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.queries.words import messages_in
rows = list(Consultation.objects.select_related("matter"))
print(json.dumps({
    "words": [message.words for row in rows for message in messages_in(row.matter)],
    "consultations": len(rows),
    "contacts": Contact.objects.count(),
}))
"""


@dataclass
class Installation:
    """A database, its server that dies and comes back, and what it acknowledged."""

    home: Path
    port: int
    acknowledged: list[str] = field(default_factory=list)
    asked: int = 0
    is_refused: bool = False
    lock: Lock = field(default_factory=Lock)

    @property
    def said(self) -> dict[str, str]:
        return {
            **os.environ,
            "MADOGUCHI_HOME": str(self.home),
            "DATABASE_URL": f"sqlite:///{self.home}/killed.sqlite3",
            "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
            "TRUSTED_PROXIES": HERE,
            "LOG_LEVEL": "CRITICAL",
        }

    def madoguchi(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "madoguchi.cli", *words],
            env=self.said,
            capture_output=True,
            text=True,
            check=False,
        )

    def script(self, code: str) -> str:
        told = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self.said,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        return told.stdout

    def serve(self) -> subprocess.Popen[bytes]:
        words = ["-m", "madoguchi.cli", "serve", "--port", str(self.port)]
        return subprocess.Popen(
            [sys.executable, *words],
            env=self.said,
            start_new_session=True,  # so that all of it can be killed at once
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def is_enough(self) -> bool:
        return self.is_refused or len(self.acknowledged) >= SAVES

    def next_words(self) -> str:
        with self.lock:
            self.asked += 1
            return f"{self.asked}番の人に聞いたこと。"

    def answers(self) -> bool:
        try:
            return self.post("/healthz", "") is not None
        except OSError:
            return False

    def post(self, path: str, cookies: str, **form: str) -> http.client.HTTPResponse:
        """Send a form as a browser does; raises OSError or HTTPException where nobody is there."""
        connection = http.client.HTTPConnection(HERE, self.port, timeout=120)
        try:
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": f"t={CSRF}; {cookies}",
                "X-CSRFToken": CSRF,
                "X-Forwarded-For": f"198.51.{secrets.randbelow(256)}.{secrets.randbelow(256)}",
            }
            connection.request("POST", path, urlencode(form), headers)
            answer = connection.getresponse()
            answer.read()
            return answer
        finally:
            connection.close()


def _location(answer: http.client.HTTPResponse) -> str:
    assert answer.status == 302, answer.status
    return answer.headers["Location"]


def _note_a_call(here: Installation, session: str, words: str) -> None:
    """An adviser: begin a note, record it."""
    cookies = f"m={session}"
    draft = _location(here.post("/desk/calls/", cookies))
    recorded = here.post(f"{draft}record/", cookies, words=words, channel="TELEPHONE")
    assert not _location(recorded).startswith(("/desk/sign-in", "/desk/drafts")), "not recorded"


def _send_a_letter(here: Installation, words: str) -> None:
    """A person: write, look it over, send."""
    written = here.post("/consult/", "", words=words)
    assert _location(written) == "/consult/check/"
    cookie = re.match(r"m=[^;]+", written.headers["Set-Cookie"])
    assert cookie
    assert _location(here.post("/consult/check/", cookie[0])) == "/consult/done/"


def _write_until_enough(here: Installation, session: str, seed: int) -> None:
    """One adviser and the people who write meanwhile."""
    chance = random.Random(seed)  # noqa: S311 (moments, not secrets)
    while not here.is_enough:
        words = here.next_words()
        try:
            if chance.random() < 0.5:
                _note_a_call(here, session, words)
            else:
                _send_a_letter(here, words)
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)  # killed: nobody acknowledged it
        except AssertionError:
            here.is_refused = True
            raise
        else:
            here.acknowledged.append(words)


def _kill_until_enough(here: Installation, chance: random.Random) -> int:
    """Let servers live and die until enough is saved; return how many were killed."""
    kills = 0
    while not here.is_enough:
        server = here.serve()
        try:
            while not here.answers() and not here.is_enough:
                assert server.poll() is None, "the server did not come back"
                time.sleep(0.05)
            end = time.monotonic() + chance.uniform(*LIVES)
            while time.monotonic() < end and not here.is_enough:
                time.sleep(0.01)
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        kills += not here.is_enough
    return kills


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    with socket.create_server((HERE, 0)) as free:
        port = free.getsockname()[1]
    made = Installation(tmp_path, port)
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v0"], env=made.said, check=True, timeout=240
    )
    return made


@pytest.mark.allow_hosts([HERE])
def test_nothing_acknowledged_is_lost_when_the_server_is_killed_at_random(here) -> None:
    print(f"SEED={SEED} SAVES={SAVES}")  # noqa: T201 (to have the same moments again)
    sessions = here.script(FOUND).split()
    with ThreadPoolExecutor(PEOPLE) as people:
        writing = [
            people.submit(_write_until_enough, here, session, SEED + number)
            for number, session in enumerate(sessions)
        ]
        chance = random.Random(SEED)  # noqa: S311 (moments, not secrets)
        kills = _kill_until_enough(here, chance)
    for person in writing:
        person.result()
    found = json.loads(here.script(READ))
    print(f"{len(here.acknowledged)} acknowledged of {here.asked}, {kills} kills")  # noqa: T201
    assert kills >= 2
    assert not set(here.acknowledged) - set(found["words"])  # nothing is lost
    assert len(found["words"]) == len(set(found["words"]))  # nor there twice
    # What was not acknowledged is there whole or not at all.
    assert found["consultations"] == found["contacts"] == len(found["words"])
    assert here.madoguchi("ledger", "verify").returncode == 0
