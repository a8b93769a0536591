"""Erasing: gone from the disk, gone from every list; the figures and the ledger stay."""

import datetime as dt
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, models
from django.test import TestCase

from madoguchi.administration.operations.erasing import erase
from madoguchi.administration.operations.listing import approve, list_due
from madoguchi.administration.queries.belonging import OUTLIVES, belonging, below, label_of
from madoguchi.consultations.models import (
    Consultation,
    Contact,
    ErasureList,
    HelpSeeker,
    Keeping,
    RetentionClass,
)
from madoguchi.consultations.operations import keeping, noting, receiving, working
from madoguchi.consultations.operations.importing import import_contacts
from madoguchi.consultations.operations.linking import link
from madoguchi.consultations.operations.noting import Classification
from madoguchi.consultations.operations.receiving import Letter, Received
from madoguchi.consultations.operations.touching import touch
from madoguchi.consultations.queries.unfinished import unfinished_in
from madoguchi.correspondence.models import Attachment, Draft, Kind, Message, Receipt
from madoguchi.correspondence.models.files import Origin, Verdict
from madoguchi.correspondence.operations.words import begin_draft
from madoguchi.correspondence.queries.words import matter_of_code
from madoguchi.correspondence.scanning import no_scanner
from madoguchi.jobs.operations import run_due
from madoguchi.ledger.models import Entry
from madoguchi.ledger.queries import first_break
from madoguchi.referrals.models import Arrival, Referral, UrlReport
from madoguchi.referrals.operations import delivering, reporting
from madoguchi.referrals.queries.url_reports import figures, opened_reports
from madoguchi.rules.access import RefusedError, Role
from madoguchi.rules.calendar import Period
from madoguchi.rules.counting import Basis
from madoguchi.rules.files import Media
from madoguchi.rules.linking import Tie
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.url_report import Aimed
from madoguchi.rules.url_report import Step as ReportStep
from madoguchi.statistics.queries import return_of
from madoguchi.vault.models import Key
from madoguchi.vault.sealing import scrub
from tests import handovers
from tests.people import AT, hire

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)
# Closed in fiscal year 2025: due after three years from 1 April 2029 on.
DUE = dt.datetime(2029, 4, 1, 3, 0, tzinfo=AT.tzinfo)
YEAR = Period(dt.date(2025, 4, 1), dt.date(2026, 3, 31))
CLASSES = [keeping.Kind("3年", 3, is_usual=True), keeping.Kind("10年", 10)]


def _received(desk, actor, words="名前を出されて困っています"):
    letter = Letter(words, "EMAIL", Particulars(nickname="ゆき", telephone="09012345678"))
    received = receiving.receive(desk=desk.pk, letter=letter, at=AT)
    working.take_charge(matter=received.matter, actor=actor, at=AT)
    working.reply(matter=received.matter, actor=actor, words="まず残してください", at=AT)
    working.write_memo(matter=received.matter, actor=actor, words="主任に報告", at=AT)
    return received


def _closed(received, actor):
    contacts = Contact.objects.filter(consultation=received.matter).values_list("pk", flat=True)
    said = Classification(
        actions=dict.fromkeys(contacts, "ADVICE"),
        kinds=frozenset({"DEFAMATION"}),
        age_group="TEENS",
    )
    noting.classify(matter=received.matter, actor=actor, classification=said, at=LATER)
    left = unfinished_in(Consultation.objects.get(pk=received.matter))
    seen = frozenset(it.key for it in left)
    working.close(matter=received.matter, actor=actor, at=LATER, left=seen)
    return received


@pytest.fixture
def emi(desk, beni):
    """Emi's matter, answered, classified and closed."""
    keeping.set_classes(desk=desk.pk, kinds=CLASSES, actor=beni.actor, at=AT)
    return _closed(_received(desk, beni.actor), beni.actor)


def _figures(desk):
    return [return_of(desk.pk, period=YEAR, basis=basis) for basis in Basis]


