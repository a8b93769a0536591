"""Emergency openings that wait for a second person, and those that were made."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from madoguchi.administration.models import EmergencyOpening
from madoguchi.administration.places import opening_place
from madoguchi.rules.access import Actor
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class Asked:
    """One opening as the page shows it."""

    id: UUID
    number: str
    asked_by: str
    asked_at: dt.datetime
    reason: str
    is_own: bool
    opened_by: str
    opened_at: dt.datetime | None


def openings(actor: Actor) -> QuerySet[EmergencyOpening]:
    """Return the openings of the actor's desk."""
    rows = EmergencyOpening.objects.filter(desk=actor.desk)
    return rows.select_related("matter", "asked_by", "opened_by").order_by("-asked_at")


def waiting(actor: Actor, since: dt.datetime) -> list[Asked]:
    """Return what was asked after `since` and nobody has opened yet."""
    rows = openings(actor).filter(opened_at=None, asked_at__gt=since)
    return [_asked(it, actor) for it in rows]


def made(actor: Actor) -> list[Asked]:
    """Return the latest openings that were made."""
    return [_asked(it, actor) for it in openings(actor).filter(opened_at__isnull=False)[:20]]


def _asked(it: EmergencyOpening, actor: Actor) -> Asked:
    reason = Safe(it.desk_id).open(it.reason, holder=it.matter_id, place=opening_place(it.pk))
    return Asked(
        id=it.pk,
        number=it.matter.number,
        asked_by=it.asked_by.name,
        asked_at=it.asked_at,
        reason=reason or "",
        is_own=it.asked_by_id == actor.user,
        opened_by=it.opened_by.name if it.opened_by else "",
        opened_at=it.opened_at,
    )
