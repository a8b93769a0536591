"""A second factor is forced for staff."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from madoguchi.desks.adapter import PROVEN, is_on_this_machine, refuse_demonstration
from madoguchi.desks.models import User

# Where somebody without a second factor may go: to set one up, or to leave.
_OPEN = frozenset({"mfa_activate_totp", "account_logout", "account_reauthenticate"})


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
        if user.desk.is_demonstration:
            return None if is_on_this_machine(request) else refuse_demonstration(request)
        if not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            return None if match.view_name in _OPEN else redirect("mfa_activate_totp")
        if not request.session.get(PROVEN, True):
            # Signed in by password alone, before there was a second factor: once more, please.
            logout(request)
            return redirect("account_login")
        return None
