"""「消してほしい」: a person's wish to be forgotten, from their own page."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from madoguchi.consultations.operations.keeping import ask_erasure
from madoguchi.intake.views.my_page import open_matter, say


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Say plainly what goes and what stays; take the wish."""
    matter: UUID | None = open_matter(request)
    if matter is None:
        return redirect("intake:enter")
    if request.method != "POST":
        return say(request, "erase")
    ask_erasure(matter=matter, at=timezone.now())
    return say(request, "erase_asked")
