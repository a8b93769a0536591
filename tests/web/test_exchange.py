"""Two installations hand a person over: real servers, signed requests, and who is refused."""

import datetime as dt
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from madoguchi.referrals import wire
from madoguchi.referrals.models import Arrival
from madoguchi.referrals.operations.peering import Card, add_peer, make_keys, remove_peer
from madoguchi.referrals.packing import bags, contents, locks
from tests.handovers import STORY
from tests.people import AT
from tests.rules.test_handover_packet import content

ROOT = Path(__file__).parents[2]


class Installation:
    """One installation with its own home, database, key and server."""

    def __init__(self, home: Path, slug: str) -> None:
        self.slug = slug
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "MADOGUCHI_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
        }
        self._run("-m", "django", "migrate", "-v0")
        command = ["-m", "madoguchi.cli", "serve", "--port", str(self.port), "--no-worker"]
        self.server = subprocess.Popen(
            [sys.executable, *command], env=self.environment, stderr=subprocess.DEVNULL
        )

    def _run(self, *words):
        ran = subprocess.run(
            [sys.executable, *words], env=self.environment, capture_output=True, check=False
        )
        assert ran.returncode == 0, ran.stderr.decode()
        return ran.stdout.decode()

    def do(self, deed, *said):
        script = str(ROOT / "tests" / "web" / "second_installation.py")
        text = self._run(script, deed, *(json.dumps(it) for it in said))
        return json.loads(text.splitlines()[-1])

    def wait(self):
        for _each in range(150):
            try:
                urllib.request.urlopen(f"{self.address}/api/handover/openapi.json", timeout=2)
            except OSError:
                time.sleep(0.2)
            else:
                return
        pytest.fail("the server does not answer")

    def stop(self):
        self.server.terminate()
        self.server.wait(20)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_two_installations_hand_over_and_answer(tmp_path):
    here, there = (Installation(tmp_path / slug, slug) for slug in ("here", "there"))
    try:
        here.wait()
        there.wait()
        cards = {
            it.slug: it.do("found", it.slug, f"窓口 {it.slug}", it.address) for it in (here, there)
        }
        here.do("know", "here", cards["there"])
        there.do("know", "there", cards["here"])
        assert here.do("hand_over", "here")["done"] >= 1
        taken = there.do("take_up", "there")
        assert taken["story"] == STORY
        assert here.do("state") == {
            "status": "ANSWERED",
            "answer": "面接をします",
            "entrance": True,
        }
    finally:
        here.stop()
        there.stop()


# -- who is refused ----------------------------------------------------------------------


@pytest.fixture
def peer(desk, beni):
    """A desk elsewhere that we know: its secret, and our own keys."""
    keys = make_keys(actor=beni.actor, address="https://here.example", at=AT)
    secret, verify_key = wire.new_signing_key()
    card = Card(
        name="むこう",
        recipient=locks.new_identity()[1],
        address="https://there.example",
        slug="there",
        verify_key=verify_key,
    )
    row = add_peer(actor=beni.actor, card=card, at=AT)
    return row, secret, keys


def _packet(handover, **more):
    text = contents.written(content(id=str(handover), **more))
    return bags.packed({"consultation.json": text}, name="x")


def _put(
    peer, body, *, handover, slug="osaka", headers=None, at=None, method="PUT", path="packets"
):
    _row, secret, keys = peer
    url = f"/api/handover/{slug}/{path}/{handover}/"
    call = wire.Call(method, url, keys.recipient, body)
    said = headers or wire.signed(call, key=secret, at=at or timezone.now())
    ask = getattr(Client(), method.lower())
    answer = ask(url, body, content_type="application/octet-stream", headers=said)
    return answer, said


def _locked(peer, handover, **more):
    return locks.locked_for(peer[2].recipient, _packet(handover, **more))


def test_a_known_desk_hands_over_once_however_often_it_sends(peer):
    handover = uuid4()
    first, _said = _put(peer, _locked(peer, handover), handover=handover)
    again, _said = _put(peer, _locked(peer, handover), handover=handover)
    assert (first.status_code, again.status_code, Arrival.objects.count()) == (201, 200, 1)


def test_the_same_id_with_other_words_is_refused(peer):
    handover = uuid4()
    _put(peer, _locked(peer, handover), handover=handover)
    other, _said = _put(peer, _locked(peer, handover, reason="別の話"), handover=handover)
    assert other.status_code == 409


def test_a_request_is_good_once(peer):
    handover = uuid4()
    body = _locked(peer, handover)
    _answer, headers = _put(peer, body, handover=handover)
    replayed, _said = _put(peer, body, handover=handover, headers=headers)
    assert replayed.status_code == 403


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_request_is_refused_and_one_from_the_future(peer, minutes):
    handover, at = uuid4(), timezone.now() + dt.timedelta(minutes=minutes)
    answer, _said = _put(peer, _locked(peer, handover), handover=handover, at=at)
    assert (answer.status_code, Arrival.objects.count()) == (403, 0)


def test_nobody_else_is_let_in(peer):
    row, _secret, keys = peer
    stranger = (row, wire.new_signing_key()[0], keys)
    handover = uuid4()
    body = _locked(peer, handover)
    answer, _said = _put(stranger, body, handover=handover)
    assert answer.status_code == 403
    nothing = Client().put(f"/api/handover/osaka/packets/{handover}/", body)
    no_desk, _said = _put(peer, body, handover=handover, slug="nowhere")
    assert nothing.content == answer.content == no_desk.content
    assert not Arrival.objects.exists()


def test_a_body_that_was_changed_is_refused(peer):
    handover = uuid4()
    _row, secret, keys = peer
    call = wire.Call("PUT", f"/api/handover/osaka/packets/{handover}/", keys.recipient, b"one")
    headers = wire.signed(call, key=secret, at=timezone.now())
    answer, _said = _put(peer, b"other", handover=handover, headers=headers)
    assert answer.status_code == 403


def test_who_was_removed_is_unknown(peer, beni):
    remove_peer(actor=beni.actor, peer=peer[0].pk, at=AT)
    handover = uuid4()
    answer, _said = _put(peer, _locked(peer, handover), handover=handover)
    assert answer.status_code == 403


def test_what_is_not_locked_for_us_is_not_read(peer):
    handover = uuid4()
    for body in (_packet(handover), locks.locked_for(locks.new_identity()[1], _packet(handover))):
        answer, _said = _put(peer, body, handover=handover)
        assert answer.status_code == 422


def test_a_desk_answers_only_for_what_went_to_it(peer):
    told = json.dumps({"status": "ACCEPTED", "code": "1"}).encode()
    body = locks.locked_for(peer[2].recipient, told)
    answer, _said = _put(peer, body, handover=uuid4(), path="sayings")
    assert answer.status_code == 409


def test_it_takes_its_packet_back_until_it_is_taken_up(peer):
    handover = uuid4()
    _put(peer, _locked(peer, handover), handover=handover)
    answer, _said = _put(peer, b"", handover=handover, method="DELETE")
    assert answer.status_code == 200
    assert Arrival.objects.get().status == "WITHDRAWN"


def test_other_methods_are_not_there(db):
    answer = Client().get(f"/api/handover/osaka/packets/{uuid4()}/")
    assert (answer.status_code, answer["Allow"]) == (405, "PUT, DELETE")


def test_it_is_described(db):
    told = Client().get("/api/handover/openapi.json").json()
    assert set(told["paths"]) == {
        "/api/handover/{desk}/packets/{handover}/",
        "/api/handover/{desk}/sayings/{handover}/",
        "/api/handover/openapi.json",
    }
