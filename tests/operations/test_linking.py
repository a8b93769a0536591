"""Linking consultations: what counts then, and that undoing leaves no trace in the figures."""

import datetime as dt

import pytest

from madoguchi.administration.queries.belonging import belonging
from madoguchi.consultations.models import Consultation, Contact, HelpSeeker, Link
from madoguchi.consultations.operations import linking, noting, receiving, working
from madoguchi.consultations.operations.exporting import export_contacts
from madoguchi.consultations.operations.importing import import_contacts
from madoguchi.consultations.operations.noting import Classification, Note
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.queries import facts_of, visible_to
from madoguchi.consultations.queries.linking import links_of, of_same_person
from madoguchi.ledger.models import Entry
from madoguchi.rules.access import RefusedError
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import Table
from madoguchi.rules.counting import Basis, count
from madoguchi.rules.linking import Tie
from madoguchi.rules.triage import Signals
from madoguchi.statistics.queries import facts_for, return_of
from madoguchi.statistics.queries.keeping import keep_in_step
from tests.people import AT

pytestmark = pytest.mark.django_db
SOON = AT + dt.timedelta(hours=1)
NEXT_MONTH = AT + dt.timedelta(days=30)
YEAR = Period(dt.date(2025, 4, 1), dt.date(2026, 3, 31))


def came_in(desk, at=AT, words="同じ人からの相談"):
    letter = Letter(words=words, channel="EMAIL")
    return receiving.receive(desk=desk.pk, letter=letter, at=at).matter


def figures(desk):
    """New, case-months, contacts: as kept by month, and as the rows say."""
    kept = return_of(desk.pk, period=YEAR, basis=Basis.CASE_MONTH)
    rows = count(facts_for(desk.pk, YEAR), period=YEAR, basis=Basis.CASE_MONTH, books=())
    assert (kept.new, kept.case_months, kept.contacts) == (
        rows.new,
        rows.case_months,
        rows.contacts,
    )
    return kept.new, kept.case_months, kept.contacts


def row_of(matter):
    return Consultation.objects.get(pk=matter)


def state_of(*matters):
    fields = ["pk", "help_seeker", "counted_with", "first_contact_at", "age_group", "standing"]
    rows = Consultation.objects.filter(pk__in=matters).order_by("pk").values_list(*fields)
    contacts = Contact.objects.filter(consultation__in=matters).order_by("pk")
    return list(rows), list(contacts.values_list("pk", "consultation", "duplicated_by", "at"))


@pytest.fixture
def three(desk):
    """Three matters: two of May, one of June."""
    return [came_in(desk), came_in(desk, SOON), came_in(desk, NEXT_MONTH)]


@pytest.mark.parametrize(
    ("tie", "after"),
    [
        (Tie.SAME_MATTER, (2, 2, 3)),
        (Tie.TWICE, (2, 2, 2)),
        (Tie.SAME_PERSON, (3, 3, 3)),
        (Tie.STRANGERS, (3, 3, 3)),
    ],
)
def test_a_link_changes_what_counts_and_undoing_changes_it_back(desk, aoi, three, tie, after):
    first, second, _third = three
    before = state_of(*three)
    assert figures(desk) == (3, 3, 3)
    made = linking.link(matters=(second, first), tie=tie, actor=aoi.actor, at=AT)
    assert figures(desk) == after
    linking.undo_link(link=made.pk, actor=aoi.actor, at=SOON)
    assert figures(desk) == (3, 3, 3)
    assert state_of(*three) == before


def test_over_two_months_one_matter_is_new_once_and_two_case_months(desk, aoi, three):
    first, second, third = three
    for pair in ((second, first), (third, second)):
        linking.link(matters=pair, tie=Tie.SAME_MATTER, actor=aoi.actor, at=AT)
    assert figures(desk) == (1, 2, 3)


