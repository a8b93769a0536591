"""点検表: what was seen to in a matter."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.matters.operations.ticking import tick
from madoguchi.workbench.views.doors import attempt, found, when_pressed


@for_advisers
@when_pressed
def checked(request: HttpRequest, number: str) -> HttpResponse:
    """点検を残す."""
    row, actor = found(request, number), user_of(request).actor
    attempt(
        request,
        _("点検を残しました。"),
        lambda: tick(
            matter=row.pk,
            shown=frozenset(request.POST.getlist("shown")),
            ticked=frozenset(request.POST.getlist("ticked")),
            actor=actor,
            at=timezone.now(),
        ),
    )
    return redirect("workbench:matter", number=number)
