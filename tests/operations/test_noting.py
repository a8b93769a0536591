"""Calls as they are noted, drafts as they are kept, contacts as they are classified."""

import datetime as dt

import pytest

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import drafting, noting, receiving, working
from madoguchi.consultations.operations.noting import Classification, Note
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.queries import classification_digest, description_digest, kinds_of
from madoguchi.correspondence.models import Draft, Kind, Message
from madoguchi.correspondence.operations.words import Pen, begin_draft, drop_draft, save_draft
from madoguchi.correspondence.queries.words import draft_of, drafts_of, messages_in
from madoguchi.ledger.models import Entry
from madoguchi.rules.access import RefusedError
from madoguchi.rules.consultation import Status
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.rules.triage import Signals
from madoguchi.vault.models import Key
from tests.people import AT

LATER = AT + dt.timedelta(minutes=12)
HALF = Note(words="もしもし、あの", channel="TELEPHONE")


@pytest.fixture
def emi(desk):
    """Emi's matter, just received."""
    letter = Letter(words="なりすましのアカウントがあります", channel="EMAIL")
    return receiving.receive(desk=desk.pk, letter=letter, at=AT).matter


@pytest.fixture
def call(aoi):
    """A call that Aoi has picked up."""
    return begin_draft(actor=aoi.actor, kind=Kind.NOTE, matter=None, at=AT)


def _save(actor, draft, words, page="one", seen=None, at=LATER, **more):
    pen = Pen(draft=draft.pk, page=page, seen=seen)
    return save_draft(actor=actor, pen=pen, words=words, at=at, **more)


# -- notes ------------------------------------------------------------------------------


def test_half_a_sentence_is_a_contact(aoi):
    row = noting.note_call(actor=aoi.actor, matter=None, note=HALF, at=AT)
    contact = Contact.objects.get(consultation=row)
    assert (contact.channel, contact.action, contact.recorded_by) == ("TELEPHONE", None, aoi)
    assert [m.words for m in messages_in(row.matter)] == ["もしもし、あの"]
    assert (row.status, row.adviser_id, row.unread) == (Status.IN_PROGRESS, aoi.pk, False)


def test_a_note_in_a_matter_is_one_more_contact_of_it(emi, aoi):
    note = Note(words="眠れている", channel="TELEPHONE", action="LISTENING", minutes=20)
    noting.note_call(actor=aoi.actor, matter=emi, note=note, at=LATER)
    assert Contact.objects.filter(consultation=emi).count() == 2
    entry = Entry.objects.filter(matter=emi).latest("seq")
    assert (entry.deed, entry.actor) == ("NOTE_CALL", aoi.pk)
    assert entry.detail == {"channel": "TELEPHONE", "action": "LISTENING"}


def test_a_call_does_not_hide_what_nobody_has_read(emi, aoi):
    noting.note_call(actor=aoi.actor, matter=emi, note=HALF, at=LATER)
    assert Consultation.objects.get(pk=emi).unread


def test_a_call_counts_in_the_month_it_came(aoi):
    heard = dt.datetime(2025, 3, 31, 23, 50, tzinfo=AT.tzinfo)
    note = Note(words="年度末の夜", channel="TELEPHONE", heard_at=heard)
    row = noting.note_call(actor=aoi.actor, matter=None, note=note, at=AT)
    assert row.matter.number.startswith("R6-")
    assert Contact.objects.get().at == row.first_contact_at == row.last_contact_at == heard
    assert Entry.objects.get(matter=row.pk, deed="NOTE_CALL").at == AT


@pytest.mark.parametrize(
    "note",
    [
        Note(words="x", channel="PIGEON"),
        Note(words="x", channel="TELEPHONE", action="MAGIC"),
        Note(words="x", channel="TELEPHONE", kinds=frozenset({"DEFAMATION", "NONE"})),
        Note(words="x", channel="TELEPHONE", age_group="90"),
        Note(words="x", channel="TELEPHONE", standing="KING"),
    ],
)
def test_a_code_that_is_in_no_book_is_refused(aoi, note):
    with pytest.raises(RefusedError, match="unknown-code"):
        noting.note_call(actor=aoi.actor, matter=None, note=note, at=AT)
    assert not Contact.objects.exists()


