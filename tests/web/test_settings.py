"""The settings, as a supervisor's browser asks for them."""

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import receiving, working
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.desks.models import OpeningDay, User
from madoguchi.desks.queries import books_on, hours_of
from madoguchi.ledger.models import Entry
from madoguchi.rules.access import Role
from madoguchi.rules.calendar import FiscalYear
from madoguchi.rules.codebooks import Table
from madoguchi.rules.hours import Opening
from madoguchi.rules.particulars import Particulars
from tests import people
from tests.people import AT, PASSWORD, at_the_desk

TODAY = timezone.localdate()
pytestmark = pytest.mark.django_db


@pytest.fixture
def settings_of(beni):
    """The supervisor's browser."""
    return at_the_desk(beni)


def _deeds(desk):
    return list(Entry.objects.filter(desk=desk.pk).order_by("seq").values_list("deed", flat=True))


def _password_on(page):
    return re.search(r"[a-z0-9]{5}(?:-[a-z0-9]{5}){3}", page.content.decode()).group()


def _sign_in(username, password):
    client = Client()
    client.post("/desk/sign-in/", {"login": username, "password": password})
    return client


ROOMS = [
    "",
    "people/",
    "hours/",
    "days/",
    "books/",
    "books/channel/",
    "desk/",
    "numbers/",
    "retention/",
]


@pytest.mark.parametrize("room", ROOMS)
def test_only_a_supervisor_comes_in(settings_of, aoi, chika, daichi, room):
    assert settings_of.get(f"/settings/{room}").status_code == 200
    for other in (aoi, chika, daichi):
        assert at_the_desk(other).get(f"/settings/{room}").status_code == 404


# -- people -----------------------------------------------------------------------------


def _invite(settings_of, username="fumi", role=Role.ADVISER):
    new = {"name": "ふみ", "username": username, "role": role}
    return settings_of.post("/settings/people/", new)


def test_the_way_back_to_the_board_is_in_the_menu_of_the_settings(settings_of):
    assert reverse("workbench:board") in settings_of.get("/settings/").content.decode()


def test_who_is_let_in_gets_a_first_password_that_is_shown_once(settings_of, desk):
    page = _invite(settings_of)
    password = _password_on(page)
    fumi = User.objects.get(username="fumi")
    assert (fumi.desk, fumi.role, fumi.check_password(password)) == (desk, Role.ADVISER, True)
    assert password not in settings_of.get("/settings/people/").content.decode()
    assert _deeds(desk)[-1] == "USER_ADDED"


def test_a_first_password_opens_nothing_but_the_page_where_it_is_changed(settings_of):
    password = _password_on(_invite(settings_of))
    client = _sign_in("fumi", password)
    for address in ("/desk/", "/desk/account/", "/desk/account/second-factor/"):
        assert client.get(address).url == "/desk/account/password/"
    same = {"oldpassword": password, "password1": password, "password2": password}
    assert client.post("/desk/account/password/", same).status_code == 200
    assert User.objects.get(username="fumi").must_change_password
    own = {"oldpassword": password, "password1": PASSWORD, "password2": PASSWORD}
    client.post("/desk/account/password/", own)
    assert not User.objects.get(username="fumi").must_change_password
    assert client.get("/desk/").url == "/desk/account/second-factor/"


def test_a_name_to_sign_in_with_is_given_once(settings_of, aoi):
    page = _invite(settings_of, username="AOI")
    assert page.status_code == 400
    assert "使われています" in page.content.decode()


def test_who_leaves_is_out_at_once_and_their_matters_are_listed(settings_of, desk, aoi, beni):
    letter = Letter(words="困っています", channel="EMAIL")
    matter = receiving.receive(desk=desk.pk, letter=letter, at=AT).matter
    working.take_charge(matter=matter, actor=aoi.actor, at=AT)
    browser = at_the_desk(aoi)
    assert browser.get("/desk/").status_code == 200
    page = f"/settings/people/{aoi.pk}/"
    settings_of.post(f"{page}leave/")
    assert browser.get("/desk/").status_code == 302
    assert not Authenticator.objects.filter(user=aoi).exists()
    number = Consultation.objects.get(pk=matter).matter.number
    assert number in settings_of.get(page).content.decode()
    settings_of.post(f"{page}hand-over/", {"adviser": str(beni.pk)})
    assert Consultation.objects.get(pk=matter).adviser == beni
    assert number not in settings_of.get(page).content.decode()
    assert "USER_LEFT" in _deeds(desk)


def test_an_old_session_does_not_come_back_with_its_owner(settings_of, aoi):
    browser = at_the_desk(aoi)
    settings_of.post(f"/settings/people/{aoi.pk}/leave/")
    settings_of.post(f"/settings/people/{aoi.pk}/come-back/")
    assert User.objects.get(pk=aoi.pk).is_active
    assert browser.get("/desk/").url.startswith("/desk/sign-in/")


