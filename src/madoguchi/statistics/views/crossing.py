"""Any two code books against each other, or against the clock."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.desks.models import User
from madoguchi.desks.queries import books_of
from madoguchi.statistics.charts import lines_chart
from madoguchi.statistics.forms import AskedCrossing, Crossing
from madoguchi.statistics.presenting import both_calendars
from madoguchi.statistics.presenting.blocks import TablesFile, block_of
from madoguchi.statistics.presenting.crossing import Crossed, divided, title_of
from madoguchi.statistics.presenting.tables import WideTable
from madoguchi.statistics.queries.crossing import cross_table_for
from madoguchi.statistics.views.doors import around, question, reader
from madoguchi.statistics.views.files import links_to, tables_file


def cross(request: HttpRequest) -> HttpResponse:
    """Show a cross table (クロス集計); one that spans two code books in its parts."""
    user = reader(request)
    form = question(request, user, Crossing)
    assert isinstance(form, Crossing)
    context = around(user, "cross", form)
    if form.is_valid():
        asked = form.parsed()
        tables = _crossed(user, asked)
        context |= {
            "title": title_of(asked.sides),
            "tables": [(it, lines_chart(it.by_row) if it.rows else "") for it in tables],
            "period": both_calendars(asked.period),
            "files": links_to("statistics:cross-file", form),
        }
    return render(request, "statistics/cross.html", context)


def cross_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Give a cross table as a file."""
    user = reader(request)
    form = question(request, user, Crossing)
    assert isinstance(form, Crossing)
    if not form.is_valid():
        raise Http404
    asked = form.parsed()
    title = title_of(asked.sides)
    chapters = [(title, [block_of(it) for it in _crossed(user, asked)])]
    told = TablesFile("cross", title, asked.period, chapters)
    return tables_file(request, user.desk.name, told, kind)


def _crossed(user: User, asked: AskedCrossing) -> list[WideTable]:
    books = books_of(user.desk_id)
    parts = divided(books, asked.sides, asked.period)
    return [
        Crossed(
            cross_table_for(user.actor, period=days, counts=asked.counts, sides=asked.sides),
            asked.sides,
            days,
            books,
            part=part if len(parts) > 1 else 0,
        ).wide
        for part, days in enumerate(parts, 1)
    ]