def test_a_statistician_notes_nothing(daichi):
    with pytest.raises(RefusedError, match="figures-only"):
        noting.note_call(actor=daichi.actor, matter=None, note=HALF, at=AT)


def test_another_desk_notes_nothing_in_our_matter(emi, chika):
    with pytest.raises(RefusedError, match="another-desk"):
        noting.note_call(actor=chika.actor, matter=emi, note=HALF, at=AT)


def test_a_note_says_what_the_matter_is_about(emi, aoi):
    note = Note(
        words="x",
        channel="TELEPHONE",
        kinds=frozenset({"DEFAMATION", "OTHER", "UNKNOWN"}),
        age_group="TWENTIES",
        standing="AFFECTED",
    )
    noting.note_call(actor=aoi.actor, matter=emi, note=note, at=LATER)
    row = Consultation.objects.get(pk=emi)
    assert kinds_of(row) == {"DEFAMATION", "OTHER"}
    assert (row.age_group, row.standing) == ("TWENTIES", "AFFECTED")
    noting.note_call(actor=aoi.actor, matter=emi, note=HALF, at=LATER)
    assert kinds_of(row) == {"DEFAMATION", "OTHER"}


# -- classifying ------------------------------------------------------------------------


def test_a_contact_has_exactly_one_action(emi, aoi):
    contact = Contact.objects.get()
    for action in ("ADVICE", "LISTENING"):
        said = Classification(kinds=frozenset({"OTHER"}), actions={contact.pk: action})
        noting.classify(matter=emi, actor=aoi.actor, classification=said, at=LATER)
        contact.refresh_from_db()
        assert contact.action == action
    assert Contact.objects.count() == 1
    entry = Entry.objects.filter(matter=emi).latest("seq")
    assert (entry.deed, entry.detail) == ("CLASSIFIED", {"contacts": 1})


def test_a_contact_of_another_matter_is_not_classified_here(desk, emi, aoi):
    letter = Letter(words="別の相談", channel="EMAIL")
    other = receiving.receive(desk=desk.pk, letter=letter, at=AT).matter
    theirs = Contact.objects.get(consultation=other)
    said = Classification(kinds=frozenset({"OTHER"}), actions={theirs.pk: "ADVICE"})
    with pytest.raises(RefusedError, match="another-matter"):
        noting.classify(matter=emi, actor=aoi.actor, classification=said, at=LATER)
    assert not kinds_of(Consultation.objects.get(pk=emi))


def test_an_unknown_action_is_refused(emi, aoi):
    said = Classification(actions={Contact.objects.get().pk: "MAGIC"})
    with pytest.raises(RefusedError, match="unknown-code"):
        noting.classify(matter=emi, actor=aoi.actor, classification=said, at=LATER)


@pytest.mark.parametrize("who", ["chika", "daichi"])
def test_who_may_not_work_here_classifies_nothing(emi, who, request):
    stranger = request.getfixturevalue(who)
    with pytest.raises(RefusedError):
        noting.classify(matter=emi, actor=stranger.actor, classification=Classification(), at=LATER)


# -- drafts -----------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_sealed(call, aoi):
    _save(aoi.actor, call, "職場に知られるのがこわい", choices={"kinds": ["OTHER"]})
    kept = draft_of(aoi.actor, call.pk)
    assert kept
    assert (kept.words, kept.choices) == ("職場に知られるのがこわい", {"kinds": ["OTHER"]})
    assert "職場".encode() not in bytes(Draft.objects.get().words)


def test_nobody_else_reads_or_writes_a_draft(call, aoi, beni, chika):
    _save(aoi.actor, call, "ひみつ")
    for stranger in (beni, chika):
        assert draft_of(stranger.actor, call.pk) is None
        assert drafts_of(stranger.actor) == []
        with pytest.raises(RefusedError, match="draft-gone"):
            _save(stranger.actor, call, "うわ書き")
        with pytest.raises(RefusedError, match="draft-gone"):
            drop_draft(actor=stranger.actor, draft=call.pk)
    assert drafts_of(aoi.actor)[0].words == "ひみつ"