def test_words_names_and_ways_back_are_gone(desk, beni, emi):
    begin_draft(actor=beni.actor, matter=emi.matter, kind=Kind.MEMO, at=LATER)
    assert erase(matter=emi.matter, actor=beni.actor, at=DUE)
    row = Consultation.objects.get(pk=emi.matter)
    assert [bytes(it) for it in (row.headline, row.particulars, row.mark)] == [b"", b"", b""]
    assert bytes(HelpSeeker.objects.get().pseudonym) == b""
    assert not Message.objects.exists()
    assert not Draft.objects.exists()
    assert not Receipt.objects.exists()
    assert not Key.objects.filter(holder=emi.matter).exists()
    assert matter_of_code(emi.code) is None
    assert Keeping.objects.get().erased_at == DUE


def test_every_published_figure_stays_the_same(desk, beni, emi):
    _closed(_received(desk, beni.actor, "別の相談です"), beni.actor)
    before = _figures(desk)
    assert before[0].contacts == 2
    erase(matter=emi.matter, actor=beni.actor, at=DUE)
    # Counted anew from the rows, not only kept from before.

    touch(desk.pk, [AT])
    assert _figures(desk) == before


def test_the_ledger_holds_and_says_who_erased(desk, beni, emi):
    erase(matter=emi.matter, actor=beni.actor, at=DUE)
    told = Entry.objects.filter(matter=emi.matter).order_by("-seq").first()
    assert (told.deed, told.actor, told.detail["asked"]) == ("ERASED", beni.pk, False)
    assert first_break([desk.pk], others=True) is None


def test_erasing_twice_is_erasing_once(desk, beni, emi):
    assert erase(matter=emi.matter, actor=beni.actor, at=DUE)
    assert not erase(matter=emi.matter, actor=beni.actor, at=DUE)
    assert Entry.objects.filter(deed="ERASED").count() == 1


def test_a_person_with_another_matter_keeps_their_pseudonym(desk, beni):
    keeping.set_classes(desk=desk.pk, kinds=CLASSES, actor=beni.actor, at=AT)
    rows = "\n".join(
        f"2025-05-0{day}T10:00,ねこ,{mark},電話,10代,被害者,差別,助言"
        for day, mark in ((1, "一"), (2, "二"))
    )
    head = "受付日時,相談者,内容,手法,年代,状況,侵害種別,対応"
    import_contacts(desk=desk.pk, content=f"{head}\n{rows}".encode(), actor=None, at=AT)
    first, second = Consultation.objects.order_by("first_contact_at")
    erase(matter=first.pk, actor=beni.actor, at=DUE)
    assert bytes(HelpSeeker.objects.get().pseudonym)
    erase(matter=second.pk, actor=beni.actor, at=DUE)
    assert not bytes(HelpSeeker.objects.get().pseudonym)
    # The same name again is somebody new: nothing leads back to what was erased.
    import_contacts(
        desk=desk.pk,
        content=f"{head}\n2025-06-01T10:00,ねこ,一,電話,10代,被害者,差別,助言".encode(),
        actor=None,
        at=DUE,
    )
    assert HelpSeeker.objects.count() == 2


def test_a_held_matter_is_neither_listed_nor_erased(desk, beni, emi):
    keeping.hold(matter=emi.matter, reason="裁判が続いている", actor=beni.actor, at=LATER)
    list_due(at=DUE)
    assert not ErasureList.objects.exists()
    with pytest.raises(RefusedError, match="held"):
        erase(matter=emi.matter, actor=beni.actor, at=DUE)
    keeping.end_hold(matter=emi.matter, actor=beni.actor, at=DUE)
    assert erase(matter=emi.matter, actor=beni.actor, at=DUE)


def test_a_matter_is_kept_as_long_as_its_own_class_says(desk, beni, emi):

    ten = RetentionClass.objects.get(name="10年")
    keeping.keep_under(matter=emi.matter, retention_class=ten.pk, actor=beni.actor, at=LATER)
    list_due(at=DUE)
    assert not ErasureList.objects.exists()
    list_due(at=DUE.replace(year=2036))
    assert ErasureList.objects.get().consultations.count() == 1


def test_the_night_lists_what_is_due_and_erases_only_what_was_approved(desk, beni, emi):
    list_due(at=DUE - dt.timedelta(days=1))
    assert not ErasureList.objects.exists()
    list_due(at=DUE)
    list_due(at=DUE)
    made = ErasureList.objects.get()
    run_due(at=DUE)
    assert Message.objects.exists()
    approve(erasure_list=made.pk, seen=1, actor=beni.actor, at=DUE)
    run_due(at=DUE)
    assert not Message.objects.exists()
    assert ErasureList.objects.get().done_at == DUE


