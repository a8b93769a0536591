"""A second factor is forced for staff."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from madoguchi.desks.models import User

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
# Where somebody without a second factor may go: to set one up, or to leave.
_OPEN = frozenset({"mfa_activate_totp", "account_logout", "account_reauthenticate"})


def _may_do_without(user: User, request: HttpRequest) -> bool:
    """Tell whether this is the demonstration desk, used from the machine it runs on."""
    return user.desk.is_demonstration and request.META.get("REMOTE_ADDR") in _LOOPBACK


class SecondFactor:
    """Send staff without a second factor to the page where they set one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Redirect before the view runs, where a second factor is missing."""
        del view, args, kwargs
        user, match = request.user, request.resolver_match
        if not isinstance(user, User) or match is None or match.view_name in _OPEN:
            return None
        if _may_do_without(user, request) or is_mfa_enabled(user):
            return None
        return redirect("mfa_activate_totp")
