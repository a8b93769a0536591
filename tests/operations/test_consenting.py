"""What an expert may see is the person's own to tick at my-page, and to take back in time."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations.noting import Note, note_call
from madoguchi.correspondence.models import LineNotice, Message
from madoguchi.correspondence.operations.files import Origin, With, attach, made_ready
from madoguchi.correspondence.operations.words import make_receipt
from madoguchi.correspondence.queries.files import files_in
from madoguchi.correspondence.scanning import no_scanner
from madoguchi.experts.models import ExpertConsultation
from madoguchi.experts.operations import asking, booking, consenting, offering
from madoguchi.experts.operations.asking import Chosen
from madoguchi.experts.operations.offering import Told
from madoguchi.experts.queries.asked import asked_in
from madoguchi.experts.queries.calendar import free_slots
from madoguchi.experts.queries.own import own_question, own_questions_in
from madoguchi.experts.queries.showing import own_row, question_for
from madoguchi.jobs.models import Job
from madoguchi.ledger.models import Entry
from madoguchi.matters.models import Deadline
from madoguchi.rules.access import RefusedError
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.experts import Kind, Shown, Status
from tests.experts import LATER, QUESTION, THURSDAY, asked, booked, hours, lawyer, letters_in
from tests.handovers import STORY, emis_matter
from tests.papers import given
from tests.people import AT

HOUR = dt.timedelta(hours=1)
NOTHING = Chosen()


@pytest.fixture
def emi(desk, aoi):
    """Emi's matter, with a picture she sent."""
    matter = emis_matter(desk, aoi).matter
    letter = Message.objects.get(matter=matter, kind="FROM_PERSON")
    with made_ready([given(name="a.jpg")], no_scanner) as ready, transaction.atomic():
        attach(ready, With(letter, Origin.PERSON, AT), desk=desk.pk, matter=letter.matter)
    return matter


@pytest.fixture
def slots(beni, fumi):
    """Four Thursdays of Fumi's."""
    return hours(beni, lawyer(beni, user=fumi.pk))


def _everything(matter):
    [file] = files_in(Consultation.objects.get(pk=matter).matter)
    return Chosen(frozenset(Shown), letters_in(matter), (str(file.id),))


def _wondering(aoi, matter, chosen=None):
    """A question about which Emi is asked at my-page."""
    row = asked(aoi, matter, agreed=False, chosen=NOTHING)
    wanted = _everything(matter) if chosen is None else chosen
    consenting.ask_person(asked=row.pk, chosen=wanted, actor=aoi.actor, at=LATER)
    return row


def _row(row):
    return ExpertConsultation.objects.get(pk=row.pk)


def _only_the_name():
    return Chosen(frozenset({Shown.NAME}))


def test_she_sees_the_question_and_each_thing_that_may_be_shown_and_nothing_is_ticked(emi, aoi):
    row = _wondering(aoi, emi)
    told = own_question(emi, row.pk)
    assert (told.asked.question, told.name, told.chosen) == (QUESTION, "えみ", ())
    assert [it.words for it in told.messages] == [STORY]
    assert len(told.files) == 1
    assert told.asked.is_answer_awaited
    assert told.may_answer
    [listed] = asked_in(aoi.actor, emi)
    assert (listed.agreed_at, listed.shown) == (None, ())


def test_what_she_ticks_is_seen_and_what_she_does_not_is_not(emi, aoi, fumi, slots):
    row = _wondering(aoi, emi)
    with pytest.raises(RefusedError, match="expert-no-consent"):
        booking.book(asked=row.pk, slot=slots[0].pk, actor=aoi.actor, at=LATER)
    consenting.answer(asked=row.pk, chosen=_only_the_name(), at=LATER + HOUR)
    [told] = asked_in(aoi.actor, emi)
    assert (told.is_hers, told.agreed_at, told.is_answer_awaited) == (True, LATER + HOUR, False)
    assert _row(row).agreement_noted_by is None
    booking.book(asked=row.pk, slot=slots[0].pk, actor=aoi.actor, at=LATER + HOUR)
    seen = question_for(own_row(fumi.actor, row.pk))
    assert (seen.name, seen.messages, seen.files) == ("えみ", [], [])
    entry = Entry.objects.get(deed="EXPERT_AGREED")
    assert (entry.actor, entry.detail["how"], entry.detail["items"]) == (None, "MY_PAGE", "NAME")


