"""Any two code books against each other, or against the clock."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.desks.queries import books_of
from madoguchi.statistics.charts import lines_chart
from madoguchi.statistics.forms import Crossing
from madoguchi.statistics.presenting import both_calendars
from madoguchi.statistics.presenting.crossing import Crossed
from madoguchi.statistics.queries.crossing import cross_table_for
from madoguchi.statistics.views.doors import around, question, reader


def cross(request: HttpRequest) -> HttpResponse:
    """Show a cross table (クロス集計)."""
    user = reader(request)
    form = question(request, user, Crossing)
    assert isinstance(form, Crossing)
    context = around(user, "cross", form)
    if form.is_valid():
        asked = form.parsed()
        table = cross_table_for(
            user.actor, period=asked.period, counts=asked.counts, sides=asked.sides
        )
        crossed = Crossed(table, asked.sides, asked.period, books_of(user.desk_id))
        context |= {
            "crossed": crossed,
            "period": both_calendars(asked.period),
            "chart": lines_chart(crossed.by_row),
        }
    return render(request, "statistics/cross.html", context)
