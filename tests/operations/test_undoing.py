"""A reply taken back: seen by nobody, told to nobody, and every word of it on its table again."""

import datetime as dt

import pytest

from madoguchi.administration.queries.record import record_of
from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import noting, receiving, seconding, undoing, working
from madoguchi.consultations.operations.drafting import post_reply, send_reply
from madoguchi.consultations.operations.mailing import reply_by
from madoguchi.consultations.operations.receiving import Letter, hear
from madoguchi.correspondence.models import Attachment, Kind, MailOut, Message, Posting
from madoguchi.correspondence.models.line import LineNotice
from madoguchi.correspondence.models.mail import Way
from madoguchi.correspondence.operations.files import lay_beside, made_ready
from madoguchi.correspondence.operations.mail import know_address
from madoguchi.correspondence.operations.posting import Paper
from madoguchi.correspondence.operations.words import Pen, begin_draft, save_draft
from madoguchi.correspondence.queries.mail import posted_in
from madoguchi.correspondence.queries.words import drafts_of
from madoguchi.correspondence.scanning import no_scanner
from madoguchi.correspondence.tasks import push_by_line, send_mail
from madoguchi.desks.operations.reading import set_second_reader
from madoguchi.experts.queries.showing import may_be_shown
from madoguchi.intake.operations import open_my_page
from madoguchi.intake.queries import talk_of
from madoguchi.jobs.models import Job
from madoguchi.ledger.models import Entry
from madoguchi.matters.models import Approval, Deadline
from madoguchi.referrals.queries.contents import files_to_choose
from madoguchi.rules.access import RefusedError
from madoguchi.rules.approval import Outcome
from madoguchi.rules.consultation import Status
from madoguchi.rules.replies import PAUSE, is_out
from madoguchi.rules.triage import Signals
from tests import papers
from tests.people import AFTER_THE_PAUSE, AT

