"""Publishing figures for everybody: what may be, what was, and what is hidden."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.desks.models import User
from madoguchi.rules.access import RefusedError, Role
from madoguchi.rules.calendar import Period, in_japan
from madoguchi.rules.open_data import shares_a_day
from madoguchi.statistics.forms import ANY, Question
from madoguchi.statistics.models import FrozenReturn, Sort
from madoguchi.statistics.operations import publishing as operations
from madoguchi.statistics.presenting.open_data import open_document_of
from madoguchi.statistics.queries import frozen as queries
from madoguchi.statistics.queries import years_of
from madoguchi.statistics.views.doors import around, question, reader, supervisor
from madoguchi.statistics.views.refusals import sentence_for
from madoguchi.statistics.views.reports import label_of, shown


def publishing(request: HttpRequest) -> HttpResponse:
    """Show what was published; publish a period."""
    if request.method == "POST":
        return _publish(request)
    user = reader(request)
    rows = queries.frozen_of(user.actor, Sort.OPEN_DATA)
    reports = queries.latest_of(user.desk_id, Sort.REPORT)
    form = question(request, user)
    context = around(user, "publishing") | {
        "asked_form": form,
        "may_publish": user.role == Role.SUPERVISOR,
        "published": [
            (row, label_of(row), queries.is_sound(row), _reports_beside(row, reports))
            for row in rows
        ],
    }
    if "part" in request.GET and form.is_valid():
        context |= _looked_at(user, form.parsed().period)
    return render(request, "statistics/publishing.html", context)


def _looked_at(user: User, period: Period) -> dict[str, Any]:
    """Return what everybody would see of a period, or why it cannot be published."""
    try:
        content = operations.to_be_published(desk=user.desk_id, period=period, at=timezone.now())
    except RefusedError as refusal:
        return {"refusal": sentence_for(refusal)}
    return shown(open_document_of(content))


def _reports_beside(row: FrozenReturn, reports: Sequence[FrozenReturn]) -> list[str]:
    """Return which reports print the months of `row` with their small numbers."""
    own = Period(row.first, row.last)
    return [label_of(it) for it in reports if shares_a_day(own, Period(it.first, it.last))]


def _publish(request: HttpRequest) -> HttpResponse:
    user, at = supervisor(request), timezone.now()
    years = years_of(user.desk_id, in_japan(at).date())
    form = Question({"part": ANY, **request.POST.dict()}, years=years)
    if not form.is_valid():
        messages.error(request, _("期間が読めません。もう一度選んでください。"))
        return redirect("statistics:publishing")
    try:
        operations.publish(actor=user.actor, period=form.parsed().period, at=at)
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
    else:
        messages.success(request, _("公開しました。だれでも読めます。"))
    return redirect("statistics:publishing")