def test_the_last_supervisor_neither_leaves_nor_steps_down(settings_of, beni):
    page = f"/settings/people/{beni.pk}/"
    settings_of.post(f"{page}leave/")
    settings_of.post(f"{page}role/", {"role": Role.ADVISER})
    kept = User.objects.get(pk=beni.pk)
    assert (kept.is_active, kept.role) == (True, Role.SUPERVISOR)
    assert "最後の責任者です" in settings_of.get(page).content.decode()


def test_a_lost_second_factor_is_taken_off_by_another_supervisor(settings_of, desk, aoi, beni):
    browser = at_the_desk(aoi)
    password = _password_on(settings_of.post(f"/settings/people/{aoi.pk}/renew/"))
    assert not Authenticator.objects.filter(user=aoi).exists()
    assert browser.get("/desk/").url.startswith("/desk/sign-in/")
    assert User.objects.get(pk=aoi.pk).check_password(password)
    told = Entry.objects.filter(desk=desk.pk).order_by("-seq").first()
    assert (told.deed, told.actor) == ("USER_RENEWED", beni.pk)


def test_nobody_takes_off_their_own_second_factor(settings_of, desk, beni):
    people.hire(desk.pk, "second", "もう一人", Role.SUPERVISOR)
    settings_of.post(f"/settings/people/{beni.pk}/renew/")
    assert Authenticator.objects.filter(user=beni).exists()


def test_people_of_another_desk_do_not_exist(settings_of, chika):
    for what in ("", "renew/", "leave/", "role/"):
        page = f"/settings/people/{chika.pk}/{what}"
        answer = settings_of.post(page) if what else settings_of.get(page)
        assert answer.status_code == 404
    assert User.objects.get(pk=chika.pk).is_active


# -- hours ------------------------------------------------------------------------------

WEEK = {
    "line0-weekdays": ["0", "1", "2", "3", "4"],
    "line0-opens": "１６：００",
    "line0-until": "22時",
    "line0-last_call": "30分",
    "line0-closed": ["holidays", "new-year"],
    "line1-weekdays": ["6"],
    "line1-nth": ["2"],
    "line1-opens": "13:00",
    "line1-until": "24:00",
    "line1-last_call": "",
    "line2-opens": "",
    "line2-until": "",
}


def test_hours_are_typed_as_people_write_them(settings_of, desk):
    settings_of.post("/settings/hours/", WEEK)
    assert set(hours_of(desk.pk).openings) == {
        Opening((0, 1, 2, 3, 4), dt.time(16), dt.time(22), last_call=30),
        Opening(
            (6,), dt.time(13), dt.time(), (2,), closed_on_holidays=False, closed_at_new_year=False
        ),
    }
    assert 'value="24:00"' in settings_of.get("/settings/hours/").content.decode()


def test_hours_that_end_before_they_begin_are_refused(settings_of, desk):
    page = settings_of.post("/settings/hours/", {**WEEK, "line0-until": "9:00"})
    assert page.status_code == 400
    assert "開く時刻よりあとにしてください" in page.content.decode()
    assert not hours_of(desk.pk).openings


def test_a_closing_day_that_is_no_day_is_named_by_its_line(settings_of, desk):
    page = settings_of.post("/settings/hours/closing/", {"days": "2099年12月28日\nあした"})
    assert "2行目" in page.content.decode()
    settings_of.post("/settings/hours/closing/", {"days": "2099年12月28日\n2099/12/29"})
    assert hours_of(desk.pk).closed == {dt.date(2099, 12, 28), dt.date(2099, 12, 29)}


def test_a_month_is_recorded_as_planned_with_one_press(settings_of, desk):
    settings_of.post("/settings/hours/", WEEK)
    month = "/settings/days/?month=2025-05"
    settings_of.post(month, {"do": "planned"})
    recorded = list(OpeningDay.objects.order_by("day").values_list("day", flat=True))
    # 21 weekdays but 5 and 6 May (holidays), and the second Sunday.
    assert len(recorded) == 21
    assert dt.date(2025, 5, 11) in recorded
    assert dt.date(2025, 5, 5) not in recorded
    settings_of.post(month, {"do": "ticked", "days": ["2025-05-05"]})
    assert [it.day for it in OpeningDay.objects.all()] == [dt.date(2025, 5, 5)]


def test_days_to_come_are_not_recorded(settings_of, desk):
    assert settings_of.get("/settings/days/?month=2999-01").status_code == 404
    assert settings_of.get("/settings/days/?month=x").status_code == 404


# -- books ------------------------------------------------------------------------------


def _plan(settings_of, **changes):
    page = settings_of.get("/settings/books/channel/")
    form = page.context["form"]
    told = {bound.html_name: bound.value() for pair in form.lines for bound in pair}
    return settings_of.post("/settings/books/channel/", {**told, **changes})