def test_what_was_reopened_after_the_approval_stays(desk, beni, emi):
    list_due(at=DUE)
    made = ErasureList.objects.get()
    approve(erasure_list=made.pk, seen=1, actor=beni.actor, at=DUE)
    working.reopen(matter=emi.matter, actor=beni.actor, at=DUE)
    run_due(at=DUE)
    assert Message.objects.exists()


def test_a_list_that_grew_is_not_approved_unseen(desk, beni, emi):
    list_due(at=DUE)
    made = ErasureList.objects.get()
    _closed(_received(desk, beni.actor), beni.actor)
    list_due(at=DUE)
    with pytest.raises(RefusedError, match="list-changed"):
        approve(erasure_list=made.pk, seen=1, actor=beni.actor, at=DUE)


def test_only_a_supervisor_of_the_desk_erases(desk, aoi, chika, emi):
    for stranger in (aoi, chika):
        with pytest.raises(RefusedError):
            erase(matter=emi.matter, actor=stranger.actor, at=DUE)


def test_what_the_person_asked_for_is_erased_before_its_time(desk, beni, emi):
    with pytest.raises(RefusedError, match="not-due"):
        erase(matter=emi.matter, actor=beni.actor, at=LATER)
    keeping.ask_erasure(matter=emi.matter, at=LATER)
    assert erase(matter=emi.matter, actor=beni.actor, at=LATER)
    assert Entry.objects.get(deed="ERASED").detail["asked"]


def test_a_desk_that_has_not_decided_erases_nothing(desk, beni):
    _closed(_received(desk, beni.actor), beni.actor)
    list_due(at=DUE.replace(year=2100))
    assert not ErasureList.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="looks into SQLite's own file")
def test_not_a_byte_is_left_in_the_file(desk, beni, emi):
    row = Consultation.objects.get(pk=emi.matter)
    wanted = [
        bytes(Key.objects.get(holder=emi.matter).wrapped),
        bytes(row.headline),
        bytes(row.particulars),
        bytes(HelpSeeker.objects.get().pseudonym),
        *(bytes(it.words) for it in Message.objects.all()),
    ]
    assert all(len(it) > 20 for it in wanted)
    scrub()
    assert all(it in _on_disk() for it in wanted)
    erase(matter=emi.matter, actor=beni.actor, at=DUE)
    scrub()
    assert not [it for it in wanted if it in _on_disk()]


def _on_disk():
    file = Path(connection.settings_dict["NAME"])
    return b"".join(it.read_bytes() for it in file.parent.glob(f"{file.name}*"))


# -- what a new table means --------------------------------------------------------------


def test_every_table_that_outlives_an_erasure_is_there_or_foreseen():
    known = {label_of(model) for model in apps.get_models(include_auto_created=True)}
    assert OUTLIVES - known <= {"consultations.Link"}


def test_what_outlives_has_no_words_that_are_not_sealed():
    """Words stand in binary fields, which are emptied; text fields hold codes and hashes."""
    allowed = {"number", "mark_hash"}
    for label in OUTLIVES:
        try:
            model = apps.get_model(label)
        except LookupError:
            continue
        texts = {
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.TextField | models.CharField)
            and not field.choices
            and field.max_length != 40  # keys of code books
        }
        assert texts <= allowed, label


def test_every_row_of_a_matter_is_found_by_its_foreign_keys(desk, beni, emi):
    found = {label_of(model) for model in belonging(emi.matter)}
    assert {"correspondence.Message", "correspondence.Receipt", "consultations.Contact"} <= found
    person = HelpSeeker.objects.get()
    assert "consultations.Consultation" in {label_of(it) for it in below(HelpSeeker, {person.pk})}


