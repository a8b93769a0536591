"""一覧: all matters of the desk, filtered, sorted, page by page; and lists one keeps."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.consultations.operations import listing as keeping
from madoguchi.consultations.queries import as_lines
from madoguchi.consultations.queries.listing import (
    MOST_COUNTED,
    After,
    counted,
    matching,
    page_of,
    views_of,
)
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.desks.queries import advisers_of, books_on
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.codebooks import Table
from madoguchi.workbench.forms.lists import AfterForm, ListForm, ViewForm
from madoguchi.workbench.queries import Labels
from madoguchi.workbench.views.doors import attempt
from madoguchi.workbench.views.pages import show

_ON_A_PAGE = 50


def _form(request: HttpRequest) -> ListForm:
    actor = user_of(request).actor
    books = books_on(actor.desk, in_japan(timezone.now()).date())
    return ListForm(
        request.POST if request.method == "POST" else request.GET,
        books=books,
        people=advisers_of(actor.desk),
    )


def _address(asked: dict[str, str], after: After | None = None) -> str:
    where = {"at": after.at.isoformat(), "matter": str(after.matter)} if after else {}
    return f"{reverse('workbench:lists')}?{urlencode({**asked, **where})}"


@for_advisers
def lists(request: HttpRequest) -> HttpResponse:
    """Show one page of the matters asked for; POST keeps the list under a name."""
    actor, form = user_of(request).actor, _form(request)
    form.is_valid()  # what is no choice of ours asks for nothing
    if request.method == "POST":
        return _kept(request, form)
    asked = form.parsed()
    rows = matching(actor, asked)
    shown, after = page_of(rows, asked.order, AfterForm(request.GET).parsed(), _ON_A_PAGE)
    labels = Labels(actor.desk)
    number = counted(rows)
    lines = [(it, labels.say(Table.CHANNEL, it.channel)) for it in as_lines(actor, shown)]
    context = {
        "form": form,
        "asked": form.address(),
        "lines": lines,
        "number": min(number, MOST_COUNTED),
        "is_more": number > MOST_COUNTED,
        "next": _address(form.address(), after) if after else None,
        "is_first": "at" not in request.GET,
        "views": [(view, _address(view.asked)) for view in views_of(actor)],
        "naming": ViewForm(),
        "chosen": "all",
        "room": "lists",
    }
    return show(request, "workbench/lists.html", context)


def _kept(request: HttpRequest, form: ListForm) -> HttpResponse:
    naming, asked = ViewForm(request.POST), form.address()
    if not naming.is_valid():
        messages.error(request, _("一覧に名前をつけてください。"))
        return redirect(_address(asked))
    attempt(
        request,
        _("この一覧を保存しました。"),
        lambda: keeping.keep_view(actor=user_of(request).actor, name=naming.parsed(), asked=asked),
    )
    return redirect(_address(asked))


@for_advisers
def drop_view(request: HttpRequest, view: UUID) -> HttpResponse:
    """保存した一覧を消す."""
    if request.method == "POST":
        keeping.drop_view(actor=user_of(request).actor, view=view)
        messages.success(request, _("保存した一覧を消しました。"))
    return redirect("workbench:lists")
