"""Seeing to the items of a checklist (点検)."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from madoguchi.directory.checklists import is_item
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.models import Tick
from madoguchi.matters.operations.opening import lock
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on


def tick(
    *, matter: UUID, shown: frozenset[str], ticked: frozenset[str], actor: Actor, at: dt.datetime
) -> None:
    """Let the items `ticked` of those `shown` be ticked; who ticked first keeps the tick.

    What the page did not show stays as it is.
    """
    with transaction.atomic():
        locked = lock(matter)
        check_may_work_on(actor, locked.desk_id)
        if not all(is_item(it) for it in shown | ticked):
            raise RefusedError("unknown-code")
        gone = Tick.objects.filter(matter=matter, item__in=shown - ticked)
        known = set(Tick.objects.filter(matter=matter).values_list("item", flat=True))
        new = ticked - known
        taken, _each = gone.delete()
        Tick.objects.bulk_create(
            Tick(matter=locked, item=it, ticked_by_id=actor.user, ticked_at=at)
            for it in sorted(new)
        )
        if new or taken:
            detail = {"ticked": len(new), "unticked": taken}
            record(
                Deed.CHECKLIST_TICKED,
                desk=locked.desk_id,
                matter=matter,
                actor=actor.user,
                at=at,
                detail=detail,
            )