def test_undoing_the_middle_of_a_chain_leaves_the_others_counted_together(desk, aoi, three):
    fourth = came_in(desk, NEXT_MONTH)
    first, second, third = three
    pairs = [(second, first), (third, second), (fourth, third)]
    made = [
        linking.link(matters=pair, tie=Tie.SAME_MATTER, actor=aoi.actor, at=AT) for pair in pairs
    ]
    assert figures(desk) == (1, 2, 4)
    linking.undo_link(link=made[1].pk, actor=aoi.actor, at=AT)
    assert figures(desk) == (2, 2, 4)
    heads = [row_of(matter).counted_with_id for matter in (first, second, third, fourth)]
    assert heads[0] == heads[1] != heads[2] == heads[3]


def test_linking_touches_every_month_of_both(desk, aoi, three):
    first, _second, third = three
    keep_in_step(desk.pk)
    linking.link(matters=(third, first), tie=Tie.SAME_MATTER, actor=aoi.actor, at=AT)
    assert keep_in_step(desk.pk) == 2


def test_what_the_latest_knows_holds_for_all(desk, aoi, three):
    first, second, _third = three
    for matter, age in ((first, "TEENS"), (second, "THIRTIES")):
        said = Classification(age_group=age, kinds=frozenset({"DISCRIMINATION"}))
        noting.classify(matter=matter, actor=aoi.actor, classification=said, at=AT)
    linking.link(matters=(second, first), tie=Tie.SAME_MATTER, actor=aoi.actor, at=AT)
    ages = return_of(desk.pk, period=YEAR).table(Table.AGE_GROUP)
    assert {row.code.key: row.number for row in ages.rows if row.number} == {
        "THIRTIES": 1,
        "UNKNOWN": 1,
    }


def test_what_is_said_later_of_one_counts_in_the_months_of_the_other(desk, aoi, three):
    first, _second, third = three
    linking.link(matters=(third, first), tie=Tie.SAME_MATTER, actor=aoi.actor, at=AT)
    keep_in_step(desk.pk)
    said = Classification(age_group="TEENS")
    noting.classify(matter=third, actor=aoi.actor, classification=said, at=NEXT_MONTH)
    may = return_of(desk.pk, period=Period(dt.date(2025, 5, 1), dt.date(2025, 5, 31)))
    ages = {row.code.key: row.number for row in may.table(Table.AGE_GROUP).rows if row.number}
    assert ages == {"TEENS": 1, "UNKNOWN": 1}


def test_what_came_in_twice_counts_once_and_what_comes_later_counts(desk, aoi, three):
    first, second, _third = three
    made = linking.link(matters=(second, first), tie=Tie.TWICE, actor=aoi.actor, at=AT)
    assert facts_of(row_of(second)).unclassified == 0
    receiving.hear(matter=second, words="また", channel="EMAIL", signals=Signals(), at=SOON)
    assert figures(desk) == (2, 2, 3)
    linking.undo_link(link=made.pk, actor=aoi.actor, at=SOON)
    assert figures(desk) == (3, 3, 4)


def test_a_call_noted_in_a_linked_matter_belongs_to_all(desk, aoi, three):
    first, second, _third = three
    linking.link(matters=(second, first), tie=Tie.SAME_MATTER, actor=aoi.actor, at=AT)
    note = Note(words="つづき", channel="TELEPHONE", heard_at=AT - dt.timedelta(days=31))
    noting.note_call(actor=aoi.actor, matter=second, note=note, at=SOON)
    assert figures(desk) == (2, 3, 4)
    april = return_of(desk.pk, period=Period(dt.date(2025, 4, 1), dt.date(2025, 4, 30)))
    may = return_of(desk.pk, period=Period(dt.date(2025, 5, 1), dt.date(2025, 5, 31)))
    assert (april.new, may.new) == (1, 0)


def test_one_person_is_found_however_far_the_links_reach(desk, aoi, three):
    first, second, third = three
    linking.link(matters=(first, second), tie=Tie.SAME_PERSON, actor=aoi.actor, at=AT)
    linking.link(matters=(third, second), tie=Tie.SAME_MATTER, actor=aoi.actor, at=AT)
    others = of_same_person(aoi.actor, visible_to(aoi.actor).get(pk=first))
    assert [row.pk for row in others] == [third, second]
    assert HelpSeeker.objects.filter(desk=desk).count() == 3


