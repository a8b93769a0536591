"""The letterbox holds: against floods, garbage, and whoever reads the disk."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from madoguchi.consultations.models import Consultation
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.intake.views.letterbox import LETTERS_AN_HOUR
from madoguchi.rules.numbering import in_fours
from madoguchi.vault.models import SealedSession

pytestmark = pytest.mark.django_db

STORY = "教室の裏で撮られた写真を、知らない間に広められました。"


@pytest.fixture(autouse=True)
def _desk(desk):
    """These pages belong to the one desk there is."""


@pytest.fixture
def emi():
    """Emi's browser: no name, no account."""
    return Client()


def _text(answer):
    return answer.content.decode()


def _sent(client, **told):
    client.post("/consult/", {"words": STORY, **told})
    client.post("/consult/check/")


# -- floods and garbage --------------------------------------------------------------------------


def test_a_flood_has_to_wait_and_its_text_and_the_numbers_stay(emi):
    for _ in range(LETTERS_AN_HOUR):
        _sent(emi)
    emi.post("/consult/", {"words": STORY})
    answer = emi.post("/consult/check/")
    assert answer.status_code == 429
    assert STORY in _text(answer)
    assert 'href="tel:110"' in _text(answer)
    assert Consultation.objects.count() == LETTERS_AN_HOUR
    _sent(Client(REMOTE_ADDR="192.0.2.7"))
    assert Consultation.objects.count() == LETTERS_AN_HOUR + 1


GARBAGE = [
    {"words": "a\0b\x01\x7f"},
    {"words": STORY, "since": "\0" * 50, "nickname": "\x1b[31m"},
    {"words": STORY, "who": "x" * 9_000, "wants": ["w1", "zz", "\0"], "age_group": "１０代"},
    {"words": STORY, "telephone": "でんわ" * 100},
    {"words": "＜script＞<script>alert(1)</script>{{ words }}{% now %}{漢字|かんじ}"},
    {"words": "\u202e\ufeff\u200d👩‍👩‍👧‍👦" * 50},
    {"words": STORY, "unknown": "x", "csrfmiddlewaretoken": "\0"},
    {},
]


@pytest.mark.parametrize("told", GARBAGE)
def test_garbage_is_no_fault_of_ours(emi, told):
    answer = emi.post("/consult/", told, follow=True)
    assert answer.status_code == 200
    assert "<script>alert" not in _text(answer)
    assert emi.post("/consult/check/").status_code in (200, 302)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (bytes(range(256)) * 20, "application/x-www-form-urlencoded"),
        (b"words=%ff%fe%00%ed%a0%80&since=%", "application/x-www-form-urlencoded"),
        (b"words=x", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"words=x", "text/plain"),
        (b'{"words": "\\ud800"}', "application/json"),
        (b"--b\r\nbroken", "multipart/form-data; boundary=b"),
        (b"--b\r\nbroken", "multipart/form-data"),
        (
            b'--b\r\nContent-Disposition: form-data; name="words"\r\n\r\n\\ud800 x\r\n--b--\r\n',
            "multipart/form-data; boundary=b; charset=unicode_escape",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="words"\r\n\r\nx\r\n--b--\r\n',
            "multipart/form-data; boundary=b; charset=hex",
        ),
        (b"words=" + b"%E3%81%82" * 200_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % n for n in range(300)), "application/x-www-form-urlencoded"),
    ],
    ids=lambda it: it if isinstance(it, str) else None,
)
def test_no_bytes_whatever_break_the_page(emi, body, kind):
    answer = emi.generic("POST", "/consult/", body, kind)
    assert answer.status_code in (200, 302, 400)
    assert "</html>" in _text(answer) or answer.status_code == 302
    assert emi.get("/consult/check/").status_code == 200


def test_a_huge_letter_is_refused_in_a_clear_sentence(emi):
    body = b"words=" + b"%E3%81%82" * 200_000
    answer = emi.generic("POST", "/consult/", body, "application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert "小さくするか、分けて送ってください" in _text(answer)


# -- what is on the disk -----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_database_file_holds_no_word_of_it(emi):
    told = {"nickname": "えみ仮名", "telephone": "08012345678", "places": "https://ex.example/zz9"}
    emi.post("/consult/", {"words": STORY, **told})
    draft = _bytes_on_disk()
    emi.post("/consult/check/")
    code = emi.session["receipt"]["code"]
    emi.post("/my/", {"code": code})
    emi.post("/my/messages/", {"words": "かばんの鍵のことも、つけたします。"})
    kept = _bytes_on_disk()
    row = Consultation.objects.get()
    first, _second = messages_in(row.matter, Kind.FROM_PERSON)
    assert first.words == STORY
    for disk in (draft, kept):
        for secret in (STORY, STORY[:6], "かばんの鍵", *told.values(), code, in_fours(code)):
            assert secret.encode() not in disk
            # As JSON would write it.
            assert json.dumps(secret).strip('"').encode() not in disk


def _bytes_on_disk():
    """Everything the database has written, the sessions too: the file and its journal."""
    name = str(connection.settings_dict["NAME"])
    assert SealedSession.objects.exists()
    parts = [Path(name + end).read_bytes() for end in ("", "-wal") if Path(name + end).exists()]
    assert b"vault_sealedsession" in b"".join(parts)
    return b"".join(parts)
