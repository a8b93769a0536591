"""Experts are asked: with consent, never those of the other side, within quota and for a fee."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from madoguchi.administration.queries.belonging import OUTLIVES, belonging, label_of
from madoguchi.administration.queries.record import record_of
from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import identifying, working
from madoguchi.consultations.queries.board import waiting_for_expert
from madoguchi.correspondence.models import Kind as Written
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.experts.formats import csv_of
from madoguchi.experts.models import ExpertConsultation, Party, Slot
from madoguchi.experts.operations import asking, booking, hearing, offering
from madoguchi.experts.operations.asking import Chosen
from madoguchi.experts.operations.hearing import Heard
from madoguchi.experts.operations.offering import Hours
from madoguchi.experts.queries.asked import asked_in, houterasu_in, houterasu_used
from madoguchi.experts.queries.calendar import free_slots, left_in_month
from madoguchi.experts.queries.figures import expert_figures
from madoguchi.experts.queries.showing import (
    appointments_of,
    own_questions,
    own_row,
    page_for,
    question_for,
    tells_video_link,
)
from madoguchi.ledger.models import Entry
from madoguchi.matters.models import Deadline
from madoguchi.rules.access import RefusedError
from madoguchi.rules.experts import Result, Shown, Status, Way
from madoguchi.rules.identifying import Clue, Sign, Whose
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.rules.periods import month
from madoguchi.vault.sealing import erase
from tests.experts import (
    LATER,
    OFFICE,
    QUESTION,
    THURSDAY,
    asked,
    booked,
    hours,
    lawyer,
    letters_in,
)
from tests.handovers import CALLED, MEMO, STORY, emis_matter
from tests.people import AT

DONE = THURSDAY + dt.timedelta(hours=1)


@pytest.fixture
def emi(desk, aoi):
    """Emi's matter."""
    return emis_matter(desk, aoi).matter


@pytest.fixture
def hana(desk, aoi):
    """Another matter at the same desk."""
    return emis_matter(desk, aoi).matter


@pytest.fixture
def fumis(beni, fumi):
    """Fumi as an expert of the desk, who signs in."""
    return lawyer(beni, user=fumi.pk)


@pytest.fixture
def slots(beni, fumis):
    """Four Thursdays of Fumi's."""
    return hours(beni, fumis)


def _row(row):
    return ExpertConsultation.objects.get(pk=row.pk)


def _deeds(matter):
    return list(Entry.objects.filter(matter=matter).order_by("id").values_list("deed", flat=True))


# -- consent and booking -----------------------------------------------------------------------


def test_an_hour_is_booked_only_once_the_person_has_agreed(emi, aoi, slots):
    row = asked(aoi, emi, agreed=False)
    with pytest.raises(RefusedError, match="expert-no-consent"):
        booking.book(asked=row.pk, slot=slots[0].pk, actor=aoi.actor, at=LATER)
    assert _row(row).status == Status.ASKED
    asking.agree(asked=row.pk, chosen=Chosen(), actor=aoi.actor, at=LATER)
    booking.book(asked=row.pk, slot=slots[0].pk, actor=aoi.actor, at=LATER)
    assert (_row(row).status, _row(row).agreement_noted_by) == (Status.BOOKED, aoi)


