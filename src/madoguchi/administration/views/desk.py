"""What public pages say of the desk, and which numbers of the directory wait for a check."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.administration.forms.desk import ProfileForm
from madoguchi.administration.views.doors import attempt, show
from madoguchi.desks.doors import actor_of, for_supervisors, user_of
from madoguchi.desks.operations.profile import change_profile
from madoguchi.directory.checks import every_fact, stale
from madoguchi.directory.windows import all_windows
from madoguchi.rules.calendar import in_japan

_NEXT = 30


@for_supervisors
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change the desk's profile."""
    user, actor = user_of(request), actor_of(request)
    fields = ("name", "prefecture", "reply_days", "telephone")
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(user.desk, name) for name in fields},
    )
    if request.method == "POST" and form.is_valid():
        attempt(
            request,
            _("窓口の紹介を保存しました。"),
            lambda: change_profile(
                desk=actor.desk, profile=form.parsed(), actor=actor, at=timezone.now()
            ),
        )
        return redirect("administration:profile")
    return show(request, "profile", {"here": "profile", "form": form}, 400 if form.errors else 200)


@for_supervisors
def numbers(request: HttpRequest) -> HttpResponse:
    """List the facts of the directory that wait for a check, and those whose turn comes next."""
    today = in_japan(timezone.now()).date()
    names = {window.id: window.name.ja for window in all_windows().values()}
    late = [(names.get(where, where), fact) for where, fact in stale(today)]
    fresh = sorted(
        ((names.get(where, where), it) for where, it in every_fact() if not it.is_stale(today)),
        key=lambda told: told[1].checked_on,
    )
    context = {"here": "numbers", "late": late, "next": fresh[:_NEXT], "fresh": len(fresh)}
    return show(request, "numbers", context)
