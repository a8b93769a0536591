"""Two periods beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.desks.models import User
from madoguchi.desks.queries import books_of
from madoguchi.rules import periods
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.codebooks import CodeBook
from madoguchi.rules.comparing import Obstacle, obstacles_between, obstacles_in
from madoguchi.rules.counting import Return, Total
from madoguchi.statistics.charts import paired_chart
from madoguchi.statistics.forms import AskedComparison, Comparison
from madoguchi.statistics.presenting import UNITS, both_calendars
from madoguchi.statistics.presenting.blocks import TablesFile, compared_block, totals_block
from madoguchi.statistics.presenting.cells import list_query
from madoguchi.statistics.presenting.comparing import WHY, Compared, signed
from madoguchi.statistics.queries import return_for
from madoguchi.statistics.views.doors import around, question, reader
from madoguchi.statistics.views.files import links_to, tables_file


@dataclass(frozen=True)
class Both:
    """Two periods of a desk, and why their numbers must not be compared."""

    now: Return
    before: Return
    books: Sequence[CodeBook]
    against_all: frozenset[Obstacle]

    @property
    def names(self) -> tuple[str, str]:
        """How the two are headed."""
        return periods.label_ja(self.now.period), periods.label_ja(self.before.period)

    @property
    def why_not(self) -> list[str]:
        """Why no number is compared; empty where they may be."""
        return [WHY[it] for it in self.against_all]

    @property
    def tables(self) -> list[Compared]:
        """The official tables of both."""
        return [
            Compared(
                table,
                self.before.table(table.table),
                self.against_all | obstacles_in(table, self.now, self.before, self.books),
                (self.now.period, self.before.period),
            )
            for table in self.now.tables
        ]

    @property
    def totals(self) -> list[tuple[str, str, int, int]]:
        """Each total: name, unit, now, before."""
        return [(str(it), UNITS[it], self.now.total(it), self.before.total(it)) for it in Total]


def compare(request: HttpRequest) -> HttpResponse:
    """Show the official tables of a period beside those of an earlier year."""
    user = reader(request)
    form = question(request, user, Comparison)
    assert isinstance(form, Comparison)
    context = around(user, "compare", form)
    if form.is_valid():
        both = _both(user, form.parsed())
        context |= {
            "now": both_calendars(both.now.period),
            "before": both_calendars(both.before.period),
            "names": both.names,
            "why_not": both.why_not,
            "totals": _totals(both),
            "tables": [
                (it, "" if it.why_not else paired_chart(it, both.names)) for it in both.tables
            ],
            "files": links_to("statistics:compare-file", form),
        }
    return render(request, "statistics/compare.html", context)


def compare_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the comparison as a file."""
    user = reader(request)
    form = question(request, user, Comparison)
    assert isinstance(form, Comparison)
    if not form.is_valid():
        raise Http404
    both = _both(user, form.parsed())
    title = _("{0}との比較").format(both.names[1])
    blocks = [
        totals_block(both.totals, both.names, both.why_not),
        *(compared_block(it, both.names) for it in both.tables),
    ]
    told = TablesFile("comparison", title, both.now.period, [(title, blocks)])
    return tables_file(request, user.desk.name, told, kind)


def _both(user: User, asked: AskedComparison) -> Both:
    now = return_for(user.actor, period=asked.period, basis=asked.basis)
    earlier = periods.years_before(asked.period, asked.years)
    before = return_for(user.actor, period=earlier, basis=asked.basis)
    today = in_japan(timezone.now()).date()
    against_all = obstacles_between(now.period, before.period, today)
    return Both(now, before, books_of(user.desk_id), against_all)


def _totals(both: Both) -> list[tuple[object, ...]]:
    """Return each total as the page shows it: with its difference, and both lists."""
    return [
        (
            *(name, unit, now, before),
            "－" if both.why_not else signed(now - before),
            list_query(both.now.period, total),
            list_query(both.before.period, total),
        )
        for total, (name, unit, now, before) in zip(Total, both.totals, strict=True)
    ]
