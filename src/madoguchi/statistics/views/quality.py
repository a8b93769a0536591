"""The page on which a clerk looks before a report: what is missing, unknown, contradictory."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.desks.models import User
from madoguchi.desks.queries import books_of
from madoguchi.rules.calendar import Period, in_japan
from madoguchi.rules.codebooks import UNKNOWN
from madoguchi.rules.counting import Basis, Total, default_basis
from madoguchi.rules.quality import OF, Finding, Of
from madoguchi.statistics.forms import FindingForm
from madoguchi.statistics.presenting import BASES, both_calendars, share
from madoguchi.statistics.presenting.blocks import TablesFile, findings_block, unknown_block
from madoguchi.statistics.presenting.cells import labels_of, list_query, month_label
from madoguchi.statistics.presenting.quality import SAID, Said
from madoguchi.statistics.queries.behind import (
    Listed,
    listed_consultations,
    listed_contacts,
    listed_days,
)
from madoguchi.statistics.queries.crossing import Clock
from madoguchi.statistics.queries.quality import (
    Examined,
    consultations_found,
    contacts_found,
    days_found,
    number_found,
)
from madoguchi.statistics.queries.unknown import TABLES, MonthUnknown, unknown_in
from madoguchi.statistics.views.doors import around, question, reader, supervisor
from madoguchi.statistics.views.files import links_to, tables_file
from madoguchi.statistics.views.lists import page_of


@dataclass(frozen=True)
class ShownFinding:
    """One finding as the page shows it."""

    said: Said
    number: int
    unit: str
    list: str


def quality(request: HttpRequest) -> HttpResponse:
    """Show what is to be looked at in the records of a period."""
    user = reader(request)
    form = question(request, user)
    context = around(user, "quality", form)
    if form.is_valid():
        asked = form.parsed()
        basis = asked.basis or default_basis(asked.period)
        context |= {
            "period": both_calendars(asked.period),
            "findings": _findings(user, asked.period),
            "basis": BASES[basis],
            "tables": [table.label_ja for table in TABLES],
            "months": _months(user, asked.period, basis),
            "files": links_to("statistics:quality-file", form),
        }
    return render(request, "statistics/quality.html", context)


def quality_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Give what is to be looked at as a file: numbers only, nothing of any matter."""
    user = reader(request)
    form = question(request, user)
    if not form.is_valid():
        raise Http404
    asked = form.parsed()
    basis = asked.basis or default_basis(asked.period)
    found = [(it.said, it.number, it.unit) for it in _findings(user, asked.period)]
    counts = Total.NEW if basis is Basis.NEW else Total.CASE_MONTHS
    unknown = unknown_in(user.desk_id, asked.period, counts)
    blocks = [findings_block(found), unknown_block(unknown, BASES[basis])]
    title = _("記録の確かめ")
    told = TablesFile("quality", title, asked.period, [(title, blocks)])
    return tables_file(request, user.desk.name, told, kind)


def _today() -> dt.date:
    return in_japan(timezone.now()).date()


def _findings(user: User, period: Period) -> list[ShownFinding]:
    examined = Examined(user.desk_id, period, _today())
    days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    return [
        ShownFinding(
            SAID[finding],
            number_found(examined, finding),
            "日" if OF[finding] is Of.DAYS else "件",
            urlencode({**days, "finding": finding.name}),
        )
        for finding in Finding
    ]


def _months(user: User, period: Period, basis: Basis) -> list[tuple[str, int, list[object]]]:
    counts = Total.NEW if basis is Basis.NEW else Total.CASE_MONTHS
    found = unknown_in(user.desk_id, period, counts)
    return [(month_label(it.month), it.base, _shares(it, period, counts)) for it in found]


def _shares(found: MonthUnknown, period: Period, counts: Total) -> list[object]:
    """Return each table's number, share, and the list behind it."""
    month = f"{found.month:%Y-%m}"
    return [
        (
            number,
            share(number, found.base),
            list_query(period, counts, (table, UNKNOWN), (Clock.MONTH, month)),
        )
        for table, number in found.unknown.items()
    ]


def findings(request: HttpRequest) -> HttpResponse:
    """Show what a finding is about."""
    user = supervisor(request)
    form = FindingForm(request.GET)
    if not form.is_valid():
        raise Http404
    asked, start = form.parsed(), form.cleaned_data["start"] or 0
    examined = Examined(user.desk_id, asked.period, _today())
    said = SAID[asked.finding]
    context = {
        **around(user, "list"),
        "title": said.title,
        "rule": f"きまり：{said.rule}。{said.mend}",
        "period": both_calendars(asked.period),
        "back": "statistics:quality",
        "days": urlencode({"part": "any", "first": asked.period.first, "last": asked.period.last}),
    }
    found = _listed(user, examined, asked.finding, start)
    labels = labels_of(books_of(user.desk_id))
    return render(request, "statistics/list.html", context | page_of(request, found, start, labels))


def _listed(user: User, examined: Examined, finding: Finding, start: int) -> Listed:
    match OF[finding]:
        case Of.CONTACTS:
            return listed_contacts(user.actor, contacts_found(examined, finding), start=start)
        case Of.CONSULTATIONS:
            rows = consultations_found(examined, finding)
            return listed_consultations(user.actor, rows, start=start)
        case Of.DAYS:
            return listed_days(user.actor, days_found(examined, finding), start=start)
