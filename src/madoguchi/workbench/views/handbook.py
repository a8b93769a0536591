"""手引き: reading it, writing in it, approving and erasing its sheets."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.handbook import operations
from madoguchi.handbook.models import Sheet, Sort
from madoguchi.handbook.queries import holding, sheets_at
from madoguchi.rules.access import RefusedError
from madoguchi.workbench.forms.handbook import SheetForm
from madoguchi.workbench.views.doors import attempt, when_pressed
from madoguchi.workbench.views.pages import show
from madoguchi.workbench.views.refusals import sentence_for

_ON_A_PAGE = 30


@for_advisers
def handbook(request: HttpRequest) -> HttpResponse:
    """Show the sheets of one sort, those that hold some words where asked."""
    asked, sort = request.GET.get("q", "")[:40], _sort(request)
    rows = holding(sheets_at(user_of(request).actor).filter(sort=sort), asked)
    page = Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"sheets": page, "sort": sort, "sorts": list(Sort), "asked": asked}
    return show(request, "workbench/handbook.html", {**context, "room": "handbook"})


def _sort(request: HttpRequest) -> Sort:
    asked = request.GET.get("sort", "")
    return Sort(asked) if asked in set(Sort) else Sort.TEMPLATE


@for_advisers
def new(request: HttpRequest) -> HttpResponse:
    """Write a new sheet."""
    return _written(request, SheetForm(request.POST or None, sort=_sort(request)), None)


@for_advisers
def sheet(request: HttpRequest, sheet: UUID) -> HttpResponse:
    """Write a sheet anew."""
    row = _found(request, sheet)
    fields = ("title", "call", "words", "advice", "source", "checked_on")
    initial = {name: getattr(row, name) for name in fields}
    form = SheetForm(request.POST or None, sort=Sort(row.sort), initial=initial)
    return _written(request, form, row)


def _written(request: HttpRequest, form: SheetForm, row: Sheet | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            operations.write(
                written=form.parsed(),
                actor=user_of(request).actor,
                at=timezone.now(),
                sheet=row.pk if row else None,
            )
        except RefusedError as refusal:
            messages.error(request, sentence_for(refusal))
        else:
            messages.success(request, _("書きました。責任者が承認すると、使えるようになります。"))
        return redirect(_list_of(form.sort))
    context = {"form": form, "sheet": row, "sort": form.sort, "room": "handbook"}
    return show(request, "workbench/sheet.html", context, 400 if form.errors else 200)


@for_advisers
@when_pressed
def approve(request: HttpRequest, sheet: UUID) -> HttpResponse:
    """承認する."""
    row, actor = _found(request, sheet), user_of(request).actor
    attempt(
        request,
        _("承認しました。いまから使えます。"),
        lambda: operations.approve(sheet=row.pk, actor=actor, at=timezone.now()),
    )
    return redirect(_list_of(row.sort))


@for_advisers
@when_pressed
def erase(request: HttpRequest, sheet: UUID) -> HttpResponse:
    """消す."""
    row, actor = _found(request, sheet), user_of(request).actor
    attempt(
        request,
        _("手引きから消しました。"),
        lambda: operations.erase(sheet=row.pk, actor=actor, at=timezone.now()),
    )
    return redirect(_list_of(row.sort))


def _found(request: HttpRequest, sheet: UUID) -> Sheet:
    row = sheets_at(user_of(request).actor).filter(pk=sheet).first()
    if row is None:
        raise Http404
    return row


def _list_of(sort: str) -> str:
    return f"{reverse('workbench:handbook')}?sort={sort}"
