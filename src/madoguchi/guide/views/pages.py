"""Pages that stand by themselves: windows, emergency, proof, leaving, and what holds here."""

from collections.abc import Iterable
from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.directory.editions import current
from madoguchi.directory.facts import shown
from madoguchi.directory.history import editions
from madoguchi.directory.local import local
from madoguchi.directory.matrix import matrix, matrix_notes
from madoguchi.directory.windows import Window, all_windows, labels
from madoguchi.guide.queries import rules as rule_table
from madoguchi.guide.queries import windows as found_windows
from madoguchi.guide.queries.facts import provenance
from madoguchi.guide.queries.hours_file import has_hours, hours_file
from madoguchi.guide.queries.places import Place, desk, place_of, way_when_busy
from madoguchi.guide.views.common import say
from madoguchi.rules.prefectures import PREFECTURES
from madoguchi.ui.answers import as_download


@login_not_required
@require_safe
def urgent(request: HttpRequest) -> HttpResponse:
    """Show every number for when it cannot wait."""
    lines = found_windows.emergency_lines(timezone.now(), found_windows.LESS_PRESSING)
    return say(request, "urgent", lines=lines, note=found_windows.note_of_the_open_line())


@login_not_required
@require_safe
def windows(request: HttpRequest) -> HttpResponse:
    """Show all windows and the matrix; `by` shows only those reached so."""
    told = matrix()
    by = request.GET.get("by", "")
    by = by if by in found_windows.WAYS else ""
    names = [(all_windows()[it].shown, it) for it in told["windows"]]
    return say(
        request,
        "windows",
        windows=found_windows.reached_by(by),
        by=by,
        columns=names,
        rows=found_windows.matrix_rows(told["rows"]),
        notes=matrix_notes(),
        edition=current(),
    )


@login_not_required
@require_safe
def window(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one window in full."""
    found = _window(slug)
    lines = desk(found, timezone.now()).lines
    return say(
        request,
        "window",
        window=found.shown,
        desk_lines=lines,
        state=[it.state for it in lines],
        conditions=[shown(labels()[it], found.facts, "conditions") for it in found.conditions],
        busy=way_when_busy(found),
        taken=found_windows.taken_by(slug, matrix()["rows"]),
        notes=matrix_notes(),
        provenance=provenance(found),
        has_hours=has_hours(found),
        edition=current(),
    )


def _window(slug: str) -> Window:
    found = all_windows().get(slug)
    if found is None or slug == "own":
        raise Http404
    return found


@login_not_required
@require_safe
def hours(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 (a view's shape)
    """Send the opening hours of a window as a calendar."""
    return _calendar([_window(slug)])


@login_not_required
@require_safe
def place_hours(request: HttpRequest, code: int) -> HttpResponse:  # noqa: ARG001 (a view's shape)
    """Send the opening hours of a prefecture's own desks as a calendar."""
    return _calendar(_place(code).local.windows)


def _calendar(found: Iterable[Window]) -> HttpResponse:
    listed = [it for it in found if has_hours(it)]
    if not listed:
        raise Http404
    content = hours_file(listed, timezone.now(), get_language())
    return as_download(content, "hours.ics", "text/calendar; charset=utf-8")


@login_not_required
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Show the 47 prefectures, and which have something of their own."""
    return say(request, "places", places=[local(it) for it in PREFECTURES], edition=current())


@login_not_required
@require_safe
def place(request: HttpRequest, code: int) -> HttpResponse:
    """Show what one prefecture has: its desks, its ordinance, police and school."""
    return say(request, "place", place=_place(code), edition=current())


def _place(code: int) -> Place:
    if not 1 <= code <= len(PREFECTURES):
        raise Http404
    return place_of(PREFECTURES[code - 1], timezone.now())


@login_not_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show the table by which the guide decides, for a supervisor to read."""
    return say(request, "rules", groups=partial(rule_table.groups, current()), edition=current())


@login_not_required
@require_safe
def all_editions(request: HttpRequest) -> HttpResponse:
    """Show the editions of the guide with their dates, and what changed."""
    return say(request, "editions", editions=list(editions().values()), edition=current())


@login_not_required
@require_safe
def edition(request: HttpRequest, name: str) -> HttpResponse:
    """Show one edition as it was: its rules, or an old chart."""
    told = editions().get(name)
    if told is None:
        raise Http404
    groups = partial(rule_table.groups, told.rules or current())
    return say(request, "edition", told=told, groups=groups, edition=current())


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
