"""Bringing in a desk's own spreadsheet: laid down sealed, looked through, taken by a job."""

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.administration.models import ColumnMemory, Spreadsheet
from madoguchi.administration.places import columns_place, plan_place, rows_place
from madoguchi.administration.queries.spreadsheets import plan_of, remembered, rows_of
from madoguchi.consultations.operations.importing import How, ImportResult, import_contacts
from madoguchi.consultations.operations.reading import (
    UnableToImportError,
    UnreadableFileError,
    rows_in,
)
from madoguchi.desks.queries import books_of
from madoguchi.jobs.operations import put
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.access import Actor, RefusedError, check_may_supervise
from madoguchi.rules.contact_records import COLUMNS, guarded
from madoguchi.rules.spreadsheets import Plan, as_records, left_out
from madoguchi.vault import sealing
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe

_A_DAY = dt.timedelta(days=1)
_NO_TABLE = "列が2つ以上ある表ではありません。受付簿のCSVかxlsxを選んでください。"


def bring(*, content: bytes, actor: Actor, at: dt.datetime) -> UUID:
    """Lay down a file (CSV or xlsx) sealed; raises `UnreadableFileError` where it is neither."""
    check_may_supervise(actor, actor.desk)
    found = list(rows_in(content))
    if not any(sum(bool(cell.strip()) for cell in cells) > 1 for cells in found):
        raise UnreadableFileError(_NO_TABLE)
    rows = json.dumps(found, ensure_ascii=False)
    with transaction.atomic():
        _clear(Spreadsheet.objects.filter(brought_at__lt=at - _A_DAY))
        row = new_id()
        Spreadsheet.objects.create(
            id=row,
            desk_id=actor.desk,
            brought_by_id=actor.user,
            brought_at=at,
            digest=hashlib.sha256(content).hexdigest(),
            rows=Safe(actor.desk).seal(rows, holder=row, place=rows_place(row)),
        )
        record(Deed.SPREADSHEET_BROUGHT, desk=actor.desk, actor=actor.user, at=at)
        return row


def look_through(*, spreadsheet: UUID, plan: Plan, actor: Actor, at: dt.datetime) -> ImportResult:
    """Keep how the rows are read, and say what an import would come to. Nothing is taken."""
    sheet = _own(spreadsheet, actor)
    told = json.dumps(asdict(plan), ensure_ascii=False)
    sealed = Safe(sheet.desk_id).seal(told, holder=sheet.pk, place=plan_place(sheet.pk))
    Spreadsheet.objects.filter(pk=sheet.pk).update(plan=sealed)
    return import_contacts(
        desk=sheet.desk_id,
        content=_as_file(sheet, plan),
        actor=actor,
        at=at,
        how=How(dry_run=True, digest=sheet.digest),
    )


def begin(*, spreadsheet: UUID, actor: Actor, at: dt.datetime) -> None:
    """Let a job take the spreadsheet as it was looked through; remember how it was read."""
    with transaction.atomic():
        sheet = Spreadsheet.objects.select_for_update().get(pk=spreadsheet)
        check_may_supervise(actor, sheet.desk_id)
        plan = plan_of(sheet)
        if plan is None or sheet.started_at:
            raise RefusedError("sheet-begun")
        sheet.started_at = at
        sheet.save(update_fields=["started_at"])
        _remember(sheet, plan)
        put(name="sheet.take", key=f"sheet {sheet.pk}", at=at, args={"sheet": str(sheet.pk)})


def take(*, spreadsheet: UUID, at: dt.datetime) -> None:
    """Take what was begun: all of it or nothing. Run twice it comes to the same."""
    sheet = Spreadsheet.objects.select_related("brought_by").filter(pk=spreadsheet).first()
    plan = plan_of(sheet) if sheet else None
    if sheet is None or plan is None or sheet.ended_at:
        return

    def show(done: int, of: int) -> None:
        Spreadsheet.objects.filter(pk=spreadsheet).update(done=done, of=of)

    try:
        result = import_contacts(
            desk=sheet.desk_id,
            content=_as_file(sheet, plan),
            actor=sheet.brought_by.actor,
            at=at,
            how=How(digest=sheet.digest, left_out=len(left_out(rows_of(sheet), plan))),
            progress=show,
        )
    except (UnableToImportError, RefusedError) as refusal:
        sheet.trouble = str(refusal)[:200]
    else:
        sheet.new, sheet.continued = result.new_consultations, result.continued_consultations
        sheet.done = sheet.of = result.rows
        if not result.landed:
            sheet.trouble = "直すところがあります。もう一度、はじめから選んでください。"
    _end(sheet, at)


def give_up(*, spreadsheet: UUID, actor: Actor, at: dt.datetime) -> None:
    """Erase a spreadsheet that nobody wants to take after all."""
    del at  # nothing was taken: there is nothing to write down
    sheet = _own(spreadsheet, actor)
    if not sheet.started_at:
        with transaction.atomic():
            _clear(Spreadsheet.objects.filter(pk=sheet.pk))


def _own(spreadsheet: UUID, actor: Actor) -> Spreadsheet:
    sheet = Spreadsheet.objects.get(pk=spreadsheet)
    check_may_supervise(actor, sheet.desk_id)
    return sheet


def _as_file(sheet: Spreadsheet, plan: Plan) -> bytes:
    return as_csv(as_records(rows_of(sheet), plan, books_of(sheet.desk_id)))


def as_csv(records: Sequence[Mapping[str, str]]) -> bytes:
    """Return records as a file of contact records, each in the line of its place."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in records:
        writer.writerow([guarded(row.get(column, "")) for column in COLUMNS] if row else [])
    return out.getvalue().encode("utf-8-sig")


def _remember(sheet: Spreadsheet, plan: Plan) -> None:
    names = rows_of(sheet)[plan.header]
    memory = {**remembered(sheet.desk_id), "columns": {}}
    memory["columns"] = {ours: names[at] for ours, at in plan.columns.items() if at < len(names)}
    for column, values in plan.values.items():
        memory[column] = {**memory.get(column, {}), **values}
    told = json.dumps(memory, ensure_ascii=False)
    desk = sheet.desk_id
    sealed = Safe(desk).seal(told, holder=desk, place=columns_place(desk))
    ColumnMemory.objects.update_or_create(desk_id=desk, defaults={"told": sealed})


def _end(sheet: Spreadsheet, at: dt.datetime) -> None:
    """Write down what came of it; the rows are erased."""
    with transaction.atomic():
        sealing.erase(sheet.pk)
        sheet.rows, sheet.plan, sheet.ended_at = b"", b"", at
        sheet.save()


def _clear(sheets: QuerySet[Spreadsheet]) -> None:
    sealing.erase_all(sheets.values_list("pk", flat=True))
    sheets.delete()
