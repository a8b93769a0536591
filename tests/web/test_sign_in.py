"""Signing in: who gets in, how far, and what is written down."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from madoguchi.ledger.models import Entry
from madoguchi.rules.access import Role
from tests import people

pytestmark = pytest.mark.django_db
SIGN_IN = "/desk/sign-in/"
CODE = "/desk/sign-in/code/"
ACCOUNT = "/desk/account/"
SET_UP = "/desk/account/second-factor/"
FAR_AWAY = "203.0.113.9"


@pytest.fixture
def demo_aoi(db):
    """Somebody of the demonstration desk, without a second factor."""
    desk = people.found("demo", "見本の窓口", is_demonstration=True)
    return _newcomer(desk, "demo-aoi")


def _newcomer(desk, username):
    user = people.hire(desk.pk, username, "新人", Role.ADVISER)
    Authenticator.objects.filter(user=user).delete()
    return user


def _code(user, *, ahead=0):
    """Return the code that the app of `user` shows (or will show)."""
    secret = totp.decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
    *_, counter = totp.yield_hotp_counters_from_time()
    return totp.format_hotp_value(totp.hotp_value(secret, counter - 1 + ahead))


def _type_password(client, user, password=people.PASSWORD, **said):
    answers = {"login": user.username, "password": password, "next": ACCOUNT}
    return client.post(SIGN_IN, answers, **said)


def _signed_in(user):
    client = Client()
    _type_password(client, user)
    client.post(CODE, {"code": _code(user)})
    return client


def _is_in(client, **said):
    return client.get(ACCOUNT, **said).status_code == 200


def _deeds(user):
    return list(Entry.objects.filter(actor=user.pk).order_by("seq").values_list("deed", flat=True))


# -- the door ---------------------------------------------------------------------------


def test_whoever_is_not_signed_in_is_sent_to_the_door(client, desk):
    for address in (ACCOUNT, SET_UP, "/desk/account/password/", "/desk/account/codes/"):
        answer = client.get(address)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, SIGN_IN)


def test_the_door_is_in_japanese_and_names_no_password(client, demo_aoi):
    page = client.get(SIGN_IN).content.decode()
    assert "サインイン名" in page
    assert "demo" not in page
    assert not re.search(r"Username|Password|Sign|Forgot", page)


def test_the_password_alone_does_not_let_anybody_in(client, aoi):
    answer = _type_password(client, aoi)
    assert answer.url == CODE
    assert not _is_in(client)
    assert "認証アプリ" in client.get(CODE).content.decode()


def test_password_and_code_let_one_in_and_are_written_down(client, aoi):
    _type_password(client, aoi)
    answer = client.post(CODE, {"code": _code(aoi)})
    assert answer.url == ACCOUNT
    assert _is_in(client)
    assert _deeds(aoi) == ["SIGNED_IN"]


def test_a_code_may_be_typed_full_width(client, aoi):
    _type_password(client, aoi)
    wide = _code(aoi).translate({ord("0") + n: ord("０") + n for n in range(10)})
    client.post(CODE, {"code": wide})
    assert _is_in(client)


def test_a_wrong_password_says_so_in_one_sentence(client, aoi):
    page = _type_password(client, aoi, "wrong").content.decode()
    assert "サインイン名かパスワードが違います。" in page
    assert _deeds(aoi) == []


def test_a_name_nobody_has_sounds_like_a_wrong_password(client, aoi):
    wrong = _type_password(client, aoi, "wrong")
    unknown = client.post(SIGN_IN, {"login": "nobody", "password": "wrong"})
    told = [
        re.search(r'role="alert".*?</div>', a.content.decode(), re.DOTALL) for a in (wrong, unknown)
    ]
    assert all(told)
    assert told[0].group() == told[1].group()


def test_whoever_left_stays_outside(client, aoi):
    aoi.is_active = False
    aoi.save()
    answer = _type_password(client, aoi)
    assert answer.status_code == 403
    assert not _is_in(client)


def test_a_code_is_good_for_one_time_only(aoi):
    code = _code(aoi)
    first, second = Client(), Client()
    for client in (first, second):
        _type_password(client, aoi)
        # Each process of a server has a memory of its own.
        totp.cache.clear()
        client.post(CODE, {"code": code})
    assert _is_in(first)
    assert not _is_in(second)


def test_changing_ones_mind_at_the_code_leads_back_to_the_door(client, aoi):
    _type_password(client, aoi)
    client.post("/desk/sign-out/")
    assert client.get(SIGN_IN).status_code == 200


def test_a_stranger_is_not_led_elsewhere_after_signing_in(client, aoi):
    client.post(
        SIGN_IN, {"login": "aoi", "password": people.PASSWORD, "next": "https://evil.example/"}
    )
    answer = client.post(CODE, {"code": _code(aoi)})
    assert "evil" not in answer.url


def test_signing_out_is_by_post_and_ends_the_session(aoi):
    client = _signed_in(aoi)
    assert client.get("/desk/sign-out/").status_code == 200
    assert _is_in(client)
    client.post("/desk/sign-out/")
    assert not _is_in(client)


# -- limits -------------------------------------------------------------------------------


def test_after_ten_wrong_passwords_the_right_one_is_refused_too(aoi):
    for _ in range(10):
        _type_password(Client(), aoi, "wrong")
    page = _type_password(Client(), aoi).content.decode()
    assert "いまはサインインできません" in page


def test_nobody_can_lock_a_colleague_out_from_one_place(aoi):
    for _ in range(30):
        _type_password(Client(), aoi, "wrong", REMOTE_ADDR=FAR_AWAY)
    assert _type_password(Client(), aoi, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_the_name_is_counted_however_it_is_written(aoi):
    for written in ("aoi", "AOI", " Aoi") * 4:
        Client().post(SIGN_IN, {"login": written, "password": "wrong"})
    assert _type_password(Client(), aoi).status_code == 200


def test_one_address_cannot_try_many_names(aoi):
    for number in range(60):
        Client().post(SIGN_IN, {"login": f"name{number}", "password": "x"}, REMOTE_ADDR=FAR_AWAY)
    assert _type_password(Client(), aoi, REMOTE_ADDR=FAR_AWAY).status_code == 200
    assert _type_password(Client(), aoi).status_code == 302


def test_a_stranger_cannot_invent_an_address_to_be_counted_under(aoi):
    for number in range(10):
        _type_password(Client(), aoi, "wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert _type_password(Client(), aoi, HTTP_X_FORWARDED_FOR="198.51.100.99").status_code == 200


def test_rightful_sign_ins_of_a_whole_office_are_not_counted(aoi):
    for _ in range(70):
        assert _type_password(Client(), aoi).status_code == 302


def test_guessing_codes_is_stopped(client, aoi):
    _type_password(client, aoi)
    for number in range(20):
        client.post(CODE, {"code": f"{number:06}"})
    page = client.post(CODE, {"code": _code(aoi)}).content.decode()
    assert "いまは受けつけられません" in page
    assert not _is_in(client)


# -- the second factor ----------------------------------------------------------------------


def _addresses_without_arguments():
    for pattern in _patterns(get_resolver().url_patterns):
        if "(?P<" not in pattern and "<" not in pattern:
            yield "/" + pattern


def _patterns(entries, prefix=""):
    for entry in entries:
        path = prefix + str(entry.pattern).lstrip("^").rstrip("$\\Z")
        if hasattr(entry, "url_patterns"):
            yield from _patterns(entry.url_patterns, path)
        else:
            yield path


def test_without_a_second_factor_nothing_can_be_reached_but_its_set_up(desk):
    client = Client()
    _type_password(client, _newcomer(desk, "newcomer"))
    addresses = set(_addresses_without_arguments())
    assert {ACCOUNT, SET_UP, SIGN_IN} <= addresses
    reached = {
        address for address in addresses if getattr(client.get(address), "url", "") != SET_UP
    }
    passkey = "/desk/account/passkeys/new/"
    assert reached == {SET_UP, passkey, "/desk/sign-out/", "/desk/sign-in/again/"}


@pytest.mark.django_db(transaction=True)
def test_a_newcomer_sets_it_up_and_is_in_without_a_second_password(desk):
    client, user = Client(), _newcomer(desk, "newcomer")
    _type_password(client, user)
    page = client.get(SET_UP).content.decode()
    secret = re.search(r"<code>(\w+)</code>", page).group(1)
    *_, counter = totp.yield_hotp_counters_from_time()
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    answer = client.post(SET_UP, {"code": code})
    assert answer.url == "/desk/account/codes/"
    codes = re.findall(r"<li>(\d{8})</li>", client.get(answer.url).content.decode())
    assert len(codes) == 10
    assert not re.findall(r"<li>\d{8}</li>", client.get(answer.url).content.decode())
    assert _is_in(client)
    assert _deeds(user) == ["SIGNED_IN", "SECOND_FACTOR_SET"]
    # A code of the ten opens the door, once.
    for expected in (True, False):
        later = Client()
        _type_password(later, user)
        later.post(CODE, {"code": codes[0]})
        assert _is_in(later) is expected


def test_a_wrong_first_code_sets_up_nothing(desk):
    client, user = Client(), _newcomer(desk, "newcomer")
    _type_password(client, user)
    client.get(SET_UP)
    page = client.post(SET_UP, {"code": "abc"}).content.decode()
    assert "コードが違うか、使いずみです。" in page
    assert not Authenticator.objects.filter(user=user).exists()


def test_who_had_only_the_password_is_out_once_a_second_factor_exists(desk):
    thief, user = Client(), _newcomer(desk, "newcomer")
    _type_password(thief, user)
    totp.TOTP.activate(user, totp.generate_totp_secret())
    assert thief.get(ACCOUNT).url == SIGN_IN
    assert "_auth_user_id" not in thief.session


def test_secrets_of_second_factors_are_stored_sealed(aoi):
    secret = totp.generate_totp_secret()
    Authenticator.objects.filter(user=aoi).delete()
    row = totp.TOTP.activate(aoi, secret).instance
    row.refresh_from_db()
    assert secret not in str(row.data)
    assert totp.decrypt(row.data["secret"]) == secret


def test_another_device_needs_a_new_set_up(aoi):
    client = _signed_in(aoi)
    client.post("/desk/account/second-factor/remove/")
    assert client.get(ACCOUNT).url == SET_UP
    assert not Authenticator.objects.filter(user=aoi).exists()
    assert "SECOND_FACTOR_REMOVED" in _deeds(aoi)
    assert mail.outbox == []


def test_long_after_signing_in_the_password_is_asked_before_settings_change(aoi):
    client = _signed_in(aoi)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()
    assert client.get("/desk/account/codes/new/").url.startswith("/desk/sign-in/again/")
    page = client.get("/desk/sign-in/again/?next=/desk/account/codes/new/").content.decode()
    assert "もう一度、本人か確かめます" in page
    answer = client.post("/desk/sign-in/again/", {"password": people.PASSWORD, "next": ACCOUNT})
    assert answer.url == ACCOUNT
    assert client.get("/desk/account/codes/new/").status_code == 200


def test_a_changed_password_ends_every_other_session(aoi):
    here, elsewhere = _signed_in(aoi), people.at_the_desk(aoi)
    assert _is_in(elsewhere)
    new = "another horse, another staple"
    here.post(
        "/desk/account/password/",
        {"oldpassword": people.PASSWORD, "password1": new, "password2": new},
    )
    assert _is_in(here)
    assert not _is_in(elsewhere)
    assert _deeds(aoi)[-1] == "PASSWORD_CHANGED"


def test_a_short_password_is_refused(aoi):
    here = _signed_in(aoi)
    answers = {"oldpassword": people.PASSWORD, "password1": "short", "password2": "short"}
    assert "12" in here.post("/desk/account/password/", answers).content.decode()
    aoi.refresh_from_db()
    assert aoi.check_password(people.PASSWORD)


# -- the demonstration desk -----------------------------------------------------------------


def test_the_demonstration_desk_works_on_its_own_machine_without_a_second_factor(client, demo_aoi):
    assert _type_password(client, demo_aoi).url == ACCOUNT
    assert _is_in(client)
    assert _is_in(people.at_the_desk(demo_aoi), REMOTE_ADDR="::1")


@pytest.mark.parametrize(
    "said",
    [
        {"REMOTE_ADDR": FAR_AWAY},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": FAR_AWAY},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=203.0.113.9"},
    ],
)
def test_the_demonstration_desk_is_closed_to_everybody_else(client, demo_aoi, said):
    answer = _type_password(client, demo_aoi, **said)
    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session
    inside = people.at_the_desk(demo_aoi)
    assert not _is_in(inside, **said)
    assert inside.get(SET_UP, **said).status_code == 403


def test_a_real_desk_has_no_such_exception(desk):
    client = people.at_the_desk(_newcomer(desk, "newcomer"))
    assert client.get(ACCOUNT, REMOTE_ADDR="127.0.0.1").url == SET_UP


# -- what is not there ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["account_signup", "account_reset_password", "account_email", "account_set_password"]
)
def test_there_is_no_sign_up_and_no_mail(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_cookies_end_with_the_browser_and_no_script_reads_them(aoi):
    client = Client()
    client.get(SIGN_IN)
    _type_password(client, aoi)
    client.post(CODE, {"code": _code(aoi)})
    assert set(client.cookies) == {"m", "t"}
    for cookie in client.cookies.values():
        assert not cookie["max-age"]
        assert not cookie["expires"]
        assert cookie["httponly"]
    assert client.cookies["m"]["samesite"] == "Lax"
