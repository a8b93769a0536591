"""What is kept, until when; what is due."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from madoguchi.consultations.models import Consultation, ErasureList, Keeping, RetentionClass
from madoguchi.consultations.places import reason_place
from madoguchi.consultations.queries import LANDED, unclassified_of
from madoguchi.rules import retention
from madoguchi.rules.access import Actor
from madoguchi.rules.calendar import JAPAN, FiscalYear
from madoguchi.rules.retention import Kept
from madoguchi.vault.sealing import Safe

_NOT_ERASED = Q(keeping=None) | Q(keeping__erased_at=None)


@dataclass(frozen=True)
class KeptLine:
    """One matter as the pages of retention show it. No word of the person's."""

    matter: UUID
    number: str
    closed_at: dt.datetime | None
    class_name: str
    due_on: dt.date | None
    asked_at: dt.datetime | None = None
    held_at: dt.datetime | None = None
    held_by: str = ""
    reason: str = ""


def classes_of(desk: UUID) -> list[RetentionClass]:
    """Return the desk's classes of keeping, the shortest first."""
    return list(RetentionClass.objects.filter(desk=desk).order_by("years", "name"))


def usual_years(desk: UUID) -> int | None:
    """Return for how many years the desk keeps what nobody classed; None: not decided yet."""
    usual = RetentionClass.objects.filter(desk=desk, is_usual=True).first()
    return usual.years if usual else None


def kept(row: Consultation) -> Kept:
    """Return what the rules need to know before a consultation is erased."""
    said = Keeping.objects.select_related("retention_class").filter(consultation=row).first()
    own = said.retention_class if said else None
    years = own.years if own else usual_years(row.desk_id)
    return Kept(
        closed_at=row.closed_at,
        years=retention.LONGEST if years is None else years,
        is_held=bool(said and said.held_at),
        is_asked=bool(said and said.asked_at),
        unclassified=len(unclassified_of(row.pk)),
    )


def due(desk: UUID, on: dt.date) -> QuerySet[Consultation]:
    """Return the consultations of `desk` whose time is over on the day `on`; none held or open.

    Nothing is due at a desk that has not decided how long it keeps its records.
    """
    usual = usual_years(desk)
    if usual is None:
        return Consultation.objects.none()
    rows = Consultation.objects.filter(_NOT_ERASED, LANDED, desk=desk, closed_at__isnull=False)
    rows = rows.filter(Q(keeping=None) | Q(keeping__held_at=None))
    wanted = Q()
    for kind in classes_of(desk):
        own = Q(keeping__retention_class=kind)
        if kind.is_usual:
            own |= Q(keeping=None) | Q(keeping__retention_class=None)
        wanted |= own & Q(closed_at__lt=_closed_before(kind.years, on))
    return rows.filter(wanted).order_by("closed_at")


def _closed_before(years: int, on: dt.date) -> dt.datetime:
    """Return the instant before which a matter must have been closed to be due on `on`."""
    # Closed in fiscal year F: due from 1 April of F + 1 + years.
    first = FiscalYear(FiscalYear.of(on).year - years).first
    return dt.datetime.combine(first, dt.time(), JAPAN)


def as_kept(rows: QuerySet[Consultation]) -> list[KeptLine]:
    """Return consultations as lines of the pages of retention."""
    found = list(rows.select_related("matter", "keeping__retention_class", "keeping__held_by"))
    names = {it.desk_id: "" for it in found}
    for desk in names:
        usual = RetentionClass.objects.filter(desk=desk, is_usual=True).first()
        names[desk] = usual.name if usual else ""
    return [_line(row, names[row.desk_id]) for row in found]


def _line(row: Consultation, usual: str) -> KeptLine:
    said: Keeping | None = getattr(row, "keeping", None)
    own = said.retention_class if said else None
    safe, place = Safe(row.desk_id), reason_place(row.pk)
    return KeptLine(
        matter=row.pk,
        number=row.matter.number,
        closed_at=row.closed_at,
        class_name=own.name if own else usual,
        due_on=kept(row).due_on(),
        asked_at=said.asked_at if said else None,
        held_at=said.held_at if said else None,
        held_by=said.held_by.name if said and said.held_by else "",
        reason=(safe.open(said.reason, holder=row.pk, place=place) or "") if said else "",
    )


def held(actor: Actor) -> QuerySet[Consultation]:
    """Return what is held at the actor's desk."""
    own = Consultation.objects.filter(desk=actor.desk, keeping__held_at__isnull=False)
    return own.order_by("keeping__held_at")


def asked(actor: Actor) -> QuerySet[Consultation]:
    """Return what people asked to be erased and nobody decided on yet, the oldest first."""
    own = Consultation.objects.filter(
        desk=actor.desk, keeping__asked_at__isnull=False, keeping__erased_at=None
    )
    return own.order_by("keeping__asked_at")


def open_list(desk: UUID) -> ErasureList | None:
    """Return the list that waits for a supervisor's approval."""
    return ErasureList.objects.filter(desk=desk, approved_at=None).first()


def lists_of(actor: Actor) -> QuerySet[ErasureList]:
    """Return the lists that were approved, the latest first."""
    own = ErasureList.objects.filter(desk=actor.desk, approved_at__isnull=False)
    return own.select_related("approved_by").order_by("-approved_at")


def is_of(actor: Actor, matter: UUID) -> bool:
    """Tell whether a consultation is of the actor's desk."""
    return Consultation.objects.filter(LANDED, pk=matter, desk=actor.desk).exists()
