"""The page of figures, and the files in which they leave."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.rules.calendar import in_japan
from madoguchi.rules.codebooks import Table
from madoguchi.rules.counting import Return, Row, Total
from madoguchi.statistics.charts import bar_chart
from madoguchi.statistics.formats import FORMATS
from madoguchi.statistics.forms import ANY, Asked, Question
from madoguchi.statistics.presenting import Sheet, Stated, share
from madoguchi.statistics.presenting.cells import list_query
from madoguchi.statistics.queries import return_for, years_of
from madoguchi.statistics.views.doors import around, question, reader, shortcuts
from madoguchi.ui.answers import as_download
from madoguchi.ui.printing import UnableToPrintError


@dataclass(frozen=True)
class Shown(Stated):
    """One table as the page shows it: with its chart, and the lists behind its numbers."""

    @property
    def chart(self) -> str:
        """The same numbers as bars."""
        return bar_chart(self)

    @property
    def rows(self) -> list[tuple[Row, str, str]]:
        """Each row with its share of the base, and where its list is."""
        base = self.count.base
        return [
            (row, share(row.number, base) if base else "－", self._list(row.code.key))
            for row in self.count.rows
        ]

    @property
    def sum(self) -> str:
        """Where the list behind the sum is; nowhere, where the sum is not that of a list."""
        if self.count.total != self.count.base:
            return ""
        return list_query(self.period, self.count.counts)

    def _list(self, key: str) -> str:
        return list_query(self.period, self.count.counts, (self.count.table, key))


def figures(request: HttpRequest) -> HttpResponse:
    """Show the official tables for the period asked for; at first, of this fiscal year."""
    user = reader(request)
    form = question(request, user)
    context = around(user, "figures", form)
    if form.is_valid():
        found = return_for(user.actor, period=form.parsed().period, basis=form.parsed().basis)
        context |= _shown(Sheet(user.desk.name, found))
    return render(request, "statistics/figures.html", context)


def download(request: HttpRequest) -> HttpResponse:
    """Give the figures as a file."""
    user = reader(request)
    form = Question(request.GET, years=years_of(user.desk_id, in_japan(timezone.now()).date()))
    kind = FORMATS.get(request.GET.get("format", ""))
    if kind is None or not form.is_valid():
        raise Http404
    asked: Asked = form.parsed()
    sheet = Sheet(user.desk.name, return_for(user.actor, period=asked.period, basis=asked.basis))
    try:
        content = kind.make(sheet, timezone.now())
    except UnableToPrintError as refusal:
        messages.error(request, str(refusal))
        return redirect("statistics:figures")
    return as_download(content, f"{sheet.file_name}.{kind.ending}", kind.content_type)


def _shown(sheet: Sheet) -> dict[str, object]:
    found: Return = sheet.figures
    asked = {
        "part": ANY,
        "first": found.period.first.isoformat(),
        "last": found.period.last.isoformat(),
        "basis": str(found.basis),
    }
    names = {"xlsx": _("Excel"), "csv": _("CSV"), "pdf": _("PDF（印刷用）"), "json": _("JSON")}
    return {
        "sheet": sheet,
        "figures": found,
        "tables": [Shown(it.count, it.period, it.part, it.changes) for it in sheet.tables],
        "totals": [
            (*of, list_query(found.period, total))
            for of, total in zip(sheet.totals, Total, strict=True)
        ],
        "unclassified": list_query(found.period, Total.CONTACTS, (Table.ACTION_TAKEN, "")),
        "made": sheet.made_on(timezone.now()),
        "shortcuts": shortcuts(),
        "files": [
            (name, urlencode({**asked, "format": kind}), kind) for kind, name in names.items()
        ],
    }
