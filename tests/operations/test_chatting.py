"""A talk in the desk's own chat: what it counts, whose it is, how it ends."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import chatting, noting
from madoguchi.consultations.operations.noting import Note
from madoguchi.consultations.operations.searching import search
from madoguchi.consultations.queries import contacts_of
from madoguchi.consultations.tasks import end_silent_talks
from madoguchi.correspondence.models import ChatRoom, Kind, Line, Side, Talk
from madoguchi.correspondence.operations import chat
from madoguchi.correspondence.operations.words import Pen, begin_draft, save_draft
from madoguchi.correspondence.queries import chat as reading
from madoguchi.correspondence.queries.words import matter_of_code, messages_in
from madoguchi.desks.operations.hours import set_hours
from madoguchi.ledger.models import Entry
from madoguchi.rules.access import RefusedError
from madoguchi.rules.calendar import Period
from madoguchi.rules.chat import GONE_AFTER, SILENT_AFTER, EndedBy, Status
from madoguchi.rules.consultation import Status as Standing
from madoguchi.rules.hours import Opening
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.rules.triage import Signals, Urgency
from madoguchi.vault import sealing
from tests.people import AT

WORDS = "だれにも言えないことがあります。"
MINUTE = dt.timedelta(minutes=1)
DANGER = Signals(danger_words=True)
NOTE = Note(words="友だちとのことを聞いた。", channel="SNS", action="LISTENING")


def _opened(desk, at=AT, signals=Signals()):  # noqa: B008 (frozen)
    return chatting.open_talk(desk=desk.pk, words=WORDS, signals=signals, at=at)


@pytest.fixture
def emi(desk):
    """Emi's talk, waiting."""
    return _opened(desk)


@pytest.fixture
def taken(emi, aoi):
    """Emi's talk, taken by Aoi two minutes later."""
    chatting.take_talk(talk=emi.talk, actor=aoi.actor, at=AT + 2 * MINUTE)
    return emi


def _talk(opened):
    return Talk.objects.get(pk=opened.talk)


def _contact(opened):
    return Contact.objects.get(pk=opened.talk)


def _deeds(matter):
    return list(Entry.objects.filter(matter=matter).order_by("seq").values_list("deed", flat=True))


# -- what is counted ------------------------------------------------------------------------


def test_a_talk_is_one_contact_by_sns_counted_when_it_begins(emi, desk):
    contact = _contact(emi)
    assert (contact.channel, contact.at, contact.action) == ("SNS", AT, None)
    row = Consultation.objects.get()
    assert (row.first_contact_at, row.status, row.unread) == (AT, Standing.RECEIVED, True)
    assert _talk(emi).status == Status.WAITING
    assert matter_of_code(emi.code).pk == emi.matter


def test_however_much_is_said_it_stays_one_contact(taken, aoi):
    for minute in range(3, 13):
        at = AT + minute * MINUTE
        chatting.say(talk=taken.talk, words=WORDS, signals=Signals(), at=at)
        chat.answer(talk=taken.talk, actor=aoi.actor, words="聞いています。", at=at)
    chatting.sum_up(talk=taken.talk, actor=aoi.actor, note=NOTE, at=AT + 13 * MINUTE)
    assert Contact.objects.count() == 1
    assert Line.objects.count() == 21


def test_the_summary_becomes_the_contact_s_note(taken, aoi):
    note = Note(
        words="友だちとのことを聞いた。",
        channel="SNS",
        action="LISTENING",
        kinds=frozenset({"DEFAMATION"}),
        age_group="TEENS",
        standing="AFFECTED",
    )
    chatting.sum_up(talk=taken.talk, actor=aoi.actor, note=note, at=AT + 20 * MINUTE)
    contact, row = _contact(taken), Consultation.objects.get()
    assert (contact.channel, contact.action, contact.minutes) == ("SNS", "LISTENING", 18)
    assert contact.at == AT
    [message] = messages_in(row.matter)
    assert (message.kind, message.words, message.id) == (Kind.NOTE, note.words, contact.message_id)
    assert (row.age_group, row.standing, row.adviser) == ("TEENS", "AFFECTED", aoi)
    talk = _talk(taken)
    assert (talk.status, talk.ended_by) == (Status.SUMMED_UP, EndedBy.STAFF)