def test_next_years_book_is_this_years_with_changes(settings_of, desk):
    plan = {"label-new1": "LINE", "place-new1": "1", "label-FAX": "", "label-SNS": "チャット"}
    answer = _plan(settings_of, **plan)
    assert answer.status_code == 302
    next_year = FiscalYear(FiscalYear.of(TODAY).year + 1).first
    labels = [code.label_ja for code in books_on(desk.pk, next_year)[Table.CHANNEL].codes]
    assert sorted(labels) == sorted(["電話", "LINE", "チャット", "メール", "手紙", "面接"])
    still = books_on(desk.pk, next_year - dt.timedelta(days=1))[Table.CHANNEL]
    assert still.label_of("FAX") == "FAX"
    assert still.label_of("SNS") == "SNS"
    assert _deeds(desk)[-1] == "CODE_BOOK_PLANNED"


def test_a_plan_may_be_changed_again_and_dropped(settings_of, desk):
    _plan(settings_of, **{"label-FAX": ""})
    _plan(settings_of, **{"label-new1": "LINE"})
    next_year = FiscalYear(FiscalYear.of(TODAY).year + 1).first
    planned = books_on(desk.pk, next_year)[Table.CHANNEL]
    assert planned.key_of("FAX") is None
    assert planned.key_of("LINE")
    settings_of.post("/settings/books/channel/drop/")
    assert books_on(desk.pk, next_year)[Table.CHANNEL].label_of("FAX") == "FAX"


def test_a_label_stands_once_in_a_book(settings_of, desk):
    page = _plan(settings_of, **{"label-FAX": "電話"})
    assert page.status_code == 400
    assert "同じ名前の区分" in page.content.decode()


def test_unknown_stays_in_a_book(settings_of):
    page = settings_of.get("/settings/books/age-group/")
    form = page.context["form"]
    told = {bound.html_name: bound.value() for pair in form.lines for bound in pair}
    answer = settings_of.post("/settings/books/age-group/", {**told, "label-UNKNOWN": ""})
    assert "「不明」は外せません" in answer.content.decode()


def test_of_a_book_in_force_only_the_wording_is_corrected(settings_of, desk):
    correct = "/settings/books/channel/correct/"
    settings_of.post(correct, {"key": "FAX", "label": "ファクス"})
    book = books_on(desk.pk, TODAY)[Table.CHANNEL]
    assert [code.key for code in book.codes][3] == "FAX"
    assert book.label_of("FAX") == "ファクス"
    settings_of.post(correct, {"key": "NEW", "label": "何か"})
    assert len(books_on(desk.pk, TODAY)[Table.CHANNEL].codes) == 6


# -- profile ----------------------------------------------------------------------------


def test_what_public_pages_say_is_changed_in_one_place(settings_of, desk, client):
    told = {
        "name": "新しい名前",
        "prefecture": "大阪府",
        "reply_days": "5",
        "telephone": "０６－１２３４－５６７８",
    }
    settings_of.post("/settings/desk/", told)
    desk.refresh_from_db()
    assert (desk.name, desk.reply_days, desk.telephone) == ("新しい名前", 5, "06-1234-5678")
    assert "06-1234-5678" in client.get("/consult/").content.decode()
    assert settings_of.post("/settings/desk/", {**told, "telephone": "12"}).status_code == 400


def test_a_supervisor_finds_the_settings_from_the_desk(settings_of, aoi):
    door = reverse("administration:overview")
    assert f'href="{door}"' in settings_of.get("/desk/").content.decode()
    assert f'href="{door}"' not in at_the_desk(aoi).get("/desk/").content.decode()


# -- giving out -------------------------------------------------------------------------


def _received(desk):
    told = Particulars(telephone="090-1234-5678")
    return receiving.receive(desk=desk.pk, letter=Letter("困っています", "EMAIL", told), at=AT)


def test_a_record_is_given_after_a_second_confirmation(settings_of, desk):
    emi = _received(desk)
    page = settings_of.get(f"/settings/records/?number={emi.number.lower()}", follow=True)
    assert "本人（または正当な代理人）だと確かめました" in page.content.decode()
    assert settings_of.post(f"/settings/records/{emi.number}/").status_code == 400
    given = settings_of.post(f"/settings/records/{emi.number}/", {"is_them": "on"})
    assert given["Content-Type"] == "application/zip"
    assert emi.number not in given["Content-Disposition"]


def test_in_danger_two_of_the_staff_open_what_is_known(settings_of, desk, aoi):
    emi = _received(desk)
    table = at_the_desk(aoi)
    table.post("/settings/danger/", {"number": emi.number, "reason": "いま危ない"})
    waiting = settings_of.get("/settings/danger/").content.decode()
    door = re.search(r"/settings/danger/[0-9a-f-]{36}/open/", waiting).group()
    assert door not in table.get("/settings/danger/").content.decode()
    assert "別の職員" in table.post(door, follow=True).content.decode()
    assert "090-1234-5678" in settings_of.post(door).content.decode()
    assert "090-1234-5678" not in settings_of.post(door, follow=True).content.decode()
