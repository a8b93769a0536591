"""期限: what is over, what is due today and this week; setting, moving and meeting it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.consultations.queries.dues import due_lists
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.matters.operations.timing import meet_deadline, move_deadline, set_deadline
from madoguchi.matters.queries import asked_of, is_at, opened_approvals
from madoguchi.workbench.forms.deadlines import DeadlineForm, MoveForm
from madoguchi.workbench.views.doors import attempt, found, when_pressed
from madoguchi.workbench.views.pages import matter_page, show


@for_advisers
def due(request: HttpRequest) -> HttpResponse:
    """Show the three lists: 過ぎた, きょう, 今週."""
    is_mine = request.GET.get("whose") != "all"
    actor = user_of(request).actor
    lists = due_lists(actor, timezone.now(), is_mine=is_mine)
    waiting = list(asked_of(actor))
    numbers = {row.matter_id: row.matter.number for row in waiting}
    context = {
        "lists": [(str(near), lines) for near, lines in lists.items()],
        "asked": [(numbers[it.matter], it) for it in opened_approvals(actor, waiting)],
        "is_mine": is_mine,
        "room": "due",
    }
    return show(request, "workbench/due.html", context)


@for_advisers
@when_pressed
def add(request: HttpRequest, number: str) -> HttpResponse:
    """期限を入れる."""
    row, actor = found(request, number), user_of(request).actor
    form = DeadlineForm(request.POST)
    if not form.is_valid():
        return matter_page(request, row, deadline_form=form, status=400)
    attempt(
        request,
        _("期限を入れました。"),
        lambda: set_deadline(matter=row.pk, due=form.parsed(), actor=actor, at=timezone.now()),
    )
    return redirect("workbench:matter", number=number)


@for_advisers
@when_pressed
def meet(request: HttpRequest, deadline: UUID) -> HttpResponse:
    """済み."""
    _own(request, deadline)
    actor = user_of(request).actor
    attempt(
        request,
        _("期限を済みにしました。"),
        lambda: meet_deadline(deadline=deadline, actor=actor, at=timezone.now()),
    )
    return _back(request)


@for_advisers
@when_pressed
def move(request: HttpRequest, deadline: UUID) -> HttpResponse:
    """期限を変える."""
    _own(request, deadline)
    actor = user_of(request).actor
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("新しい日と時刻を、両方えらんでください。"))
        return _back(request)
    attempt(
        request,
        _("期限を変えました。"),
        lambda: move_deadline(
            deadline=deadline, due_at=form.parsed(), actor=actor, at=timezone.now()
        ),
    )
    return _back(request)


def _own(request: HttpRequest, deadline: UUID) -> None:
    """Let pass who works at the deadline's desk; to anybody else it does not exist."""
    if not is_at(user_of(request).actor, deadline):
        raise Http404


def _back(request: HttpRequest) -> HttpResponse:
    """Go back to the matter whose page was pressed, or to the lists."""
    number = request.POST.get("number", "")
    if number:
        return redirect("workbench:matter", number=found(request, number).matter.number)
    return redirect(reverse("workbench:due"))
