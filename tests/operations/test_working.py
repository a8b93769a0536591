"""What the desk does in a consultation, and what it writes in the ledger."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import noting, receiving, working
from madoguchi.consultations.operations.noting import Classification
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.correspondence.models import Kind, Message
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.ledger.models import Entry
from madoguchi.rules.access import RefusedError, Role
from madoguchi.rules.consultation import Status
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.rules.triage import Signals
from tests.people import AT, hire

LATER = AT + dt.timedelta(hours=1)
SAFE = working.Check(words="母といる。")


@pytest.fixture
def emi(desk):
    """Emi's matter, just received."""
    letter = Letter(words="なりすましのアカウントがあります", channel="EMAIL")
    return receiving.receive(desk=desk.pk, letter=letter, at=AT).matter


def _row(matter):
    return Consultation.objects.get(pk=matter)


def _deeds(matter):
    return list(Entry.objects.filter(matter=matter).order_by("seq").values_list("deed", "actor"))


def _classified(matter, actor, action="ADVICE"):
    contacts = Contact.objects.filter(consultation=matter).values_list("pk", flat=True)
    said = Classification(actions=dict.fromkeys(contacts, action))
    noting.classify(matter=matter, actor=actor, classification=said, at=LATER)


def test_who_takes_charge_is_in_charge(emi, aoi):
    working.take_charge(matter=emi, actor=aoi.actor, at=LATER)
    row = _row(emi)
    assert (row.status, row.adviser) == (Status.IN_PROGRESS, aoi)
    assert _deeds(emi) == [("RECEIVED", None), ("TAKE_CHARGE", aoi.pk)]


def test_a_supervisor_puts_somebody_in_charge(emi, aoi, beni):
    working.assign(matter=emi, actor=beni.actor, adviser=aoi.pk, at=LATER)
    assert (_row(emi).status, _row(emi).adviser) == (Status.IN_PROGRESS, aoi)
    entry = Entry.objects.get(matter=emi, deed="ASSIGN")
    assert (entry.actor, entry.detail) == (beni.pk, {"adviser": str(aoi.pk)})


def test_an_adviser_puts_nobody_else_in_charge(emi, aoi, beni):
    with pytest.raises(RefusedError, match="supervisor-only"):
        working.assign(matter=emi, actor=aoi.actor, adviser=beni.pk, at=LATER)


def test_nobody_of_another_desk_is_put_in_charge(emi, beni, chika):
    with pytest.raises(RefusedError, match="not-an-adviser"):
        working.assign(matter=emi, actor=beni.actor, adviser=chika.pk, at=LATER)
    assert _row(emi).adviser is None


def test_a_statistician_is_not_put_in_charge(emi, beni, daichi):
    with pytest.raises(RefusedError, match="figures-only"):
        working.assign(matter=emi, actor=beni.actor, adviser=daichi.pk, at=LATER)


def test_nobody_who_left_is_put_in_charge(emi, beni, desk):
    gone = hire(desk.pk, "gone", "やめた人", Role.ADVISER)
    gone.is_active = False
    gone.save()
    with pytest.raises(RefusedError, match="not-an-adviser"):
        working.assign(matter=emi, actor=beni.actor, adviser=gone.pk, at=LATER)


def test_nobody_replies_before_taking_charge(emi, aoi):
    with pytest.raises(IllegalStepError):
        working.reply(matter=emi, actor=aoi.actor, words="はい", at=LATER)
    assert not Message.objects.filter(kind=Kind.REPLY).exists()


def test_a_reply_is_no_contact(emi, aoi):
    working.take_charge(matter=emi, actor=aoi.actor, at=LATER)
    working.reply(matter=emi, actor=aoi.actor, words="まずURLを残してください", at=LATER)
    assert Contact.objects.filter(consultation=emi).count() == 1
    assert _row(emi).status == Status.WAITING
    assert _deeds(emi)[-1] == ("REPLY", aoi.pk)


def test_what_came_in_while_a_reply_was_written_stays_new(emi, aoi):
    working.read(matter=emi, actor=aoi.actor, at=AT)
    working.take_charge(matter=emi, actor=aoi.actor, at=AT)
    receiving.hear(
        matter=emi, words="もう一つあります", channel="EMAIL", signals=Signals(), at=LATER
    )
    working.reply(matter=emi, actor=aoi.actor, words="ありがとうございます", at=LATER)
    assert _row(emi).unread


def test_a_memo_needs_no_step(emi, aoi):
    working.write_memo(matter=emi, actor=aoi.actor, words="主任に報告", at=LATER)
    row = _row(emi)
    assert (row.status, Contact.objects.count()) == (Status.RECEIVED, 1)
    assert [m.words for m in messages_in(row.matter, Kind.MEMO)] == ["主任に報告"]
    assert _deeds(emi)[-1] == ("MEMO_WRITTEN", aoi.pk)


