"""Reports to the prefecture as lists, pages and figures show them."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from madoguchi.referrals.models import UrlReport
from madoguchi.referrals.places import report_place, step_place
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.calendar import Period
from madoguchi.rules.url_report import LIFECYCLE, Status, Step
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class OpenedStep:
    """What the prefecture did, on which day; `words` None where they were erased."""

    status: Status
    on: dt.date
    words: str


@dataclass(frozen=True)
class OpenedReport:
    """A report with its words; no URLs where they were erased."""

    row: UrlReport
    urls: tuple[str, ...]
    words: str
    passed: tuple[OpenedStep, ...]

    @property
    def next_steps(self) -> list[Step]:
        """What may come next."""
        return LIFECYCLE.steps_from(Status(self.row.status))


def reports_of(actor: Actor) -> QuerySet[UrlReport]:
    """Return the reports of the actor's desk, the latest first."""
    try:
        check_may_work_on(actor, actor.desk)
    except RefusedError:
        return UrlReport.objects.none()
    rows = UrlReport.objects.filter(desk=actor.desk).select_related("matter")
    return rows.prefetch_related("steps").order_by("-number")


def report_of(actor: Actor, report: UUID) -> UrlReport | None:
    """Return one report of the actor's desk; None for any other."""
    return reports_of(actor).filter(pk=report).first()


def opened_reports(rows: Iterable[UrlReport]) -> list[OpenedReport]:
    """Return reports with their words. The caller has asked who reads."""
    found = list(rows)
    safes = {row.desk_id: Safe(row.desk_id) for row in found}
    for desk, safe in safes.items():
        safe.fetch(row.matter_id or desk for row in found if row.desk_id == desk)
    return [_opened(row, safes[row.desk_id]) for row in found]


def _opened(row: UrlReport, safe: Safe) -> OpenedReport:
    holder = row.matter_id or row.desk_id
    text = safe.open(row.told, holder=holder, place=report_place(row.pk))
    told: dict[str, Any] = json.loads(text) if text else {"urls": [], "words": ""}
    passed = tuple(
        OpenedStep(
            status=Status(step.status),
            on=step.on,
            words=safe.open(step.note, holder=holder, place=step_place(step.pk)) or "",
        )
        for step in sorted(row.steps.all(), key=lambda step: (step.on, step.pk))
    )
    return OpenedReport(row=row, urls=tuple(told["urls"]), words=told["words"], passed=passed)


@dataclass(frozen=True)
class ReportFigures:
    """How many reports and URLs were written in a period, and how many came to each state."""

    reports: int
    urls: int
    reached: dict[Status, int]


def written_in(desk: UUID, period: Period) -> QuerySet[UrlReport]:
    """Return the reports written at `desk` in `period`."""
    return UrlReport.objects.filter(desk=desk, written_on__range=(period.first, period.last))


def figures(desk: UUID, period: Period) -> ReportFigures:
    """Return the figures of reports written at `desk` in `period`, for the statistics."""
    rows = written_in(desk, period)
    counted = rows.aggregate(reports=Count("pk"), urls=Sum("url_count"))
    reached = dict(rows.values_list("steps__status").annotate(number=Count("pk")))
    return ReportFigures(
        reports=counted["reports"],
        urls=counted["urls"] or 0,
        reached={status: reached.get(status, 0) for status in Status if status != Status.WRITTEN},
    )
