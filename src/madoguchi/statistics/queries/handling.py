"""How the desk works: how long it takes, how often people come, where their posts stand."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.places import particulars_place
from madoguchi.consultations.queries import COUNTED, LANDED
from madoguchi.correspondence.models import Kind, Message
from madoguchi.correspondence.queries.chat import waits_by_talk
from madoguchi.matters.models import Deadline
from madoguchi.matters.queries import working_of
from madoguchi.rules.calendar import Period
from madoguchi.rules.deadlines import Named
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.timing import HANDLING, TIMES, WAITING, band_of, reply_band
from madoguchi.statistics.queries.units import NUMBER, ONCE, Spread, Unit, counted, spread
from madoguchi.vault.sealing import Safe

# Words are opened for no more consultations than a page can wait for.
MOST_OPENED = 20_000
# In a chat that is over: nobody answered.
UNANSWERED = "NONE"


@dataclass(frozen=True)
class Replies:
    """初回返信: after how long, and how many by the day that was promised."""

    spread: Spread
    in_time: int


@dataclass(frozen=True)
class Services:
    """掲載場所: the services that people named, and how many told addresses of posts."""

    spread: Spread
    with_places: int


def contacts_in(desk: UUID, period: Period) -> QuerySet[Contact]:
    """Return the contacts that count in `period`, in no order."""
    return Contact.objects.filter(
        COUNTED, desk=desk, at__gte=period.starts_at, at__lt=period.ends_before
    ).order_by()


# -- 所要時間 ----------------------------------------------------------------------------


def minutes(desk: UUID, period: Period) -> Iterator[Unit]:
    """Return the contacts of which 所要分 is told, by band."""
    rows = contacts_in(desk, period).filter(minutes__isnull=False).order_by("at", "pk")
    for contact, number in rows.values_list("pk", "minutes").iterator():
        yield Unit(contact, str(band_of(number or 0, HANDLING)))


def minutes_in(desk: UUID, period: Period) -> Spread:
    """Return how many contacts took how long (所要分), by band; base: those of which it is told.

    Counted by the database: of ten years no contact is read for it.
    """
    ends = [When(minutes__lte=end, then=place) for place, end in enumerate(HANDLING)]
    band = Case(*ends, default=len(HANDLING), output_field=IntegerField())
    rows = contacts_in(desk, period).filter(minutes__isnull=False).annotate(band=band)
    found = rows.values_list("band").annotate(number=Count("pk"))
    numbers = {str(place): number for place, number in found}
    return Spread(sum(numbers.values()), numbers)


# -- 受付回数 ----------------------------------------------------------------------------


def times(desk: UUID, period: Period) -> Iterator[Unit]:
    """Return the consultations that were heard, by how often; linked ones as one."""
    unit = Coalesce("consultation__counted_with", "consultation")
    rows = contacts_in(desk, period).annotate(unit=unit).values_list("unit")
    heard = rows.annotate(number=Count("pk"), first=Min("at")).order_by("first", "unit")
    for consultation, number, _first in heard.iterator():
        yield Unit(consultation, str(band_of(number, TIMES)))


def times_in(desk: UUID, period: Period) -> Spread:
    """Return how many consultations were heard once, twice… in `period`, linked ones as one."""
    return spread(times(desk, period))


# -- 初回返信まで -------------------------------------------------------------------------

_IN_TIME = {NUMBER: 1, "in_time": 1}


def replies(desk: UUID, period: Period) -> Iterator[Unit]:
    """Return the new consultations that were promised a reply, by how long the first one took.

    In business days of the desk; a call it made instead is no reply.
    """
    first = (
        Message.objects.filter(matter=OuterRef("matter"), kind=Kind.REPLY)
        .order_by()
        .values("matter")
        .annotate(first=Min("at"))
        .values("first")
    )
    promised = Deadline.objects.filter(
        desk=desk,
        name=Named.FIRST_REPLY,
        matter__consultation__first_contact_at__gte=period.starts_at,
        matter__consultation__first_contact_at__lt=period.ends_before,
    )
    rows = promised.values_list("matter").annotate(
        came=Min("matter__consultation__first_contact_at"),
        due=Min("due_at"),
        answered=Subquery(first),
    )
    working = working_of(desk)
    for matter, came, due, answered in rows.order_by("came", "matter"):
        band = reply_band(came, answered, working)
        is_in_time = answered is not None and answered <= due
        yield Unit(matter, str(band), _IN_TIME if is_in_time else ONCE)


def replies_in(desk: UUID, period: Period) -> Replies:
    """Return after how long first replies came, and how many came by the day promised."""
    found = counted(replies(desk, period))
    numbers = {row: it for (row, column), it in found.numbers.items() if column == NUMBER}
    in_time = sum(it for (_row, column), it in found.numbers.items() if column == "in_time")
    return Replies(Spread(found.base, numbers), in_time)


# -- チャットの待ち時間 ---------------------------------------------------------------------


def waits(desk: UUID, period: Period) -> Iterator[Unit]:
    """Return the talks of `period`, by how long the person waited for a first answer."""
    for talk, waited in waits_by_talk(desk, period):
        yield Unit(talk, UNANSWERED if waited is None else waiting_band(waited))


def waiting_band(waited: dt.timedelta) -> str:
    """Return the band in which somebody's waiting lies."""
    return str(band_of(waited.total_seconds() / 60, WAITING))


# -- 掲載場所 ----------------------------------------------------------------------------


def _with_words(desk: UUID, period: Period) -> QuerySet[Consultation]:
    return Consultation.objects.filter(
        LANDED,
        ~Q(particulars=b""),
        desk=desk,
        first_contact_at__gte=period.starts_at,
        first_contact_at__lt=period.ends_before,
    )


def _told(rows: QuerySet[Consultation], desk: UUID) -> Iterator[tuple[UUID, Particulars]]:
    """Open what consultations told.

    One code of each is read, and nothing else of the words is kept: an address could name
    somebody.
    """
    found = list(rows.order_by("first_contact_at", "pk").values_list("pk", "particulars"))
    safe = Safe(desk)
    safe.fetch(matter for matter, _sealed in found)
    for matter, sealed in found:
        words = safe.open(sealed, holder=matter, place=particulars_place(matter))
        yield matter, Particulars.of_mapping(json.loads(words)) if words else Particulars()


def services(desk: UUID, period: Period) -> Iterator[Unit]:
    """Return the new consultations that named a service; none where they are too many."""
    rows = _with_words(desk, period)
    if rows.count() <= MOST_OPENED:
        named = ((matter, told.service) for matter, told in _told(rows, desk))
        yield from (Unit(matter, service) for matter, service in named if service)


def services_in(desk: UUID, period: Period) -> Services | None:
    """Return on which services the posts of new consultations stand, as people told.

    None where there are more than a page can wait for.
    """
    rows = _with_words(desk, period)
    if rows.count() > MOST_OPENED:
        return None
    told = list(_told(rows, desk))
    named = spread(Unit(matter, it.service) for matter, it in told if it.service)
    return Services(named, sum(bool(it.places) for _matter, it in told))
