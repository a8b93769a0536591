"""Deadlines: set and met by what the desk does, and by hand."""

import datetime as dt

import pytest

from madoguchi.consultations.models import Contact
from madoguchi.consultations.operations import noting, receiving, working
from madoguchi.consultations.operations.noting import Classification, Note
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.operations.working import Check, Checked
from madoguchi.ledger.models import Entry
from madoguchi.matters.models import Deadline
from madoguchi.matters.operations.timing import (
    Due,
    meet_deadline,
    move_deadline,
    set_deadline,
)
from madoguchi.matters.queries import opened, running_at
from madoguchi.rules.access import RefusedError
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.deadlines import Named
from madoguchi.rules.triage import Signals
from tests.people import AT

LATER = AT + dt.timedelta(hours=1)
TOMORROW = AT + dt.timedelta(days=1)
# AT is a Thursday: three business days on is the Tuesday after.
TUESDAY = dt.datetime(2025, 5, 20, 17, 0, tzinfo=AT.tzinfo)


@pytest.fixture
def emi(desk):
    """Emi's matter, just received."""
    letter = Letter(words="なりすましのアカウントがあります", channel="EMAIL")
    return receiving.receive(desk=desk.pk, letter=letter, at=AT).matter


@pytest.fixture
def in_charge(emi, aoi):
    """Emi's matter, read and in Aoi's charge."""
    working.read(matter=emi, actor=aoi.actor, at=AT)
    working.take_charge(matter=emi, actor=aoi.actor, at=AT)
    return emi


def _running(user):
    return [(it.name, in_japan(it.due_at)) for it in running_at(user.actor)]


def _hear(matter, at=LATER):
    receiving.hear(matter=matter, words="まだですか", channel="EMAIL", signals=Signals(), at=at)


def test_who_writes_is_to_be_answered_within_the_days_the_desk_promises(emi, aoi):
    assert _running(aoi) == [(Named.FIRST_REPLY, TUESDAY)]


def test_the_reply_meets_it(in_charge, aoi):
    working.reply(matter=in_charge, actor=aoi.actor, words="はい", at=LATER)
    assert _running(aoi) == []
    row = Deadline.objects.get()
    assert (row.done_at, row.done_by) == (LATER, aoi)


def test_who_writes_again_while_waiting_keeps_the_first_promise(emi, aoi):
    _hear(emi, TOMORROW)
    assert _running(aoi) == [(Named.FIRST_REPLY, TUESDAY)]


def test_who_answers_our_reply_is_promised_a_new_one(in_charge, aoi):
    working.reply(matter=in_charge, actor=aoi.actor, words="はい", at=AT)
    _hear(in_charge, TOMORROW)
    assert _running(aoi) == [(Named.REPLY, TUESDAY + dt.timedelta(days=1))]


def test_what_came_in_while_the_reply_was_written_is_still_owed_an_answer(in_charge, aoi):
    _hear(in_charge)
    working.reply(matter=in_charge, actor=aoi.actor, words="はい", at=TOMORROW)
    assert _running(aoi) == [(Named.REPLY, TUESDAY)]


def test_speaking_on_the_telephone_is_an_answer(in_charge, aoi):
    note = Note(words="電話で話した", channel="TELEPHONE")
    noting.note_call(actor=aoi.actor, matter=in_charge, note=note, at=LATER)
    assert _running(aoi) == []


def test_who_is_not_reached_is_asked_again_within_two_hours(emi, aoi):
    working.check_safety(
        matter=emi, actor=aoi.actor, at=AT, check=Check(Checked.UNREACHED, "母といる")
    )
    assert _running(aoi)[0] == (Named.SAFETY, AT + dt.timedelta(hours=2))
    # Not reached again: the same clock runs anew.
    working.check_safety(
        matter=emi, actor=aoi.actor, at=LATER, check=Check(Checked.UNREACHED, "母といる")
    )
    assert _running(aoi)[0] == (Named.SAFETY, LATER + dt.timedelta(hours=2))
    assert Deadline.objects.filter(name=Named.SAFETY).count() == 1
    working.check_safety(
        matter=emi, actor=aoi.actor, at=LATER, check=Check(Checked.SPOKEN, "母といる")
    )
    assert _running(aoi) == [(Named.FIRST_REPLY, TUESDAY)]


