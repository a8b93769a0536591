"""What presses, links and refusals come to on the desk's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.queries import numbered
from madoguchi.desks.doors import user_of
from madoguchi.rules.access import RefusedError
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.ui.views import form_expired
from madoguchi.workbench.views.refusals import Refusal, sentence_for

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def when_pressed(view: View[P]) -> View[P]:
    """Answer POST; who comes by a link (after signing in again) is led to the page itself."""

    @wraps(view)
    def pressed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        if "number" in kwargs:
            return redirect("workbench:matter", number=kwargs["number"])
        return redirect("workbench:inbox")

    return pressed


def keeps_words(view: View[P]) -> View[P]:
    """Give words back to who is no longer signed in, where the usual redirect would lose them."""

    @wraps(view)
    def kept(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.POST.get("words"):
            return form_expired(request)
        return redirect_to_login(reverse("workbench:inbox"))

    return login_not_required(kept)


def found(request: HttpRequest, number: str) -> Consultation:
    """Return the consultation, or say that there is none: not that it may not be seen."""
    row = numbered(user_of(request).actor, number)
    if row is None:
        raise Http404
    return row


def attempt(
    request: HttpRequest,
    done: str,
    deed: Callable[[], Any],
    why_not: Callable[[Refusal], str] = sentence_for,
) -> None:
    """Do `deed` and say `done`, or say in a sentence why not."""
    try:
        deed()
    except (RefusedError, IllegalStepError) as refusal:
        messages.error(request, why_not(refusal))
    else:
        messages.success(request, done)
