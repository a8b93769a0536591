"""What is given out of a person's record: all of theirs, nothing of others; in danger, by two."""

import datetime as dt
import io
import json
import zipfile

import pytest

from madoguchi.administration.formats import as_zip
from madoguchi.administration.operations.giving import (
    OPEN_FOR,
    ask_opening,
    give_record,
    open_in_danger,
)
from madoguchi.consultations.operations import receiving, working
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.ledger.models import Entry
from madoguchi.rules.access import RefusedError, Role
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.replies import PAUSE
from tests.people import AT, hire

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(minutes=10)


@pytest.fixture
def emi(desk, aoi):
    """Emi's matter, with words of every kind."""
    told = Particulars(nickname="ゆき", telephone="090-1234-5678")
    letter = Letter("消えない書きこみがあります", "EMAIL", told)
    matter = receiving.receive(desk=desk.pk, letter=letter, at=AT).matter
    working.take_charge(matter=matter, actor=aoi.actor, at=AT)
    working.reply(matter=matter, actor=aoi.actor, words="まず画面を残しましょう", at=LATER)
    working.write_memo(matter=matter, actor=aoi.actor, words="主任と相談ずみ", at=LATER)
    return matter


def _files(given):
    with zipfile.ZipFile(io.BytesIO(b"".join(as_zip(given, desk="窓口", made="今日")))) as file:
        return file.read("record.html").decode(), json.loads(file.read("record.json"))


def _give(matter, actor, **said):
    return give_record(
        matter=matter, actor=actor, at=LATER + PAUSE, **{"with_memos": False, **said}
    )


def test_everything_of_the_person_is_in_it_and_readable(emi, beni):
    page, data = _files(_give(emi, beni.actor))
    for words in (
        "消えない書きこみがあります",
        "まず画面を残しましょう",
        "ゆき",
        "090-1234-5678",
        "メール",
    ):
        assert words in page
        assert words in json.dumps(data, ensure_ascii=False)
    assert data["format"] == "madoguchi.record/2"


def test_names_of_the_staff_and_other_peoples_matters_are_not(desk, emi, beni, aoi):
    other = Letter("別の人の相談です", "EMAIL", Particulars(nickname="はる"))
    receiving.receive(desk=desk.pk, letter=other, at=AT)
    page, _data = _files(_give(emi, beni.actor))
    for stranger in (aoi.name, "別の人の相談です", "はる"):
        assert stranger not in page


def test_memos_are_given_only_when_asked_for(emi, beni):
    assert "主任と相談ずみ" not in _files(_give(emi, beni.actor))[0]
    assert "主任と相談ずみ" in _files(_give(emi, beni.actor, with_memos=True))[0]


def test_markup_in_a_story_stays_text(desk, beni):
    letter = Letter("<script>alert(1)</script>", "EMAIL")
    matter = receiving.receive(desk=desk.pk, letter=letter, at=AT).matter
    assert "<script>" not in _files(_give(matter, beni.actor))[0]


def test_that_it_was_given_is_in_the_ledger(emi, beni):
    _give(emi, beni.actor)
    told = Entry.objects.filter(matter=emi).order_by("-seq").first()
    assert (told.deed, told.actor, told.detail) == (
        "RECORD_GIVEN",
        beni.pk,
        {"matters": 1, "memos": False},
    )


def test_only_a_supervisor_of_the_desk_gives_it(emi, aoi, chika):
    for stranger in (aoi, chika):
        with pytest.raises(RefusedError):
            _give(emi, stranger.actor)


# -- in danger --------------------------------------------------------------------------


@pytest.fixture
def asked(emi, aoi):
    """Aoi asked for an opening."""
    return ask_opening(matter=emi, reason="いま橋にいると電話", actor=aoi.actor, at=AT)


def test_it_takes_two_and_both_are_in_the_ledger(emi, asked, aoi, beni):
    with pytest.raises(RefusedError, match="takes-two"):
        open_in_danger(opening=asked, actor=aoi.actor, at=LATER)
    [(_number, ways)] = open_in_danger(opening=asked, actor=beni.actor, at=LATER)
    assert ways == ["090-1234-5678"]
    told = Entry.objects.filter(matter=emi).order_by("-seq")[:2]
    assert [(it.deed, it.actor) for it in told] == [
        ("OPENED_IN_DANGER", beni.pk),
        ("OPENING_ASKED", aoi.pk),
    ]
    assert told[0].detail["asked_by"] == str(aoi.pk)


def test_it_is_opened_once_and_within_the_hour(asked, beni):
    over = AT + OPEN_FOR + dt.timedelta(seconds=1)
    with pytest.raises(RefusedError, match="opening-over"):
        open_in_danger(opening=asked, actor=beni.actor, at=over)
    open_in_danger(opening=asked, actor=beni.actor, at=LATER)
    with pytest.raises(RefusedError, match="opening-over"):
        open_in_danger(opening=asked, actor=beni.actor, at=LATER)


def test_nobody_of_another_desk_and_no_statistician_opens(desk, asked, chika, daichi):
    for stranger in (chika, daichi):
        with pytest.raises(RefusedError):
            open_in_danger(opening=asked, actor=stranger.actor, at=LATER)


def test_two_advisers_are_enough_when_no_supervisor_is_there(desk, asked):
    second = hire(desk.pk, "second", "もう一人", Role.ADVISER)
    assert open_in_danger(opening=asked, actor=second.actor, at=LATER)
