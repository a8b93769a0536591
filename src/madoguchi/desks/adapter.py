"""How allauth behaves here: staff only, counted in the database, noted in the ledger."""

import time
from typing import Any, NamedTuple

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madoguchi.desks.models import User
from madoguchi.desks.operations import note_credentials, note_sign_in
from madoguchi.desks.queries import count_of
from madoguchi.ledger.chain import Deed
from madoguchi.vault.sealing import open_secret, seal_secret
from madoguchi.vault.throttling import forgive, network_of, take_back, try_once

# In the session: whether a second factor was proven in it. See `middleware.SecondFactor`.
PROVEN = "second_factor"
# What is a second factor: an app that shows codes, or a passkey.
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")
# For so many seconds after signing in, the password need not be typed again.
_FRESH = 300
# Codes typed in an hour: of a million, three are right at any time.
_CODES_AN_HOUR = 20

_DEEDS = {
    "account/email/password_changed": Deed.PASSWORD_CHANGED,
    "mfa/email/totp_activated": Deed.SECOND_FACTOR_SET,
    "mfa/email/totp_deactivated": Deed.SECOND_FACTOR_REMOVED,
    "mfa/email/webauthn_added": Deed.PASSKEY_ADDED,
    "mfa/email/webauthn_removed": Deed.PASSKEY_REMOVED,
    "mfa/email/recovery_codes_generated": Deed.RECOVERY_CODES_MADE,
}
_SAID = {
    "account/messages/password_changed.txt": _("パスワードを変えました。"),
    "mfa/messages/totp_activated.txt": _("二段階認証を設定しました。"),
    "mfa/messages/totp_deactivated.txt": _("二段階認証の設定を消しました。"),
    "mfa/messages/webauthn_added.txt": _("パスキーを登録しました。"),
    "mfa/messages/webauthn_removed.txt": _("パスキーを消しました。"),
}


class _Limit(NamedTuple):
    """How often one thing may be tried in an hour."""

    what: str
    who: str
    times: int


def is_on_this_machine(request: HttpRequest) -> bool:
    """Tell whether `request` was made on the machine that answers it, through no proxy."""
    forwarded = any(header in request.headers for header in _FORWARDED)
    return request.META.get("REMOTE_ADDR") in _LOOPBACK and not forwarded


def refuse_demonstration(request: HttpRequest) -> HttpResponse:
    """Say that the demonstration desk, whose passwords anybody knows, is not for strangers."""
    return render(request, "desks/demonstration_refused.html", status=403)


def _limits(request: HttpRequest, username: str) -> list[_Limit]:
    """Return what counts against a sign-in, in the order it is asked.

    What one address spends on a name does not reach the name's own limit: nobody can
    lock out a colleague from one place.
    """
    network, name = network_of(request), username.strip().casefold()
    return [
        _Limit("sign-in from", network, 60),
        _Limit("sign-in from as", f"{network} {name}", 10),
        _Limit("sign-in as", name, 100),
    ]


class StaffOnly(DefaultAccountAdapter):
    """Accounts are made by a desk's supervisor, never on a page. No mail is sent."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "サインイン名かパスワードが違います。もう一度入れてください。"
        ),
        "too_many_login_attempts": _(
            "何度も続けて失敗したため、いまはサインインできません。1時間ほどおいて、もう一度お試しください。"
        ),
        "incorrect_password": _("パスワードが違います。もう一度入れてください。"),
        "enter_current_password": _("いまのパスワードが違います。もう一度入れてください。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's signature)
        """Refuse every sign-up."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt, and refuse it before the password is looked at."""
        at = timezone.now()
        for what, who, times in _limits(request, credentials.get("username", "")):
            if not try_once(what, who, limit=times, at=at):
                raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return who signs in, and count a rightful attempt back."""
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            from_network, *as_somebody = _limits(request, credentials.get("username", ""))
            take_back(from_network.what, from_network.who)
            for limit in as_somebody:
                forgive(limit.what, limit.who)
        return user

    def pre_login(self, request: HttpRequest, user: User, **said: Any) -> HttpResponse | None:
        """Refuse who left, and the demonstration desk from elsewhere, before they are in."""
        if user.desk.is_demonstration and not is_on_this_machine(request):
            return refuse_demonstration(request)
        response: HttpResponse | None = super().pre_login(request, user, **said)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG002 (allauth's signature)
        """Say that this account is closed."""
        return render(request, "desks/account_closed.html", status=403)

    def login(self, request: HttpRequest, user: User) -> None:
        """Let `user` in. Where a second factor is set, it was asked for before."""
        note_sign_in(user=user.pk, desk=user.desk_id, at=timezone.now())
        super().login(request, user)
        request.session[PROVEN] = is_mfa_enabled(user, SECOND_FACTORS)

    def is_reauthentication_required(self, *, app: str, **said: Any) -> bool:
        """Ask for the password again, save from those who have just signed in."""
        records = get_authentication_records(self.request, self.request.user)
        if records and time.time() - records[-1]["at"] < _FRESH:
            return False
        required: bool = super().is_reauthentication_required(app=app, **said)
        return required

    def send_notification_mail(self, template_prefix: str, user: User, *_args: Any) -> None:
        """Write in the ledger what allauth would tell by mail."""
        deed = _DEEDS.get(template_prefix)
        if deed is None:
            return
        note_credentials(user=user.pk, desk=user.desk_id, deed=deed, at=timezone.now())
        if deed in (Deed.SECOND_FACTOR_SET, Deed.PASSKEY_ADDED):
            self.request.session[PROVEN] = True

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *_args: Any,
        **said: Any,
    ) -> None:
        """Say in our words what deserves a word."""
        if words := said.get("message") or _SAID.get(message_template or ""):
            messages.add_message(request, level, str(words))

    def set_password(self, user: User, password: str) -> None:
        """Take a password that its owner chose: the first one has served."""
        user.must_change_password = False
        super().set_password(user, password)

    def send_mail(self, *_args: Any, **_said: Any) -> None:
        """Send nothing: staff have no addresses here."""


class SealedSecondFactor(DefaultMFAAdapter):
    """Secrets of second factors are sealed by the master key before they are stored."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "コードが違うか、使いずみです。アプリに出ている新しいコードを入れてください。"
        ),
        "too_many_codes": _(
            "コードの間違いが続いたため、いまは受けつけられません。1時間ほどおいて、もう一度お試しください。"
        ),
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 (allauth's signature)
        """Return how a new passkey is called until its owner names it."""
        return str(_("パスキー%(number)s")) % {"number": count_of(user.pk, type) + 1}

    def count_try(self, user: User) -> None:
        """Count one code typed by `user`, and refuse it where there were too many."""
        who = str(user.pk)
        if not try_once("second factor", who, limit=_CODES_AN_HOUR, at=timezone.now()):
            raise self.validation_error("too_many_codes")

    def use_up(self, user: User, code: str) -> None:
        """Take a right `code`, which is good for one time only, whichever process is asked."""
        spent = f"{user.pk} {code}"
        if not try_once("second factor spent", spent, limit=1, at=timezone.now()):
            raise self.validation_error("incorrect_code")
        forgive("second factor", str(user.pk))

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal_secret(text, purpose="second factor")

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return open_secret(encrypted_text, purpose="second factor")
