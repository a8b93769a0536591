"""Experts of a desk, and the hours they offer."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from madoguchi.experts.models import Expert, ExpertConsultation, Slot
from madoguchi.experts.places import contact_place, slot_place
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.calendar import JAPAN, in_japan
from madoguchi.rules.experts import TAKEN, Way, quota_left, video_link
from madoguchi.rules.periods import month
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class OpenedSlot:
    """An hour with its place opened; `number`: of the matter for which it is taken."""

    id: UUID
    expert: Expert
    starts_at: dt.datetime
    ends_at: dt.datetime
    minutes: int
    way: Way
    place: str
    asked: UUID | None = None
    number: str = ""

    @property
    def link(self) -> str | None:
        """The link of a video call, where there is one."""
        return video_link(self.place) if self.way is Way.VIDEO else None

    @property
    def is_free(self) -> bool:
        """Whether it can still be booked."""
        return self.asked is None


def experts_of(actor: Actor, *, with_gone: bool = False) -> QuerySet[Expert]:
    """Return the experts whom the actor's desk asks, by name."""
    try:
        check_may_work_on(actor, actor.desk)
    except RefusedError:
        return Expert.objects.none()
    rows = Expert.objects.filter(desk=actor.desk).select_related("user").order_by("name", "id")
    return rows if with_gone else rows.filter(is_active=True)


def contact_of(row: Expert) -> str:
    """Return how an expert is reached; the caller has asked who reads."""
    place = contact_place(row.pk)
    return Safe(row.desk_id).open(row.contact, holder=row.pk, place=place) or ""


def slots_from(actor: Actor, since: dt.datetime) -> QuerySet[Slot]:
    """Return the hours offered at the actor's desk from the aware instant `since` on."""
    rows = Slot.objects.filter(expert__in=experts_of(actor, with_gone=True), starts_at__gte=since)
    return rows.select_related("expert").order_by("starts_at", "id")


def free_slots(actor: Actor, since: dt.datetime) -> QuerySet[Slot]:
    """Return the hours that can still be booked."""
    taken = ExpertConsultation.objects.filter(slot=OuterRef("pk"), status__in=TAKEN)
    return slots_from(actor, since).filter(~Exists(taken), expert__is_active=True)


def opened_slots(desk: UUID, rows: Iterable[Slot]) -> list[OpenedSlot]:
    """Return hours with their places, and for which matter each is taken."""
    found, safe = list(rows), Safe(desk)
    safe.fetch(row.expert_id for row in found)
    asked = ExpertConsultation.objects.filter(slot__in=found, status__in=TAKEN)
    taken = {it.slot_id: it for it in asked.select_related("matter")}
    return [_opened(row, safe, taken.get(row.pk)) for row in found]


def _opened(row: Slot, safe: Safe, taken: ExpertConsultation | None) -> OpenedSlot:
    return OpenedSlot(
        id=row.pk,
        expert=row.expert,
        starts_at=row.starts_at,
        ends_at=row.starts_at + dt.timedelta(minutes=row.minutes),
        minutes=row.minutes,
        way=Way(row.way),
        place=safe.open(row.place, holder=row.expert_id, place=slot_place(row.pk)) or "",
        asked=taken.pk if taken else None,
        number=taken.matter.number if taken else "",
    )


def by_day(slots: Iterable[OpenedSlot]) -> list[tuple[dt.date, list[OpenedSlot]]]:
    """Return hours by their days in Japan."""
    days = groupby(slots, key=lambda it: in_japan(it.starts_at).date())
    return [(day, list(hours)) for day, hours in days]


def used_in_month(expert: UUID, at: dt.datetime) -> int:
    """Return how many hours of the expert are booked in the month of the aware instant `at`."""
    there = in_japan(at)
    period = month(there.year, there.month)
    first = dt.datetime.combine(period.first, dt.time(), JAPAN)
    end = dt.datetime.combine(period.last + dt.timedelta(days=1), dt.time(), JAPAN)
    taken = ExpertConsultation.objects.filter(slot__expert=expert, status__in=TAKEN)
    return taken.filter(slot__starts_at__gte=first, slot__starts_at__lt=end).count()


def left_in_month(expert: Expert, at: dt.datetime) -> int | None:
    """Return how often the expert may still be booked in that month; None: no limit."""
    return quota_left(used_in_month(expert.pk, at), expert.quota)
