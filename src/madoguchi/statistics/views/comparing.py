"""Two periods beside each other."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from madoguchi.desks.models import User
from madoguchi.desks.queries import books_of
from madoguchi.rules import periods
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.comparing import obstacles_between, obstacles_in
from madoguchi.rules.counting import Return, Total
from madoguchi.statistics.charts import paired_chart
from madoguchi.statistics.forms import AskedComparison, Comparison
from madoguchi.statistics.presenting import UNITS, both_calendars
from madoguchi.statistics.presenting.comparing import WHY, Compared, signed
from madoguchi.statistics.queries import return_for
from madoguchi.statistics.views.doors import around, question, reader


def compare(request: HttpRequest) -> HttpResponse:
    """Show the official tables of a period beside those of an earlier year."""
    user = reader(request)
    form = question(request, user, Comparison)
    assert isinstance(form, Comparison)
    context = around(user, "compare", form)
    if form.is_valid():
        context |= _compared(user, form.parsed())
    return render(request, "statistics/compare.html", context)


def _compared(user: User, asked: AskedComparison) -> dict[str, Any]:
    now = return_for(user.actor, period=asked.period, basis=asked.basis)
    earlier = periods.years_before(asked.period, asked.years)
    before = return_for(user.actor, period=earlier, basis=asked.basis)
    books, today = books_of(user.desk_id), in_japan(timezone.now()).date()
    against_all = obstacles_between(now.period, before.period, today)
    tables = [
        Compared(
            table,
            before.table(table.table),
            against_all | obstacles_in(table, now, before, books),
        )
        for table in now.tables
    ]
    names = periods.label_ja(now.period), periods.label_ja(before.period)
    return {
        "now": both_calendars(now.period),
        "before": both_calendars(before.period),
        "names": names,
        "why_not": [WHY[it] for it in against_all],
        "totals": _totals(now, before, may_compare=not against_all),
        "tables": [(it, "" if it.why_not else paired_chart(it, names)) for it in tables],
    }


def _totals(now: Return, before: Return, *, may_compare: bool) -> list[tuple[object, ...]]:
    return [
        (
            str(total),
            UNITS[total],
            now.total(total),
            before.total(total),
            signed(now.total(total) - before.total(total)) if may_compare else "－",
        )
        for total in Total
    ]
