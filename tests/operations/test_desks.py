"""Desks: their books, their people, their days."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from madoguchi.desks.models import Code, CodeBook, Desk, User
from madoguchi.desks.operations import (
    NewUser,
    add_user,
    create_desk,
    make_public,
    record_opening_days,
    renew_user,
)
from madoguchi.desks.queries import (
    advisers_of,
    all_desks,
    books_of,
    books_on,
    desk_called,
    is_username_taken,
    member_called,
    opening_days,
    public_desk,
)
from madoguchi.ledger.chain import INSTALLATION
from madoguchi.ledger.models import Entry
from madoguchi.rules.access import Role
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import STANDARD, Table
from tests.people import AT, PASSWORD, at_the_desk, found

pytestmark = pytest.mark.django_db
APRIL = Period(dt.date(2025, 4, 1), dt.date(2025, 4, 30))


def _deeds(desk):
    found = Entry.objects.filter(chain=str(desk.pk)).order_by("seq")
    return list(found.values_list("deed", "detail"))


def test_a_new_desk_has_the_standard_books_in_their_order(desk):
    assert sorted(books_of(desk.pk), key=lambda b: b.table) == sorted(
        STANDARD, key=lambda b: b.table
    )


def test_founding_is_written_in_two_chains(desk):
    assert _deeds(desk) == [("DESK_CREATED", {})]
    told = Entry.objects.get(chain=INSTALLATION)
    assert (told.deed, told.detail) == ("DESK_CREATED", {"desk": str(desk.pk)})


def test_a_slug_is_given_once_and_a_failed_founding_leaves_nothing(desk):
    entries = Entry.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        create_desk(slug=desk.slug, name="別", prefecture="兵庫県", at=AT)
    assert Desk.objects.count() == 1
    assert Entry.objects.count() == entries


def test_a_book_is_in_force_on_its_days_only(desk):
    channel = CodeBook.objects.get(desk=desk, table=Table.CHANNEL)
    channel.valid_to = dt.date(2026, 3, 31)
    channel.save()
    newer = CodeBook.objects.create(desk=desk, table=Table.CHANNEL, valid_from=dt.date(2026, 4, 1))
    Code.objects.create(book=newer, position=0, key="PHONE", label="電話")
    assert len(books_on(desk.pk, dt.date(2026, 3, 31))[Table.CHANNEL].codes) == 6
    assert len(books_on(desk.pk, dt.date(2026, 4, 1))[Table.CHANNEL].codes) == 1


def test_the_first_desk_runs_the_public_pages_and_goes_on_when_others_come(db):
    assert public_desk() is None
    first = found("osaka", "ネットハーモニー")
    found("kobe", "となり")
    assert public_desk() == first
    assert [desk.slug for desk in all_desks()] == ["kobe", "osaka"]
    assert desk_called("osaka") == first
    assert desk_called("nara") is None


def test_another_desk_is_made_the_public_one_and_the_ledger_tells_of_it_once(desk, other_desk):
    for _again in range(2):
        make_public(desk=other_desk.pk, at=AT)
        assert public_desk() == other_desk
    told = Entry.objects.filter(chain=INSTALLATION, deed="PUBLIC_DESK_SET")
    assert [entry.detail for entry in told] == [
        {"desk": str(other_desk.pk), "before": str(desk.pk)}
    ]


def test_the_database_holds_one_public_desk_at_most(desk, other_desk):
    with pytest.raises(IntegrityError), transaction.atomic():
        Desk.objects.update(is_public=True)


def test_days_are_recorded_once_and_counted_by_the_period(desk, other_desk):
    days = [dt.date(2025, 4, day) for day in (1, 2, 2, 30)] + [dt.date(2025, 5, 1)]
    assert record_opening_days(desk=desk.pk, days=days, at=AT) == 4
    assert record_opening_days(desk=desk.pk, days=days[:2], at=AT) == 0
    assert opening_days(desk.pk, APRIL) == 3
    assert opening_days(other_desk.pk, APRIL) == 0
    assert _deeds(desk)[1:] == [
        ("OPENING_DAYS_RECORDED", {"days": 4}),
        ("OPENING_DAYS_RECORDED", {"days": 0}),
    ]


def test_somebody_new_signs_in_with_what_they_were_given_and_it_is_not_kept(desk):
    new = NewUser(username="fumi", name="ふみ", role=Role.ADVISER, password=PASSWORD)
    user = add_user(desk=desk.pk, new=new, at=AT)
    assert user.check_password(PASSWORD)
    assert PASSWORD not in User.objects.values_list("password", flat=True)
    assert (user.actor.desk, user.actor.role) == (desk.pk, Role.ADVISER)
    assert _deeds(desk)[-1] == ("USER_ADDED", {"user": str(user.pk), "role": "ADVISER"})


def test_a_person_without_a_role_is_refused_by_the_database(desk):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="x", name="x", desk=desk, role="ADMIN")


def test_the_ledger_names_nobody(aoi, beni):
    text = " ".join(str(row) for row in Entry.objects.values())
    for word in (aoi.username, aoi.name, beni.name, "ネットハーモニー"):
        assert word not in text


def test_names_to_sign_in_with_differ_by_more_than_case(aoi, chika):
    assert is_username_taken("AOI")
    assert not is_username_taken("fumi")
    assert member_called(aoi.desk_id, "aoi") == aoi
    assert member_called(aoi.desk_id, "chika") is None


def test_who_may_be_put_in_charge(aoi, beni, chika, daichi):
    assert list(advisers_of(aoi.desk_id)) == [aoi, beni]
    beni.is_active = False
    beni.save()
    assert list(advisers_of(aoi.desk_id)) == [aoi]


def test_whoever_is_renewed_is_out_everywhere_and_starts_anew(aoi):
    inside = at_the_desk(aoi)
    assert inside.get("/desk/account/").status_code == 200
    renew_user(user=aoi.pk, password="a new first password", at=AT)
    aoi.refresh_from_db()
    assert aoi.check_password("a new first password")
    assert not Authenticator.objects.filter(user=aoi).exists()
    assert inside.get("/desk/account/").status_code == 302
    assert _deeds(aoi.desk)[-1] == ("USER_RENEWED", {"user": str(aoi.pk)})