def test_a_promised_call_says_when_and_how_and_only_sealed(emi, aoi, desk):
    promise = Due(
        Named.CALL_BACK, TOMORROW, words="母のいない時間", call_as="田中", voice_mail="no"
    )
    note = Note(words="またかけてほしい", channel="TELEPHONE", call_back=promise)
    noting.note_call(actor=aoi.actor, matter=emi, note=note, at=AT)
    [row] = opened(desk.pk, running_at(aoi.actor).filter(name=Named.CALL_BACK))
    assert (row.due_at, row.words, row.call_as, row.voice_mail) == (
        TOMORROW,
        "母のいない時間",
        "田中",
        "no",
    )
    assert "田中".encode() not in bytes(Deadline.objects.get(pk=row.id).note)
    # They spoke: the call is made.
    spoken = Note(words="話した", channel="TELEPHONE")
    noting.note_call(actor=aoi.actor, matter=emi, note=spoken, at=LATER)
    assert not running_at(aoi.actor).filter(name=Named.CALL_BACK).exists()


def test_no_call_is_promised_for_yesterday_and_the_note_is_kept_out_whole(emi, aoi):
    note = Note(words="あ", channel="TELEPHONE", call_back=Due(Named.CALL_BACK, AT))
    with pytest.raises(RefusedError, match="deadline-past"):
        noting.note_call(actor=aoi.actor, matter=emi, note=note, at=LATER)
    assert Contact.objects.count() == 1


def test_closing_ends_every_deadline(in_charge, aoi):
    own = set_deadline(matter=in_charge, due=Due(Named.OWN, TOMORROW), actor=aoi.actor, at=AT)
    [contact] = Contact.objects.values_list("pk", flat=True)
    said = Classification(actions={contact: "ADVICE"})
    noting.classify(matter=in_charge, actor=aoi.actor, classification=said, at=AT)
    left = frozenset({f"OWN-{own.pk}"})
    working.close(matter=in_charge, actor=aoi.actor, at=LATER, left=left)
    assert _running(aoi) == []


def test_a_deadline_by_hand_is_set_moved_and_met_each_in_the_ledger(emi, aoi, beni):
    due = Due(Named.EXPERT, TOMORROW, words="弁護士の返事")
    row = set_deadline(matter=emi, due=due, actor=aoi.actor, at=AT)
    move_deadline(deadline=row.pk, due_at=TUESDAY, actor=beni.actor, at=LATER)
    meet_deadline(deadline=row.pk, actor=beni.actor, at=TOMORROW)
    entries = Entry.objects.filter(matter=emi, deed__startswith="DEADLINE").order_by("seq")
    assert [(it.deed, it.actor, it.detail) for it in entries] == [
        ("DEADLINE_SET", aoi.pk, {"name": "EXPERT"}),
        ("DEADLINE_MOVED", beni.pk, {"name": "EXPERT"}),
        ("DEADLINE_MET", beni.pk, {"name": "EXPERT"}),
    ]
    row.refresh_from_db()
    assert (row.due_at, row.done_at, row.done_by) == (TUESDAY, TOMORROW, beni)
    for late in (
        lambda: meet_deadline(deadline=row.pk, actor=aoi.actor, at=TUESDAY),
        lambda: move_deadline(deadline=row.pk, due_at=TUESDAY, actor=aoi.actor, at=TOMORROW),
    ):
        with pytest.raises(RefusedError, match="deadline-over"):
            late()


@pytest.mark.parametrize("who", ["chika", "daichi"])
def test_a_stranger_neither_sees_nor_touches_a_deadline(emi, aoi, who, request):
    stranger = request.getfixturevalue(who).actor
    row = Deadline.objects.get()
    assert not running_at(stranger).exists()
    for deed in (
        lambda: set_deadline(matter=emi, due=Due(Named.OWN, TOMORROW), actor=stranger, at=AT),
        lambda: move_deadline(deadline=row.pk, due_at=TOMORROW, actor=stranger, at=AT),
        lambda: meet_deadline(deadline=row.pk, actor=stranger, at=AT),
    ):
        with pytest.raises(RefusedError, match=r"another-desk|figures-only"):
            deed()
    assert _running(aoi) == [(Named.FIRST_REPLY, TUESDAY)]