def test_who_leaves_before_an_answer_is_counted_as_broken_off(emi, desk):
    chatting.leave(talk=emi.talk, at=AT + MINUTE)
    assert _contact(emi).action == "BROKEN_OFF"
    # The matter stays in the inbox: the person may read an answer by their code.
    row = Consultation.objects.get()
    assert (row.status, row.unread, row.waiting_since) == (Standing.RECEIVED, True, AT)


def test_who_leaves_after_an_answer_leaves_the_classification_to_the_adviser(taken, aoi):
    chatting.leave(talk=taken.talk, at=AT + 5 * MINUTE)
    assert (_contact(taken).action, _talk(taken).ended_by) == (None, EndedBy.PERSON)
    assert [it.pk for it in reading.to_sum_up(aoi.actor)] == [taken.talk]
    chatting.sum_up(talk=taken.talk, actor=aoi.actor, note=NOTE, at=AT + 30 * MINUTE)
    assert _talk(taken).ended_by == EndedBy.PERSON
    # What took the adviser's time is the talk, not the writing afterwards.
    assert _contact(taken).minutes == 3
    assert not reading.to_sum_up(aoi.actor)


def test_a_summary_without_a_classification_keeps_what_was_said_before(taken, aoi):
    said = noting.Classification(actions={taken.talk: "ADVICE"})
    noting.classify(matter=taken.matter, actor=aoi.actor, classification=said, at=AT + 3 * MINUTE)
    plain = Note(words="まとめ", channel="SNS")
    chatting.sum_up(talk=taken.talk, actor=aoi.actor, note=plain, at=AT + 4 * MINUTE)
    assert _contact(taken).action == "ADVICE"


# -- silence ----------------------------------------------------------------------------------


def test_who_waits_and_is_not_heard_of_is_gone_and_may_come_back_to_the_old_place(emi, desk):
    late = AT + GONE_AFTER + MINUTE
    second = _opened(desk, at=AT + MINUTE)
    chat.note_life(talk=_talk(second), at=late)
    assert reading.lapsed_talks(late) == [emi.talk]
    assert chatting.lapse(talk=emi.talk, at=late)
    assert not chatting.lapse(talk=second.talk, at=late)
    assert (_talk(emi).ended_by, _contact(emi).action) == (EndedBy.GONE, "BROKEN_OFF")
    chatting.resume(talk=emi.talk, at=late + MINUTE)
    assert (_talk(emi).status, _contact(emi).action) == (Status.WAITING, None)
    assert reading.ahead_of(_talk(emi)) == 0
    assert reading.ahead_of(_talk(second)) == 1
    assert Contact.objects.count() == 2


def test_silence_ends_a_talk_and_the_adviser_still_sums_it_up(taken, aoi):
    late = AT + 2 * MINUTE + SILENT_AFTER + MINUTE
    assert chatting.lapse(talk=taken.talk, at=late)
    assert _talk(taken).ended_by == EndedBy.SILENCE
    with pytest.raises(RefusedError, match="talk-over"):
        chatting.say(talk=taken.talk, words=WORDS, signals=Signals(), at=late)
    with pytest.raises(RefusedError, match="talk-over"):
        chatting.resume(talk=taken.talk, at=late)
    chatting.sum_up(talk=taken.talk, actor=aoi.actor, note=NOTE, at=late)
    assert _contact(taken).action == "LISTENING"


# -- danger -----------------------------------------------------------------------------------


def test_words_of_danger_come_first_and_end_nothing(emi, desk, aoi):
    later = _opened(desk, at=AT + MINUTE)
    chatting.say(talk=later.talk, words="もう消えたい", signals=DANGER, at=AT + 2 * MINUTE)
    assert [it.pk for it in reading.waiting(aoi.actor)] == [later.talk, emi.talk]
    assert reading.ahead_of(_talk(emi)) == 1
    row = Consultation.objects.get(pk=later.matter)
    assert (row.urgency, row.safety_check_due) == (Urgency.DANGER, True)
    assert _talk(later).status == Status.WAITING


# -- whose it is ------------------------------------------------------------------------------


def test_only_who_took_it_speaks(taken, aoi, beni):
    chat.answer(talk=taken.talk, actor=aoi.actor, words="はい", at=AT + 3 * MINUTE)
    with pytest.raises(RefusedError, match="talk-not-yours"):
        chat.answer(talk=taken.talk, actor=beni.actor, words="はい", at=AT + 3 * MINUTE)
    assert [it.side for it in reading.lines_of(_talk(taken))] == [Side.PERSON, Side.STAFF]