def test_who_agreed_to_a_lawyer_agreed_to_no_other_kind_of_expert(emi, aoi, beni):
    told = Told("きせ", Kind.PSYCHOLOGIST)
    other = offering.add_expert(desk=beni.desk_id, told=told, actor=beni.actor, at=AT)
    [slot, *_rest] = hours(beni, other)
    row = _wondering(aoi, emi)
    consenting.answer(asked=row.pk, chosen=NOTHING, at=LATER)
    with pytest.raises(RefusedError, match="expert-other-kind"):
        booking.book(asked=row.pk, slot=slot.pk, actor=aoi.actor, at=LATER)
    # By telephone she may say that it is all right.
    asking.agree(asked=row.pk, chosen=NOTHING, actor=aoi.actor, at=LATER)
    booking.book(asked=row.pk, slot=slot.pk, actor=aoi.actor, at=LATER)


def test_she_may_let_the_question_alone_be_asked(emi, aoi, slots):
    row = _wondering(aoi, emi)
    consenting.answer(asked=row.pk, chosen=NOTHING, at=LATER)
    booking.book(asked=row.pk, slot=slots[0].pk, actor=aoi.actor, at=LATER)
    assert _row(row).shown == []


def test_nothing_that_she_was_not_asked_is_ticked(emi, aoi):
    row = _wondering(aoi, emi, _only_the_name())
    with pytest.raises(RefusedError, match="another-matter"):
        consenting.answer(asked=row.pk, chosen=_everything(emi), at=LATER)
    assert _row(row).agreed_at is None


def test_she_changes_her_mind_until_the_expert_has_looked(emi, aoi, fumi, slots):
    row = _wondering(aoi, emi)
    consenting.answer(asked=row.pk, chosen=_everything(emi), at=LATER)
    booking.book(asked=row.pk, slot=slots[0].pk, actor=aoi.actor, at=LATER)
    consenting.answer(asked=row.pk, chosen=_only_the_name(), at=LATER)
    assert (_row(row).status, _row(row).shown) == (Status.BOOKED, ["NAME"])
    booking.note_seen(asked=row.pk, actor=fumi.actor, at=LATER)
    for chosen in (None, NOTHING):
        with pytest.raises(RefusedError, match="expert-looked"):
            consenting.answer(asked=row.pk, chosen=chosen, at=LATER)
    assert not own_question(emi, row.pk).may_answer
    # By telephone she still can: the adviser writes it down, and it is gone at once.
    asking.agree(asked=row.pk, chosen=NOTHING, actor=aoi.actor, at=LATER)
    assert question_for(own_row(fumi.actor, row.pk)).name is None
    assert not asked_in(aoi.actor, emi)[0].is_hers


def test_taken_back_the_date_falls_the_hour_is_free_and_the_desk_sees_to_it_today(
    emi, aoi, fumi, slots
):
    row = _wondering(aoi, emi)
    consenting.answer(asked=row.pk, chosen=_everything(emi), at=LATER)
    booking.book(asked=row.pk, slot=slots[0].pk, actor=aoi.actor, at=LATER)
    consenting.answer(asked=row.pk, chosen=None, at=LATER + HOUR)
    now = _row(row)
    assert (now.status, now.slot, now.shown, now.agreed_at) == (Status.ASKED, None, [], None)
    assert now.refused_at == LATER + HOUR
    assert own_row(fumi.actor, row.pk) is None
    assert free_slots(aoi.actor, LATER).filter(pk=slots[0].pk).exists()
    due = Deadline.objects.get(matter=emi, name="EXPERT", done_at=None)
    assert in_japan(due.due_at).date() == in_japan(LATER).date()
    entry = Entry.objects.get(deed="WITHHOLD_CONSENT")
    assert (entry.actor, entry.detail["booked"]) == (None, True)
    with pytest.raises(RefusedError, match="expert-no-consent"):
        booking.book(asked=row.pk, slot=slots[0].pk, actor=aoi.actor, at=LATER + HOUR)


