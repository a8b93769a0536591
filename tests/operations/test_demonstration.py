"""The demonstration desk: printed figures, published cases, and work of today."""

import datetime as dt
import re
from collections import Counter
from importlib import resources

import pytest

from madoguchi.consultations.models import Consultation, Contact, SavedView
from madoguchi.consultations.queries import as_lines, inbox
from madoguchi.consultations.queries.people import suggestions_for
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.demo import founding
from madoguchi.demo.cases import published_cases, told
from madoguchi.demo.records import contact_rows
from madoguchi.desks.models import Desk, User
from madoguchi.ledger.queries import first_break
from madoguchi.rules.consultation import Status

NOON = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
MIDNIGHT = dt.datetime(2026, 11, 21, 15, 1, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    """The demonstration desk, as `madoguchi demo` makes it at noon."""
    return founding.found(at=NOON)


def test_the_desk_opens_with_work_in_every_state(desk: Desk) -> None:
    recent = Consultation.objects.filter(
        desk=desk, first_contact_at__gt=NOON - dt.timedelta(days=31)
    )
    assert recent.count() == 31  # thirty, and the talk
    states = Counter(recent.values_list("status", flat=True))
    assert set(states) == {str(status) for status in Status}
    assert min(states.values()) >= 5


def test_one_name_in_two_matters_is_a_suggestion_and_a_list_is_kept(desk: Desk) -> None:
    aoi = User.objects.get(username="aoi").actor
    rows = [row for row in inbox(aoi) if suggestions_for(aoi, row, by_words=False)]
    assert len(rows) == 2
    assert SavedView.objects.get().owner_id == aoi.user


def test_who_is_in_danger_stands_first(desk: Desk) -> None:
    aoi = User.objects.get(username="aoi").actor
    lines = as_lines(aoi, inbox(aoi))
    first = [line.safety_check_due for line in lines]
    assert first == sorted(first, reverse=True)
    assert any(first)
    assert not all(first)


def test_every_published_case_can_be_read_word_for_word(desk: Desk) -> None:
    noted = [
        message.words or ""
        for row in Consultation.objects.filter(desk=desk).select_related("matter")
        for message in messages_in(row.matter)
    ]
    for case in published_cases():
        assert case.remark in noted, case.heading
    assert Counter(case.section for case in published_cases()) == {3: 5, 4: 3, 5: 2}


def test_telling_the_cases_changes_no_other_cell() -> None:
    rows = contact_rows()
    for before, after in zip(rows, told(rows), strict=True):
        assert {k: v for k, v in before.items() if k != "備考"} == {
            k: v for k, v in after.items() if k != "備考"
        }


def test_the_ledger_of_the_demonstration_holds(desk: Desk) -> None:
    assert first_break([desk.pk], others=True) is None


@pytest.mark.parametrize("at", [NOON, MIDNIGHT])
def test_nothing_is_dated_in_the_future(at: dt.datetime) -> None:
    founding.found(at=at)
    assert not Contact.objects.filter(at__gt=at).exists()


def test_the_story_is_not_in_the_contacts_of_the_printed_periods(desk: Desk) -> None:
    """The thirty matters lie outside both printed periods, so that no cell changes."""
    thirty = Contact.objects.filter(desk=desk, batch=None)
    assert not thirty.filter(at__lt=dt.datetime(2025, 10, 1, tzinfo=dt.UTC)).exists()
    assert thirty.count() >= 30


def test_stories_name_no_real_address() -> None:
    """Every URL in the invented stories is of a name reserved for examples (RFC 2606)."""
    text = resources.files("madoguchi.demo").joinpath("data", "matters.toml").read_text("utf-8")
    hosts = re.findall(r"https?://([^/\"\\\s]+)", text)
    assert hosts
    assert all(host.endswith(("example.com", "example.org")) for host in hosts)
