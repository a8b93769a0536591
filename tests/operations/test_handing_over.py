"""Hand-overs between two desks of one installation: the person tells it once."""

import datetime as dt
import hashlib
import json

import pytest
from django.db import IntegrityError, transaction

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.queries import numbered, particulars_of, visible_to
from madoguchi.correspondence.models import Attachment, Kind, Message
from madoguchi.correspondence.operations.files import Origin, With, attach, made_ready
from madoguchi.correspondence.queries.files import files_in, original_of
from madoguchi.correspondence.queries.words import matter_of_code, messages_in
from madoguchi.correspondence.scanning import no_scanner
from madoguchi.jobs.models import Job
from madoguchi.jobs.operations import run_due
from madoguchi.ledger.models import Entry
from madoguchi.ledger.queries import first_break
from madoguchi.matters.models import Deadline
from madoguchi.referrals.models import Arrival, Referral
from madoguchi.referrals.operations import arriving, delivering, hearing, preparing, sending
from madoguchi.referrals.operations.arriving import Sender
from madoguchi.referrals.queries import lists
from madoguchi.rules.access import RefusedError
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.rules.referral import Item, Status, Step
from madoguchi.vault.models import Key
from tests.handovers import (
    CALLED,
    LATER,
    MEMO,
    STORY,
    TELEPHONE,
    accepted,
    arrived,
    emis_matter,
    planned,
    sent,
)
from tests.papers import given, picture
from tests.people import AT


@pytest.fixture
def emi(desk, other_desk, aoi, chika):
    """Emi's matter at Aoi's desk, while Chika's desk is on the same installation."""
    return emis_matter(desk, aoi)


def _row(row):
    return Referral.objects.get(pk=row.pk)


def _deeds(**of):
    return list(Entry.objects.filter(**of).order_by("id").values_list("deed", flat=True))


# -- consent ---------------------------------------------------------------------------


def test_nothing_goes_before_the_person_has_agreed(emi, aoi):
    plan = planned(aoi.actor, emi.matter)
    row = preparing.prepare(matter=emi.matter, actor=aoi.actor, plan=plan, at=AT)
    with pytest.raises(RefusedError, match="no-consent"):
        sending.send(referral=row.pk, actor=aoi.actor, at=LATER)
    assert (_row(row).status, Job.objects.filter(name="referrals.deliver").count()) == (
        Status.PREPARED,
        0,
    )


def test_the_database_itself_lets_nothing_go_without_consent(emi, aoi):
    plan = planned(aoi.actor, emi.matter)
    row = preparing.prepare(matter=emi.matter, actor=aoi.actor, plan=plan, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=row.pk).update(status=Status.SENT, sent_at=LATER)


def test_who_says_no_is_not_handed_over(emi, aoi):
    plan = planned(aoi.actor, emi.matter)
    row = preparing.prepare(matter=emi.matter, actor=aoi.actor, plan=plan, at=AT)
    preparing.agree(referral=row.pk, items=frozenset(), actor=None, at=LATER)
    assert _row(row).refused_at == LATER
    with pytest.raises(RefusedError, match="nothing-agreed"):
        sending.send(referral=row.pk, actor=aoi.actor, at=LATER)
    assert _deeds(matter=emi.matter)[-1] == "CONSENT_REFUSED"


def test_her_last_word_before_sending_holds(emi, aoi):
    plan = planned(aoi.actor, emi.matter)
    row = preparing.prepare(matter=emi.matter, actor=aoi.actor, plan=plan, at=AT)
    preparing.agree(referral=row.pk, items=frozenset({Item.STORY}), actor=None, at=AT)
    preparing.agree(referral=row.pk, items=frozenset({Item.NAME}), actor=None, at=LATER)
    now = _row(row)
    assert (now.agreed, now.consented_at, now.consented_how) == (["NAME"], LATER, "MY_PAGE")
    assert now.consent_noted_by is None


