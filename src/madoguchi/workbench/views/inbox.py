"""The inbox: what is open, the most pressing first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from madoguchi.consultations.queries import load
from madoguchi.desks.doors import user_of
from madoguchi.rules.access import Role, check_may_work_on, passes
from madoguchi.workbench.views.pages import listed, show


def inbox(request: HttpRequest) -> HttpResponse:
    """Show one of the lists; who sees figures only is led to them, an expert to their own page."""
    actor = user_of(request).actor
    if actor.role is Role.EXPERT:
        return redirect("experts:questions")
    if not passes(check_may_work_on, actor, actor.desk):
        return redirect("statistics:figures")
    page, drawn = listed(request, load(actor))
    return show(request, "workbench/inbox.html", {**drawn, "page": page})
