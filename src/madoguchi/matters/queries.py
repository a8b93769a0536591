"""Reading what hangs on a matter. The caller has made sure that the reader may see it."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from madoguchi.desks.queries import hours_of, is_holiday
from madoguchi.matters.models import Deadline
from madoguchi.matters.places import deadline_place
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.deadlines import KEPT_BY_DEEDS, OFFICE, Named, Working
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class OpenedDeadline:
    """A deadline with what was said about it; empty words where nothing was, or it was erased."""

    id: UUID
    matter: UUID
    name: Named
    due_at: dt.datetime
    words: str
    call_as: str
    voice_mail: str

    @property
    def is_kept_by_deeds(self) -> bool:
        """Whether it is met by what the desk does, not by hand."""
        return self.name in KEPT_BY_DEEDS


def working_of(desk: UUID) -> Working:
    """Return when `desk` works; office hours where it has entered none."""
    hours = hours_of(desk)
    return Working(hours if hours.openings else OFFICE, is_holiday)


def running_at(actor: Actor) -> QuerySet[Deadline]:
    """Return the deadlines still to be met at the actor's desk, the nearest first."""
    try:
        check_may_work_on(actor, actor.desk)
    except RefusedError:
        return Deadline.objects.none()
    running = Deadline.objects.filter(desk=actor.desk, done_at=None)
    return running.order_by("due_at", "id")


def is_at(actor: Actor, deadline: UUID) -> bool:
    """Tell whether a deadline, running or over, is one of the actor's desk."""
    return Deadline.objects.filter(pk=deadline, desk=actor.desk).exists()


def opened(desk: UUID, rows: Iterable[Deadline]) -> list[OpenedDeadline]:
    """Return deadlines of `desk` with their words opened, keys fetched in one query."""
    found = list(rows)
    safe = Safe(desk)
    safe.fetch(row.matter_id for row in found)
    return [_opened(row, safe) for row in found]


def _opened(row: Deadline, safe: Safe) -> OpenedDeadline:
    told = safe.open(row.note, holder=row.matter_id, place=deadline_place(row.pk))
    said = json.loads(told) if told else {}
    return OpenedDeadline(
        id=row.pk,
        matter=row.matter_id,
        name=Named(row.name),
        due_at=row.due_at,
        words=said.get("words", ""),
        call_as=said.get("call_as", ""),
        voice_mail=said.get("voice_mail", ""),
    )