def test_files_go_too(desk, beni, emi, tmp_path, settings):

    address = "ab" * 32
    storages["files"].save(f"ab/ab/{address}", ContentFile(b"sealed"))
    Attachment.objects.create(
        desk=desk,
        matter_id=emi.matter,
        origin=Origin.PERSON,
        media=next(iter(Media)),
        size=1,
        pages=0,
        at=AT,
        verdict=Verdict.CLEAN,
        told=b"x",
        address=address,
    )

    with TestCase.captureOnCommitCallbacks(execute=True):
        erase(matter=emi.matter, actor=beni.actor, at=DUE)
    assert not storages["files"].exists(f"ab/ab/{address}")
    assert not Attachment.objects.exists()


def test_what_is_linked_to_it_is_another_matter_and_stays(desk, beni, emi):
    other = _closed(_received(desk, beni.actor, "もう一つの相談です"), beni.actor)
    pair = (other.matter, emi.matter)
    link(matters=pair, tie=Tie.SAME_MATTER, actor=beni.actor, at=LATER)
    before = _figures(desk)
    erase(matter=emi.matter, actor=beni.actor, at=DUE)
    assert {it.matter_id for it in Message.objects.all()} == {other.matter}
    assert Key.objects.filter(holder=other.matter).exists()
    touch(desk.pk, [AT])
    assert _figures(desk) == before


def _handed_over(desk, aoi, beni):
    """Return Emi's matter, handed over, classified and closed; and the hand-over."""
    keeping.set_classes(desk=desk.pk, kinds=CLASSES, actor=beni.actor, at=AT)
    received = handovers.emis_matter(desk, aoi)
    row = handovers.sent(aoi, received.matter)
    return _closed(received, beni.actor), row


def test_a_hand_over_goes_with_its_matter_and_the_figures_stay(desk, other_desk, aoi, beni):
    received, row = _handed_over(desk, aoi, beni)
    handovers.arrived(row)
    before = _figures(desk)
    assert erase(matter=received.matter, actor=beni.actor, at=DUE)
    assert not Referral.objects.exists()
    touch(desk.pk, [AT])
    assert _figures(desk) == before
    # What the other desk has is the other desk's, sealed under a key of its own.
    assert Arrival.objects.get().matter_id is None


def test_a_packet_of_an_erased_matter_is_not_brought_and_hurts_nobody(desk, other_desk, aoi, beni):
    received, row = _handed_over(desk, aoi, beni)
    erase(matter=received.matter, actor=beni.actor, at=DUE)
    delivering.deliver(referral=row.pk, scan=no_scanner, at=DUE)
    assert not Arrival.objects.exists()


def test_a_desk_that_took_it_over_erases_its_own_and_can_still_be_asked_to_tell(
    desk, other_desk, aoi, beni, chika
):
    row = handovers.sent(aoi, handovers.emis_matter(desk, aoi).matter)
    taken = handovers.accepted(row, chika)
    arrival = Arrival.objects.get()
    supervisor = hire(other_desk.pk, "nana", "ナナ", Role.SUPERVISOR)
    keeping.set_classes(desk=other_desk.pk, kinds=CLASSES, actor=supervisor.actor, at=AT)
    working.take_charge(matter=taken.pk, actor=chika.actor, at=LATER)
    _closed(Received(taken.pk, "", ""), supervisor.actor)
    assert erase(matter=taken.pk, actor=supervisor.actor, at=DUE)
    delivering.tell(arrival=arrival.pk, status="ACCEPTED", at=DUE)
    assert Referral.objects.get().matter_id == row.matter_id


def test_a_report_loses_its_words_and_stays_in_the_figures(desk, beni, emi):
    told = reporting.Told(
        ("https://example.com/1",), "差別の書きこみ", Aimed.PERSON, None, emi.matter
    )
    report = reporting.write(actor=beni.actor, told=told, at=LATER)
    reporting.advance(
        report=report.pk,
        actor=beni.actor,
        step=ReportStep.HAND_IN,
        on=LATER.date(),
        words="担当課に渡した",
        at=LATER,
    )
    before = figures(desk.pk, YEAR)
    assert erase(matter=emi.matter, actor=beni.actor, at=DUE)
    row = UrlReport.objects.get()
    assert bytes(row.told) == bytes(row.steps.get().note) == b""
    [opened] = opened_reports([row])
    assert (opened.urls, opened.words, opened.passed[0].words) == ((), "", "")
    assert figures(desk.pk, YEAR) == before
