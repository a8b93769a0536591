"""Publishing figures as open data (公開): small cells hidden, frozen and signed."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction

from madoguchi.desks.models import Desk
from madoguchi.rules.access import Actor, RefusedError, check_may_supervise
from madoguchi.rules.calendar import Period
from madoguchi.rules.disclosure_control import TooFewError
from madoguchi.rules.open_data import overlaps
from madoguchi.statistics.models import Sort
from madoguchi.statistics.operations.freezing import check_may_freeze, keep
from madoguchi.statistics.queries import return_of
from madoguchi.statistics.queries.opening import open_data_of, published_periods
from madoguchi.statistics.queries.reporting import months_in


def publish(*, actor: Actor, period: Period, at: dt.datetime) -> UUID:
    """Publish the figures of `period` for everybody. Returns the id of what was published."""
    check_may_supervise(actor, actor.desk)
    with transaction.atomic():
        Desk.objects.select_for_update().get(pk=actor.desk)
        content = to_be_published(desk=actor.desk, period=period, at=at)
        return keep(Sort.OPEN_DATA, content, actor=actor, at=at)


def to_be_published(*, desk: UUID, period: Period, at: dt.datetime) -> dict[str, Any]:
    """Return what publishing `period` would show to everybody.

    Refused as a report is; where the period is not of whole months, shares a day with another
    one that is published, or holds too little to be protected.
    """
    if not months_in(period):
        raise RefusedError("not-whole-months")
    if overlaps(period, published_periods(desk)):
        raise RefusedError("overlaps-published")
    figures = return_of(desk, period=period)
    check_may_freeze(figures, at)
    try:
        return open_data_of(desk, figures)
    except TooFewError:
        raise RefusedError("too-few") from None
