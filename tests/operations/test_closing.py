"""Closing names what is still open: nothing that was promised is left without somebody saying so."""

import datetime as dt

import pytest

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import chatting, drafting, working
from madoguchi.consultations.operations.noting import Classification, Note, classify
from madoguchi.consultations.operations.working import Check, Checked
from madoguchi.consultations.queries.unfinished import unfinished_in
from madoguchi.correspondence.models import Kind, Talk
from madoguchi.correspondence.operations.words import Pen, begin_draft
from madoguchi.experts.models import ExpertConsultation
from madoguchi.experts.operations import booking, hearing
from madoguchi.experts.operations.hearing import Heard
from madoguchi.experts.queries.calendar import free_slots
from madoguchi.ledger.models import Entry
from madoguchi.matters.models import Deadline
from madoguchi.matters.operations.timing import Due, set_deadline
from madoguchi.rules.access import RefusedError
from madoguchi.rules.chat import SILENT_AFTER
from madoguchi.rules.chat import Status as Talking
from madoguchi.rules.consultation import Status, Unfinished
from madoguchi.rules.deadlines import Named
from madoguchi.rules.experts import Result
from madoguchi.rules.experts import Status as Asked
from madoguchi.rules.triage import Signals
from madoguchi.workbench.operations import close_matter
from tests.experts import asked, booked, hours, lawyer
from tests.handovers import emis_matter
from tests.people import AT

LATER = AT + dt.timedelta(hours=2)
TOMORROW = AT + dt.timedelta(days=1)
DANGER = Signals(danger_words=True)


def _classified(matter, aoi):
    contacts = Contact.objects.filter(consultation=matter)
    actions = dict.fromkeys(contacts.values_list("pk", flat=True), "ADVICE")
    classify(matter=matter, actor=aoi.actor, classification=Classification(actions=actions), at=AT)


@pytest.fixture
def emi(desk, aoi):
    """Emi's matter, which nothing but an open promise keeps from being closed."""
    matter = emis_matter(desk, aoi).matter
    _classified(matter, aoi)
    return matter


@pytest.fixture
def slots(beni):
    """Four Thursdays of a lawyer's."""
    return hours(beni, lawyer(beni))


def _left(matter):
    return unfinished_in(_row(matter))


def _row(matter):
    return Consultation.objects.get(pk=matter)


def _close(matter, aoi, left=(), at=LATER):
    keys = frozenset(it.key for it in left)
    close_matter(matter=matter, actor=aoi.actor, at=at, left=keys)


def _promise(matter, aoi, name=Named.CALL_BACK):
    return set_deadline(matter=matter, due=Due(name, TOMORROW), actor=aoi.actor, at=AT)


def _said_of_closing(matter):
    return Entry.objects.get(matter=matter, deed="CLOSE").detail


def test_where_nothing_is_open_nothing_is_asked(emi, aoi):
    _close(emi, aoi)
    assert (_row(emi).status, _said_of_closing(emi)) == (Status.CLOSED, {})


@pytest.mark.parametrize("name", [Named.CALL_BACK, Named.APPOINTMENT, Named.OWN])
def test_what_was_promised_is_named_and_ends_only_when_somebody_saw_it(emi, aoi, name):
    promise = _promise(emi, aoi, name)
    [left] = _left(emi)
    assert (left.what, left.of, left.due_at) == (name, promise.pk, TOMORROW)
    with pytest.raises(RefusedError, match="left-open"):
        _close(emi, aoi)
    promise.refresh_from_db()
    assert (_row(emi).status, promise.done_at) == (Status.IN_PROGRESS, None)
    _close(emi, aoi, [left])
    promise.refresh_from_db()
    assert (_row(emi).status, promise.done_at) == (Status.CLOSED, LATER)
    assert _said_of_closing(emi) == {"left": name}


def test_what_came_up_since_the_page_was_shown_is_asked_about_too(emi, aoi):
    _promise(emi, aoi)
    seen = _left(emi)
    _promise(emi, aoi, Named.APPOINTMENT)
    with pytest.raises(RefusedError, match="left-open"):
        _close(emi, aoi, seen)
    _close(emi, aoi, _left(emi))


def test_an_open_safety_check_is_named_and_stays_open(emi, aoi):
    Consultation.objects.filter(pk=emi).update(safety_check_due=True)
    [left] = _left(emi)
    assert left.what is Unfinished.SAFETY
    with pytest.raises(RefusedError, match="left-open"):
        _close(emi, aoi)
    _close(emi, aoi, [left])
    assert _row(emi).safety_check_due
    assert _said_of_closing(emi) == {"left": "SAFETY"}


def test_who_was_to_be_asked_again_is_named_too(emi, aoi):
    check = Check(how=Checked.UNREACHED)
    working.check_safety(matter=emi, actor=aoi.actor, at=AT, check=check)
    assert [it.what for it in _left(emi)] == [Unfinished.SAFETY]
    with pytest.raises(RefusedError, match="left-open"):
        _close(emi, aoi)


