"""Reports: begun with one press, written, frozen, printed."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madoguchi.desks.models import User
from madoguchi.handbook.queries import approved_cases
from madoguchi.rules.access import RefusedError, Role
from madoguchi.rules.calendar import Period, in_japan
from madoguchi.rules.periods import label_ja
from madoguchi.statistics.charts.blocks import chart_of
from madoguchi.statistics.formats import FORMATS
from madoguchi.statistics.forms import ANY, Question
from madoguchi.statistics.forms.reports import ReportForm
from madoguchi.statistics.models import FrozenReturn, ReturnDraft, Sort
from madoguchi.statistics.operations import freezing
from madoguchi.statistics.presenting import Sheet
from madoguchi.statistics.presenting.document import Document
from madoguchi.statistics.presenting.frozen import printed_from
from madoguchi.statistics.presenting.gathered import NEWS
from madoguchi.statistics.presenting.report import CHAPTERS, correction_block, document_of
from madoguchi.statistics.queries import frozen as queries
from madoguchi.statistics.queries import years_of
from madoguchi.statistics.queries.reporting import report_from
from madoguchi.statistics.queries.summing import came_since, sum_changes
from madoguchi.statistics.views.doors import around, question, reader, shortcuts, supervisor
from madoguchi.statistics.views.files import file_of, proof_of
from madoguchi.statistics.views.refusals import sentence_for
from madoguchi.ui.answers import as_download
from madoguchi.ui.printing import UnableToPrintError


def reports(request: HttpRequest) -> HttpResponse:
    """Show what is being written and what was frozen; offer what is just over."""
    user = reader(request)
    context = around(user, "reports")
    context |= {
        "shortcuts": shortcuts(),
        "asked_form": question(request, user),
        "drafts": [(it, label_of(it)) for it in queries.drafts_of(user.actor)],
        "frozen": [(it, label_of(it)) for it in queries.frozen_of(user.actor, Sort.REPORT)],
        "sums": [(it, label_of(it)) for it in queries.frozen_of(user.actor, Sort.GATHERED)],
    }
    return render(request, "statistics/reports.html", context)


def label_of(row: ReturnDraft | FrozenReturn) -> str:
    """Return the period of a report in words."""
    return label_ja(Period(row.first, row.last))


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a report: of what is just over, or of any period."""
    user = reader(request)
    today = in_japan(timezone.now()).date()
    given = {"part": ANY, **request.POST.dict()}
    form = Question(given, years=years_of(user.desk_id, today))
    if not form.is_valid():
        messages.error(request, _("期間が読めません。もう一度選んでください。"))
        return redirect("statistics:reports")
    asked = form.parsed()
    draft = freezing.begin(
        actor=user.actor, period=asked.period, basis=asked.basis, at=timezone.now()
    )
    return redirect("statistics:report", draft)


def report(request: HttpRequest, report: UUID) -> HttpResponse:
    """Show a report that is being written; take its words from a supervisor."""
    user = reader(request) if request.method != "POST" else supervisor(request)
    row = _draft(user, report)
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        chapters={name: title for name, (title, _make) in CHAPTERS.items()},
        cases=[(str(it.pk), it.title) for it in approved_cases(row.desk_id)],
        words=row.words,
        chosen=row.cases,
    )
    if request.method == "POST" and form.is_valid():
        written = form.parsed()
        deed = partial(freezing.write, draft=row.pk, words=written.words, cases=written.cases)
        deed(actor=user.actor, at=timezone.now())
        messages.success(request, _("保存しました。"))
        return redirect("statistics:report", row.pk)
    content = report_from(row)
    context = around(user, "reports") | {
        "row": row,
        "words": form,
        "may_write": user.role == Role.SUPERVISOR,
        "unclassified": content["figures"]["unclassified"],
        "is_empty": not content["figures"]["contacts"],
        "has_days": content["figures"]["opening_days"] > 0,
        **shown(document_of(content)),
    }
    return render(request, "statistics/report.html", context)


def report_file(request: HttpRequest, report: UUID, kind: str) -> HttpResponse:
    """Give a report that is being written as a file, marked as a draft."""
    row = _draft(reader(request), report)
    try:
        return file_of(document_of(report_from(row)), kind, timezone.now())
    except UnableToPrintError as refusal:
        messages.error(request, str(refusal))
        return redirect("statistics:report", report)


@require_POST
def freeze(request: HttpRequest, report: UUID) -> HttpResponse:
    """Freeze a report."""
    user = supervisor(request)
    row = _draft(user, report)
    try:
        frozen = freezing.freeze(draft=row.pk, actor=user.actor, at=timezone.now())
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
        return redirect("statistics:report", report)
    messages.success(request, _("確定しました。この版の数字は、もう変わりません。"))
    return redirect("statistics:frozen", frozen)


def frozen(request: HttpRequest, frozen: UUID) -> HttpResponse:
    """Show a frozen report: as it was printed, whether it is sound, what changed since."""
    user = reader(request)
    row = _frozen(user, frozen)
    is_sum = row.sort == Sort.GATHERED
    changes = list(sum_changes(row) if is_sum else queries.changed_since(row))
    newest = queries.frozen_of(user.actor, Sort(row.sort)).filter(first=row.first, last=row.last)
    context = around(user, "gathering" if is_sum else "reports") | {
        "row": row,
        "is_sum": is_sum,
        "is_sound": queries.is_sound(row),
        "is_newest": newest[0].pk == row.pk,
        "changes": correction_block("changes", _("訂正"), changes) if changes else None,
        "came": [(it, NEWS[it.news]) for it in came_since(row)] if is_sum else [],
        **shown(printed_from(row)),
    }
    return render(request, "statistics/frozen.html", context)


def frozen_file(request: HttpRequest, frozen: UUID, kind: str) -> HttpResponse:
    """Give a frozen report as a file: the same whenever it is asked for."""
    row = _frozen(reader(request), frozen)
    document = printed_from(row)
    if kind == "sheet":
        return _sheet(row, document)
    try:
        found = proof_of(row, kind, document.file_name)
        return found or file_of(document, kind, row.frozen_at)
    except UnableToPrintError as refusal:
        messages.error(request, str(refusal))
        return redirect("statistics:frozen", frozen)


def _sheet(row: FrozenReturn, document: Document) -> HttpResponse:
    """Give the figures as another desk gathers them: one to a line, with basis and base."""
    sheet, how = Sheet(document.desk, queries.figures_in(row)), FORMATS["csv"]
    name = f"{document.file_name}-sheet.csv"
    return as_download(how.make(sheet, row.frozen_at), name, how.content_type)


def _draft(user: User, report: UUID) -> ReturnDraft:
    row = queries.drafts_of(user.actor).filter(pk=report).first()
    if row is None:
        raise Http404
    return row


def _frozen(user: User, frozen: UUID) -> FrozenReturn:
    rows = queries.frozen_of(user.actor, Sort.REPORT, Sort.GATHERED)
    row = rows.filter(pk=frozen).first()
    if row is None:
        raise Http404
    return row


def shown(document: Document) -> dict[str, Any]:
    """Return a document as a page shows it: each table with its chart."""
    return {
        "document": document,
        "chapters": [
            (number, chapter, [(it, chart_of(it)) for it in chapter.blocks])
            for number, chapter in enumerate(document.chapters, 1)
        ],
    }
