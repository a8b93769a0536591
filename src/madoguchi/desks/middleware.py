"""Who is signed in: words are given back to who no longer is; a second factor is forced."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from madoguchi.desks.adapter import PROVEN, SECOND_FACTORS, is_on_this_machine, refuse_demonstration
from madoguchi.desks.models import User
from madoguchi.ui.views import form_expired, written_in

View = Callable[..., HttpResponseBase]

_TYPED = "application/x-www-form-urlencoded"
# Where somebody without a second factor may go: to set one up, or to leave.
_OPEN = frozenset(
    {"mfa_activate_totp", "mfa_add_webauthn", "account_logout", "account_reauthenticate"}
)


class SignIn(LoginRequiredMiddleware):
    """Django's, but what was written goes back to its writer: a redirect would lose it."""

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Answer before the view runs, where somebody has to sign in first."""
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        # A file is not read for somebody who may be anybody.
        if answer and request.content_type == _TYPED and written_in(request):
            return form_expired(request)
        return answer


class SecondFactor:
    """Send staff without a second factor to the page where they set one up.

    The demonstration desk works without one, on the machine it runs on and nowhere else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Answer before the view runs, where a second factor is missing."""
        del view, args, kwargs
        user, match = request.user, request.resolver_match
        if not isinstance(user, User) or match is None or match.view_name == "account_logout":
            return None
        if user.desk.is_demonstration and not is_on_this_machine(request):
            return refuse_demonstration(request)
        if missing := _missing(user):
            name, open_doors = missing
            return None if match.view_name in open_doors else redirect(name)
        if not user.desk.is_demonstration and not request.session.get(PROVEN, True):
            # Signed in by password alone, before there was a second factor: once more, please.
            logout(request)
            return redirect("account_login")
        return None


def _missing(user: User) -> tuple[str, frozenset[str]] | None:
    """Return where `user` has to go first, and which doors are open to them until then."""
    if user.must_change_password:
        return "account_change_password", frozenset({"account_change_password"})
    if user.desk.is_demonstration or is_mfa_enabled(user, SECOND_FACTORS):
        return None
    return "mfa_activate_totp", _OPEN
