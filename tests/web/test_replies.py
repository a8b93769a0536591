"""A reply at the desk: whether anybody can read it, and how it is held for a moment."""

import re

import pytest

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import noting
from madoguchi.consultations.operations.delivering import hand_code
from madoguchi.consultations.operations.noting import Note
from madoguchi.correspondence.models import Draft, Kind, Message
from madoguchi.correspondence.queries.words import drafts_of
from madoguchi.rules.consultation import Status
from tests.people import AT, at_the_desk

WORDS = "まずURLを残してください。"


@pytest.fixture
def caller(aoi):
    """Somebody who called Aoi, and has no receipt code."""
    note = Note(words="電話で聞いた。", channel="TELEPHONE", action="LISTENING")
    return noting.note_call(actor=aoi.actor, matter=None, note=note, at=AT)


@pytest.fixture
def table(aoi):
    """Aoi's browser."""
    return at_the_desk(aoi)


def _begun(client, row):
    client.post(f"/desk/matters/{row.matter.number}/write/", {"kind": "REPLY"})
    return Draft.objects.get(kind=Kind.REPLY)


def _send(client, draft, **said):
    return client.post(f"/desk/drafts/{draft.pk}/record/", {"words": WORDS, **said})


def test_a_reply_that_nobody_could_read_is_not_sent_and_says_so(caller, table, aoi):
    answer = _send(table, _begun(table, caller))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "この人はまだ読めません" in page
    assert "マイページで読めます" not in page
    assert not Message.objects.filter(kind=Kind.REPLY).exists()
    assert Consultation.objects.get().status == Status.IN_PROGRESS
    [kept] = drafts_of(aoi.actor)
    assert kept.words == WORDS


def test_the_form_says_so_before_and_leads_to_the_ways_there_are(caller, table):
    _begun(table, caller)
    number = caller.matter.number
    page = table.get(f"/desk/matters/{number}/?write=REPLY").content.decode()
    form = page.split('class="card reply"')[1].split("</form>")[0]
    assert "この人はまだ読めません" in form
    assert f'href="/desk/matters/{number}/code/"' in form
    assert f'href="/desk/matters/{number}/paper/"' in form


def test_who_was_handed_a_code_is_replied_to(caller, table, aoi):
    hand_code(matter=caller.pk, actor=aoi.actor, seen="", at=AT)
    answer = _send(table, _begun(table, caller))
    assert answer.status_code == 302
    assert "まだ読めません" not in table.get(answer["Location"]).content.decode()
    assert Message.objects.filter(kind=Kind.REPLY).exists()
    assert Consultation.objects.get().status == Status.WAITING


def test_a_letter_is_saved_as_one_types_and_goes_on_from_the_reply_begun(caller, table, aoi):
    draft = _begun(table, caller)
    _send(table, draft)
    where = f"/desk/matters/{caller.matter.number}/paper/"
    page = table.get(where).content.decode()
    assert f'hx-post="/desk/drafts/{draft.pk}/"' in page
    assert f'action="{where}"' in page
    assert WORDS in page
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    said = {"words": f"{WORDS}もう一行。", "page": "p1", "seen": seen, "channel": "LETTER"}
    answer = table.post(f"/desk/drafts/{draft.pk}/", said, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    again = table.get(where).content.decode()
    assert f"{WORDS}もう一行。" in again
    seen = re.search(r'name="seen" value="([^"]*)"', again)[1]
    sent = table.post(where, {**said, "page": "p2", "seen": seen, "address": "大阪府 えみ様"})
    assert sent.status_code == 302
    assert Message.objects.filter(kind=Kind.REPLY).count() == 1
    assert not drafts_of(aoi.actor)
