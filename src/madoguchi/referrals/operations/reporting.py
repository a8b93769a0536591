"""Reports of discriminatory posts to the prefecture, and what it did."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from madoguchi.desks.models import Desk
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.models import Matter
from madoguchi.referrals.models import UrlReport, UrlReportStep
from madoguchi.referrals.places import report_place, step_place
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.url_report import LIFECYCLE, Aimed, Status, Step, check_day
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class Told:
    """What is reported. `asked_service`: whether somebody concerned asked the service first."""

    urls: tuple[str, ...]
    words: str
    aimed: Aimed
    asked_service: bool | None = None
    matter: UUID | None = None


def write(*, actor: Actor, told: Told, at: dt.datetime) -> UrlReport:
    """Write down a report of discriminatory posts (差別情報の通報)."""
    with transaction.atomic():
        check_may_work_on(actor, actor.desk)
        Desk.objects.select_for_update().get(pk=actor.desk)
        matter = _matter_of(actor, told)
        last = UrlReport.objects.filter(desk=actor.desk).aggregate(last=Max("number"))["last"]
        row = UrlReport(
            id=new_id(),
            desk_id=actor.desk,
            number=(last or 0) + 1,
            matter=matter,
            aimed=told.aimed,
            asked_service=told.asked_service,
            url_count=len(told.urls),
            status=LIFECYCLE.start,
            written_on=in_japan(at).date(),
            written_by_id=actor.user,
        )
        text = json.dumps({"urls": told.urls, "words": told.words}, ensure_ascii=False)
        holder = row.matter_id or actor.desk
        row.told = Safe(actor.desk).seal(text, holder=holder, place=report_place(row.pk))
        row.save(force_insert=True)
        _record(Deed.URL_REPORT_WRITTEN, row, actor, at)
        return row


def _matter_of(actor: Actor, told: Told) -> Matter | None:
    if told.matter is None:
        return None
    matter = Matter.objects.filter(pk=told.matter, desk=actor.desk).first()
    if matter is None:
        raise RefusedError("another-matter")
    return matter


def advance(
    *, report: UUID, actor: Actor, step: Step, on: dt.date, words: str, at: dt.datetime
) -> None:
    """Note what the prefecture did on the day `on`: took it, confirmed, asked, concluded."""
    with transaction.atomic():
        rows = UrlReport.objects.select_for_update().filter(desk=actor.desk)
        row = rows.filter(pk=report).first()
        if row is None:
            raise RefusedError("report-gone")
        check_may_work_on(actor, row.desk_id)
        row.status = LIFECYCLE.after(Status(row.status), step)
        last = row.steps.aggregate(last=Max("on"))["last"] or row.written_on
        check_day(on, before=last, today=in_japan(at).date())
        row.save(update_fields=["status"])
        _keep(row, actor, on, words)
        _record(step, row, actor, at)


def _keep(row: UrlReport, actor: Actor, on: dt.date, words: str) -> None:
    key, holder = new_id(), row.matter_id or row.desk_id
    note = Safe(row.desk_id).seal(words, holder=holder, place=step_place(key)) if words else b""
    UrlReportStep.objects.create(
        id=key, report=row, status=row.status, on=on, noted_by_id=actor.user, note=note
    )


def note_export(*, actor: Actor, reports: Sequence[UUID], at: dt.datetime) -> None:
    """Write down that reports left as a file."""
    with transaction.atomic():
        check_may_work_on(actor, actor.desk)
        detail = {"reports": len(reports)}
        record(Deed.URL_REPORTS_EXPORTED, desk=actor.desk, actor=actor.user, at=at, detail=detail)


def _record(deed: Deed | Step, row: UrlReport, actor: Actor, at: dt.datetime) -> None:
    record(
        deed,
        desk=row.desk_id,
        matter=row.matter_id,
        actor=actor.user,
        at=at,
        detail={"report": row.number, "status": str(row.status)},
    )