def test_a_safety_check_is_done_once_and_written_down(desk, aoi):
    letter = Letter(words="消えたい", channel="EMAIL", signals=Signals(danger_words=True))
    matter = receiving.receive(desk=desk.pk, letter=letter, at=AT).matter
    assert _row(matter).safety_check_due
    working.check_safety(matter=matter, actor=aoi.actor, at=LATER, check=SAFE)
    assert not _row(matter).safety_check_due
    assert _deeds(matter)[-1] == ("SAFETY_CHECKED", aoi.pk)


def test_an_unclassified_contact_keeps_a_matter_open(emi, aoi):
    working.take_charge(matter=emi, actor=aoi.actor, at=LATER)
    with pytest.raises(RefusedError, match="unclassified-contacts"):
        working.close(matter=emi, actor=aoi.actor, at=LATER)
    _classified(emi, aoi.actor)
    working.close(matter=emi, actor=aoi.actor, at=LATER)
    assert (_row(emi).status, _row(emi).closed_at) == (Status.CLOSED, LATER)
    assert _deeds(emi)[-1] == ("CLOSE", aoi.pk)


def test_only_a_supervisor_reopens(emi, aoi, beni):
    working.take_charge(matter=emi, actor=aoi.actor, at=LATER)
    _classified(emi, aoi.actor)
    working.close(matter=emi, actor=aoi.actor, at=LATER)
    with pytest.raises(RefusedError, match="supervisor-only"):
        working.reopen(matter=emi, actor=aoi.actor, at=LATER)
    working.reopen(matter=emi, actor=beni.actor, at=LATER)
    assert (_row(emi).status, _row(emi).closed_at) == (Status.RECEIVED, None)
    assert _deeds(emi)[-1] == ("REOPEN", beni.pk)


def test_reading_marks_the_persons_words_as_read(emi, aoi):
    working.read(matter=emi, actor=aoi.actor, at=LATER)
    assert Message.objects.get(kind=Kind.FROM_PERSON).read_at == LATER
    assert not _row(emi).unread
    assert _deeds(emi)[-1] == ("READ", aoi.pk)


def test_a_reader_who_stays_is_one_line_in_the_ledger(emi, aoi, beni):
    for minutes in (0, 10, 29):
        working.read(matter=emi, actor=aoi.actor, at=LATER + dt.timedelta(minutes=minutes))
    working.read(matter=emi, actor=beni.actor, at=LATER)
    working.read(matter=emi, actor=aoi.actor, at=LATER + dt.timedelta(hours=3))
    assert [who for deed, who in _deeds(emi) if deed == "READ"] == [aoi.pk, beni.pk, aoi.pk]


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.WAITING])
def test_the_database_refuses_a_matter_in_hand_without_an_adviser(emi, status):
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=emi).update(status=status)


def test_the_database_refuses_an_end_without_a_day(emi):
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=emi).update(status=Status.CLOSED)


def test_the_person_waits_since_their_oldest_message_without_an_answer(emi, aoi):
    assert _row(emi).waiting_since == AT
    receiving.hear(matter=emi, words="まだですか", channel="EMAIL", signals=Signals(), at=LATER)
    assert _row(emi).waiting_since == AT
    working.take_charge(matter=emi, actor=aoi.actor, at=LATER)
    working.read(matter=emi, actor=aoi.actor, at=LATER)
    assert _row(emi).waiting_since == AT
    working.reply(matter=emi, actor=aoi.actor, words="はい", at=LATER)
    assert _row(emi).waiting_since is None


def test_what_came_in_while_a_reply_was_written_still_waits(emi, aoi):
    working.take_charge(matter=emi, actor=aoi.actor, at=AT)
    working.read(matter=emi, actor=aoi.actor, at=AT)
    receiving.hear(matter=emi, words="もう一つ", channel="EMAIL", signals=Signals(), at=LATER)
    working.reply(matter=emi, actor=aoi.actor, words="はい", at=LATER)
    assert _row(emi).waiting_since == LATER


def test_nobody_waits_for_a_closed_matter(emi, aoi):
    working.take_charge(matter=emi, actor=aoi.actor, at=AT)
    _classified(emi, aoi.actor)
    working.close(matter=emi, actor=aoi.actor, at=LATER)
    assert _row(emi).waiting_since is None


def test_charge_is_not_taken_from_somebody_unseen(emi, aoi, beni):
    working.take_charge(matter=emi, actor=beni.actor, at=AT)
    with pytest.raises(RefusedError, match="taken-meanwhile"):
        working.take_charge(matter=emi, actor=aoi.actor, at=LATER, seen="")
    assert _row(emi).adviser == beni
    working.take_charge(matter=emi, actor=aoi.actor, at=LATER, seen=str(beni.pk))
    assert _row(emi).adviser == aoi


@pytest.mark.parametrize(("how", "due"), [("SPOKEN", False), ("UNREACHED", True)])
def test_only_who_was_reached_needs_no_more_asking(emi, aoi, how, due):
    Consultation.objects.update(safety_check_due=True)
    check = working.Check(working.Checked(how), "母といる。")
    working.check_safety(matter=emi, actor=aoi.actor, at=LATER, check=check)
    assert _row(emi).safety_check_due is due
    assert Entry.objects.get(matter=emi, deed="SAFETY_CHECKED").detail == {"how": how}
