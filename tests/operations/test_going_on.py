"""Files that a person adds a little later belong to what they wrote: one contact, not five."""

import datetime as dt

import pytest

from madoguchi.consultations.models import Consultation, Contact, TouchedMonth
from madoguchi.consultations.operations import noting, receiving, working
from madoguchi.consultations.operations.noting import Classification, Note
from madoguchi.consultations.operations.receiving import Letter, hear
from madoguchi.correspondence.models import Message
from madoguchi.correspondence.operations import files
from madoguchi.correspondence.scanning import no_scanner
from madoguchi.ledger.models import Entry
from madoguchi.rules.calendar import Period
from madoguchi.rules.counting import Basis
from madoguchi.rules.triage import Signals
from madoguchi.statistics.queries import return_of
from tests import papers
from tests.people import AT

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
YEAR = Period(dt.date(2025, 4, 1), dt.date(2026, 3, 31))


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Keep the contents of each test apart from what others write."""
    options = {**settings.STORAGES["files"]["OPTIONS"], "location": tmp_path / "files"}
    settings.STORAGES = {
        **settings.STORAGES,
        "files": {**settings.STORAGES["files"], "OPTIONS": options},
    }


@pytest.fixture
def emi(desk):
    """Emi's matter, just received."""
    return _writes_first(desk, AT)


def _writes_first(desk, at):
    letter = Letter(words="なりすましです", channel="EMAIL")
    return receiving.receive(desk=desk.pk, letter=letter, at=at).matter


def _adds(matter, at, words=""):
    with files.made_ready([papers.given()], no_scanner) as ready:
        hear(matter=matter, words=words, channel="EMAIL", signals=Signals(), at=at, files=ready)


def _contacts(matter):
    return Contact.objects.filter(consultation=matter).count()


def _published(desk):
    [basis, *_others] = Basis
    return return_of(desk.pk, period=YEAR, basis=basis)


def test_four_files_one_by_one_within_two_minutes_are_one_contact(desk, emi):
    for number in range(1, 5):
        _adds(emi, AT + number * MINUTE / 2)
    assert _contacts(emi) == 1
    assert _published(desk).contacts == 1
    assert Message.objects.filter(matter=emi).count() == 5


def test_each_sending_starts_the_half_hour_again(emi):
    for minutes in (30, 60, 90):
        _adds(emi, AT + minutes * MINUTE)
    assert _contacts(emi) == 1
    _adds(emi, AT + 90 * MINUTE + 31 * MINUTE)
    assert _contacts(emi) == 2


def test_an_answer_in_between_makes_it_a_contact_of_its_own(emi, aoi):
    working.take_charge(matter=emi, actor=aoi.actor, at=AT)
    working.reply(matter=emi, actor=aoi.actor, words="写真はありますか", at=AT + MINUTE)
    _adds(emi, AT + 2 * MINUTE)
    assert _contacts(emi) == 2


def test_a_call_in_between_makes_it_a_contact_of_its_own(emi, aoi):
    working.take_charge(matter=emi, actor=aoi.actor, at=AT)
    note = Note(words="電話で話した", channel="TELEPHONE", action="ADVICE")
    noting.note_call(actor=aoi.actor, matter=emi, note=note, at=AT + MINUTE)
    _adds(emi, AT + 2 * MINUTE)
    assert _contacts(emi) == 3


def test_what_comes_after_the_matter_was_closed_is_looked_at_anew(emi, aoi):
    working.take_charge(matter=emi, actor=aoi.actor, at=AT)
    said = Classification(actions={Contact.objects.get().pk: "ADVICE"})
    noting.classify(matter=emi, actor=aoi.actor, classification=said, at=AT)
    working.close(matter=emi, actor=aoi.actor, at=AT)
    _adds(emi, AT + MINUTE)
    assert _contacts(emi) == 2


def test_words_alone_are_a_contact_also_a_minute_later(emi):
    hear(matter=emi, words="つづきです", channel="EMAIL", signals=Signals(), at=AT + MINUTE)
    assert _contacts(emi) == 2


def test_over_midnight_of_a_month_it_counts_where_it_began_and_no_month_changes(desk):
    late = dt.datetime(2025, 5, 31, 23, 55, tzinfo=AT.tzinfo)
    matter = _writes_first(desk, late)
    touched = TouchedMonth.objects.count()
    _adds(matter, late + 10 * MINUTE)
    assert TouchedMonth.objects.count() == touched
    june = Period(dt.date(2025, 6, 1), dt.date(2025, 6, 30))
    assert return_of(desk.pk, period=june, basis=next(iter(Basis))).contacts == 0
    assert _published(desk).contacts == 1


def test_the_desk_sees_it_as_new_and_its_wait_begins_with_it(emi, aoi):
    working.take_charge(matter=emi, actor=aoi.actor, at=AT)
    working.read(matter=emi, actor=aoi.actor, at=AT)
    _adds(emi, AT + MINUTE)
    row = Consultation.objects.get()
    assert (row.unread, row.last_contact_at) == (True, AT + MINUTE)
    told = Entry.objects.filter(matter=emi, deed="HEAR").get()
    assert told.detail["contact"] == str(Contact.objects.get().pk)
