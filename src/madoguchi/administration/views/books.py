"""Code books by fiscal year: this year's as it stands, next year's as it is planned."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madoguchi.administration.forms.books import LabelForm, PlanForm
from madoguchi.administration.views.doors import attempt, sentence_for, show
from madoguchi.desks.doors import actor_of, for_supervisors
from madoguchi.desks.operations import books as operations
from madoguchi.desks.queries import books_on
from madoguchi.rules.access import RefusedError
from madoguchi.rules.calendar import FiscalYear, in_japan
from madoguchi.rules.codebooks import CodeBook, Table


def _years() -> tuple[FiscalYear, FiscalYear]:
    this = FiscalYear.of(in_japan(timezone.now()).date())
    return this, FiscalYear(this.year + 1)


def _books(request: HttpRequest, table: Table) -> tuple[CodeBook, CodeBook]:
    """Return the book of today and the one of next 1 April: the same where none is planned."""
    desk = actor_of(request).desk
    found = [
        books_on(desk, day).get(table)
        for day in (in_japan(timezone.now()).date(), _years()[1].first)
    ]
    if found[0] is None or found[1] is None:
        raise Http404
    return found[0], found[1]


def _table(name: str) -> Table:
    try:
        return Table(name.upper().replace("-", "_"))
    except ValueError:
        raise Http404 from None


@for_supervisors
def books(request: HttpRequest) -> HttpResponse:
    """List the five tables with this year's codes, and whether next year's differ."""
    shown = []
    for table in Table:
        now, planned = _books(request, table)
        shown.append((table, str(table).lower().replace("_", "-"), now, planned is not now))
    this, coming = _years()
    context = {"here": "books", "books": shown, "this": this, "coming": coming}
    return show(request, "books", context)


@for_supervisors
def book(request: HttpRequest, table: str) -> HttpResponse:
    """Plan the book of the next fiscal year."""
    asked, actor = _table(table), actor_of(request)
    _now, planned = _books(request, asked)
    form = PlanForm(request.POST if request.method == "POST" else None, codes=planned.codes)
    if request.method == "POST" and form.is_valid():
        try:
            operations.plan_book(
                desk=actor.desk,
                table=asked,
                codes=form.parsed(),
                actor=actor,
                at=timezone.now(),
            )
        except RefusedError as refusal:
            form.add_error(None, sentence_for(refusal))
        else:
            said = _("%(year)sの分類表を保存しました。") % {"year": _years()[1].label}
            messages.success(request, said)
            return redirect("administration:book", table)
    return _page(request, table, form)


@for_supervisors
@require_POST
def correct(request: HttpRequest, table: str) -> HttpResponse:
    """Correct the wording of a label that is in force."""
    actor, form = actor_of(request), LabelForm(request.POST)
    asked = _table(table)
    if not form.is_valid():
        raise Http404
    attempt(
        request,
        _("書き方を直しました。"),
        lambda: operations.correct_label(
            desk=actor.desk, table=asked, code=form.parsed(), actor=actor, at=timezone.now()
        ),
    )
    return redirect("administration:book", table)


@for_supervisors
@require_POST
def drop(request: HttpRequest, table: str) -> HttpResponse:
    """Let this year's book go on after all."""
    actor, asked = actor_of(request), _table(table)
    attempt(
        request,
        _("いまの分類表を、来年度もそのまま使います。"),
        lambda: operations.drop_plan(desk=actor.desk, table=asked, actor=actor, at=timezone.now()),
    )
    return redirect("administration:book", table)


def _page(request: HttpRequest, table: str, form: PlanForm) -> HttpResponse:
    asked = _table(table)
    now, planned = _books(request, asked)
    this, coming = _years()
    labels: list[Any] = [
        LabelForm(initial={"key": code.key, "label": code.label_ja}, auto_id=f"{code.key}-%s")
        for code in now.codes
    ]
    context = {
        "here": "books",
        "table": asked,
        "slug": table,
        "labels": labels,
        "form": form,
        "is_planned": planned is not now and planned.valid_from == coming.first,
        "this": this,
        "coming": coming,
    }
    return show(request, "book", context, 400 if form.errors else 200)