def test_spoken_consent_says_who_wrote_it_down(emi, aoi):
    row = _row(sent(aoi, emi.matter))
    assert (row.consented_how, row.consent_noted_by) == ("SPOKEN", aoi)
    entry = Entry.objects.get(matter=emi.matter, deed="HANDOVER_PREPARED")
    assert entry.detail["items"] == "CONTACTS,NAME,PARTICULARS,REACH,STORY"


@pytest.mark.parametrize(
    ("item", "there", "gone"),
    [
        (Item.STORY, {"story"}, TELEPHONE),
        (Item.REACH, {"reach"}, STORY),
        (Item.NAME, {"name"}, STORY),
        (Item.PARTICULARS, {"particulars"}, "えみ"),
        (Item.CONTACTS, {"contacts", "replies"}, STORY),
    ],
)
def test_each_item_goes_by_itself(emi, aoi, item, there, gone):
    row = sent(aoi, emi.matter, items=[item])
    content = lists.opened(row).content
    parts = {"story", "reach", "name", "particulars", "contacts", "replies", "notes", "files"}
    assert parts & set(content) == there
    assert gone not in json.dumps(content, ensure_ascii=False)


def test_memos_never_go_and_notes_only_when_chosen(emi, aoi):
    note = Message.objects.get(matter=emi.matter, kind=Kind.NOTE)
    without = lists.opened(sent(aoi, emi.matter)).content
    chosen = {"items": [Item.STORY, Item.NOTES], "notes": (str(note.pk),)}
    with_note = lists.opened(sent(aoi, emi.matter, **chosen)).content
    assert CALLED not in json.dumps(without, ensure_ascii=False)
    assert [it["words"] for it in with_note["notes"]] == [CALLED]
    assert MEMO not in json.dumps([without, with_note], ensure_ascii=False)


def test_a_memo_cannot_be_chosen_as_a_note(emi, aoi):
    memo = Message.objects.get(matter=emi.matter, kind=Kind.MEMO)
    plan = planned(aoi.actor, emi.matter, items=[Item.NOTES], notes=(str(memo.pk),))
    with pytest.raises(RefusedError, match="another-matter"):
        preparing.prepare(matter=emi.matter, actor=aoi.actor, plan=plan, at=AT)


def test_nobody_of_another_desk_prepares_or_sends(emi, aoi, chika):
    plan = planned(aoi.actor, emi.matter, is_spoken=True)
    with pytest.raises(RefusedError, match="another-desk"):
        preparing.prepare(matter=emi.matter, actor=chika.actor, plan=plan, at=AT)
    row = preparing.prepare(matter=emi.matter, actor=aoi.actor, plan=plan, at=AT)
    with pytest.raises(RefusedError, match="another-desk"):
        sending.send(referral=row.pk, actor=chika.actor, at=LATER)


# -- it goes --------------------------------------------------------------------------


def test_what_went_is_kept_sealed_with_its_digest(emi, aoi):
    row = sent(aoi, emi.matter)
    for field in ("snapshot", "reason"):
        assert STORY.encode() not in bytes(getattr(row, field))
    arrival = arrived(row)
    assert arrival.digest == row.digest
    assert lists.opened(row).content == lists.opened_arrival(arrival).content


def test_the_sender_counts_it_as_a_referral_to_another_agency(emi, aoi):
    row = sent(aoi, emi.matter, "file:moj")
    contact = Contact.objects.get(pk=row.counted_on_id)
    assert (contact.action, contact.referred_to) == ("OTHER_AGENCY", ["moj"])


def test_an_answer_is_awaited_until_it_comes(emi, aoi, chika):
    row = sent(aoi, emi.matter)
    awaited = Deadline.objects.get(matter=emi.matter, name="ANSWER")
    assert awaited.done_at is None
    accepted(row, chika)
    run_due(at=LATER)
    awaited.refresh_from_db()
    assert awaited.done_at == LATER


# -- it comes -------------------------------------------------------------------------