def test_a_colleague_who_takes_over_does_not_take_the_draft(emi, aoi, beni):
    draft = begin_draft(actor=aoi.actor, kind=Kind.NOTE, matter=emi, at=AT)
    _save(aoi.actor, draft, "話の途中")
    working.take_charge(matter=emi, actor=beni.actor, at=LATER)
    kept = draft_of(aoi.actor, draft.pk)
    assert kept
    assert kept.words == "話の途中"


def test_beginning_again_in_a_matter_goes_on_with_the_same_draft(emi, aoi):
    first = begin_draft(actor=aoi.actor, kind=Kind.NOTE, matter=emi, at=AT)
    _save(aoi.actor, first, "話の途中")
    assert begin_draft(actor=aoi.actor, kind=Kind.NOTE, matter=emi, at=LATER).pk == first.pk
    assert begin_draft(actor=aoi.actor, kind=Kind.REPLY, matter=emi, at=LATER).pk != first.pk


def test_a_second_call_is_a_second_draft_but_nothing_is_begun_twice(call, aoi):
    again = begin_draft(actor=aoi.actor, kind=Kind.NOTE, matter=None, at=LATER)
    assert (again.pk, again.started_at) == (call.pk, LATER)
    _save(aoi.actor, call, "一本目")
    assert begin_draft(actor=aoi.actor, kind=Kind.NOTE, matter=None, at=LATER).pk != call.pk


def test_nobody_begins_a_draft_in_another_desks_matter(emi, chika):
    with pytest.raises(RefusedError, match="another-desk"):
        begin_draft(actor=chika.actor, kind=Kind.NOTE, matter=emi, at=AT)


def test_a_second_page_does_not_write_over_what_it_has_not_seen(call, aoi):
    kept = _save(aoi.actor, call, "一つめの画面", page="one")
    with pytest.raises(RefusedError, match="draft-newer"):
        _save(aoi.actor, call, "二つめの画面", page="two", seen=AT)
    assert drafts_of(aoi.actor)[0].words == "一つめの画面"
    _save(aoi.actor, call, "一つめの画面", page="two")  # the same words harm nobody
    _save(aoi.actor, call, "一つめの続き", page="one", seen=kept.saved_at)


def test_one_page_saves_again_and_again(call, aoi):
    for words in ("あ", "あい", "あいう"):
        _save(aoi.actor, call, words, page="one", seen=AT)
    assert drafts_of(aoi.actor)[0].words == "あいう"


def test_a_dropped_draft_leaves_no_key(call, aoi):
    _save(aoi.actor, call, "消すもの")
    assert Key.objects.filter(holder=call.pk).exists()
    drop_draft(actor=aoi.actor, draft=call.pk)
    assert not Draft.objects.exists()
    assert not Key.objects.filter(holder=call.pk).exists()


# -- from draft to record ---------------------------------------------------------------


def test_what_was_typed_last_is_recorded_and_the_draft_is_gone(call, aoi):
    _save(aoi.actor, call, "ここまで", page="one")
    note = Note(words="ここまで、と最後の一言", channel="TELEPHONE")
    pen = Pen(draft=call.pk, page="one")
    row = drafting.record_call(actor=aoi.actor, pen=pen, matter=None, note=note, at=LATER)
    assert [m.words for m in messages_in(row.matter)] == ["ここまで、と最後の一言"]
    assert Contact.objects.get().at == AT
    assert not Draft.objects.exists()


def test_a_refused_record_keeps_the_draft(call, aoi):
    _save(aoi.actor, call, "ここまで")
    note = Note(words="ここまで", channel="PIGEON")
    pen = Pen(draft=call.pk, page="one")
    with pytest.raises(RefusedError, match="unknown-code"):
        drafting.record_call(actor=aoi.actor, pen=pen, matter=None, note=note, at=LATER)
    assert drafts_of(aoi.actor)[0].words == "ここまで"
    assert not Contact.objects.exists()


