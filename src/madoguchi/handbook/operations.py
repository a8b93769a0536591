"""Writing in the handbook: by advisers; approved by a supervisor who did not write it."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from madoguchi.handbook.models import Sheet, Sort
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.access import Actor, RefusedError, check_may_supervise, check_may_work_on
from madoguchi.rules.filling import unknown_places


@dataclass(frozen=True)
class Written:
    """What stands on a sheet."""

    sort: Sort
    title: str
    words: str
    advice: str = ""
    call: str = ""
    source: str = ""
    checked_on: dt.date | None = None


def write(*, written: Written, actor: Actor, at: dt.datetime, sheet: UUID | None = None) -> Sheet:
    """Write a sheet, or write one anew (`sheet`): what is changed has to be approved again."""
    with transaction.atomic():
        check_may_work_on(actor, actor.desk)
        if written.sort is Sort.TEMPLATE and unknown_places(written.words):
            raise RefusedError("unknown-place")
        row = _locked(sheet, actor) if sheet else Sheet(desk_id=actor.desk)
        row.sort, row.title, row.words = written.sort, written.title, written.words
        row.advice, row.call, row.source = written.advice, written.call, written.source
        row.checked_on, row.written_by_id, row.written_at = written.checked_on, actor.user, at
        row.approved_by_id = row.approved_at = None
        row.save()
        _record(Deed.SHEET_WRITTEN, row, actor, at)
        return row


def approve(*, sheet: UUID, actor: Actor, at: dt.datetime) -> None:
    """Put a sheet in use. Refused to who wrote it."""
    with transaction.atomic():
        row = _locked(sheet, actor)
        check_may_supervise(actor, row.desk_id)
        if row.written_by_id == actor.user:
            raise RefusedError("own-approval")
        row.approved_by_id, row.approved_at = actor.user, at
        row.save(update_fields=["approved_by", "approved_at"])
        _record(Deed.SHEET_APPROVED, row, actor, at)


def erase(*, sheet: UUID, actor: Actor, at: dt.datetime) -> None:
    """Take a sheet out of the handbook, for good. One in use: a supervisor only."""
    with transaction.atomic():
        row = _locked(sheet, actor)
        if row.approved_at:
            check_may_supervise(actor, row.desk_id)
        _record(Deed.SHEET_ERASED, row, actor, at)
        row.delete()


def _locked(sheet: UUID, actor: Actor) -> Sheet:
    row = Sheet.objects.select_for_update().filter(pk=sheet).first()
    if row is None:
        raise RefusedError("sheet-gone")
    check_may_work_on(actor, row.desk_id)
    return row


def _record(deed: Deed, row: Sheet, actor: Actor, at: dt.datetime) -> None:
    detail = {"sheet": str(row.pk), "sort": str(row.sort)}
    record(deed, desk=row.desk_id, actor=actor.user, at=at, detail=detail)