def test_until_it_is_taken_up_it_is_no_matter_and_counts_nothing(emi, aoi, chika):
    arrival = arrived(sent(aoi, emi.matter))
    assert (arrival.status, arrival.matter) == (Status.SENT, None)
    assert not visible_to(chika.actor).exists()
    assert lists.waiting_arrivals(chika.actor).count() == 1


def test_the_receiving_desk_reads_what_she_told_and_she_tells_it_once(emi, aoi, chika):
    row = accepted(sent(aoi, emi.matter), chika)
    assert numbered(chika.actor, row.matter.number) == row
    assert [m.words for m in messages_in(row.matter, Kind.FROM_PERSON)] == [STORY]
    told = particulars_of(row)
    assert (told.nickname, told.telephone, told.wants) == ("えみ", TELEPHONE, ("w2",))
    assert row.age_group == "TEENS"
    came = lists.arrival_in(chika.actor, row.pk)
    assert (came.row.from_name, came.content["from"]["reference"]) == (
        "ネットハーモニー",
        emi.number,
    )


def test_the_new_matter_has_its_own_number_and_key(emi, aoi, chika):
    row = accepted(sent(aoi, emi.matter), chika)
    keys = {key.holder: key.desk for key in Key.objects.filter(holder__in=[emi.matter, row.pk])}
    assert keys == {emi.matter: aoi.desk_id, row.pk: chika.desk_id}
    assert row.matter.desk_id == chika.desk_id


def test_chika_sees_what_was_handed_over_and_nothing_else(emi, aoi, chika):
    row = accepted(sent(aoi, emi.matter, items=[Item.STORY]), chika)
    assert list(visible_to(chika.actor)) == [row]
    words = [m.words for m in messages_in(row.matter)]
    assert words == [STORY]
    assert particulars_of(row).telephone == ""
    assert lists.referral_of(chika.actor, Referral.objects.get().pk) is None
    assert lists.arrival_of(aoi.actor, Arrival.objects.get().pk) is None


def test_the_receiver_counts_one_new_consultation_by_the_channel_it_says(emi, aoi, chika):
    row = accepted(sent(aoi, emi.matter), chika, at=LATER + dt.timedelta(days=40))
    contact = Contact.objects.get(consultation=row)
    assert (contact.channel, contact.at, row.first_contact_at) == ("EMAIL", LATER, LATER)
    assert contact.action is None


def test_an_unknown_channel_is_refused(emi, aoi, chika):
    arrival = arrived(sent(aoi, emi.matter))
    with pytest.raises(RefusedError, match="unknown-code"):
        arriving.accept(arrival=arrival.pk, actor=chika.actor, channel="PIGEON", at=LATER)


def test_danger_is_told_whatever_she_agreed_to(desk, other_desk, aoi, chika, emi):
    Consultation.objects.filter(pk=emi.matter).update(urgency=0, safety_check_due=True)
    row = accepted(sent(aoi, emi.matter, items=[Item.NAME]), chika)
    assert (row.urgency, row.safety_check_due) == (0, True)


def test_the_person_goes_on_there_with_a_code_of_her_own(emi, aoi, chika):
    row = sent(aoi, emi.matter)
    new = accepted(row, chika)
    run_due(at=LATER)
    entrance = hearing.show_entrance(matter=emi.matter, referral=row.pk, at=LATER)
    assert matter_of_code(entrance.code) == new.matter
    assert matter_of_code(emi.code).pk == emi.matter
    said = arriving.unsealed(Arrival.objects.get(), "said")
    assert entrance.code not in json.dumps(said)
    hearing.forget_entrance(matter=emi.matter, referral=row.pk)
    assert hearing.show_entrance(matter=emi.matter, referral=row.pk, at=LATER) is None


def test_the_code_is_shown_to_nobody_but_her(emi, aoi, chika, desk):
    row = sent(aoi, emi.matter)
    accepted(row, chika)
    run_due(at=LATER)
    other = emis_matter(desk, aoi)
    assert hearing.show_entrance(matter=other.matter, referral=row.pk, at=LATER) is None


