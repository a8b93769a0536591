"""専門家: the hours they offer, who they are, what they cost; the means test of 法テラス."""

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.desks.doors import for_advisers, for_supervisors, user_of
from madoguchi.desks.queries import accounts_of_experts
from madoguchi.directory.means import means
from madoguchi.experts.formats import csv_of
from madoguchi.experts.forms import KINDS
from madoguchi.experts.models import Expert
from madoguchi.experts.operations import offering
from madoguchi.experts.operations.offering import Told
from madoguchi.experts.queries.asked import waiting_at
from madoguchi.experts.queries.calendar import (
    by_day,
    contact_of,
    experts_of,
    left_in_month,
    opened_slots,
    slots_from,
)
from madoguchi.experts.queries.figures import expert_figures
from madoguchi.rules.calendar import FiscalYear, Period, in_japan
from madoguchi.rules.experts import Kind
from madoguchi.rules.means import guide_for
from madoguchi.rules.periods import fiscal_year, label_ja, month
from madoguchi.ui.answers import as_download
from madoguchi.workbench.forms.experts import (
    ExpertForm,
    MeansForm,
    SlotForm,
    as_choices,
    day_in,
)
from madoguchi.workbench.views.doors import attempt, when_pressed
from madoguchi.workbench.views.pages import show

_A_DAY = dt.timedelta(days=1)
_SHOWN = 100
_MONTHS = 6


@for_advisers
def calendar(request: HttpRequest) -> HttpResponse:
    """GET: the hours by day, and what waits for experts. POST: enter hours."""
    actor, now = user_of(request).actor, timezone.now()
    experts = [(it.pk, f"{it.name}（{KINDS[it.kind]}）") for it in experts_of(actor)]
    form = SlotForm(request.POST or None, experts=as_choices(experts))
    if request.method == "POST" and form.is_valid():
        expert, hours = form.parsed()
        attempt(
            request,
            _("空きを入れました。"),
            lambda: offering.offer(expert=expert, hours=hours, actor=actor, at=now),
        )
        return redirect("workbench:experts")
    slots = opened_slots(actor.desk, slots_from(actor, now - _A_DAY)[:_SHOWN])
    left = [(it, left_in_month(it, now)) for it in experts_of(actor)]
    context = {
        "days": by_day(slots),
        "waiting": waiting_at(actor),
        "left": left,
        "form": form,
        "room": "experts",
    }
    return show(request, "workbench/experts.html", context, 400 if form.errors else 200)


@for_advisers
@when_pressed
def drop_slot(request: HttpRequest, slot: UUID) -> HttpResponse:
    """空きを消す."""
    actor = user_of(request).actor
    if not slots_from(actor, dt.datetime.min.replace(tzinfo=dt.UTC)).filter(pk=slot).exists():
        raise Http404
    attempt(
        request,
        _("空きを消しました。"),
        lambda: offering.drop_slot(slot=slot, actor=actor, at=timezone.now()),
    )
    return redirect("workbench:experts")


def _accounts(request: HttpRequest) -> list[tuple[str, str]]:
    users = accounts_of_experts(user_of(request).desk_id)
    return as_choices((it.pk, f"{it.name}（{it.username}）") for it in users)


@for_supervisors
def people(request: HttpRequest) -> HttpResponse:
    """GET: the desk's experts. POST: one more."""
    actor = user_of(request).actor
    form = ExpertForm(request.POST or None, users=_accounts(request))
    if request.method == "POST" and form.is_valid():
        told = form.parsed()
        attempt(
            request,
            _("専門家を加えました。"),
            lambda: offering.add_expert(desk=actor.desk, told=told, actor=actor, at=timezone.now()),
        )
        return redirect("workbench:expert-people")
    experts = [(it, contact_of(it)) for it in experts_of(actor, with_gone=True)]
    context = {"experts": experts, "form": form, "room": "experts"}
    return show(request, "workbench/expert_people.html", context, 400 if form.errors else 200)


@for_supervisors
def person(request: HttpRequest, expert: UUID) -> HttpResponse:
    """GET: what is known of an expert. POST: change it."""
    actor = user_of(request).actor
    row = experts_of(actor, with_gone=True).filter(pk=expert).first()
    if row is None:
        raise Http404
    form = ExpertForm(request.POST or None, users=_accounts(request), initial=vars(_told(row)))
    if request.method == "POST" and form.is_valid():
        told = form.parsed()
        attempt(
            request,
            _("専門家の情報を変えました。"),
            lambda: offering.change_expert(
                expert=row.pk, told=told, actor=actor, at=timezone.now()
            ),
        )
        return redirect("workbench:expert-people")
    context = {"expert": row, "form": form, "room": "experts"}
    return show(request, "workbench/expert_person.html", context, 400 if form.errors else 200)


def _told(row: Expert) -> Told:
    return Told(
        name=row.name,
        kind=Kind(row.kind),
        office=row.office,
        contact=contact_of(row),
        fee=row.fee,
        missed_fee=row.missed_fee,
        quota=row.quota,
        user=row.user_id,
        is_active=row.is_active,
    )


# -- the report -----------------------------------------------------------------------------


def _period(request: HttpRequest, today: dt.date) -> Period:
    """Return the period asked for by `of` (2026-11, or 2026 for a fiscal year); this month."""
    of = request.GET.get("of", "")
    if of.isascii() and of.isdecimal() and dt.MINYEAR < int(of) < dt.MAXYEAR:
        return fiscal_year(int(of))
    day = day_in(of) or today
    return month(day.year, day.month)


def _offered(today: dt.date) -> list[tuple[str, str]]:
    """Return the periods that can be asked for: the last months, this year and the last."""
    months, day = [], today.replace(day=1)
    for _each in range(_MONTHS):
        months.append((f"{day:%Y-%m}", label_ja(month(day.year, day.month))))
        day = (day - _A_DAY).replace(day=1)
    this = FiscalYear.of(today).year
    return [*months, *((str(it), FiscalYear(it).label) for it in (this, this - 1))]


@for_supervisors
def report(request: HttpRequest) -> HttpResponse:
    """Show sessions, results, fees and what is left of each quota."""
    actor, now = user_of(request).actor, timezone.now()
    today = in_japan(now).date()
    period = _period(request, today)
    left = {it.pk: left_in_month(it, now) for it in experts_of(actor)}
    found = expert_figures(actor.desk, period)
    context = {
        "figures": found,
        "lines": [(line, left.get(line.expert)) for line in found.lines],
        "label": label_ja(period),
        "of": request.GET.get("of", ""),
        "periods": _offered(today),
        "room": "experts",
    }
    return show(request, "workbench/expert_report.html", context)


@for_supervisors
def report_csv(request: HttpRequest) -> HttpResponse:
    """Give the report as a file."""
    period = _period(request, in_japan(timezone.now()).date())
    content = csv_of(expert_figures(user_of(request).desk_id, period))
    return as_download(content, f"experts-{period.first}-{period.last}.csv")


# -- 法テラス --------------------------------------------------------------------------------


@for_advisers
def means_test(request: HttpRequest) -> HttpResponse:
    """Show the guide value for a household. What is typed is kept nowhere, not in an address."""
    form = MeansForm(request.POST or None)
    published, guide = means(), None
    if request.method == "POST":
        if form.is_valid():
            guide = guide_for(form.parsed(), published.table)
        else:
            messages.error(request, _("人数と手取りの月収を、数で入れてください。"))
    context = {"form": form, "guide": guide, "means": published, "room": "experts"}
    return show(request, "workbench/means.html", context, 400 if form.errors else 200)
