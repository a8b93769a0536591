"""Pages that stand by themselves: windows, emergency, proof, leaving, and what holds here."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.directory.editions import current
from madoguchi.directory.lines import line
from madoguchi.directory.matrix import matrix_notes
from madoguchi.directory.reading import read
from madoguchi.directory.windows import all_windows
from madoguchi.guide.queries import rules as rule_table
from madoguchi.guide.queries import windows as found_windows
from madoguchi.guide.views.common import say


@login_not_required
@require_safe
def urgent(request: HttpRequest) -> HttpResponse:
    """Show every number for when it cannot wait."""
    return say(request, "urgent", lines=found_windows.emergency_lines(timezone.now()))


@login_not_required
@require_safe
def windows(request: HttpRequest) -> HttpResponse:
    """Show all windows and the matrix; `by` shows only those reached so."""
    matrix = read("matrix.json")
    names = [(all_windows()[it], it) for it in matrix["windows"]]
    return say(
        request,
        "windows",
        windows=found_windows.reached_by(request.GET.get("by", "")),
        by=request.GET.get("by", ""),
        columns=names,
        rows=found_windows.matrix_rows(matrix["rows"]),
        notes=matrix_notes(),
        edition=current(),
    )


@login_not_required
@require_safe
def window(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one window in full."""
    found = all_windows().get(slug)
    if found is None or slug == "own":
        raise Http404
    at = timezone.now()
    lines = [line(it.label, it, at) for it in found.phones]
    return say(request, "window", window=found, lines=lines)


@login_not_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show the table by which the guide decides, for a supervisor to read."""
    return say(request, "rules", rows=list(rule_table.rows(current())), edition=current())


@login_not_required
@require_safe
def prose(request: HttpRequest, name: str) -> HttpResponse:
    """Show a page that is words only."""
    return say(request, name, edition=current())


@csrf_exempt  # leaving must never be refused, and being made to leave does no harm
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """End the session on the server, have the browser forget, and land on an empty page."""
    request.session.flush()
    response = HttpResponse(status=303, headers={"Location": reverse("guide:blank")})
    # Browsers heed it over HTTPS only; that is why the session is ended here, too.
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@login_not_required
@require_safe
def blank(request: HttpRequest) -> HttpResponse:
    """Show nothing."""
    return render(request, "guide/blank.html")
