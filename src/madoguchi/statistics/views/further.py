"""The tables that people ask for beside the official five."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.correspondence.queries.chat import waits_in
from madoguchi.desks.models import User
from madoguchi.desks.queries import books_of
from madoguchi.directory.editions import services
from madoguchi.directory.windows import all_windows
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import Table
from madoguchi.rules.counting import Total
from madoguchi.statistics.charts import lines_chart
from madoguchi.statistics.forms import Plain
from madoguchi.statistics.presenting import both_calendars, further
from madoguchi.statistics.presenting.cells import labels_of
from madoguchi.statistics.presenting.tables import FigureTable
from madoguchi.statistics.queries import handling
from madoguchi.statistics.queries.crossing import Clock, CrossTable, Side, cross_table_for
from madoguchi.statistics.views.doors import around, question, reader


def more(request: HttpRequest) -> HttpResponse:
    """Show when contacts came, how long things took, where people were pointed to."""
    user = reader(request)
    form = question(request, user, Plain)
    context = around(user, "further", form)
    if form.is_valid():
        period = form.period()
        tables = [*_when(user, period), *_how(user, period)]
        context |= {
            "period": both_calendars(period),
            "tables": [(it, lines_chart(it) if it.base else "") for it in tables],
        }
    return render(request, "statistics/further.html", context)


def _crossed(user: User, period: Period, counts: Total, *sides: Side) -> CrossTable:
    one, other = sides
    return cross_table_for(user.actor, period=period, counts=counts, sides=(one, other))


def _when(user: User, period: Period) -> Iterator[FigureTable]:
    """Return when contacts came."""
    for counts, table in (
        (Total.CONTACTS, Table.CHANNEL),
        (Total.NEW, Table.AGE_GROUP),
        (Total.CASE_MONTHS, Table.AGE_GROUP),
    ):
        found = _crossed(user, period, counts, Clock.MONTH, table)
        yield further.by_month(period, counts, found)
    yield from further.by_clock(
        period, _crossed(user, period, Total.CONTACTS, Clock.WEEKDAY, Clock.HOUR)
    )


def _how(user: User, period: Period) -> Iterator[FigureTable]:
    """Return how the desk worked."""
    desk, labels = user.desk_id, labels_of(books_of(user.desk_id))
    acted = _crossed(user, period, Total.CONTACTS, Table.CHANNEL, Table.ACTION_TAKEN)
    yield further.minutes(handling.minutes_in(desk, period), acted.base)
    yield further.replies(handling.replies_in(desk, period))
    yield further.waits(waits_in(desk, period))
    yield further.times(handling.times_in(desk, period))
    yield further.broken_off(period, acted, labels)
    names = {key: window.name.ja for key, window in all_windows().items()}
    yield further.windows(handling.windows_in(desk, period), names)
    yield further.handovers(handling.handovers_in(desk, period))
    called = {key: told["name"].ja for key, told in services().items()}
    yield further.services(handling.services_in(desk, period), called)