def test_a_date_with_an_expert_is_called_off_with_the_matter_and_the_hour_is_free(emi, aoi, slots):
    waiting, row = asked(aoi, emi), booked(aoi, emi, slots[0])
    with pytest.raises(RefusedError, match="left-open"):
        _close(emi, aoi)
    assert not free_slots(aoi.actor, AT).filter(pk=slots[0].pk).exists()
    _close(emi, aoi, _left(emi))
    ends = ExpertConsultation.objects.filter(pk__in=[waiting.pk, row.pk])
    assert set(ends.values_list("status", flat=True)) == {Asked.CANCELLED}
    assert free_slots(aoi.actor, AT).filter(pk=slots[0].pk).exists()
    assert not Deadline.objects.filter(matter=emi, done_at=None).exists()


def test_a_result_still_to_come_is_awaited_on(emi, aoi, slots):
    row = booked(aoi, emi, slots[0])
    booking.note_met(asked=row.pk, actor=aoi.actor, at=LATER)
    _close(emi, aoi, _left(emi))
    row.refresh_from_db()
    waited = Deadline.objects.get(matter=emi, done_at=None)
    assert (row.status, waited.name) == (Asked.HELD, "EXPERT")


def test_what_an_expert_has_answered_is_done_with_the_matter(emi, aoi, slots):
    row = booked(aoi, emi, slots[0])
    heard = Heard(Result.ADVICE_ONLY, "保全を急いでください。")
    hearing.hear(asked=row.pk, heard=heard, actor=aoi.actor, at=LATER)
    _close(emi, aoi)
    row.refresh_from_db()
    assert row.status == Asked.CLOSED


def test_another_desk_closes_nothing_and_calls_nothing_off(emi, aoi, chika, slots):
    row = booked(aoi, emi, slots[0])
    with pytest.raises(RefusedError, match="another-desk"):
        _close(emi, chika, _left(emi))
    row.refresh_from_db()
    assert row.status == Asked.BOOKED


def test_a_call_cut_off_with_a_call_back_promised_stays_open(aoi):
    draft = begin_draft(actor=aoi.actor, kind=Kind.NOTE, matter=None, at=AT)
    promised = Due(Named.CALL_BACK, TOMORROW)
    note = Note(words="話の途中で切れた。", channel="TELEPHONE", call_back=promised)
    pen = Pen(draft=draft.pk)
    row = drafting.break_off(actor=aoi.actor, pen=pen, matter=None, note=note, at=LATER)
    assert _row(row.pk).status == Status.IN_PROGRESS
    assert [it.what for it in _left(row.pk)] == [Unfinished.CALL_BACK]


# -- talks ------------------------------------------------------------------------------------


@pytest.fixture
def talk(desk, aoi):
    """Emi's talk, taken by Aoi, with words of danger in it."""
    opened = chatting.open_talk(desk=desk.pk, words="きえたい", signals=DANGER, at=AT)
    chatting.take_talk(talk=opened.talk, actor=aoi.actor, at=AT)
    return opened


def test_nobody_closes_over_the_head_of_somebody_who_talks(talk, aoi):
    _classified(talk.matter, aoi)
    assert [it.what for it in _left(talk.matter)] == [Unfinished.TALK, Unfinished.SAFETY]
    for left in ([], _left(talk.matter)):
        with pytest.raises(RefusedError, match="talk-goes-on"):
            _close(talk.matter, aoi, left)


def test_a_summary_not_written_is_named(talk, aoi):
    chatting.leave(talk=talk.talk, at=LATER)
    _classified(talk.matter, aoi)
    named = _left(talk.matter)
    assert [it.what for it in named] == [Unfinished.SUMMARY, Unfinished.SAFETY]
    _close(talk.matter, aoi, named)
    assert _row(talk.matter).status == Status.CLOSED


def test_a_talk_is_not_ended_unasked_while_somebody_may_be_in_danger(talk, aoi):
    with pytest.raises(RefusedError, match="safety-open"):
        chatting.end_talk(talk=talk.talk, actor=aoi.actor, at=LATER)
    note = Note(words="話を聞いた。", channel="SNS", action="LISTENING")
    with pytest.raises(RefusedError, match="safety-open"):
        chatting.sum_up(talk=talk.talk, actor=aoi.actor, note=note, at=LATER)
    assert Talk.objects.get().status == Talking.TALKING
    chatting.end_talk(talk=talk.talk, actor=aoi.actor, at=LATER, leaves_unsafe=True)
    assert Entry.objects.get(deed="END_TALK").detail["unsafe"] is True
    # It is over: summing it up ends nothing.
    chatting.sum_up(talk=talk.talk, actor=aoi.actor, note=note, at=LATER)
    assert "unsafe" not in Entry.objects.get(deed="SUM_UP_TALK").detail


def test_once_asked_a_talk_ends_as_any(talk, aoi):
    check = Check(words="家にいて安全だと話した。")
    working.check_safety(matter=talk.matter, actor=aoi.actor, at=LATER, check=check)
    chatting.end_talk(talk=talk.talk, actor=aoi.actor, at=LATER)
    assert "unsafe" not in Entry.objects.get(deed="END_TALK").detail


def test_the_person_and_silence_end_a_talk_unasked(talk, desk):
    other = chatting.open_talk(desk=desk.pk, words="しにたい", signals=DANGER, at=AT)
    chatting.leave(talk=other.talk, at=LATER)
    assert chatting.lapse(talk=talk.talk, at=LATER + SILENT_AFTER)
    assert set(Talk.objects.values_list("status", flat=True)) == {Talking.ENDED}