SOON = AT + PAUSE - dt.timedelta(seconds=1)
WORDS = "まず、画面を保存してください。"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    options = {**settings.STORAGES["files"]["OPTIONS"], "location": tmp_path / "files"}
    files_of_this = {**settings.STORAGES["files"], "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "files": files_of_this}


@pytest.fixture
def emi(desk, aoi):
    """Emi's matter, in Aoi's charge since an hour."""
    letter = Letter(words="なりすましのアカウントがあります", channel="EMAIL")
    before = AT - dt.timedelta(hours=1)
    matter = receiving.receive(desk=desk.pk, letter=letter, at=before).matter
    working.take_charge(matter=matter, actor=aoi.actor, at=before)
    return matter


def _sends(actor, matter, *, way=Way.MY_PAGE, files=(), words=WORDS):
    draft = begin_draft(actor=actor, kind=Kind.REPLY, matter=matter, at=AT)
    with made_ready(files, no_scanner) as ready:
        lay_beside(actor=actor, draft=draft.pk, ready=ready, at=AT)
    return reply_by(actor=actor, pen=Pen(draft.pk), words=words, way=way, at=AT)


def _takes_back(matter, actor, sent, at=SOON):
    undoing.take_back(matter=matter, message=sent.pk, actor=actor, at=at)


def _stands(matter):
    row = Consultation.objects.get(pk=matter)
    running = Deadline.objects.filter(matter=matter, done_at=None).order_by("name")
    return row.status, row.waiting_since, list(running.values_list("name", "due_at"))


def test_a_reply_is_seen_after_the_pause_and_not_before_without_any_worker(emi, aoi):
    sent = _sends(aoi.actor, emi)
    for at, seen in ((AT, False), (SOON, False), (AFTER_THE_PAUSE, True)):
        assert is_out(sent.shown_at, at) is seen
        assert talk_of(emi, at).is_answered is seen
    open_my_page(matter=emi, at=SOON)
    sent.refresh_from_db()
    assert sent.read_at is None  # nobody has read what nobody saw
    open_my_page(matter=emi, at=AFTER_THE_PAUSE)
    sent.refresh_from_db()
    assert sent.read_at == AFTER_THE_PAUSE


def test_a_reply_taken_back_is_a_draft_again_with_its_files(emi, aoi):
    before = _stands(emi)
    sent = _sends(aoi.actor, emi, files=[papers.given(papers.pdf(), "案内.pdf")])
    assert _stands(emi) != before
    _takes_back(emi, aoi.actor, sent)
    assert not Message.objects.filter(kind=Kind.REPLY).exists()
    assert not talk_of(emi, AFTER_THE_PAUSE).is_answered
    [draft] = drafts_of(aoi.actor)
    assert (draft.words, draft.matter, draft.kind) == (WORDS, emi, Kind.REPLY)
    assert Attachment.objects.get().draft_id == draft.id
    # The person still waits, since when they waited; what was promised runs again.
    assert _stands(emi) == before
    deeds = Entry.objects.filter(matter=emi).order_by("seq").values_list("deed", "actor")
    assert list(deeds)[-2:] == [("REPLY", aoi.pk), ("REPLY_TAKEN_BACK", aoi.pk)]
    # And it can be sent after all.
    again = send_reply(actor=aoi.actor, pen=Pen(draft.id), words=draft.words, at=AFTER_THE_PAUSE)
    assert again.attachments.count() == 1


def test_what_can_be_seen_is_not_taken_back(emi, aoi):
    sent = _sends(aoi.actor, emi)
    with pytest.raises(RefusedError, match="reply-out"):
        _takes_back(emi, aoi.actor, sent, at=AFTER_THE_PAUSE)
    assert talk_of(emi, AFTER_THE_PAUSE).is_answered
    _takes_back(emi, aoi.actor, sent)
    with pytest.raises(RefusedError, match="reply-out"):
        _takes_back(emi, aoi.actor, sent)  # once


def test_words_begun_meanwhile_are_not_lost_either(emi, aoi):
    sent = _sends(aoi.actor, emi)
    begun = begin_draft(actor=aoi.actor, kind=Kind.REPLY, matter=emi, at=AT)
    save_draft(actor=aoi.actor, pen=Pen(begun.pk, page="p"), words="それから、", at=AT)
    _takes_back(emi, aoi.actor, sent)
    [draft] = drafts_of(aoi.actor)
    assert draft.words == f"{WORDS}\n\nそれから、"


def test_a_page_that_stands_open_does_not_write_over_what_was_laid_back(emi, aoi):
    sent = _sends(aoi.actor, emi)
    begun = begin_draft(actor=aoi.actor, kind=Kind.REPLY, matter=emi, at=AT)
    pen = Pen(begun.pk, page="other", seen=begun.saved_at)
    kept = save_draft(actor=aoi.actor, pen=pen, words="つづき", at=AT)
    _takes_back(emi, aoi.actor, sent)
    late = Pen(begun.pk, page="other", seen=kept.saved_at)
    with pytest.raises(RefusedError, match="draft-newer"):
        save_draft(actor=aoi.actor, pen=late, words="つづきを書く", at=SOON)
    (draft,) = drafts_of(aoi.actor)
    assert WORDS in draft.words


def test_what_was_read_or_mailed_while_somebody_waited_is_not_taken_back(emi, aoi):
    sent = _sends(aoi.actor, emi)
    open_my_page(matter=emi, at=AFTER_THE_PAUSE)
    with pytest.raises(RefusedError, match="reply-out"):
        _takes_back(emi, aoi.actor, sent)


def test_neither_an_expert_nor_another_desk_nor_a_record_holds_what_is_not_out(emi, aoi):
    sent = _sends(aoi.actor, emi, files=[papers.given(papers.pdf(), "案内.pdf")])
    row = Consultation.objects.select_related("matter").get(pk=emi)
    for at, is_out_now in ((SOON, False), (AFTER_THE_PAUSE, True)):
        messages, files = may_be_shown(row.matter, shown_by=at)
        assert (sent.pk in {it.id for it in messages}) is is_out_now
        assert bool(files) is is_out_now
        assert bool(files_to_choose(row, at)) is is_out_now
        record = record_of(aoi.actor, row, with_memos=True, at=at)
        assert bool(record.enclosed) is is_out_now
        assert (WORDS in str(record.matters)) is is_out_now


def test_what_happened_meanwhile_stays(emi, aoi):
    sent = _sends(aoi.actor, emi)
    hear(matter=emi, words="まだです", channel="EMAIL", signals=Signals(), at=SOON)
    _takes_back(emi, aoi.actor, sent)
    row = Consultation.objects.get(pk=emi)
    assert (row.status, row.unread) == (Status.IN_PROGRESS, True)
    assert row.waiting_since == AT - dt.timedelta(hours=1)
    assert Deadline.objects.filter(matter=emi, done_at=None).count() == 1


def test_a_closed_matter_stays_closed(emi, aoi):
    sent = _sends(aoi.actor, emi)
    [contact] = Consultation.objects.get(pk=emi).contacts.values_list("pk", flat=True)
    said = noting.Classification(actions={contact: "ADVICE"})
    noting.classify(matter=emi, actor=aoi.actor, classification=said, at=AT)
    working.close(matter=emi, actor=aoi.actor, at=AT)
    _takes_back(emi, aoi.actor, sent)
    row = Consultation.objects.get(pk=emi)
    assert (row.status, row.waiting_since) == (Status.CLOSED, None)


@pytest.mark.parametrize("who", ["chika", "daichi"])
def test_a_stranger_takes_nothing_back(emi, aoi, who, request):
    sent = _sends(aoi.actor, emi)
    with pytest.raises(RefusedError, match=r"another-desk|figures-only"):
        _takes_back(emi, request.getfixturevalue(who).actor, sent)
    assert Message.objects.filter(pk=sent.pk).exists()


def test_a_colleague_takes_it_back_to_its_writer_s_table(emi, aoi, beni):
    sent = _sends(aoi.actor, emi)
    _takes_back(emi, beni.actor, sent)
    assert [it.words for it in drafts_of(aoi.actor)] == [WORDS]
    assert drafts_of(beni.actor) == []


def test_a_mail_taken_back_with_its_reply_never_goes(emi, aoi):
    row = Consultation.objects.get(pk=emi)
    know_address(matter=row.matter, address="emi@home.test", way=Way.FULL, at=AT)
    sent = _sends(aoi.actor, emi, way=Way.FULL)
    assert posted_in(emi)[sent.pk].state == "QUEUED"
    job = Job.objects.get(name="mail.send")
    assert job.run_at == sent.shown_at
    _takes_back(emi, aoi.actor, sent)
    assert not MailOut.objects.exists()
    send_mail(job.args, AFTER_THE_PAUSE)  # nothing is there to go, and nothing fails
    [draft] = drafts_of(aoi.actor)
    assert draft.choices == {"way": ["FULL"]}


def test_nobody_is_told_by_line_of_a_reply_taken_back(emi, aoi, monkeypatch):
    LineNotice.objects.create(matter_id=emi, asked_at=AT, linked_at=AT, user_hash="x", user=b"")
    monkeypatch.setattr("madoguchi.correspondence.tasks.line_user_of", lambda _: "U1")
    told = []
    monkeypatch.setattr(
        "madoguchi.correspondence.adapter.line.Account.push", lambda *given, **_: told.append(given)
    )
    monkeypatch.setattr("django.conf.settings.PUBLIC_URL", "https://madoguchi.test", raising=False)
    sent = _sends(aoi.actor, emi)
    job = Job.objects.get(name="line.push")
    assert job.run_at == sent.shown_at
    push_by_line(job.args, AFTER_THE_PAUSE)
    assert len(told) == 1
    _takes_back(emi, aoi.actor, sent)
    push_by_line(job.args, AFTER_THE_PAUSE)
    assert len(told) == 1


def test_a_letter_taken_back_keeps_its_address(emi, aoi):
    draft = begin_draft(actor=aoi.actor, kind=Kind.REPLY, matter=emi, at=AT)
    paper = Paper(channel="LETTER", address="大阪市北区1-2\n山田様")
    pen = Pen(draft.pk)
    sent = post_reply(actor=aoi.actor, pen=pen, matter=emi, words=WORDS, paper=paper, at=AT)
    _takes_back(emi, aoi.actor, sent)
    assert not Posting.objects.exists()
    [draft] = drafts_of(aoi.actor)
    assert (draft.address, draft.choices) == (paper.address, {"channel": ["LETTER"]})


# -- a reply held for its second reader ---------------------------------------------------------


@pytest.fixture
def held(emi, aoi, beni):
    """A reply with a file, that waits for its second reader."""
    set_second_reader(actor=beni.actor, wanted=True, at=AT)
    assert _sends(aoi.actor, emi, files=[papers.given(papers.pdf(), "案内.pdf")]) is None
    return Approval.objects.get()


def _decides(held, actor, outcome, at=SOON):
    seconding.decide(approval=held.pk, actor=actor, outcome=outcome, at=at)


def test_the_files_of_a_held_reply_go_out_with_it(held, emi, beni):
    file = Attachment.objects.get()
    assert (file.approval, file.message, file.draft) == (held, None, None)
    assert talk_of(emi, AFTER_THE_PAUSE).files == []
    _decides(held, beni.actor, Outcome.APPROVED, at=AT)
    [sent] = talk_of(emi, AFTER_THE_PAUSE).from_desk
    assert (sent.id, sent.name) == (file.pk, "案内.pdf")
    assert Entry.objects.get(deed="REPLY").detail == {"files": 1}


@pytest.mark.parametrize(
    ("who", "outcome"),
    [("beni", Outcome.RETURNED), ("aoi", Outcome.WITHDRAWN), ("aoi", Outcome.REWRITTEN)],
)
def test_a_reply_that_comes_back_brings_its_files(held, aoi, who, outcome, request):
    _decides(held, request.getfixturevalue(who).actor, outcome)
    [draft] = drafts_of(aoi.actor)
    assert draft.words == WORDS
    assert Attachment.objects.get().draft_id == draft.id


def test_a_reply_written_anew_waits_again_and_the_old_words_go_nowhere(held, emi, aoi, beni):
    _decides(held, aoi.actor, Outcome.REWRITTEN)
    with pytest.raises(RefusedError, match="decided-already"):
        _decides(held, beni.actor, Outcome.APPROVED)  # who read the old words
    [draft] = drafts_of(aoi.actor)
    pen = Pen(draft.id, seen=draft.saved_at)
    assert send_reply(actor=aoi.actor, pen=pen, words="直した文", at=SOON) is None
    again = Approval.objects.get(decided_at=None)
    assert Attachment.objects.get().approval == again
    _decides(again, beni.actor, Outcome.APPROVED)
    [said] = talk_of(emi, SOON + PAUSE).messages[1:]
    assert said.words == "直した文"


def test_only_its_writer_writes_a_held_reply_anew(held, beni):
    with pytest.raises(RefusedError, match="not-the-asker"):
        _decides(held, beni.actor, Outcome.REWRITTEN)


def test_an_approved_reply_can_be_taken_back_like_any_other(held, emi, aoi, beni):
    _decides(held, beni.actor, Outcome.APPROVED, at=AT)
    _takes_back(emi, beni.actor, Message.objects.get(kind=Kind.REPLY))
    [draft] = drafts_of(aoi.actor)
    assert (draft.words, Attachment.objects.get().draft_id) == (WORDS, draft.id)
