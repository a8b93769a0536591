"""The handbook: written by advisers, in use once a supervisor approved, erasable."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from madoguchi.handbook.models import Sheet, Sort
from madoguchi.handbook.operations import Written, approve, erase, write
from madoguchi.handbook.queries import alike, called, in_use, sheets_at
from madoguchi.ledger.models import Entry
from madoguchi.rules.access import RefusedError
from tests.people import AT

LATER = AT + dt.timedelta(hours=1)
CASE = Written(
    sort=Sort.CASE,
    title="なりすましと虚偽の情報",
    words="Instagramでなりすましアカウントを作られ、仕事についてうそを広められた。",
    advice="証拠を保全したうえで、弁護士に相談するよう助言した。",
    source="大阪府の公表資料",
)
TEXT = Written(
    sort=Sort.TEMPLATE, title="受け取りました", words="{受付番号}を受け取りました。", call="uk"
)


def test_a_case_is_found_once_a_supervisor_has_approved_it(aoi, beni):
    row = write(written=CASE, actor=aoi.actor, at=AT)
    asked = "なりすましのアカウントで仕事のうそを書かれている"
    assert alike(aoi.actor, asked) == []
    approve(sheet=row.pk, actor=beni.actor, at=LATER)
    assert [it.sheet for it in alike(aoi.actor, asked)] == [row]
    assert alike(aoi.actor, "こんにちは") == []


def test_what_is_written_anew_is_approved_anew(aoi, beni):
    row = write(written=CASE, actor=aoi.actor, at=AT)
    approve(sheet=row.pk, actor=beni.actor, at=AT)
    write(written=CASE, actor=aoi.actor, at=LATER, sheet=row.pk)
    assert not in_use(aoi.actor).exists()
    assert Sheet.objects.count() == 1


def test_only_a_supervisor_approves_and_never_what_they_wrote(aoi, beni):
    row = write(written=CASE, actor=aoi.actor, at=AT)
    with pytest.raises(RefusedError, match="supervisor-only"):
        approve(sheet=row.pk, actor=aoi.actor, at=AT)
    own = write(written=CASE, actor=beni.actor, at=AT)
    with pytest.raises(RefusedError, match="own-approval"):
        approve(sheet=own.pk, actor=beni.actor, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.filter(pk=own.pk).update(approved_by=beni, approved_at=AT)


def test_a_text_is_brought_by_its_letters(aoi, beni):
    row = write(written=TEXT, actor=aoi.actor, at=AT)
    approve(sheet=row.pk, actor=beni.actor, at=AT)
    for letters in ("uk", "UK", "", "受け取り"):
        assert called(aoi.actor, letters) == [row]
    assert called(aoi.actor, "zz") == []


def test_a_place_that_nobody_fills_is_refused(aoi):
    wrong = Written(sort=Sort.TEMPLATE, title="x", words="{電話番号}")
    with pytest.raises(RefusedError, match="unknown-place"):
        write(written=wrong, actor=aoi.actor, at=AT)


def test_a_sheet_goes_for_good_and_one_in_use_by_a_supervisor_only(aoi, beni):
    row = write(written=CASE, actor=aoi.actor, at=AT)
    approve(sheet=row.pk, actor=beni.actor, at=AT)
    with pytest.raises(RefusedError, match="supervisor-only"):
        erase(sheet=row.pk, actor=aoi.actor, at=AT)
    erase(sheet=row.pk, actor=beni.actor, at=LATER)
    assert not Sheet.objects.exists()
    deeds = Entry.objects.filter(deed__startswith="SHEET").order_by("seq")
    assert [it.deed for it in deeds] == ["SHEET_WRITTEN", "SHEET_APPROVED", "SHEET_ERASED"]
    assert all("matter" not in it.detail and it.matter is None for it in deeds)
    with pytest.raises(RefusedError, match="sheet-gone"):
        erase(sheet=row.pk, actor=beni.actor, at=LATER)


@pytest.mark.parametrize("who", ["chika", "daichi"])
def test_a_stranger_has_no_part_in_the_handbook(aoi, who, request):
    stranger = request.getfixturevalue(who).actor
    row = write(written=CASE, actor=aoi.actor, at=AT)
    assert not sheets_at(stranger).exists()
    for deed in (
        lambda: write(written=CASE, actor=stranger, at=AT, sheet=row.pk),
        lambda: approve(sheet=row.pk, actor=stranger, at=AT),
        lambda: erase(sheet=row.pk, actor=stranger, at=AT),
    ):
        with pytest.raises(RefusedError, match=r"another-desk|figures-only"):
            deed()
    assert Sheet.objects.get().title == CASE.title
