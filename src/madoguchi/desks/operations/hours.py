"""When a desk is open: its hours, its closing days, the days on which it was open."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from madoguchi.desks.models import ClosingDay, Desk, OpeningDay, OpeningHours
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.access import Actor, check_may_supervise
from madoguchi.rules.calendar import Period
from madoguchi.rules.hours import Opening


def set_hours(
    *, desk: UUID, openings: Iterable[Opening], actor: Actor | None, at: dt.datetime
) -> None:
    """Put `openings` in the place of the desk's hours; `actor` None runs the installation."""
    with transaction.atomic():
        _locked(desk, actor)
        OpeningHours.objects.filter(desk=desk).delete()
        rows = [
            OpeningHours(
                desk_id=desk,
                weekdays=list(it.weekdays),
                nth=list(it.nth),
                opens=it.opens,
                until=it.until,
                closed_on_holidays=it.closed_on_holidays,
                closed_at_new_year=it.closed_at_new_year,
                last_call=it.last_call,
            )
            for it in openings
        ]
        OpeningHours.objects.bulk_create(rows)
        who = actor.user if actor else None
        record(Deed.HOURS_SET, desk=desk, actor=who, at=at, detail={"lines": len(rows)})


def set_closing_days(
    *, desk: UUID, days: Iterable[dt.date], since: dt.date, actor: Actor, at: dt.datetime
) -> None:
    """Let the closing days of `desk` from `since` on be `days`; what is past stays as it was."""
    with transaction.atomic():
        _locked(desk, actor)
        ClosingDay.objects.filter(desk=desk, day__gte=since).delete()
        coming = sorted({day for day in days if day >= since})
        ClosingDay.objects.bulk_create(ClosingDay(desk_id=desk, day=day) for day in coming)
        detail = {"days": len(coming)}
        record(Deed.CLOSING_DAYS_SET, desk=desk, actor=actor.user, at=at, detail=detail)


def record_opening_days(
    *, desk: UUID, days: Iterable[dt.date], at: dt.datetime, actor: Actor | None = None
) -> int:
    """Record days on which `desk` was open; return how many were new."""
    with transaction.atomic():
        _locked(desk, actor)
        known = set(OpeningDay.objects.filter(desk=desk).values_list("day", flat=True))
        new = sorted(set(days) - known)
        OpeningDay.objects.bulk_create(
            (OpeningDay(desk_id=desk, day=day) for day in new), batch_size=500
        )
        who = actor.user if actor else None
        detail = {"days": len(new)}
        record(Deed.OPENING_DAYS_RECORDED, desk=desk, actor=who, at=at, detail=detail)
        return len(new)


def set_opening_days(
    *, desk: UUID, period: Period, days: Iterable[dt.date], actor: Actor, at: dt.datetime
) -> None:
    """Let the opening days (開設日) of `desk` in `period` be `days`; others there go."""
    with transaction.atomic():
        _locked(desk, actor)
        wanted = {day for day in days if period.first <= day <= period.last}
        own = OpeningDay.objects.filter(desk=desk, day__range=(period.first, period.last))
        gone, _rows = own.exclude(day__in=wanted).delete()
        new = sorted(wanted - set(own.values_list("day", flat=True)))
        OpeningDay.objects.bulk_create(OpeningDay(desk_id=desk, day=day) for day in new)
        record(
            Deed.OPENING_DAYS_RECORDED,
            desk=desk,
            actor=actor.user,
            at=at,
            detail={"from": period.first.isoformat(), "days": len(new), "gone": gone},
        )


def _locked(desk: UUID, actor: Actor | None) -> Desk:
    row = Desk.objects.select_for_update().get(pk=desk)
    if actor:
        check_may_supervise(actor, desk)
    return row