# -- the loop closes ---------------------------------------------------------------------


def test_accepted_and_answered_come_back(emi, aoi, chika):
    row = sent(aoi, emi.matter)
    new = accepted(row, chika)
    run_due(at=LATER)
    assert _row(row).status == Status.ACCEPTED
    arriving.answer(matter=new.pk, actor=chika.actor, words="面接の日を決めました", at=LATER)
    run_due(at=LATER)
    now = _row(row)
    assert (now.status, lists.opened(now).answer) == (Status.ANSWERED, "面接の日を決めました")
    sending.settle(referral=row.pk, actor=aoi.actor, at=LATER)
    assert _deeds(matter=emi.matter)[-4:] == [
        "HAND_OVER",
        "ACCEPT_HANDOVER",
        "ANSWER_HANDOVER",
        "SETTLE_HANDOVER",
    ]
    assert first_break([aoi.desk_id, chika.desk_id], others=True) is None


def test_what_is_returned_says_why_and_leaves_nothing_behind(emi, aoi, chika):
    row = sent(aoi, emi.matter)
    arrival = arrived(row)
    arriving.return_(
        arrival=arrival.pk, actor=chika.actor, words="府外の方は受けていません", at=LATER
    )
    run_due(at=LATER)
    now = _row(row)
    assert (now.status, lists.opened(now).answer) == (Status.RETURNED, "府外の方は受けていません")
    arrival.refresh_from_db()
    assert (bytes(arrival.content), bytes(arrival.said)) == (b"", b"")
    assert not Key.objects.filter(holder=arrival.pk).exists()
    assert not visible_to(chika.actor).exists()


def test_delivered_twice_it_came_once(emi, aoi, chika):
    row = sent(aoi, emi.matter)
    arrived(row)
    delivering.deliver(referral=row.pk, scan=no_scanner, at=LATER)
    assert Arrival.objects.count() == 1
    assert _deeds(desk=chika.desk_id).count("HANDOVER_ARRIVED") == 1


def test_told_twice_it_is_heard_once(emi, aoi, chika):
    row = sent(aoi, emi.matter)
    accepted(row, chika)
    arrival = Arrival.objects.get()
    for _each in range(2):
        delivering.tell(arrival=arrival.pk, status="ACCEPTED", at=LATER)
    assert _deeds(matter=emi.matter).count("ACCEPT_HANDOVER") == 1


def test_only_the_desk_to_which_it_went_may_answer(emi, aoi, chika):
    row = sent(aoi, emi.matter)
    stranger = Sender(name="だれか", desk=aoi.desk_id)
    with pytest.raises(RefusedError, match="unknown-handover"):
        hearing.hear(referral=row.pk, sender=stranger, saying={"status": "ACCEPTED"}, at=LATER)


def test_only_one_takes_it_up(emi, aoi, chika):
    row = sent(aoi, emi.matter)
    accepted(row, chika)
    with pytest.raises(IllegalStepError):
        arriving.accept(
            arrival=Arrival.objects.get().pk, actor=chika.actor, channel="EMAIL", at=LATER
        )
    assert visible_to(chika.actor).count() == 1


def test_nobody_of_the_sending_desk_takes_it_up(emi, aoi):
    arrival = arrived(sent(aoi, emi.matter))
    with pytest.raises(RefusedError, match="handover-gone"):
        arriving.accept(arrival=arrival.pk, actor=aoi.actor, channel="EMAIL", at=LATER)


def test_a_statistician_sees_and_does_nothing(emi, aoi, daichi):
    row = sent(aoi, emi.matter)
    assert lists.referral_of(daichi.actor, row.pk) is None
    with pytest.raises(RefusedError, match="figures-only"):
        sending.settle(referral=row.pk, actor=daichi.actor, at=LATER)


# -- called back -------------------------------------------------------------------------


