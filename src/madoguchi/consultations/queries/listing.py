"""Lists of matters that stay fast at any number: filters, orders, and pages by where one ended.

A page begins after the last line of the one before (its time and its id), never by counting
lines; numbers beyond a thousand are "more than", for nobody reads them and counting is slow.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum, unique
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from madoguchi.consultations.models import Consultation, Contact, InfringementMark, SavedView
from madoguchi.consultations.places import view_place
from madoguchi.consultations.queries import COUNTED, LANDED, visible_to
from madoguchi.rules.access import Actor
from madoguchi.rules.calendar import JAPAN
from madoguchi.vault.sealing import Safe

MOST_COUNTED = 1_000


@unique
class Order(StrEnum):
    """並べ方."""

    LATEST = "latest"  # さいごの受付が新しい順
    OLDEST = "oldest"  # さいごの受付が古い順
    WAITING = "waiting"  # 待たせている順


@dataclass(frozen=True)
class Asked:
    """What a list is to hold. Codes, ids and days only; empty: whatever."""

    status: str = ""
    adviser: UUID | None = None
    channel: str = ""
    kind: str = ""
    urgency: int | None = None
    first: dt.date | None = None  # days of the last contact, in Japan
    last: dt.date | None = None
    is_waiting: bool = False
    is_unread: bool = False
    is_unclassified: bool = False
    order: Order = Order.LATEST


@dataclass(frozen=True)
class After:
    """The last line of the page before."""

    at: dt.datetime
    matter: UUID


@dataclass(frozen=True)
class View:
    """A list that somebody keeps, with its name opened."""

    id: UUID
    name: str
    asked: dict[str, str]


def matching(actor: Actor, asked: Asked) -> QuerySet[Consultation]:
    """Return the matters that `actor` may open and that `asked` holds, in no order yet."""
    rows = visible_to(actor)
    equal = {"status": asked.status, "adviser": asked.adviser, "urgency": asked.urgency}
    rows = rows.filter(**{name: it for name, it in equal.items() if it not in ("", None)})
    if asked.first:
        rows = rows.filter(last_contact_at__gte=_midnight(asked.first))
    if asked.last:
        rows = rows.filter(last_contact_at__lt=_midnight(asked.last + dt.timedelta(days=1)))
    if asked.is_waiting or asked.order is Order.WAITING:
        rows = rows.filter(waiting_since__isnull=False)
    if asked.is_unread:
        rows = rows.filter(unread=True)
    return _of_contacts(rows, asked)


def _of_contacts(rows: QuerySet[Consultation], asked: Asked) -> QuerySet[Consultation]:
    own = Contact.objects.filter(consultation=OuterRef("pk"))
    if asked.channel:
        rows = rows.filter(Exists(own.filter(LANDED, channel=asked.channel)))
    if asked.is_unclassified:
        rows = rows.filter(Exists(own.filter(COUNTED, action=None)))
    if asked.kind:
        marks = InfringementMark.objects.filter(consultation=OuterRef("pk"), kind=asked.kind)
        rows = rows.filter(Exists(marks))
    return rows


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), JAPAN)


def page_of(
    rows: QuerySet[Consultation], order: Order, after: After | None, size: int
) -> tuple[list[Consultation], After | None]:
    """Return the next `size` of `rows`, and where the page after them begins (None: nowhere)."""
    field = "waiting_since" if order is Order.WAITING else "last_contact_at"
    sign, beyond = ("-", "lt") if order is Order.LATEST else ("", "gt")
    if after:
        later = Q(**{f"{field}__{beyond}": after.at})
        same = Q(**{field: after.at, f"pk__{beyond}": after.matter})
        # The first condition is for the index: databases do not see it in the second.
        rows = rows.filter(Q(**{f"{field}__{beyond}e": after.at}), later | same)
    found = list(rows.order_by(f"{sign}{field}", f"{sign}pk")[: size + 1])
    if len(found) <= size:
        return found, None
    last = found[size - 1]
    return found[:size], After(getattr(last, field), last.pk)


def counted(rows: QuerySet[Consultation]) -> int:
    """Return how many `rows` there are, up to one more than MOST_COUNTED."""
    return rows.order_by()[: MOST_COUNTED + 1].count()


def views_of(actor: Actor) -> list[View]:
    """Return the lists that `actor` keeps, in order of age."""
    safe = Safe(actor.desk)
    return [
        View(
            id=row.pk,
            name=safe.open(row.name, holder=actor.desk, place=view_place(row.pk)) or "",
            asked=row.asked,
        )
        for row in SavedView.objects.filter(owner=actor.user, desk=actor.desk).order_by("pk")
    ]
