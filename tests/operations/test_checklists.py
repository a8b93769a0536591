"""Checklists: shown by the kind of matter, ticked with a name and a day."""

import datetime as dt
import re

import pytest

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import noting, receiving
from madoguchi.consultations.operations.noting import Classification
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.queries import classified
from madoguchi.directory.checklists import checklists, checklists_for
from madoguchi.ledger.models import Entry
from madoguchi.matters.models import Tick
from madoguchi.matters.operations.ticking import tick
from madoguchi.matters.queries import ticks_in
from madoguchi.rules.access import RefusedError
from tests.people import AT, at_the_desk

LATER = AT + dt.timedelta(hours=1)
BOTH = frozenset({"no-judgement", "general-terms"})


@pytest.fixture
def emi(desk):
    """A matter of somebody who wrote a post."""
    letter = Letter(words="書いてしまいました", channel="EMAIL", standing="POSTER")
    return receiving.receive(desk=desk.pk, letter=letter, at=AT)


def _shown(kinds=(), standing="UNKNOWN", age="UNKNOWN"):
    said = {
        "kinds": frozenset(kinds),
        "standing": frozenset({standing}),
        "ages": frozenset({age}),
    }
    return [it.id for it in checklists_for(said)]


def test_each_kind_of_matter_has_its_lists():
    assert _shown() == []
    assert _shown(standing="POSTER") == ["poster"]
    assert _shown(["DEFAMATION"], "AFFECTED", "TEENS") == ["evidence-first", "minors", "limits"]
    assert _shown(["DEFAMATION"], "POSTER") == ["poster", "limits"]
    assert "discrimination" in _shown(["DISCRIMINATION"], "OTHER")


def test_every_list_says_where_it_comes_from_and_when_that_was_checked():
    for it in checklists():
        assert it.fact.sources
        assert it.fact.checked_on == dt.date(2026, 11, 22)


def test_a_tick_keeps_who_and_when_and_the_first_stays(emi, aoi, beni):
    one = frozenset({"no-judgement"})
    tick(matter=emi.matter, shown=BOTH, ticked=one, actor=aoi.actor, at=AT)
    tick(matter=emi.matter, shown=BOTH, ticked=BOTH, actor=beni.actor, at=LATER)
    made = {item: (it.ticked_by, it.ticked_at) for item, it in ticks_in(emi.matter).items()}
    assert made == {"no-judgement": (aoi, AT), "general-terms": (beni, LATER)}
    tick(matter=emi.matter, shown=BOTH, ticked=one, actor=beni.actor, at=LATER)
    assert set(ticks_in(emi.matter)) == one
    entry = Entry.objects.latest("seq")
    assert (entry.deed, entry.detail) == ("CHECKLIST_TICKED", {"ticked": 0, "unticked": 1})


def test_what_was_not_shown_stays(emi, aoi):
    tick(matter=emi.matter, shown=BOTH, ticked=BOTH, actor=aoi.actor, at=AT)
    other = frozenset({"urls-given"})
    tick(matter=emi.matter, shown=other, ticked=other, actor=aoi.actor, at=AT)
    assert set(ticks_in(emi.matter)) == BOTH | other


@pytest.mark.parametrize("who", ["chika", "daichi"])
def test_a_stranger_ticks_nothing(emi, who, request):
    stranger = request.getfixturevalue(who).actor
    with pytest.raises(RefusedError, match=r"another-desk|figures-only"):
        tick(matter=emi.matter, shown=BOTH, ticked=BOTH, actor=stranger, at=AT)
    assert not Tick.objects.exists()


def test_there_is_no_tick_of_ones_own_making(emi, aoi):
    junk = frozenset({"山田さんの家"})
    with pytest.raises(RefusedError, match="unknown-code"):
        tick(matter=emi.matter, shown=junk, ticked=junk, actor=aoi.actor, at=AT)


def test_the_matters_page_shows_them_and_takes_ticks(emi, aoi):
    table = at_the_desk(aoi)
    where = f"/desk/matters/{emi.number}/"
    page = table.get(where).content.decode()
    assert "個別の書きこみが誹謗中傷に当たるかは判断できない" in page
    assert "発信者情報の開示を求める前に" not in page
    shown = re.findall(r'name="shown" value="([^"]*)"', page)
    posted = {"shown": shown, "ticked": ["no-judgement"]}
    page = table.post(f"{where}checklists/", posted, follow=True).content.decode()
    assert re.search(r'value="no-judgement"[^>]* checked', page)
    assert f"<small>{aoi.name} " in page


def test_a_new_classification_brings_other_lists(emi, aoi):
    said = Classification(kinds=frozenset({"DISCRIMINATION"}), standing="OTHER")
    noting.classify(matter=emi.matter, actor=aoi.actor, classification=said, at=AT)
    row = Consultation.objects.get()
    assert [it.id for it in checklists_for(classified(row))] == [
        "evidence-first",
        "discrimination",
        "limits",
    ]
