"""How the desk works: how long it takes, how often people come, where they are pointed to."""

import json
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.places import particulars_place
from madoguchi.consultations.queries import COUNTED, LANDED
from madoguchi.correspondence.models import Kind, Message
from madoguchi.matters.models import Deadline
from madoguchi.matters.queries import working_of
from madoguchi.referrals.models import Referral
from madoguchi.rules.calendar import Period
from madoguchi.rules.deadlines import Named
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.referral import Status
from madoguchi.rules.timing import HANDLING, TIMES, Reply, band_of, reply_band
from madoguchi.vault.sealing import Safe

# Words are opened for no more consultations than a page can wait for.
MOST_OPENED = 20_000


@dataclass(frozen=True)
class Spread:
    """How many of `base` stand under each key; where several may hold, they come to more."""

    base: int
    numbers: dict[str, int]


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


def _contacts(desk: UUID, period: Period) -> QuerySet[Contact]:
    return Contact.objects.filter(
        COUNTED, desk=desk, at__gte=period.starts_at, at__lt=period.ends_before
    ).order_by()


def minutes_in(desk: UUID, period: Period) -> Spread:
    """Return how many contacts took how long (所要分), by band; base: those of which it is told."""
    bands = [When(minutes__lte=end, then=place) for place, end in enumerate(HANDLING)]
    rows = _contacts(desk, period).filter(minutes__isnull=False)
    band = Case(*bands, default=len(HANDLING), output_field=IntegerField())
    found = rows.annotate(band=band).values_list("band").annotate(number=Count("pk"))
    numbers = {str(key): number for key, number in found}
    return Spread(sum(numbers.values()), numbers)


def times_in(desk: UUID, period: Period) -> Spread:
    """Return how many consultations were heard once, twice… in `period`, linked ones as one."""
    unit = Coalesce("consultation__counted_with", "consultation")
    rows = _contacts(desk, period).annotate(unit=unit).values_list("unit")
    found: Counter[str] = Counter()
    for _unit, number in rows.annotate(number=Count("pk")).iterator():
        found[str(band_of(number, TIMES))] += 1
    return Spread(found.total(), dict(found))


def replies_in(desk: UUID, period: Period) -> Replies:
    """Return after how long the new consultations that were promised a reply had their first one.

    In business days of the desk; a call it made instead is no reply.
    """
    replies = Message.objects.filter(matter=OuterRef("matter"), kind=Kind.REPLY).order_by()
    promised = Deadline.objects.filter(
        desk=desk,
        name=Named.FIRST_REPLY,
        matter__consultation__first_contact_at__gte=period.starts_at,
        matter__consultation__first_contact_at__lt=period.ends_before,
    )
    first = replies.values("matter").annotate(first=Min("at")).values("first")
    rows = promised.values_list("matter").annotate(
        came=Min("matter__consultation__first_contact_at"),
        due=Min("due_at"),
        answered=Subquery(first),
    )
    working = working_of(desk)
    numbers: Counter[Reply] = Counter()
    in_time = 0
    for _matter, came, due, answered in rows:
        numbers[reply_band(came, answered, working)] += 1
        in_time += answered is not None and answered <= due
    return Replies(Spread(numbers.total(), {str(it): n for it, n in numbers.items()}), in_time)


def windows_in(desk: UUID, period: Period) -> Spread:
    """Return to which windows contacts were pointed (紹介先); base: contacts with any."""
    rows = _contacts(desk, period).exclude(referred_to=[])
    found: Counter[str] = Counter()
    base = 0
    for windows in rows.values_list("referred_to", flat=True).iterator():
        base += 1
        found.update(set(windows))
    return Spread(base, dict(found))


def handovers_in(desk: UUID, period: Period) -> Spread:
    """Return what became of the hand-overs that went in `period` (引き継ぎ)."""
    rows = Referral.objects.filter(
        desk=desk, sent_at__gte=period.starts_at, sent_at__lt=period.ends_before
    ).exclude(status__in=[Status.PREPARED])
    found = rows.order_by().values_list("status").annotate(number=Count("pk"))
    numbers = dict(found)
    return Spread(sum(numbers.values()), numbers)


def services_in(desk: UUID, period: Period) -> Services | None:
    """Return on which services the posts of new consultations stand, as people told.

    Words are opened to read one code of each, and nothing else of them is kept: an address
    could name somebody. None where there are more than a page can wait for.
    """
    new = Consultation.objects.filter(
        LANDED,
        ~Q(particulars=b""),
        desk=desk,
        first_contact_at__gte=period.starts_at,
        first_contact_at__lt=period.ends_before,
    )
    rows = list(new.values_list("pk", "particulars")[: MOST_OPENED + 1])
    if len(rows) > MOST_OPENED:
        return None
    safe = Safe(desk)
    safe.fetch(matter for matter, _sealed in rows)
    found: Counter[str] = Counter()
    with_places = 0
    for matter, sealed in rows:
        words = safe.open(sealed, holder=matter, place=particulars_place(matter))
        told = Particulars.of_mapping(json.loads(words)) if words else Particulars()
        with_places += bool(told.places)
        if told.service:
            found[told.service] += 1
    return Services(Spread(found.total(), dict(found)), with_places)
