"""差別情報の通報: written down, handed to the prefecture as a file, followed to its end."""

import csv
import io
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.consultations.queries import numbered
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.referrals.operations import reporting
from madoguchi.referrals.queries.url_reports import opened_reports, report_of, reports_of
from madoguchi.rules.url_report import Status, Step
from madoguchi.ui.answers import as_download
from madoguchi.workbench.forms import folded_number
from madoguchi.workbench.forms.handovers import AdvanceForm, ReportForm
from madoguchi.workbench.templatetags.handing import aimed_word, report_word
from madoguchi.workbench.views.doors import attempt, when_pressed
from madoguchi.workbench.views.pages import show

_SHOWN = 200
_STATES = [status for status in Status if status is not Status.WRITTEN]


@for_advisers
def reports(request: HttpRequest) -> HttpResponse:
    """Show the reports with their states; take a new one."""
    actor = user_of(request).actor
    first = {"number": request.GET.get("number", "")[:20]}
    form = ReportForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        typed = form.cleaned_data["number"].strip()
        row = numbered(actor, folded_number(typed)) if typed else None
        if typed and row is None:
            form.add_error("number", _("この受付番号の相談は、ありません。"))
        else:
            told = form.parsed(row.pk if row else None)
            reporting.write(actor=actor, told=told, at=timezone.now())
            messages.success(request, _("通報を記録しました。まだ府県には届いていません。"))
            return redirect("workbench:url-reports")
    found = opened_reports(reports_of(actor)[:_SHOWN])
    context = {"reports": found, "form": form, "room": "handovers"}
    return show(request, "workbench/url_reports.html", context, 400 if form.is_bound else 200)


@for_advisers
def report(request: HttpRequest, report: UUID) -> HttpResponse:
    """Show one report."""
    row = report_of(user_of(request).actor, report)
    if row is None:
        raise Http404
    [opened] = opened_reports([row])
    form = AdvanceForm(auto_id="step-%s", initial={"on": timezone.localdate()})
    context = {"it": opened, "form": form, "room": "handovers"}
    return show(request, "workbench/url_report.html", context)


@for_advisers
@when_pressed
def advance(request: HttpRequest, report: UUID) -> HttpResponse:
    """Note what the prefecture did."""
    actor = user_of(request).actor
    row, step = report_of(actor, report), request.POST.get("step", "")
    if row is None or step not in list(Step):
        raise Http404
    form = AdvanceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("日を入れてください。"))
        return redirect("workbench:url-report", report=report)
    said = form.cleaned_data
    attempt(
        request,
        _("記録しました。"),
        lambda: reporting.advance(
            report=report,
            actor=actor,
            step=Step(step),
            on=said["on"],
            words=said["words"].strip(),
            at=timezone.now(),
        ),
    )
    return redirect("workbench:url-report", report=report)


@for_advisers
@when_pressed
def file(request: HttpRequest) -> HttpResponse:
    """Give out what the prefecture has not got yet (or all) as CSV: one line for each URL."""
    actor = user_of(request).actor
    rows = reports_of(actor)
    if request.POST.get("which") != "all":
        rows = rows.filter(status=Status.WRITTEN)
    found = opened_reports(rows.order_by("number"))
    reporting.note_export(actor=actor, reports=[it.row.pk for it in found], at=timezone.now())
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    asked = {True: _("たのんだが、消えない"), False: _("まだたのんでいない"), None: ""}
    states = [report_word(status) for status in _STATES]
    writer.writerow(
        ["通報番号", "記録日", "URL", "内容", "対象", "サービスへの削除の申出", "状態"]
        + [f"{state}の日" for state in states]
    )
    for it in found:
        days = {step.status: step.on.isoformat() for step in it.passed}
        for url in it.urls:
            cells = [it.row.number, it.row.written_on.isoformat(), url, it.words]
            cells += [aimed_word(it.row.aimed), asked[it.row.asked_service]]
            cells += [report_word(it.row.status), *(days.get(state, "") for state in _STATES)]
            writer.writerow([_plain(cell) for cell in cells])
    content = text.getvalue().encode("utf-8-sig")
    return as_download(content, "url-reports.csv", "text/csv; charset=utf-8")


def _plain(cell: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
