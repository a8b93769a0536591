"""供覧, 決裁 and the second reader: never oneself, once, sealed, in the ledger."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import drafting, noting, receiving, working
from madoguchi.consultations.operations.noting import Classification
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.operations.seconding import decide
from madoguchi.correspondence.models import Draft, Kind
from madoguchi.correspondence.models.mail import Way
from madoguchi.correspondence.operations.words import Pen, begin_draft, save_draft
from madoguchi.correspondence.queries.words import drafts_of, messages_in
from madoguchi.desks.operations.reading import set_second_reader
from madoguchi.ledger.models import Entry
from madoguchi.matters.models import Approval
from madoguchi.matters.operations.asking import Question, ask
from madoguchi.matters.queries import approvals_at, asked_of, opened_approvals
from madoguchi.rules.access import RefusedError
from madoguchi.rules.approval import Ask, Outcome
from madoguchi.rules.consultation import Status
from madoguchi.rules.lifecycle import IllegalStepError
from tests.people import AT

LATER = AT + dt.timedelta(hours=1)
REPLY = "まず、消える前に証拠を残してください。"


@pytest.fixture
def emi(desk, aoi):
    """Emi's matter, in Aoi's charge."""
    letter = Letter(words="なりすましのアカウントがあります", channel="EMAIL")
    matter = receiving.receive(desk=desk.pk, letter=letter, at=AT).matter
    working.take_charge(matter=matter, actor=aoi.actor, at=AT)
    return matter


@pytest.fixture
def twice(beni):
    """The desk reads every reply twice."""
    set_second_reader(actor=beni.actor, wanted=True, at=AT)


def _send(actor, matter, words=REPLY, at=AT):
    draft = begin_draft(actor=actor, kind=Kind.REPLY, matter=matter, at=at)
    return drafting.send_reply(actor=actor, pen=Pen(draft=draft.pk), words=words, at=at)


def _replies(matter):
    row = Consultation.objects.get(pk=matter)
    return [(it.words, it.author) for it in messages_in(row.matter, Kind.REPLY)]


def _deeds(matter, start="APPROVAL"):
    entries = Entry.objects.filter(matter=matter, deed__startswith=start).order_by("seq")
    return [(it.deed, it.actor, it.detail) for it in entries]


@pytest.mark.usefixtures("twice")
def test_a_reply_waits_for_its_second_reader_and_goes_out_in_its_authors_name(emi, aoi, beni):
    assert _send(aoi.actor, emi) is None
    assert _replies(emi) == []
    assert Consultation.objects.get(pk=emi).status == Status.IN_PROGRESS
    assert not Draft.objects.exists()
    [waiting] = asked_of(beni.actor)
    assert not asked_of(aoi.actor).exists()
    decide(approval=waiting.pk, actor=beni.actor, outcome=Outcome.APPROVED, at=LATER)
    assert _replies(emi) == [(REPLY, aoi.name)]
    assert Consultation.objects.get(pk=emi).status == Status.WAITING
    assert _deeds(emi) == [
        ("APPROVAL_ASKED", aoi.pk, {"kind": "SECOND_READING"}),
        ("APPROVAL_DECIDED", beni.pk, {"kind": "SECOND_READING", "outcome": "APPROVED"}),
    ]


@pytest.mark.usefixtures("twice")
def test_nobody_seconds_their_own_reply(emi, aoi):
    _send(aoi.actor, emi)
    held = Approval.objects.get()
    with pytest.raises(RefusedError, match="own-approval"):
        decide(approval=held.pk, actor=aoi.actor, outcome=Outcome.APPROVED, at=LATER)
    assert _replies(emi) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.update(outcome=Outcome.APPROVED, decided_by=aoi, decided_at=LATER)


@pytest.mark.usefixtures("twice")
def test_no_way_round_the_second_reader_is_open(emi, aoi):
    with pytest.raises(RefusedError, match="second-reader"):
        working.reply(matter=emi, actor=aoi.actor, words=REPLY, at=AT)
    assert _replies(emi) == []


@pytest.mark.usefixtures("twice")
@pytest.mark.parametrize(
    ("who", "outcome"), [("beni", Outcome.RETURNED), ("aoi", Outcome.WITHDRAWN)]
)
def test_a_reply_given_back_lies_on_its_authors_table_again(emi, aoi, who, outcome, request):
    _send(aoi.actor, emi)
    actor = request.getfixturevalue(who).actor
    held = Approval.objects.get()
    decide(approval=held.pk, actor=actor, outcome=outcome, at=LATER, comment="日付を直して")
    assert [it.words for it in drafts_of(aoi.actor)] == [REPLY]
    assert _replies(emi) == []
    [row] = opened_approvals(aoi.actor, approvals_at(aoi.actor))
    assert (row.outcome, row.comment, row.words) == (outcome, "日付を直して", REPLY)
    # And may be asked about again.
    _send(aoi.actor, emi, at=LATER)
    assert Approval.objects.filter(decided_at=None).count() == 1


@pytest.mark.usefixtures("twice")
def test_what_was_begun_meanwhile_is_not_written_over(emi, aoi, beni):
    _send(aoi.actor, emi)
    begun = begin_draft(actor=aoi.actor, kind=Kind.REPLY, matter=emi, at=LATER)
    save_draft(actor=aoi.actor, pen=Pen(draft=begun.pk), words="新しい文", at=LATER)
    held = Approval.objects.get()
    decide(approval=held.pk, actor=beni.actor, outcome=Outcome.RETURNED, at=LATER)
    assert [it.words for it in drafts_of(aoi.actor)] == ["新しい文"]


@pytest.mark.usefixtures("twice")
def test_one_reply_is_held_at_a_time_and_keeps_the_matter_open(emi, aoi):
    _send(aoi.actor, emi)
    with pytest.raises(RefusedError, match="reply-held"):
        _send(aoi.actor, emi, words="もう一つ")
    [contact] = Contact.objects.values_list("pk", flat=True)
    said = Classification(actions={contact: "ADVICE"})
    noting.classify(matter=emi, actor=aoi.actor, classification=said, at=AT)
    with pytest.raises(RefusedError, match="reply-held"):
        working.close(matter=emi, actor=aoi.actor, at=LATER)


@pytest.mark.usefixtures("twice")
def test_a_reply_that_could_not_be_sent_is_not_held(desk, aoi):
    letter = Letter(words="まだだれも担当していない", channel="EMAIL")
    matter = receiving.receive(desk=desk.pk, letter=letter, at=AT).matter
    with pytest.raises(IllegalStepError):
        _send(aoi.actor, matter)
    assert not Approval.objects.exists()
    assert Draft.objects.exists()


def test_only_a_supervisor_decides_how_often_replies_are_read(aoi, beni, desk):
    with pytest.raises(RefusedError, match="supervisor-only"):
        set_second_reader(actor=aoi.actor, wanted=True, at=AT)
    set_second_reader(actor=beni.actor, wanted=True, at=AT)
    desk.refresh_from_db()
    assert desk.second_reader
    assert Entry.objects.latest("seq").deed == "SECOND_READER_SET"


def test_a_matter_is_circulated_and_approved_in_one_step_each(emi, aoi, beni):
    for kind, outcome in ((Ask.CIRCULATION, Outcome.READ), (Ask.APPROVAL, Outcome.APPROVED)):
        question = Question(kind, "この方針でよいですか", of=beni.pk)
        row = ask(matter=emi, question=question, actor=aoi.actor, at=AT)
        assert "方針".encode() not in bytes(row.subject)
        decide(approval=row.pk, actor=beni.actor, outcome=outcome, at=LATER, comment="はい")
        with pytest.raises(RefusedError, match="decided-already"):
            decide(approval=row.pk, actor=beni.actor, outcome=outcome, at=LATER)
    assert not asked_of(beni.actor).exists()
    assert _replies(emi) == []


@pytest.mark.parametrize("who", ["chika", "daichi", "aoi"])
def test_nobody_is_asked_who_could_not_answer(emi, aoi, who, request):
    of = request.getfixturevalue(who).pk
    with pytest.raises(RefusedError, match=r"not-an-adviser|figures-only|own-approval"):
        ask(matter=emi, question=Question(Ask.CIRCULATION, "x", of=of), actor=aoi.actor, at=AT)


@pytest.mark.parametrize("who", ["chika", "daichi"])
def test_a_stranger_neither_sees_asks_nor_answers(emi, aoi, who, request):
    stranger = request.getfixturevalue(who).actor
    row = ask(matter=emi, question=Question(Ask.CIRCULATION, "x"), actor=aoi.actor, at=AT)
    assert not approvals_at(stranger).exists()
    assert not asked_of(stranger).exists()
    with pytest.raises(RefusedError, match=r"another-desk|figures-only"):
        ask(matter=emi, question=Question(Ask.CIRCULATION, "x"), actor=stranger, at=AT)
    with pytest.raises(RefusedError, match=r"another-desk|figures-only"):
        decide(approval=row.pk, actor=stranger, outcome=Outcome.READ, at=AT)


@pytest.mark.usefixtures("twice")
def test_a_held_reply_goes_out_the_way_its_author_chose(emi, aoi, beni):
    draft = begin_draft(actor=aoi.actor, kind=Kind.REPLY, matter=emi, at=AT)
    pen = Pen(draft=draft.pk)
    drafting.send_reply(actor=aoi.actor, pen=pen, words=REPLY, at=AT, way=Way.NOTICE)
    held = Approval.objects.get()
    assert held.way == Way.NOTICE
    # No mailbox and no address here: what cannot go by mail does not go out by half.
    with pytest.raises(RefusedError):
        decide(approval=held.pk, actor=beni.actor, outcome=Outcome.APPROVED, at=LATER)
    assert _replies(emi) == []
