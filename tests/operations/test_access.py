"""Who sees and does what: of another desk, nothing; a statistician, no matter."""

from functools import partial

import pytest

from madoguchi.consultations import queries
from madoguchi.consultations.operations import receiving, working
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.operations.words import begin_draft
from madoguchi.ledger.models import Entry
from madoguchi.ledger.queries import of_matter
from madoguchi.rules.access import RefusedError
from tests.people import AT


@pytest.fixture
def emi(desk):
    """Emi's matter, just received."""
    letter = Letter(words="なりすましのアカウントがあります", channel="EMAIL")
    return receiving.receive(desk=desk.pk, letter=letter, at=AT)


@pytest.fixture(params=["chika", "daichi"])
def stranger(request):
    """Somebody who may not work on Emi's matter."""
    return request.getfixturevalue(request.param)


def test_a_stranger_finds_nothing(emi, stranger, aoi):
    for actor, expected in ((stranger.actor, 0), (aoi.actor, 1)):
        assert queries.visible_to(actor).count() == expected
        assert queries.inbox(actor).count() == expected
        assert queries.load(actor).everything == expected
        assert (queries.numbered(actor, emi.number) is None) == (expected == 0)
    assert queries.closed(stranger.actor).count() == 0


@pytest.mark.parametrize(
    "deed",
    [
        working.take_charge,
        partial(working.check_safety, check=working.Check()),
        working.close,
        working.reopen,
        working.read,
    ],
)
def test_a_stranger_does_nothing(emi, stranger, deed):
    before = Entry.objects.count()
    with pytest.raises(RefusedError, match=r"another-desk|figures-only"):
        deed(matter=emi.matter, actor=stranger.actor, at=AT)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("deed", [working.reply, working.write_memo])
def test_a_stranger_writes_nothing(emi, stranger, deed):
    with pytest.raises(RefusedError, match=r"another-desk|figures-only"):
        deed(matter=emi.matter, actor=stranger.actor, words="x", at=AT)


def test_a_stranger_begins_nothing(emi, stranger):
    with pytest.raises(RefusedError, match=r"another-desk|figures-only"):
        begin_draft(actor=stranger.actor, kind=Kind.REPLY, matter=emi.matter, at=AT)


def test_a_stranger_does_not_read_who_did_what(emi, stranger, desk):
    with pytest.raises(RefusedError):
        of_matter(stranger.actor, desk.pk, emi.matter)


def test_the_load_tells_mine_from_nobodys(emi, aoi, beni, desk):
    letter = Letter(words="二つめ", channel="EMAIL")
    mine = receiving.receive(desk=desk.pk, letter=letter, at=AT).matter
    working.take_charge(matter=mine, actor=aoi.actor, at=AT)
    load = queries.load(aoi.actor)
    assert (load.mine, load.unassigned, load.everything) == (1, 1, 2)
    assert queries.load(beni.actor).mine == 0
