"""The tables that people ask for beside the official five."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from madoguchi.correspondence.queries.chat import waits_in
from madoguchi.desks.models import User
from madoguchi.desks.queries import books_of
from madoguchi.directory.editions import services
from madoguchi.directory.windows import all_windows
from madoguchi.rules.access import Role
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import Table
from madoguchi.rules.counting import Total
from madoguchi.statistics.charts import lines_chart
from madoguchi.statistics.forms import Plain, Question
from madoguchi.statistics.presenting import both_calendars, connecting, further
from madoguchi.statistics.presenting.blocks import TablesFile, block_of
from madoguchi.statistics.presenting.cells import labels_of
from madoguchi.statistics.presenting.tables import Shown, WideTable
from madoguchi.statistics.queries import connecting as links
from madoguchi.statistics.queries import handling
from madoguchi.statistics.queries.crossing import Clock, CrossTable, Side, cross_table_for
from madoguchi.statistics.queries.units import counted, spread
from madoguchi.statistics.views.doors import around, question, reader
from madoguchi.statistics.views.files import links_to, tables_file


@dataclass(frozen=True)
class Asking:
    """Who asks for further tables, and of which period."""

    user: User
    period: Period

    def crossed(self, counts: Total, *sides: Side) -> CrossTable:
        """Return what two sides come to."""
        one, other = sides
        return cross_table_for(
            self.user.actor, period=self.period, counts=counts, sides=(one, other)
        )

    @property
    def acted(self) -> CrossTable:
        """What was done about contacts, by how they came."""
        return self.crossed(Total.CONTACTS, Table.CHANNEL, Table.ACTION_TAKEN)


Make = Callable[[Asking], Shown]


def _month(counts: Total, by: Table, asking: Asking) -> Shown:
    found = asking.crossed(counts, Clock.MONTH, by)
    return further.by_month(asking.period, counts, found)


def _clock(place: int, asking: Asking) -> Shown:
    found = asking.crossed(Total.CONTACTS, Clock.WEEKDAY, Clock.HOUR)
    return further.by_clock(asking.period, found)[place]


def _minutes(asking: Asking) -> Shown:
    found = handling.minutes_in(asking.user.desk_id, asking.period)
    return further.minutes(asking.period, found, asking.acted.base)


def _replies(asking: Asking) -> Shown:
    return further.replies(asking.period, handling.replies_in(asking.user.desk_id, asking.period))


def _waits(asking: Asking) -> Shown:
    desk, period = asking.user.desk_id, asking.period
    answered = waits_in(desk, period).answered
    return further.waits(period, spread(handling.waits(desk, period)), answered)


def _times(asking: Asking) -> Shown:
    return further.times(asking.period, handling.times_in(asking.user.desk_id, asking.period))


def _broken_off(asking: Asking) -> Shown:
    labels = labels_of(books_of(asking.user.desk_id))
    return further.broken_off(asking.period, asking.acted, labels)


def _windows(asking: Asking) -> Shown:
    names = {key: window.name.ja for key, window in all_windows().items()}
    found = links.windows_in(asking.user.desk_id, asking.period)
    return connecting.windows(asking.period, found, names)


def _handovers(asking: Asking) -> Shown:
    desk, period = asking.user.desk_id, asking.period
    names = links.receivers_in(desk, period)
    return connecting.handovers(period, counted(links.handovers(desk, period)), names)


def _services(asking: Asking) -> Shown:
    called = {key: told["name"].ja for key, told in services().items()}
    found = handling.services_in(asking.user.desk_id, asking.period)
    return further.services(asking.period, found, called)


def _expert_kinds(asking: Asking) -> Shown:
    units = links.sessions_by_kind(asking.user.desk_id, asking.period)
    return connecting.sessions_by_kind(asking.period, counted(units))


def _experts(asking: Asking) -> Shown:
    desk, period = asking.user.desk_id, asking.period
    names = links.experts_in(desk, period)
    return connecting.sessions_by_expert(
        period, counted(links.sessions_by_expert(desk, period)), names
    )


def _reports(asking: Asking) -> Shown:
    units = links.reports(asking.user.desk_id, asking.period)
    return connecting.reports(asking.period, counted(units))


# Every further table by its name in addresses, under the heading of its group.
GROUPS: Mapping[str, Mapping[str, Make]] = {
    "いつ来たか": {
        "month-contacts": partial(_month, Total.CONTACTS, Table.CHANNEL),
        "month-new": partial(_month, Total.NEW, Table.AGE_GROUP),
        "month-case-months": partial(_month, Total.CASE_MONTHS, Table.AGE_GROUP),
        "weekday": partial(_clock, 0),
        "hour": partial(_clock, 1),
    },
    "どう応じたか": {
        "minutes": _minutes,
        "replies": _replies,
        "waits": _waits,
        "times": _times,
        "broken-off": _broken_off,
    },
    "どこにつないだか": {
        "windows": _windows,
        "handovers": _handovers,
        "expert-kinds": _expert_kinds,
        "experts": _experts,
        "url-reports": _reports,
    },
    "どこに書かれたか": {"services": _services},
}
# Whose fees these are has a name: a statistician sees the kinds of experts only.
_WITH_NAMES = frozenset({"experts"})


def tables_for(asking: Asking, wanted: str = "") -> list[tuple[str, list[Shown]]]:
    """Return the tables that `asking` may see, group by group; of them `wanted` alone."""
    may_see_names = asking.user.role == Role.SUPERVISOR
    found = []
    for group, makes in GROUPS.items():
        names = [it for it in makes if may_see_names or it not in _WITH_NAMES]
        chosen = [it for it in names if wanted in ("", it)]
        if chosen:
            found.append((group, [makes[it](asking) for it in chosen]))
    return found


def more(request: HttpRequest) -> HttpResponse:
    """Show when contacts came, how long things took, where people were pointed to."""
    user = reader(request)
    form = question(request, user, Plain)
    context = around(user, "further", form)
    if form.is_valid():
        period = form.period()
        found = tables_for(Asking(user, period))
        context |= {
            "period": both_calendars(period),
            "groups": [
                (group, [(it, _chart(it), _files(it, form)) for it in tables])
                for group, tables in found
            ],
            "files": links_to("statistics:further-file", form),
        }
    return render(request, "statistics/further.html", context)


def _chart(table: Shown) -> str:
    if not table.base:
        return ""
    return lines_chart(table.by_row if isinstance(table, WideTable) else table)


def _files(table: Shown, form: Question) -> list[tuple[str, str]]:
    """Return the addresses of one table's own files."""
    return [
        (name, f"{address}&table={table.name}")
        for name, address in links_to("statistics:further-file", form)
    ]


def further_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the further tables as a file; or the one that is asked for."""
    user = reader(request)
    form = question(request, user, Plain)
    wanted = request.GET.get("table", "")
    if not form.is_valid():
        raise Http404
    period = form.period()
    found = tables_for(Asking(user, period), wanted)
    if not found:
        raise Http404
    chapters = [(group, [block_of(it) for it in tables]) for group, tables in found]
    title = found[0][1][0].title if wanted else _("くわしい表")
    told = TablesFile(wanted or "tables", title, period, chapters)
    return tables_file(request, user.desk.name, told, kind)