def test_the_person_calls_back_what_nobody_has_taken_up(emi, aoi, chika):
    row = sent(aoi, emi.matter)
    arrival = arrived(row)
    delivering.recall(referral=_row(row), at=LATER)
    sending.withdraw(referral=row.pk, actor=None, at=LATER)
    arrival.refresh_from_db()
    assert (_row(row).status, arrival.status) == (Status.WITHDRAWN, Status.WITHDRAWN)
    assert lists.opened_arrival(arrival).content is None
    assert not Key.objects.filter(holder=arrival.pk).exists()
    run_due(at=LATER)
    assert Arrival.objects.count() == 1


def test_what_was_taken_up_is_not_called_back(emi, aoi, chika):
    row = sent(aoi, emi.matter)
    accepted(row, chika)
    with pytest.raises(RefusedError, match="handover-taken"):
        delivering.recall(referral=_row(row), at=LATER)


def test_what_was_withdrawn_is_not_delivered_any_more(emi, aoi, chika):
    row = sent(aoi, emi.matter)
    delivering.recall(referral=_row(row), at=LATER)
    sending.withdraw(referral=row.pk, actor=aoi.actor, at=LATER)
    run_due(at=LATER)
    assert not Arrival.objects.exists()


# -- outside, and carried -------------------------------------------------------------------


def test_an_office_answers_by_telephone(emi, aoi):
    row = sent(aoi, emi.matter, "file:houterasu")
    sending.note_heard(
        referral=row.pk, actor=aoi.actor, step=Step.ANSWER_HANDOVER, words="予約した", at=LATER
    )
    assert (_row(row).status, lists.opened(_row(row)).answer) == (Status.ANSWERED, "予約した")


def test_she_carries_it_herself_as_soon_as_she_agreed(emi, aoi):
    plan = planned(aoi.actor, emi.matter, "person:moj")
    row = preparing.prepare(matter=emi.matter, actor=aoi.actor, plan=plan, at=AT)
    with pytest.raises(RefusedError, match="no-consent"):
        sending.send(referral=row.pk, actor=None, at=AT)
    preparing.agree(referral=row.pk, items=frozenset({Item.STORY}), actor=None, at=AT)
    sending.send(referral=row.pk, actor=None, at=LATER)
    assert Entry.objects.get(deed="HAND_OVER").actor is None
    assert Contact.objects.get(pk=_row(row).counted_on_id).referred_to == ["moj"]


# -- files -------------------------------------------------------------------------------


def _with_picture(matter, desk):
    message = Message.objects.get(matter=matter, kind=Kind.FROM_PERSON)
    with made_ready([given()], no_scanner) as ready, transaction.atomic():
        [row] = attach(ready, With(message, Origin.PERSON, AT), desk=desk.pk, matter=message.matter)
    return row


def test_a_chosen_file_goes_unchanged_and_is_sealed_anew(emi, aoi, chika, desk):
    file = _with_picture(emi.matter, desk)
    chosen = {"items": [Item.STORY, Item.FILES], "files": (str(file.pk),)}
    new = accepted(sent(aoi, emi.matter, **chosen), chika)
    [came] = files_in(new.matter)
    assert came.name == "証拠の写真.jpg"
    assert came.digest == hashlib.sha256(picture()).hexdigest()
    assert original_of(Attachment.objects.get(pk=came.id)) == picture()
    assert came.drawn == 1


def test_a_file_not_chosen_stays(emi, aoi, chika, desk):
    _with_picture(emi.matter, desk)
    new = accepted(sent(aoi, emi.matter), chika)
    assert files_in(new.matter) == []


def test_files_of_a_returned_hand_over_are_gone(emi, aoi, chika, desk):
    file = _with_picture(emi.matter, desk)
    chosen = {"items": [Item.FILES], "files": (str(file.pk),)}
    arrival = arrived(sent(aoi, emi.matter, **chosen))
    assert len(arrival.files) == 1
    arriving.return_(arrival=arrival.pk, actor=chika.actor, words="", at=LATER)
    assert not Attachment.objects.filter(desk=chika.desk_id).exists()
