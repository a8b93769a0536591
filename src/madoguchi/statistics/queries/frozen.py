"""What was published, and whether it is still what was signed."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from madoguchi.rules import returns
from madoguchi.rules.access import Actor, check_may_read_figures, passes
from madoguchi.rules.calendar import Period, in_japan
from madoguchi.rules.counting import Return
from madoguchi.rules.returns import Correction, corrections
from madoguchi.statistics.models import FrozenReturn, ReturnDraft, Sort
from madoguchi.statistics.queries import return_of
from madoguchi.vault.signing import is_signed


@dataclass(frozen=True)
class Changed:
    """What of a frozen return would be another number today."""

    frozen: FrozenReturn
    corrections: Sequence[Correction]


def drafts_of(actor: Actor) -> QuerySet[ReturnDraft]:
    """Return the reports that somebody of the actor's desk prepares."""
    if not passes(check_may_read_figures, actor, actor.desk):
        return ReturnDraft.objects.none()
    return ReturnDraft.objects.filter(desk=actor.desk).order_by("-first", "last")


def frozen_of(actor: Actor, *sorts: Sort) -> QuerySet[FrozenReturn]:
    """Return what the actor's desk froze of these sorts, the latest first."""
    if not passes(check_may_read_figures, actor, actor.desk):
        return FrozenReturn.objects.none()
    return _frozen(actor.desk, *sorts)


def _frozen(desk: UUID, *sorts: Sort) -> QuerySet[FrozenReturn]:
    rows = FrozenReturn.objects.filter(desk=desk, sort__in=sorts)
    return rows.select_related("frozen_by", "desk").order_by("-first", "-last", "-version")


def latest_of(desk: UUID, sort: Sort) -> list[FrozenReturn]:
    """Return the newest version for each period, the latest period first."""
    newest: dict[tuple[object, object], FrozenReturn] = {}
    for row in _frozen(desk, sort):
        newest.setdefault((row.first, row.last), row)
    return list(newest.values())


def published() -> QuerySet[FrozenReturn]:
    """Return everything that desks published as open data: for everybody."""
    rows = FrozenReturn.objects.filter(sort=Sort.OPEN_DATA).select_related("desk")
    return rows.order_by("desk__name", "-first", "-version")


def every_frozen(desk: UUID | None = None) -> QuerySet[FrozenReturn]:
    """Return everything that was frozen, or what `desk` froze: for whoever runs the place."""
    rows = FrozenReturn.objects.select_related("desk").order_by("desk", "first", "last", "version")
    return rows.filter(desk=desk) if desk else rows


def is_sound(row: FrozenReturn) -> bool:
    """Tell whether a frozen return is, byte for byte, what its desk signed."""
    content = row.content.encode()
    is_whole = hashlib.sha256(content).hexdigest() == row.digest
    return is_whole and is_signed(content, row.signature, desk=row.desk_id)


def content_of(row: FrozenReturn) -> dict[str, Any]:
    """Return what was frozen, as plain values."""
    content: dict[str, Any] = json.loads(row.content)
    return content


def when_frozen(row: FrozenReturn) -> tuple[Period, int, dt.date]:
    """Return the period of what was frozen, its version, and the day in Japan."""
    return Period(row.first, row.last), row.version, in_japan(row.frozen_at).date()


def figures_in(row: FrozenReturn) -> Return:
    """Return the figures of a frozen report as they were printed."""
    return returns.from_values(content_of(row)["figures"])


def changed_since(row: FrozenReturn) -> Sequence[Correction]:
    """Return what of a frozen report would be another number today (訂正)."""
    then = figures_in(row)
    return corrections(then, return_of(row.desk_id, period=then.period, basis=then.basis))


def all_changed(desk: UUID) -> list[Changed]:
    """Return every report, in its newest version, that would print other numbers today."""
    found = [Changed(row, changed_since(row)) for row in latest_of(desk, Sort.REPORT)]
    return [it for it in found if it.corrections]
