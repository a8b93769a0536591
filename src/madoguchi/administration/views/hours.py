"""When the desk is open: hours, closing days, and the days on which it was."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madoguchi.administration.forms.hours import ClosingForm, DaysForm, OpeningForm, initial_of
from madoguchi.administration.views.doors import attempt, show
from madoguchi.desks.doors import actor_of, for_supervisors
from madoguchi.desks.operations import hours as operations
from madoguchi.desks.queries import hours_of, is_holiday, opening_days_in
from madoguchi.rules import periods
from madoguchi.rules.calendar import Month, Period, in_japan

_MOST_LINES = 7


@for_supervisors
def hours(request: HttpRequest) -> HttpResponse:
    """Show and set the weekly hours: the lines that are there, and two empty ones."""
    actor = actor_of(request)
    lines = hours_of(actor.desk).openings
    if request.method != "POST":
        forms = [_line(number, initial_of(it)) for number, it in enumerate(lines)]
        fresh = {"closed": ["holidays", "new-year"]}
        room = range(len(lines), min(len(lines) + 2, _MOST_LINES))
        return _hours_page(request, [*forms, *(_line(number, fresh) for number in room)])
    posted = [OpeningForm(request.POST, prefix=f"line{n}") for n in range(_MOST_LINES)]
    posted = [form for form in posted if f"{form.prefix}-opens" in request.POST]
    faults = [form for form in posted if not form.is_valid()]
    if faults:
        return _hours_page(request, posted, 400)
    openings = [line for form in posted if (line := form.parsed())]
    attempt(
        request,
        _("受付時間を保存しました。"),
        lambda: operations.set_hours(
            desk=actor.desk, openings=openings, actor=actor, at=timezone.now()
        ),
    )
    return redirect("administration:hours")


@for_supervisors
@require_POST
def closing(request: HttpRequest) -> HttpResponse:
    """Set the closing days to come."""
    actor, at = actor_of(request), timezone.now()
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return _hours_page(request, _lines(actor.desk), 400, closing=form)
    attempt(
        request,
        _("臨時休業日を保存しました。"),
        lambda: operations.set_closing_days(
            desk=actor.desk, days=form.parsed(), since=in_japan(at).date(), actor=actor, at=at
        ),
    )
    return redirect("administration:hours")


@dataclass(frozen=True)
class Day:
    """One day of a month as the page shows it."""

    day: dt.date
    is_planned: bool
    is_recorded: bool
    is_over: bool
    is_holiday: bool


@for_supervisors
def days(request: HttpRequest) -> HttpResponse:
    """Show the days of a month on which the desk was open; record them."""
    period, today = _month_asked(request), in_japan(timezone.now()).date()
    shown = _days_of(actor_of(request).desk, period, today)
    if request.method == "POST":
        return _record_days(request, period, shown)
    before = period.first - dt.timedelta(days=1)
    after = period.last + dt.timedelta(days=1)
    context = {
        "here": "days",
        "period": period,
        "title": periods.label_ja(period),
        "days": shown,
        "blanks": range(period.first.weekday()),
        "recorded": sum(it.is_recorded for it in shown),
        "planned": sum(it.is_planned for it in shown),
        "before": _address(before),
        "after": _address(after) if after <= today else "",
    }
    return show(request, "days", context)


def _record_days(request: HttpRequest, period: Period, shown: list[Day]) -> HttpResponse:
    """Record the days as planned, or those that are ticked; none that is still to come."""
    actor, past = actor_of(request), [it for it in shown if it.is_over]
    form = DaysForm(request.POST, days=[it.day for it in past])
    if not form.is_valid():
        raise Http404
    planned = {it.day for it in past if it.is_planned}
    open_days = planned if request.POST.get("do") == "planned" else form.parsed()
    attempt(
        request,
        _("開設日を記録しました。"),
        lambda: operations.set_opening_days(
            desk=actor.desk, period=period, days=open_days, actor=actor, at=timezone.now()
        ),
    )
    return redirect(_address(period.first))


def _address(day: dt.date) -> str:
    return f"{reverse('administration:days')}?month={day:%Y-%m}"


def _month_asked(request: HttpRequest) -> Period:
    """Return the month asked for; at first, the present one."""
    today = in_japan(timezone.now()).date()
    text = request.GET.get("month", f"{today:%Y-%m}")
    try:
        first = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None
    month = Month(first.year, first.month)
    if not Month(1990, 1) <= month <= Month(today.year, today.month):
        raise Http404
    return periods.month(month.year, month.month)


def _days_of(desk: UUID, period: Period, today: dt.date) -> list[Day]:
    found = hours_of(desk)
    recorded = opening_days_in(desk, period)
    count = (period.last - period.first).days + 1
    every = [period.first + dt.timedelta(days=ahead) for ahead in range(count)]
    return [
        Day(
            day=day,
            is_planned=bool(found.on(day, is_holiday)),
            is_recorded=day in recorded,
            is_over=day <= today,
            is_holiday=is_holiday(day),
        )
        for day in every
    ]


def _line(number: int, initial: Mapping[str, object]) -> OpeningForm:
    return OpeningForm(initial=dict(initial), prefix=f"line{number}")


def _lines(desk: UUID) -> list[OpeningForm]:
    openings = hours_of(desk).openings
    return [_line(number, initial_of(it)) for number, it in enumerate(openings)]


def _hours_page(
    request: HttpRequest,
    forms: list[OpeningForm],
    status: int = 200,
    closing: ClosingForm | None = None,
) -> HttpResponse:
    actor, at = actor_of(request), timezone.now()
    today = in_japan(at).date()
    found = hours_of(actor.desk)
    coming = sorted(day for day in found.closed if day >= today)
    written = "\n".join(day.isoformat() for day in coming)
    context = {
        "here": "hours",
        "forms": forms,
        "is_open": found.is_open(at, is_holiday) if found.openings else None,
        "opens": found.next_opening(at, is_holiday),
        "closing": closing or ClosingForm(initial={"days": written}),
    }
    return show(request, "hours", context, status)
