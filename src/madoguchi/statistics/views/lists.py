"""The lists behind numbers, for those who may open matters."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.desks.queries import books_of
from madoguchi.rules.codebooks import Table
from madoguchi.statistics.forms import CellForm
from madoguchi.statistics.presenting import both_calendars
from madoguchi.statistics.presenting.cells import (
    UNCLASSIFIED,
    Labels,
    cell_title,
    labels_of,
    month_label,
)
from madoguchi.statistics.queries.behind import PAGE, Entry, Listed, listed
from madoguchi.statistics.views.doors import around, supervisor


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
    """Show what a number counts: as many lines as it says."""
    user = supervisor(request)
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
        "start": start + 1,
        "end": start + len(found.entries),
        **pages,
    }