def test_having_said_no_she_may_still_say_yes(emi, aoi):
    row = _wondering(aoi, emi)
    consenting.answer(asked=row.pk, chosen=None, at=LATER)
    assert not own_question(emi, row.pk).asked.is_answer_awaited
    consenting.answer(asked=row.pk, chosen=NOTHING, at=LATER + HOUR)
    assert (_row(row).refused_at, _row(row).agreed_at) == (None, LATER + HOUR)


def test_asked_anew_what_she_said_before_holds_until_she_answers(emi, aoi, slots):
    row = booked(aoi, emi, slots[0])
    chosen = _everything(emi)
    consenting.ask_person(asked=row.pk, chosen=chosen, actor=aoi.actor, at=LATER + HOUR)
    assert (_row(row).status, _row(row).shown) == (Status.BOOKED, ["MESSAGES"])
    assert own_question(emi, row.pk).asked.is_answer_awaited


def test_who_was_not_asked_at_my_page_answers_nothing_there(emi, aoi, slots):
    row = booked(aoi, emi, slots[0])
    assert own_questions_in(emi) == []
    with pytest.raises(RefusedError, match="expert-over"):
        consenting.answer(asked=row.pk, chosen=None, at=LATER)
    assert _row(row).status == Status.BOOKED


def test_once_it_took_place_nothing_is_taken_back(emi, aoi, slots):
    row = _wondering(aoi, emi)
    consenting.answer(asked=row.pk, chosen=NOTHING, at=LATER)
    booking.book(asked=row.pk, slot=slots[0].pk, actor=aoi.actor, at=LATER)
    booking.note_met(asked=row.pk, actor=aoi.actor, at=THURSDAY + HOUR)
    with pytest.raises(RefusedError, match="expert-over"):
        consenting.answer(asked=row.pk, chosen=None, at=THURSDAY + HOUR)


def test_who_has_no_code_cannot_be_asked_there(desk, aoi):
    note = Note(words="電話で聞いた。", channel="TELEPHONE")
    matter = note_call(actor=aoi.actor, matter=None, note=note, at=AT).pk
    row = asked(aoi, matter, agreed=False, chosen=NOTHING)
    with pytest.raises(RefusedError, match="no-my-page"):
        consenting.ask_person(asked=row.pk, chosen=NOTHING, actor=aoi.actor, at=LATER)
    make_receipt(matter=matter, code="1234567890123456", at=AT)
    consenting.ask_person(asked=row.pk, chosen=NOTHING, actor=aoi.actor, at=LATER)


def test_another_matters_person_sees_nothing_of_it(emi, aoi, desk):
    row = _wondering(aoi, emi)
    hana = emis_matter(desk, aoi).matter
    assert own_question(hana, row.pk) is None


def test_another_desk_asks_nobody(emi, aoi, chika):
    row = asked(aoi, emi, agreed=False)
    with pytest.raises(RefusedError, match="another-desk"):
        consenting.ask_person(asked=row.pk, chosen=NOTHING, actor=chika.actor, at=LATER)


def test_who_has_line_is_told_that_something_is_there(emi, aoi):
    LineNotice.objects.create(matter_id=emi, asked_at=AT, linked_at=AT)
    _wondering(aoi, emi)
    told = Job.objects.get(name="line.push")
    assert set(told.args) == {"matter", "message"}


def test_the_database_itself_keeps_no_consent_without_how(emi, aoi):
    row = _wondering(aoi, emi)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpertConsultation.objects.filter(pk=row.pk).update(agreed_at=LATER)
