"""The desk's own spreadsheet: brought, its columns named, looked through, taken."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madoguchi.administration.forms.spreadsheets import FileForm, PlanForm, ValuesForm
from madoguchi.administration.models import Spreadsheet
from madoguchi.administration.operations import spreadsheets as operations
from madoguchi.administration.queries import spreadsheets as queries
from madoguchi.administration.views.doors import attempt, show
from madoguchi.consultations.operations.reading import UnableToImportError
from madoguchi.desks.doors import actor_of, for_supervisors, opens_for
from madoguchi.desks.queries import books_of
from madoguchi.rules.access import check_may_supervise
from madoguchi.rules.spreadsheets import (
    Plan,
    as_records,
    guessed,
    header_of,
    left_out,
    people_in,
    strange_values,
    sums_in,
)
from madoguchi.ui.uploads import takes_files

_SHOWN = 8


@takes_files(opens_for(check_may_supervise))
@for_supervisors
def importing(request: HttpRequest) -> HttpResponse:
    """Take a file; show what was brought before."""
    actor, is_post = actor_of(request), request.method == "POST"
    form = FileForm(request.POST, request.FILES) if is_post else FileForm()
    if is_post and form.is_valid():
        try:
            row = operations.bring(content=form.parsed(), actor=actor, at=timezone.now())
        except UnableToImportError as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("administration:sheet", row)
    context = {"here": "import", "form": form, "sheets": queries.spreadsheets(actor)[:10]}
    return show(request, "import", context, 400 if form.errors else 200)


@for_supervisors
def sheet(request: HttpRequest, sheet: UUID) -> HttpResponse:
    """Show how the file is read, its first rows, and what has to be mended."""
    found = _found(request, sheet)
    if found.started_at:
        return show(request, "sheet_taken", {"here": "import", "sheet": found})
    rows = queries.rows_of(found)
    if not rows:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form, values, plan = _forms(found, rows, data)
    result, trouble = None, ""
    if plan is not None:
        try:
            result = operations.look_through(
                spreadsheet=found.pk, plan=plan, actor=actor_of(request), at=timezone.now()
            )
        except UnableToImportError as refusal:
            trouble = str(refusal)
    context = {
        "here": "import",
        "sheet": found,
        "form": form,
        "values": values,
        "result": result,
        "trouble": trouble,
        **_preview(found, rows, plan),
    }
    return show(request, "sheet", context)


@for_supervisors
@require_POST
def take(request: HttpRequest, sheet: UUID) -> HttpResponse:
    """Let a job take it, as it was looked through."""
    _found(request, sheet)
    deed = partial(operations.begin, spreadsheet=sheet, actor=actor_of(request), at=timezone.now())
    attempt(request, _("取り込みを始めました。"), deed)
    return redirect("administration:sheet", sheet)


@for_supervisors
@require_POST
def give_up(request: HttpRequest, sheet: UUID) -> HttpResponse:
    """Erase it."""
    _found(request, sheet)
    deed = partial(
        operations.give_up, spreadsheet=sheet, actor=actor_of(request), at=timezone.now()
    )
    attempt(request, _("ファイルを消しました。何も取り込んでいません。"), deed)
    return redirect("administration:import")


def _found(request: HttpRequest, sheet: UUID) -> Spreadsheet:
    row = queries.spreadsheets(actor_of(request)).filter(pk=sheet).first()
    if row is None:
        raise Http404
    return row


def _forms(
    found: Spreadsheet, rows: list[list[str]], data: Any
) -> tuple[PlanForm, ValuesForm | None, Plan | None]:
    """Return the forms, and the plan where it is whole enough to be looked through."""
    memory, books = queries.remembered(found.desk_id), books_of(found.desk_id)
    asked = (data or {}).get("header", "")
    header = int(asked) if asked.isdigit() and int(asked) < len(rows) else header_of(rows)
    start = queries.plan_of(found)
    if start is None or data is not None:
        start = Plan(
            header, guessed(rows, header, memory["columns"]), left_out=sums_in(rows, header)
        )
    form = PlanForm(data, rows=rows, books=books, plan=start)
    if data is not None and not form.is_valid():
        return form, None, None
    plan = form.parsed() if data is not None else start
    strange = strange_values(rows, plan, books)
    known = {**memory, **start.values}
    values = ValuesForm(data, strange=strange, labels=form.labels, known=known)
    values.is_valid()
    return form, values, replace(plan, values=values.parsed())


def _preview(found: Spreadsheet, rows: list[list[str]], plan: Plan | None) -> dict[str, Any]:
    if plan is None:
        return {}
    books = books_of(found.desk_id)
    everything = as_records(rows, plan, books)
    records = [it for it in everything if it][:_SHOWN]
    heads = list(records[0]) if records else []
    return {
        "heads": heads,
        "records": [[record[head] for head in heads] for record in records],
        "offset": plan.header,
        "people": people_in(everything, plan, books),
        "left_out": left_out(rows, plan),
    }