def test_the_database_itself_books_nothing_without_consent(emi, aoi, slots):
    row = asked(aoi, emi, agreed=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpertConsultation.objects.filter(pk=row.pk).update(status=Status.BOOKED, slot=slots[0].pk)


def test_an_hour_is_booked_once(emi, hana, aoi, slots):
    first = booked(aoi, emi, slots[0])
    second = asked(aoi, hana)
    with pytest.raises(RefusedError, match="slot-taken"):
        booking.book(asked=second.pk, slot=slots[0].pk, actor=aoi.actor, at=LATER)
    booking.cancel(asked=first.pk, actor=aoi.actor, at=LATER)
    booking.book(asked=second.pk, slot=slots[0].pk, actor=aoi.actor, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpertConsultation.objects.filter(pk=first.pk).update(status=Status.BOOKED)


def test_another_desk_neither_asks_here_nor_books_our_hours(
    emi, aoi, chika, slots, other_desk, fumis
):
    with pytest.raises(RefusedError, match="another-desk"):
        asked(chika, emi)
    theirs = emis_matter(other_desk, chika).matter
    row = asked(chika, theirs)
    with pytest.raises(RefusedError, match="slot-taken"):
        booking.book(asked=row.pk, slot=slots[0].pk, actor=chika.actor, at=LATER)
    assert not free_slots(chika.actor, AT).exists()


def test_nothing_of_another_matter_can_be_shown(emi, hana, aoi):
    with pytest.raises(RefusedError, match="another-matter"):
        asked(aoi, emi, chosen=Chosen(frozenset({Shown.MESSAGES}), letters_in(hana)))


def test_notes_and_memos_can_never_be_shown(emi, aoi):
    matter = Consultation.objects.get(pk=emi).matter
    for kind in (Written.MEMO, Written.NOTE):
        [it] = messages_in(matter, kind)
        with pytest.raises(RefusedError, match="another-matter"):
            asked(aoi, emi, chosen=Chosen(frozenset({Shown.MESSAGES}), (str(it.id),)))


# -- 利益相反 ----------------------------------------------------------------------------------


def test_the_lawyer_of_the_other_side_is_refused_and_the_supervisor_may_overrule(
    emi, hana, aoi, beni, slots
):
    booked(aoi, emi, slots[0], ours=["えみ"], theirs=["次郎"])
    row = asked(aoi, hana, theirs=["@えみ "])
    with pytest.raises(RefusedError, match="expert-conflict"):
        booking.book(asked=row.pk, slot=slots[1].pk, actor=aoi.actor, at=LATER)
    with pytest.raises(RefusedError, match="supervisor-only"):
        booking.book(
            asked=row.pk, slot=slots[1].pk, actor=aoi.actor, at=LATER, overrule="同名の別人"
        )
    booking.book(asked=row.pk, slot=slots[1].pk, actor=beni.actor, at=LATER, overrule="同名の別人")
    [told] = asked_in(beni.actor, hana)
    assert (told.status, told.is_overruled, told.overruled) == (Status.BOOKED, True, "同名の別人")
    entry = Entry.objects.filter(matter=hana, deed="BOOK_EXPERT").get()
    assert entry.detail["overruled"] is True
    assert "同名" not in str(entry.detail)


def test_a_colleague_of_the_lawyers_office_is_refused_too(emi, hana, aoi, beni, slots):
    booked(aoi, emi, slots[0], theirs=["jiro_55"])
    colleague = hours(beni, lawyer(beni, name="げん", office=f" {OFFICE}"))
    row = asked(aoi, hana, ours=["Jiro_55"])
    with pytest.raises(RefusedError, match="expert-conflict"):
        booking.book(asked=row.pk, slot=colleague[0].pk, actor=aoi.actor, at=LATER)
    elsewhere = hours(beni, lawyer(beni, name="はる", office="あお法律事務所"))
    booking.book(asked=row.pk, slot=elsewhere[0].pk, actor=aoi.actor, at=LATER)


def test_accounts_known_in_the_matters_count_without_being_typed_again(emi, hana, aoi, slots):
    mine = Clue(Sign.HANDLE, "emi_0515", Whose.SEEKER)
    identifying.add_clue(matter=emi, actor=aoi.actor, clue=mine, at=LATER)
    booked(aoi, emi, slots[0])
    poster = Clue(Sign.HANDLE, "@EMI_0515", Whose.POSTER)
    identifying.add_clue(matter=hana, actor=aoi.actor, clue=poster, at=LATER)
    row = asked(aoi, hana)
    with pytest.raises(RefusedError, match="expert-conflict"):
        booking.book(asked=row.pk, slot=slots[1].pk, actor=aoi.actor, at=LATER)


def test_names_are_kept_as_hashes_and_sealed_words_only(emi, aoi, slots):
    row = booked(aoi, emi, slots[0], ours=["えみ"], theirs=["次郎"])
    marks = list(Party.objects.filter(asked=row).values_list("mark", flat=True))
    assert len(marks) == 2
    assert all(len(it) >= 32 and it.isascii() for it in marks)
    kept = bytes(_row(row).names) + bytes(_row(row).question)
    assert "次郎".encode() not in kept
    assert QUESTION.encode() not in kept


# -- quota, fee, 法テラス --------------------------------------------------------------------------


def test_a_quota_holds_for_the_month_of_the_session(emi, hana, aoi, beni):
    expert = lawyer(beni, quota=1)
    in_may, also_in_may, in_june, *_more = hours(beni, expert)
    booked(aoi, emi, in_may)
    row = asked(aoi, hana)
    assert in_june.starts_at.month == 6
    with pytest.raises(RefusedError, match="quota-full"):
        booking.book(asked=row.pk, slot=also_in_may.pk, actor=aoi.actor, at=LATER)
    booking.book(asked=row.pk, slot=in_june.pk, actor=aoi.actor, at=LATER)
    assert left_in_month(expert, THURSDAY) == 0


def test_the_fourth_free_time_of_houterasu_is_refused(emi, aoi, slots, beni, fumis):
    for slot in slots[:3]:
        booked(aoi, emi, slot, is_houterasu=True)
    assert houterasu_used(emi) == houterasu_in(asked_in(aoi.actor, emi)) == 3
    row = asked(aoi, emi, is_houterasu=True)
    with pytest.raises(RefusedError, match="houterasu-over"):
        booking.book(asked=row.pk, slot=slots[3].pk, actor=aoi.actor, at=LATER)


def test_the_figures_count_sessions_results_and_fees(emi, hana, aoi, fumi, fumis, slots):
    held, missed = booked(aoi, emi, slots[0]), booked(aoi, hana, slots[1])
    heard = Heard(Result.ADVICE_ONLY, "保全と削除の手順を説明", minutes=30, fee=99)
    hearing.hear(asked=held.pk, heard=heard, actor=fumi.actor, at=DONE)
    booking.note_missed(asked=missed.pk, actor=aoi.actor, at=DONE)
    figures = expert_figures(aoi.desk_id, month(2025, 5))
    [line] = figures.lines
    assert (line.sessions, line.missed, line.booked, line.minutes) == (1, 1, 0, 30)
    assert line.results == {Result.ADVICE_ONLY: 1}
    # What is paid is the desk's to say, not the expert's.
    assert (figures.fees, figures.sessions) == (11_000, 1)
    rows = csv_of(figures).decode("utf-8-sig").splitlines()
    assert rows[1] == f"2025-05-01,2025-05-31,ふみ,弁護士,{OFFICE},1,0,1,30,11000,0,1,0,0,"
    assert expert_figures(aoi.desk_id, month(2025, 4)).sessions == 0


def test_the_desk_may_write_the_result_and_the_fee(emi, aoi, slots):
    row = booked(aoi, emi, slots[0])
    booking.note_met(asked=row.pk, actor=aoi.actor, at=DONE)
    heard = Heard(Result.TAKEN_ON, "受任", fee=0)
    hearing.hear(asked=row.pk, heard=heard, actor=aoi.actor, at=DONE)
    booking.settle(asked=row.pk, actor=aoi.actor, at=DONE)
    assert (_row(row).fee, _row(row).status) == (0, Status.CLOSED)
    with pytest.raises(IllegalStepError):
        hearing.hear(asked=row.pk, heard=heard, actor=aoi.actor, at=DONE)
    assert _deeds(emi)[-5:] == [
        "ASK_EXPERT",
        "BOOK_EXPERT",
        "MEET_EXPERT",
        "HEAR_FROM_EXPERT",
        "SETTLE_EXPERT",
    ]


def test_who_does_not_come_costs_nothing_unless_the_desk_says_so(emi, hana, aoi, beni, fumis):
    gen = lawyer(beni, name="げん", office="", missed_fee=3_000, quota=5)
    plain, paid = hours(beni, fumis, weeks=1), hours(beni, gen, weeks=3)
    for matter, slot, fee in (
        (emi, plain[0], None),
        (emi, paid[0], None),
        (hana, paid[1], 5_000),
        (hana, paid[2], 0),
    ):
        row = booked(aoi, matter, slot)
        booking.note_missed(asked=row.pk, actor=aoi.actor, at=DONE, fee=fee)
    of_gen, of_fumi = sorted(
        (*expert_figures(aoi.desk_id, month(2025, 5)).lines,), key=lambda it: -it.missed
    )
    assert (of_fumi.missed, of_fumi.fees, of_fumi.missed_fees) == (1, 0, 0)
    # The third hour lies in June.
    assert (of_gen.missed, of_gen.sessions, of_gen.fees, of_gen.missed_fees) == (2, 0, 8_000, 8_000)
    june = expert_figures(aoi.desk_id, month(2025, 6))
    assert (june.missed, june.missed_fees) == (1, 0)
    # An hour kept in vain is used up.
    assert left_in_month(gen, paid[0].starts_at) == 3
    told = Entry.objects.filter(deed="MISS_EXPERT").order_by("id")
    assert [it.detail["fee"] for it in told] == [None, 3_000, 5_000, 0]
    assert ",8000,8000," in csv_of(expert_figures(aoi.desk_id, month(2025, 5))).decode("utf-8-sig")


# -- the date ----------------------------------------------------------------------------------


def test_the_matter_waits_for_the_expert_until_the_result_is_there(emi, aoi, slots):
    row = asked(aoi, emi)
    assert waiting_for_expert(aoi.actor).filter(pk=emi).exists()
    booking.book(asked=row.pk, slot=slots[0].pk, actor=aoi.actor, at=LATER)
    due = Deadline.objects.get(matter=emi, name="EXPERT", done_at=None)
    assert due.due_at == THURSDAY
    booking.note_met(asked=row.pk, actor=aoi.actor, at=DONE)
    due.refresh_from_db()
    assert due.due_at > DONE
    heard = Heard(Result.ADVICE_ONLY)
    hearing.hear(asked=row.pk, heard=heard, actor=aoi.actor, at=DONE)
    assert not waiting_for_expert(aoi.actor).filter(pk=emi).exists()


def test_the_person_is_told_when_and_where_but_not_with_whom(emi, aoi, slots):
    row = booked(aoi, emi, slots[0])
    [told] = appointments_of(emi, LATER)
    assert (told.starts_at, told.way, told.place) == (THURSDAY, "VIDEO", "")
    assert not hasattr(told, "expert")
    assert not appointments_of(emi, THURSDAY + dt.timedelta(hours=2))
    booking.cancel(asked=row.pk, actor=aoi.actor, at=LATER)
    assert not appointments_of(emi, LATER)


def test_the_link_of_a_video_call_is_told_an_hour_before_and_no_longer_once_it_is_over(
    emi, aoi, slots
):
    booked(aoi, emi, slots[0])
    hour = dt.timedelta(hours=1)
    [early] = appointments_of(emi, THURSDAY - hour - dt.timedelta(minutes=1))
    [due] = appointments_of(emi, THURSDAY - hour)
    assert (early.link, early.has_link) == (None, True)
    assert due.link == "https://video.example/a"
    assert not appointments_of(emi, THURSDAY + hour)


@pytest.mark.parametrize("place", ["http://video.example/a", "ID 123 456", "javascript:alert(1)"])
def test_a_video_call_takes_no_link_but_https(beni, fumis, place):
    offered = Hours(THURSDAY, Way.VIDEO, 30, place)
    with pytest.raises(RefusedError, match="link-not-https"):
        offering.offer(expert=fumis.pk, hours=offered, actor=beni.actor, at=AT)
    offered = Hours(THURSDAY, Way.INTERVIEW, 30, place)
    assert offering.offer(expert=fumis.pk, hours=offered, actor=beni.actor, at=AT)


def test_words_that_hold_the_link_are_known(emi, aoi, slots):
    row = booked(aoi, emi, slots[0])
    assert tells_video_link(emi, "あす、https://video.example/a で話します。")
    assert not tells_video_link(emi, "あす、https://video.example/ で話します。")
    booking.cancel(asked=row.pk, actor=aoi.actor, at=LATER)
    assert not tells_video_link(emi, "https://video.example/a")


# -- what an expert sees -----------------------------------------------------------------------


def test_an_expert_sees_the_question_and_what_was_agreed_to_and_nothing_beside(
    emi, aoi, fumi, slots
):
    booked(aoi, emi, slots[0], ours=["えみ"], theirs=["次郎"])
    [row] = own_questions(fumi.actor)
    seen = question_for(own_row(fumi.actor, row.id))
    assert (seen.asked.question, seen.name, seen.files) == (QUESTION, None, [])
    assert [it.words for it in seen.messages] == [STORY]
    assert not {MEMO, CALLED} & {it.words for it in seen.messages}


def test_what_she_takes_back_is_seen_no_more(emi, aoi, fumi, slots):
    row = booked(aoi, emi, slots[0])
    chosen = Chosen(frozenset({Shown.NAME}))
    asking.agree(asked=row.pk, chosen=chosen, actor=aoi.actor, at=LATER)
    seen = question_for(own_row(fumi.actor, row.pk))
    assert (seen.name, seen.messages) == ("えみ", [])


def test_an_expert_sees_nothing_before_the_booking_and_nothing_once_it_is_over(
    emi, aoi, fumi, slots
):
    row = asked(aoi, emi)
    assert own_row(fumi.actor, row.pk) is None
    booking.book(asked=row.pk, slot=slots[0].pk, actor=aoi.actor, at=LATER)
    booking.note_seen(asked=row.pk, actor=fumi.actor, at=LATER)
    assert _row(row).seen_at == LATER
    booking.cancel(asked=row.pk, actor=aoi.actor, at=LATER)
    assert (own_row(fumi.actor, row.pk), own_questions(fumi.actor)) == (None, [])
    with pytest.raises(RefusedError):
        booking.note_seen(asked=row.pk, actor=fumi.actor, at=LATER)


def test_another_experts_question_is_not_there(emi, aoi, beni, fumi, slots):
    others = hours(beni, lawyer(beni, name="げん", office=""))
    row = booked(aoi, emi, others[0])
    assert own_row(fumi.actor, row.pk) is None
    heard = Heard(Result.OTHER)
    with pytest.raises(RefusedError, match="figures-only"):
        hearing.hear(asked=row.pk, heard=heard, actor=fumi.actor, at=DONE)


def test_an_expert_does_nothing_else_at_the_desk(emi, aoi, fumi, slots, fumis):
    row = booked(aoi, emi, slots[0])
    for deed in (booking.cancel, booking.note_met, booking.settle):
        with pytest.raises(RefusedError, match="figures-only"):
            deed(asked=row.pk, actor=fumi.actor, at=LATER)
    with pytest.raises(RefusedError, match="figures-only"):
        working.write_memo(matter=emi, actor=fumi.actor, words="x", at=LATER)
    with pytest.raises(RefusedError, match="figures-only"):
        offering.drop_slot(slot=slots[1].pk, actor=fumi.actor, at=LATER)
    assert asked_in(fumi.actor, emi) == []
    assert page_for(_row(row), row.pk, 1) is None


# -- hours -------------------------------------------------------------------------------------


def test_hours_are_offered_weekly_and_those_already_there_stay(beni, fumis):
    first = hours(beni, fumis, weeks=2)
    again = hours(beni, fumis, weeks=3)
    assert (len(first), len(again), Slot.objects.count()) == (2, 1, 3)
    with pytest.raises(RefusedError, match="slot-there"):
        hours(beni, fumis, weeks=3)


def test_an_hour_that_somebody_has_is_not_dropped(emi, aoi, slots):
    booked(aoi, emi, slots[0])
    with pytest.raises(RefusedError, match="slot-taken"):
        offering.drop_slot(slot=slots[0].pk, actor=aoi.actor, at=LATER)
    offering.drop_slot(slot=slots[1].pk, actor=aoi.actor, at=LATER)
    assert Slot.objects.count() == 3


def test_an_adviser_enters_no_experts(aoi):
    with pytest.raises(RefusedError, match="supervisor-only"):
        lawyer(aoi)


def test_an_account_that_is_no_experts_is_no_experts_page(beni, aoi, fumis, fumi):
    for user in (aoi, fumi):
        with pytest.raises(RefusedError, match="not-an-expert"):
            lawyer(beni, user=user.pk)


# -- erasing -----------------------------------------------------------------------------------


def test_what_belongs_to_a_matter_is_found_where_it_is_erased(emi, aoi, slots):
    row = booked(aoi, emi, slots[0], theirs=["次郎"])
    rows = belonging(emi)
    assert rows[ExpertConsultation] == {row.pk}
    assert len(rows[Party]) == 1


def test_the_persons_own_record_tells_what_was_asked_but_not_who_stands_against_whom(
    emi, aoi, beni, fumi, slots
):
    row = booked(aoi, emi, slots[0], theirs=["次郎"])
    heard = Heard(Result.ADVICE_ONLY, "保全を急いでください。")
    hearing.hear(asked=row.pk, heard=heard, actor=fumi.actor, at=DONE)
    matter = Consultation.objects.get(pk=emi)
    [told] = record_of(beni.actor, matter, with_memos=False).matters
    [said] = told["専門家連携"]
    assert (said["聞いたこと"], said["助言"]) == (QUESTION, "保全を急いでください。")
    assert said["本人の同意"] == "相談員に伝えた"
    assert "次郎" not in str(told)
    assert "ふみ" not in str(told)


def test_sessions_and_fees_stay_when_the_words_are_erased(emi, aoi, fumi, slots):
    row = booked(aoi, emi, slots[0], theirs=["次郎"])
    hearing.hear(asked=row.pk, heard=Heard(Result.ADVICE_ONLY, "x"), actor=fumi.actor, at=DONE)
    assert label_of(ExpertConsultation) in OUTLIVES
    assert label_of(Party) not in OUTLIVES
    erase(emi)
    [told] = asked_in(aoi.actor, emi)
    assert (told.question, told.answer, told.names.theirs) == (None, None, ())
    assert question_for(own_row(fumi.actor, row.pk)).messages == []
    assert expert_figures(aoi.desk_id, month(2025, 5)).fees == 11_000