def test_a_colleague_goes_on_with_all_that_was_said(taken, aoi, beni):
    chat.keep_typed(talk=taken.talk, actor=aoi.actor, field="summary", words="途中", at=AT)
    chat.keep_typed(talk=taken.talk, actor=aoi.actor, field="line", words="書きかけ", at=AT)
    chatting.hand_over_talk(talk=taken.talk, actor=aoi.actor, adviser=beni.pk, at=AT + 4 * MINUTE)
    chat.answer(talk=taken.talk, actor=beni.actor, words="代わりました", at=AT + 5 * MINUTE)
    assert [it.words for it in reading.lines_of(_talk(taken))] == [WORDS, "代わりました"]
    assert Consultation.objects.get().adviser == beni
    assert reading.typed_in(_talk(taken)) == {"summary": "途中"}
    with pytest.raises(RefusedError, match="talk-not-yours"):
        chat.answer(talk=taken.talk, actor=aoi.actor, words="まだいます", at=AT + 5 * MINUTE)


def test_nobody_of_another_desk_is_handed_a_talk_or_sees_one(taken, aoi, chika):
    with pytest.raises(RefusedError, match="not-an-adviser"):
        chatting.hand_over_talk(talk=taken.talk, actor=aoi.actor, adviser=chika.pk, at=AT)
    assert not reading.talks_of(chika.actor)
    with pytest.raises(RefusedError, match="another-desk"):
        chatting.sum_up(talk=taken.talk, actor=chika.actor, note=NOTE, at=AT)


def test_a_statistician_sees_no_talk(taken, daichi):
    assert not reading.talks_of(daichi.actor)


def test_nobody_takes_a_talk_that_is_over(emi, aoi):
    chatting.leave(talk=emi.talk, at=AT + MINUTE)
    with pytest.raises(IllegalStepError):
        chatting.take_talk(talk=emi.talk, actor=aoi.actor, at=AT + 2 * MINUTE)
    assert Consultation.objects.get().adviser is None


@pytest.mark.django_db(transaction=True)
def test_of_two_advisers_who_answer_at_once_one_talks_and_the_other_is_told(emi, aoi, beni):
    start = threading.Barrier(2)

    def take(user):
        start.wait()
        try:
            chatting.take_talk(talk=emi.talk, actor=user.actor, at=AT + MINUTE)
        except RefusedError as refusal:
            return refusal.code
        else:
            return "taken"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(take, [aoi, beni]))
    assert sorted(said) == ["taken", "talk-taken"]
    winner = [aoi, beni][said.index("taken")]
    assert (_talk(emi).adviser, Consultation.objects.get().adviser) == (winner, winner)
    assert _deeds(emi.matter) == ["RECEIVED", "TAKE_TALK"]


@pytest.mark.django_db(transaction=True)
def test_who_leaves_in_the_moment_of_an_answer_is_either_gone_or_in_a_talk_that_ended(emi, aoi):
    start = threading.Barrier(2)

    def at_once(deed):
        start.wait()
        try:
            deed()
        except IllegalStepError:
            return False
        else:
            return True
        finally:
            connection.close()

    deeds = [
        lambda: chatting.take_talk(talk=emi.talk, actor=aoi.actor, at=AT + MINUTE),
        lambda: chatting.leave(talk=emi.talk, at=AT + MINUTE),
    ]
    with ThreadPoolExecutor(2) as pool:
        was_taken, _left = pool.map(at_once, deeds)
    talk = _talk(emi)
    assert (talk.status, talk.ended_by) == (Status.ENDED, EndedBy.PERSON)
    assert talk.adviser == (aoi if was_taken else None)
    assert _contact(emi).action == (None if was_taken else "BROKEN_OFF")


def test_the_ledger_says_who_talked_and_how_much_and_nothing_that_was_said(taken, aoi):
    chat.answer(talk=taken.talk, actor=aoi.actor, words="はい", at=AT + 3 * MINUTE)
    chatting.end_talk(talk=taken.talk, actor=aoi.actor, at=AT + 4 * MINUTE)
    chatting.sum_up(talk=taken.talk, actor=aoi.actor, note=NOTE, at=AT + 5 * MINUTE)
    assert _deeds(taken.matter) == ["RECEIVED", "TAKE_TALK", "END_TALK", "SUM_UP_TALK"]
    ended = Entry.objects.get(deed="END_TALK")
    assert ended.detail == {"talk": str(taken.talk), "by": "STAFF", "lines": 2, "of_person": 1}