def test_two_are_linked_once_and_never_to_themselves(desk, aoi, three):
    first, second, _third = three
    linking.link(matters=(first, second), tie=Tie.STRANGERS, actor=aoi.actor, at=AT)
    with pytest.raises(RefusedError, match="linked-already"):
        linking.link(matters=(second, first), tie=Tie.SAME_MATTER, actor=aoi.actor, at=AT)
    with pytest.raises(RefusedError, match="linked-to-itself"):
        linking.link(matters=(first, first), tie=Tie.SAME_MATTER, actor=aoi.actor, at=AT)


def test_a_link_is_undone_once(desk, aoi, three):
    made = linking.link(matters=(three[0], three[1]), tie=Tie.TWICE, actor=aoi.actor, at=AT)
    linking.undo_link(link=made.pk, actor=aoi.actor, at=AT)
    with pytest.raises(RefusedError, match="link-undone"):
        linking.undo_link(link=made.pk, actor=aoi.actor, at=AT)
    assert not links_of(row_of(three[0]))


def test_nobody_links_to_another_desks_matter(desk, other_desk, aoi, chika, three):
    theirs = came_in(other_desk)
    for actor, matters in ((aoi.actor, (three[0], theirs)), (chika.actor, (theirs, three[0]))):
        with pytest.raises(RefusedError, match="another-desk"):
            linking.link(matters=matters, tie=Tie.SAME_MATTER, actor=actor, at=AT)
    made = linking.link(matters=(three[0], three[1]), tie=Tie.TWICE, actor=aoi.actor, at=AT)
    with pytest.raises(RefusedError, match="link-undone"):
        linking.undo_link(link=made.pk, actor=chika.actor, at=AT)
    assert Link.objects.count() == 1


def test_who_counts_figures_links_nothing(daichi, three):
    with pytest.raises(RefusedError, match="figures-only"):
        linking.link(matters=(three[0], three[1]), tie=Tie.TWICE, actor=daichi.actor, at=AT)


def test_each_deed_is_one_line_in_the_ledger(aoi, three):
    before = Entry.objects.count()
    made = linking.link(matters=(three[0], three[1]), tie=Tie.SAME_MATTER, actor=aoi.actor, at=AT)
    linking.undo_link(link=made.pk, actor=aoi.actor, at=AT)
    lines = Entry.objects.order_by("pk")[before:]
    assert [(line.deed, line.matter, line.detail["tie"]) for line in lines] == [
        ("LINKED", three[0], "SAME_MATTER"),
        ("LINK_UNDONE", three[0], "SAME_MATTER"),
    ]


def test_a_linked_matter_is_closed_as_any_other(aoi, three):
    made = linking.link(matters=(three[1], three[0]), tie=Tie.TWICE, actor=aoi.actor, at=AT)
    working.take_charge(matter=three[1], actor=aoi.actor, at=AT)
    working.close(matter=three[1], actor=aoi.actor, at=AT)
    linking.undo_link(link=made.pk, actor=aoi.actor, at=AT)
    assert facts_of(row_of(three[1])).unclassified == 1


def test_who_imports_what_a_desk_exports_counts_as_that_desk_does(desk, other_desk, aoi, three):
    linking.link(matters=(three[2], three[0]), tie=Tie.SAME_MATTER, actor=aoi.actor, at=AT)
    linking.link(matters=(three[1], three[0]), tie=Tie.TWICE, actor=aoi.actor, at=AT)
    content = export_contacts(desk=desk.pk, actor=None, at=AT)
    import_contacts(desk=other_desk.pk, content=content, actor=None, at=NEXT_MONTH)
    assert figures(desk) == figures(other_desk) == (1, 2, 2)


@pytest.mark.parametrize("tie", Tie)
def test_nothing_of_a_linked_matter_belongs_to_the_other(aoi, three, tie):
    linking.link(matters=(three[1], three[0]), tie=tie, actor=aoi.actor, at=AT)
    linking.link(matters=(three[2], three[1]), tie=tie, actor=aoi.actor, at=AT)
    for matter in three:
        rows = belonging(matter)
        assert rows[Consultation] == {matter}
        assert rows[Contact] == set(row_of(matter).contacts.values_list("pk", flat=True))
