"""The first page of the settings: what there is, and what waits."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from madoguchi.administration.queries.people import staff_of
from madoguchi.administration.queries.retention import asked, open_list
from madoguchi.administration.views.doors import show
from madoguchi.desks.doors import actor_of, for_supervisors
from madoguchi.desks.queries import hours_of
from madoguchi.directory.checks import stale
from madoguchi.rules.calendar import in_japan


@for_supervisors
def overview(request: HttpRequest) -> HttpResponse:
    """Show every room of the settings with the state it is in."""
    actor = actor_of(request)
    staff = [it for it in staff_of(actor) if it.user.is_active]
    waiting = open_list(actor.desk)
    context = {
        "wishes": asked(actor).count(),
        "due": waiting.consultations.count() if waiting else 0,
        "here": "overview",
        "staff": staff,
        "unprotected": [it for it in staff if not it.is_protected],
        "hours": hours_of(actor.desk),
        "stale": len(stale(in_japan(timezone.now()).date())),
    }
    return show(request, "overview", context)