def test_nothing_that_was_said_lies_readable_in_the_database(taken, aoi):
    chat.keep_typed(talk=taken.talk, actor=aoi.actor, field="line", words="書きかけの文", at=AT)
    line, talk = Line.objects.get(), _talk(taken)
    for sealed in (line.words, talk.typed):
        assert WORDS.encode() not in bytes(sealed)
        assert "書きかけ".encode() not in bytes(sealed)
    assert reading.typed_in(talk) == {"line": "書きかけの文"}


# -- figures ----------------------------------------------------------------------------------


def test_how_long_people_waited_for_a_first_answer_can_be_read(taken, desk, aoi):
    chat.answer(talk=taken.talk, actor=aoi.actor, words="こんにちは", at=AT + 3 * MINUTE)
    chat.answer(talk=taken.talk, actor=aoi.actor, words="はい", at=AT + 9 * MINUTE)
    gone = _opened(desk, at=AT + MINUTE)
    chatting.leave(talk=gone.talk, at=AT + 2 * MINUTE)
    _opened(desk, at=AT + MINUTE)  # waits still
    _opened(desk, at=AT - dt.timedelta(days=40))  # another month's
    may = Period(dt.date(2025, 5, 1), dt.date(2025, 5, 31))
    found = reading.waits_in(desk.pk, may)
    assert (found.answered, found.unanswered) == ((3 * MINUTE,), 1)


def test_who_is_busy_is_seen_by_colleagues(taken, desk, aoi, beni):
    at = AT + 3 * MINUTE
    draft = begin_draft(actor=beni.actor, kind=Kind.NOTE, matter=None, at=at)
    save_draft(actor=beni.actor, pen=Pen(draft=draft.pk), words="もしもし", at=at)
    busy = reading.busy_at(desk.pk, at)
    assert [(it.name, it.is_calling, it.talks) for it in busy] == [
        ("あおい", False, 1),
        ("べに", True, 0),
    ]
    # A note that lies begun is no call that goes on.
    assert not reading.busy_at(desk.pk, at + dt.timedelta(hours=1))[1:]


def test_the_chat_is_open_where_the_desk_switched_it_on_and_in_its_hours(desk, beni, aoi):
    day = Opening(weekdays=(0, 1, 2, 3, 4), opens=dt.time(10), until=dt.time(18))
    set_hours(desk=desk.pk, openings=[day], actor=beni.actor, at=AT)
    assert not reading.is_open_now(desk.pk, AT)
    with pytest.raises(RefusedError, match="supervisor-only"):
        chat.set_room(desk=desk.pk, actor=aoi.actor, is_open=True, at=AT)
    chat.set_room(desk=desk.pk, actor=beni.actor, is_open=True, at=AT)
    assert reading.is_open_now(desk.pk, AT)
    assert not reading.is_open_now(desk.pk, AT + dt.timedelta(hours=6))
    chat.set_room(desk=desk.pk, actor=beni.actor, is_open=False, at=AT)
    assert not ChatRoom.objects.get().is_open


def test_contacts_of_the_matter_hold_the_talk(taken, aoi):
    assert [it.pk for it in contacts_of(Consultation.objects.get())] == [taken.talk]


def test_what_was_said_in_a_talk_is_found_by_its_words_once_it_is_over(taken, aoi, beni):
    words = "めずらしいことば"
    chat.answer(talk=taken.talk, actor=aoi.actor, words=words, at=AT + 3 * MINUTE)
    chatting.sum_up(talk=taken.talk, actor=aoi.actor, note=NOTE, at=AT + 5 * MINUTE)
    found = search(actor=beni.actor, words=words, most=5, at=AT + 6 * MINUTE)
    assert [hit.line.matter for hit in found.hits] == [taken.matter]


def test_once_erased_no_line_opens_and_the_wait_is_still_known(taken, aoi, desk):
    chat.answer(talk=taken.talk, actor=aoi.actor, words="はい", at=AT + 3 * MINUTE)
    sealing.erase(taken.matter)
    assert [it.words for it in reading.lines_of(_talk(taken))] == [None, None]
    may = Period(dt.date(2025, 5, 1), dt.date(2025, 5, 31))
    assert reading.waits_in(desk.pk, may).answered == (3 * MINUTE,)


def test_the_worker_ends_what_silence_has_ended(emi):
    end_silent_talks(AT + GONE_AFTER + MINUTE)
    assert _talk(emi).ended_by == EndedBy.GONE
