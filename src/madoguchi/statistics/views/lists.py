"""The lists behind numbers, for those who may open matters."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from madoguchi.desks.models import User
from madoguchi.desks.queries import books_of
from madoguchi.rules.codebooks import Table
from madoguchi.statistics.forms import CellForm
from madoguchi.statistics.forms.units import UnitsForm
from madoguchi.statistics.presenting import both_calendars
from madoguchi.statistics.presenting.cells import (
    UNCLASSIFIED,
    Labels,
    cell_title,
    labels_of,
    month_label,
)
from madoguchi.statistics.queries.behind import PAGE, Entry, Listed, listed
from madoguchi.statistics.queries.behind_units import listed_units
from madoguchi.statistics.queries.sources import SOURCES
from madoguchi.statistics.queries.units import Of
from madoguchi.statistics.views.doors import around, supervisor
from madoguchi.statistics.views.further import Asking, tables_for

# What the time in a line is.
WHEN = {
    Of.CONTACTS: _("受付日時"),
    Of.CONSULTATIONS: _("最初の受付"),
    Of.TALKS: _("チャットが始まった日時"),
    Of.HANDOVERS: _("送った日時"),
    Of.SESSIONS: _("相談の日時"),
    Of.REPORTS: _("書いた日"),
}


@dataclass(frozen=True)
class ShownEntry:
    """One line of a list, as the page shows it."""

    entry: Entry
    labels: Labels

    @property
    def month(self) -> str:
        """The month in which a case counts."""
        return month_label(self.entry.month) if self.entry.month else ""

    @property
    def channel(self) -> str:
        """How the contact came."""
        return self.labels[Table.CHANNEL].get(self.entry.channel, self.entry.channel)

    @property
    def action(self) -> str:
        """What was done about it."""
        key = self.entry.action or ""
        return self.labels[Table.ACTION_TAKEN].get(key, key) if key else UNCLASSIFIED


def behind(request: HttpRequest) -> HttpResponse:
    """Show what a number counts: as many lines as it says, or as come to it."""
    user = supervisor(request)
    return _of_units(request, user) if "of" in request.GET else _of_cell(request, user)


def _of_units(request: HttpRequest, user: User) -> HttpResponse:
    """Show what a number of a further table counts."""
    form = UnitsForm(request.GET)
    if not form.is_valid():
        raise Http404
    cell, start = form.parsed(), form.cleaned_data["start"] or 0
    [(_group, [table])] = tables_for(Asking(user, cell.period), cell.table)
    column = table.column(cell.column)
    if column is None:
        raise Http404
    found = listed_units(user.actor, cell, start=start)
    labels = labels_of(books_of(user.desk_id))
    context = {
        **around(user, "list"),
        "title": "：".join(filter(None, [table.title, table.row_label(cell.row), column.label])),
        "period": both_calendars(cell.period),
        "when": WHEN[SOURCES[cell.table].of],
        "column": column if cell.is_amount else None,
        "total": found.total,
        "back": "statistics:further",
        "days": urlencode({"part": "any", "first": cell.period.first, "last": cell.period.last}),
    }
    return render(request, "statistics/list.html", context | page_of(request, found, start, labels))


def _of_cell(request: HttpRequest, user: User) -> HttpResponse:
    """Show what a number of the official tables, or of a cross table, counts."""
    form = CellForm(request.GET)
    if not form.is_valid():
        raise Http404
    cell, start = form.parsed(), form.cleaned_data["start"] or 0
    labels = labels_of(books_of(user.desk_id))
    found = listed(user.actor, cell, start=start)
    context = {
        **around(user, "list"),
        "title": cell_title(cell, labels),
        "period": both_calendars(cell.period),
        "days": urlencode({"part": "any", "first": cell.period.first, "last": cell.period.last}),
    }
    return render(request, "statistics/list.html", context | page_of(request, found, start, labels))


def page_of(request: HttpRequest, found: Listed, start: int, labels: Labels) -> dict[str, object]:
    """Return what the page of a list shows of it, with the ways to its other pages."""
    asked = request.GET.copy()
    pages = {}
    for name, at, is_there in (
        ("before", max(0, start - PAGE), start > 0),
        ("after", start + PAGE, start + PAGE < found.number),
    ):
        asked["start"] = str(at)
        pages[name] = asked.urlencode() if is_there else ""
    return {
        "number": found.number,
        "entries": [ShownEntry(entry, labels) for entry in found.entries],
        "has_contacts": any(it.channel for it in found.entries),
        "has_reports": any(it.report for it in found.entries),
        "start": start + 1,
        "end": start + len(found.entries),
        **pages,
    }
