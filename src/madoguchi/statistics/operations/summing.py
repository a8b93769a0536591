"""Freezing a gathered sum (とりまとめの確定): the same machinery as a report's."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from madoguchi.desks.models import Desk
from madoguchi.rules import returns
from madoguchi.rules.access import Actor, RefusedError, check_may_supervise
from madoguchi.statistics.models import Sort
from madoguchi.statistics.operations.freezing import check_may_freeze, keep
from madoguchi.statistics.operations.gathering import Asked
from madoguchi.statistics.queries.gathering import Gathered, gathered
from madoguchi.statistics.queries.summing import sum_from


def freeze_sum(*, asked: Asked, actor: Actor, at: dt.datetime, is_short: bool = False) -> UUID:
    """Freeze what was gathered for a period, as it stands: signed. Returns its id.

    Refused as a report is; where figures are here that cannot be added yet; and while somebody
    has not sent, unless `is_short` says that the sum is wanted without them (it names them).
    """
    check_may_supervise(actor, actor.desk)
    with transaction.atomic():
        Desk.objects.select_for_update().get(pk=actor.desk)
        found = gathered(actor, period=asked.period, basis=asked.basis)
        _check_whole(found, is_short=is_short)
        content = sum_from(found, actor.desk)
        if content is None:
            raise RefusedError("nothing-gathered")
        check_may_freeze(returns.from_values(content["figures"]), at)
        return keep(Sort.GATHERED, content, actor=actor, at=at)


def _check_whole(found: Gathered, *, is_short: bool) -> None:
    if found.waiting:
        raise RefusedError("figures-wait")
    if found.missing and not is_short:
        raise RefusedError("senders-missing")