def test_a_note_is_recorded_only_once(call, aoi):
    pen = Pen(draft=call.pk)
    drafting.record_call(actor=aoi.actor, pen=pen, matter=None, note=HALF, at=LATER)
    with pytest.raises(RefusedError, match="draft-gone"):
        drafting.record_call(actor=aoi.actor, pen=pen, matter=None, note=HALF, at=LATER)
    assert Contact.objects.count() == 1


def test_a_silent_call_is_over_in_one_press(call, aoi):
    silent = Note(words="", channel="TELEPHONE")
    pen = Pen(draft=call.pk)
    row = drafting.break_off(actor=aoi.actor, pen=pen, matter=None, note=silent, at=LATER)
    row = Consultation.objects.get(pk=row.pk)
    assert (row.status, row.closed_at) == (Status.CLOSED, LATER)
    assert Contact.objects.get().action == "BROKEN_OFF"
    deeds = list(Entry.objects.filter(matter=row.pk).order_by("seq").values_list("deed", flat=True))
    assert deeds == ["NOTE_CALL", "CLOSE"]


def test_a_call_broken_off_in_a_matter_leaves_it_open(emi, call, aoi):
    pen = Pen(draft=call.pk)
    drafting.break_off(actor=aoi.actor, pen=pen, matter=emi, note=HALF, at=LATER)
    assert Consultation.objects.get(pk=emi).status == Status.IN_PROGRESS
    assert Contact.objects.filter(consultation=emi, action="BROKEN_OFF").count() == 1


def test_a_reply_leaves_no_draft_and_a_refused_one_does(emi, aoi):
    draft = begin_draft(actor=aoi.actor, kind=Kind.REPLY, matter=emi, at=AT)
    pen = Pen(draft=draft.pk)
    with pytest.raises(IllegalStepError):
        drafting.send_reply(actor=aoi.actor, pen=pen, words="はい", at=LATER)
    assert Draft.objects.exists()
    working.take_charge(matter=emi, actor=aoi.actor, at=LATER)
    drafting.send_reply(actor=aoi.actor, pen=pen, words="はい", at=LATER)
    assert not Draft.objects.exists()
    assert Message.objects.filter(kind=Kind.REPLY).count() == 1


def test_a_memo_cannot_be_sent_as_a_reply(emi, aoi):
    working.take_charge(matter=emi, actor=aoi.actor, at=LATER)
    memo = begin_draft(actor=aoi.actor, kind=Kind.MEMO, matter=emi, at=AT)
    with pytest.raises(RefusedError, match="draft-gone"):
        drafting.send_reply(actor=aoi.actor, pen=Pen(draft=memo.pk), words="x", at=LATER)
    drafting.keep_memo(actor=aoi.actor, pen=Pen(draft=memo.pk), words="所内で", at=LATER)
    assert not Message.objects.filter(kind=Kind.REPLY).exists()
    assert Message.objects.filter(kind=Kind.MEMO).count() == 1


def test_a_classification_is_not_overwritten_unseen(emi, aoi, beni):
    seen = classification_digest(Consultation.objects.get(pk=emi))
    first, second = (Classification(kinds=frozenset({it})) for it in ("DEFAMATION", "OTHER"))
    noting.classify(matter=emi, actor=beni.actor, classification=first, at=LATER, seen=seen)
    with pytest.raises(RefusedError, match="classified-meanwhile"):
        noting.classify(matter=emi, actor=aoi.actor, classification=second, at=LATER, seen=seen)
    assert kinds_of(Consultation.objects.get(pk=emi)) == {"DEFAMATION"}


def test_one_more_message_is_nobodys_change_of_the_classification(emi):
    seen = classification_digest(Consultation.objects.get(pk=emi))
    receiving.hear(matter=emi, words="また", channel="EMAIL", signals=Signals(), at=LATER)
    assert classification_digest(Consultation.objects.get(pk=emi)) == seen


