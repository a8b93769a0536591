"""A person's words come in: a letter, and what follows it."""

import datetime as dt

import pytest

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import working
from madoguchi.consultations.operations.receiving import Letter, hear
from madoguchi.correspondence.models import Kind, Message, Receipt
from madoguchi.correspondence.queries.words import matter_of_code
from madoguchi.intake.operations import open_my_page, send_letter, write_again
from madoguchi.intake.queries import talk_of
from madoguchi.ledger.models import Entry
from madoguchi.rules.consultation import Status
from madoguchi.rules.numbering import is_sound_code
from madoguchi.rules.replies import PAUSE
from madoguchi.rules.triage import Signals, Urgency
from tests.people import AT

LETTER = Letter(words="うその書き込みをされて、困っています。", channel="EMAIL")
LATER = AT + dt.timedelta(hours=1)


@pytest.fixture
def received(desk):
    return send_letter(desk=desk.pk, letter=LETTER, once="a", at=AT)


def _again(matter, words="つづきです。", once="b", signals=None):
    return write_again(
        matter=matter,
        words=words,
        signals=signals or Signals(),
        channel="EMAIL",
        once=once,
        at=LATER,
    )


def test_a_letter_opens_one_consultation_with_one_contact(received):
    consultation = Consultation.objects.get()
    assert consultation.pk == received.matter
    assert consultation.status == Status.RECEIVED
    assert (consultation.unread, consultation.safety_check_due) == (True, False)
    contact = Contact.objects.get()
    assert (contact.channel, contact.action, contact.at) == ("EMAIL", None, AT)


def test_the_code_opens_the_matter_and_no_other_does(received, desk):
    other = send_letter(desk=desk.pk, letter=LETTER, once="c", at=AT)
    assert is_sound_code(received.code)
    assert matter_of_code(received.code).pk == received.matter
    assert matter_of_code(other.code).pk == other.matter
    assert matter_of_code("0" * 16) is None


def test_the_code_is_kept_nowhere_and_is_not_the_number(received):
    receipt = Receipt.objects.get()
    assert received.code not in f"{receipt.lookup} {receipt.check_hash}"
    assert received.number.replace("-", "") not in received.code


def test_the_same_letter_sent_twice_is_one(received, desk):
    assert send_letter(desk=desk.pk, letter=LETTER, once="a", at=AT) is None
    assert Consultation.objects.count() == 1


def test_a_letter_that_failed_can_be_sent_again(desk):
    with pytest.raises(UnicodeEncodeError):
        send_letter(desk=desk.pk, letter=Letter(words="\ud800", channel="EMAIL"), once="a", at=AT)
    assert not Consultation.objects.exists()
    assert send_letter(desk=desk.pk, letter=LETTER, once="a", at=AT) is not None


def test_a_second_message_is_a_second_contact_of_the_same_consultation(received):
    assert _again(received.matter)
    assert Consultation.objects.count() == 1
    assert [contact.at for contact in Contact.objects.order_by("at")] == [AT, LATER]


def test_the_same_message_from_the_same_form_is_one_but_new_words_are_new(received):
    assert _again(received.matter)
    assert not _again(received.matter)
    assert _again(received.matter, words="もう一つあります。")
    assert Contact.objects.count() == 3


def test_our_reply_is_no_contact(received, aoi):
    working.take_charge(matter=received.matter, actor=aoi.actor, at=LATER)
    working.reply(matter=received.matter, actor=aoi.actor, words="読みました。", at=LATER)
    assert Contact.objects.count() == 1


def test_danger_in_a_later_message_lifts_the_matter_and_it_stays_there(received):
    _again(received.matter, signals=Signals(danger_words=True))
    _again(received.matter, words="だいじょうぶになりました。")
    consultation = Consultation.objects.get()
    assert (consultation.urgency, consultation.safety_check_due) == (Urgency.DANGER, True)


def test_who_writes_after_the_end_is_heard(received, aoi):
    working.take_charge(matter=received.matter, actor=aoi.actor, at=AT)
    Contact.objects.update(action="ADVICE")
    working.close(matter=received.matter, actor=aoi.actor, at=AT)
    hear(
        matter=received.matter,
        words="また困っています。",
        channel="EMAIL",
        signals=Signals(),
        at=LATER,
    )
    consultation = Consultation.objects.get()
    assert (consultation.status, consultation.closed_at) == (Status.RECEIVED, None)


def test_the_person_sees_the_talk_and_never_a_note_or_a_memo(received, aoi):
    working.take_charge(matter=received.matter, actor=aoi.actor, at=AT)
    working.write_memo(matter=received.matter, actor=aoi.actor, words="所内だけ", at=AT)
    working.reply(matter=received.matter, actor=aoi.actor, words="返事です", at=LATER)
    assert not talk_of(received.matter, LATER).is_answered  # it can still be taken back
    seen = talk_of(received.matter, LATER + PAUSE)
    assert {it.kind for it in seen.messages} == {Kind.FROM_PERSON, Kind.REPLY}
    assert [it.words for it in seen.messages] == [LETTER.words, "返事です"]
    assert seen.is_answered
    assert seen.has_new_reply


def test_opening_the_page_marks_the_replies_read_and_nothing_else(received, aoi):
    working.take_charge(matter=received.matter, actor=aoi.actor, at=AT)
    working.reply(matter=received.matter, actor=aoi.actor, words="返事です", at=AT)
    open_my_page(matter=received.matter, at=LATER)
    read = dict(Message.objects.values_list("kind", "read_at"))
    assert read == {Kind.FROM_PERSON: None, Kind.REPLY: LATER}


def test_the_ledger_tells_each_deed_and_no_word(received):
    open_my_page(matter=received.matter, at=LATER)
    _again(received.matter)
    entries = Entry.objects.filter(matter=received.matter).order_by("seq")
    assert [(entry.deed, entry.actor) for entry in entries] == [
        ("RECEIVED", None),
        ("MY_PAGE_OPENED", None),
        ("HEAR", None),
    ]
    assert all("困" not in str(entry.detail) for entry in entries)