def test_a_call_answers_what_was_read_and_not_what_was_not(emi, aoi):
    noting.note_call(actor=aoi.actor, matter=emi, note=Note("話した", "TELEPHONE"), at=LATER)
    assert Consultation.objects.get(pk=emi).waiting_since == AT
    working.read(matter=emi, actor=aoi.actor, at=LATER)
    noting.note_call(actor=aoi.actor, matter=emi, note=Note("話した", "TELEPHONE"), at=LATER)
    assert Consultation.objects.get(pk=emi).waiting_since is None


def test_nobody_waits_after_a_first_call(aoi):
    row = noting.note_call(actor=aoi.actor, matter=None, note=Note("話した", "TELEPHONE"), at=AT)
    assert Consultation.objects.get(pk=row.pk).waiting_since is None


# -- a note from an old page ------------------------------------------------------------


def _described(matter):
    row = Consultation.objects.get(pk=matter)
    return kinds_of(row), row.age_group, row.standing


def test_a_note_from_an_old_page_is_kept_and_leaves_a_colleagues_classification(emi, aoi, beni):
    seen = description_digest(Consultation.objects.get(pk=emi))
    theirs = Classification(
        kinds=frozenset({"DISCRIMINATION"}), age_group="TEENS", standing="AFFECTED"
    )
    noting.classify(matter=emi, actor=beni.actor, classification=theirs, at=AT)
    note = Note(
        words="聞いたこと",
        channel="TELEPHONE",
        kinds=frozenset({"OTHER"}),
        age_group="FORTIES",
        standing="POSTER",
        seen=seen,
    )
    row = noting.note_call(actor=aoi.actor, matter=emi, note=note, at=LATER)
    assert messages_in(row.matter)[-1].words == "聞いたこと"
    assert _described(emi) == ({"DISCRIMINATION"}, "TEENS", "AFFECTED")
    assert noting.was_passed_over(row, note)


def test_a_note_that_saw_the_classification_changes_it(emi, aoi, beni):
    theirs = Classification(kinds=frozenset({"DISCRIMINATION"}), age_group="TEENS")
    noting.classify(matter=emi, actor=beni.actor, classification=theirs, at=AT)
    seen = description_digest(Consultation.objects.get(pk=emi))
    note = Note(
        words="あ", channel="TELEPHONE", kinds=frozenset({"OTHER"}), age_group="FORTIES", seen=seen
    )
    row = noting.note_call(actor=aoi.actor, matter=emi, note=note, at=LATER)
    assert _described(emi) == ({"OTHER"}, "FORTIES", "UNKNOWN")
    assert not noting.was_passed_over(row, note)


def test_what_is_not_known_puts_out_nothing_that_is(emi, aoi, beni):
    theirs = Classification(kinds=frozenset({"DISCRIMINATION"}), age_group="TEENS")
    noting.classify(matter=emi, actor=beni.actor, classification=theirs, at=AT)
    note = Note(
        words="あ",
        channel="TELEPHONE",
        kinds=frozenset({"UNKNOWN"}),
        age_group="UNKNOWN",
        standing="UNKNOWN",
    )
    row = noting.note_call(actor=aoi.actor, matter=emi, note=note, at=LATER)
    assert _described(emi)[:2] == ({"DISCRIMINATION"}, "TEENS")
    assert not noting.was_passed_over(row, note)


@pytest.mark.parametrize(
    ("why", "action"),
    [
        (drafting.Nothing.SILENT, "BROKEN_OFF"),
        (drafting.Nothing.WRONG_NUMBER, "OTHER"),
        (drafting.Nothing.BROKEN_OFF, "BROKEN_OFF"),
    ],
)
def test_a_call_that_came_to_nothing_is_one_contact_and_closed(call, aoi, why, action):
    pen = Pen(draft=call.pk)
    note = Note(words="", channel="TELEPHONE")
    row = drafting.break_off(actor=aoi.actor, pen=pen, matter=None, note=note, at=LATER, why=why)
    assert Contact.objects.get().action == action
    assert Consultation.objects.get(pk=row.pk).status == Status.CLOSED
