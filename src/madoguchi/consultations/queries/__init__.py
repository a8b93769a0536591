"""Reading consultations, always by way of who reads."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Min, Q, QuerySet

from madoguchi.consultations.models import UNKNOWN, Consultation, Contact, Keeping
from madoguchi.consultations.places import headline_place, particulars_place
from madoguchi.correspondence.models import Kind, Message
from madoguchi.desks.models import User
from madoguchi.ledger.queries import of_matter
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.consultation import Facts, Status
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.triage import Urgency
from madoguchi.vault.sealing import Safe

# Rows of an import count only once the whole file has landed.
LANDED = Q(batch=None) | Q(batch__landed_at__isnull=False)
# What was received twice by mistake counts once.
COUNTED = LANDED & Q(duplicated_by=None)


@dataclass(frozen=True)
class Erasure:
    """消去: when the words of a matter were erased, and whether the person asked for it."""

    at: dt.datetime
    was_asked: bool


@dataclass(frozen=True)
class Line:
    """One consultation as a list shows it."""

    matter: UUID
    number: str
    headline: str
    status: Status
    urgency: Urgency
    safety_check_due: bool
    unread: bool
    adviser: str | None
    channel: str | None  # of the last contact
    first_contact_at: dt.datetime
    last_contact_at: dt.datetime
    erased: Erasure | None = None


@dataclass(frozen=True)
class Load:
    """How much is open, and how much of it waits for a safety check."""

    mine: int
    unassigned: int
    everything: int
    mine_unsafe: int
    unassigned_unsafe: int
    everything_unsafe: int

    @property
    def others_unsafe(self) -> int:
        """How much of what is in a colleague's charge waits for a safety check."""
        return self.everything_unsafe - self.mine_unsafe - self.unassigned_unsafe


@dataclass(frozen=True)
class DeedLine:
    """One deed in a matter: who (None: nobody of the staff) did what, when.

    `whom`: who was put in charge. `how`: what came of a safety check.
    """

    at: dt.datetime
    who: str | None
    deed: str
    whom: str | None = None
    how: str | None = None


def visible_to(actor: Actor) -> QuerySet[Consultation]:
    """Return the consultations that `actor` may open: of their own desk, for those who advise."""
    try:
        check_may_work_on(actor, actor.desk)
    except RefusedError:
        return Consultation.objects.none()
    return Consultation.objects.filter(LANDED, desk=actor.desk).select_related("matter", "adviser")


def inbox(actor: Actor) -> QuerySet[Consultation]:
    """Return what is open: by urgency, unread, whose turn it is, then who waits longest."""
    is_theirs = ExpressionWrapper(Q(status=Status.WAITING), output_field=BooleanField())
    return (
        visible_to(actor)
        .filter(closed_at=None)  # not by status: the index of what is open knows only this
        .order_by(
            "urgency",
            "-unread",
            is_theirs,
            F("waiting_since").asc(nulls_last=True),
            "last_contact_at",
        )
    )


def load(actor: Actor) -> Load:
    """Return how much is open at the actor's desk."""
    mine, nobodys = Q(adviser=actor.user), Q(adviser=None)
    unsafe = Q(safety_check_due=True)
    counted = inbox(actor).aggregate(
        mine=Count("pk", filter=mine),
        unassigned=Count("pk", filter=nobodys),
        everything=Count("pk"),
        mine_unsafe=Count("pk", filter=mine & unsafe),
        unassigned_unsafe=Count("pk", filter=nobodys & unsafe),
        everything_unsafe=Count("pk", filter=unsafe),
    )
    return Load(**counted)


def closed(actor: Actor) -> QuerySet[Consultation]:
    """Return what is closed (終結), the latest first."""
    shut = visible_to(actor).filter(closed_at__isnull=False)
    return shut.order_by("-closed_at", "-last_contact_at")


def numbered(actor: Actor, number: str) -> Consultation | None:
    """Return the consultation with this 受付番号, where `actor` may open it."""
    if not number.isprintable():  # PostgreSQL takes no control characters in a question
        return None
    return visible_to(actor).filter(matter__number=number).first()


def _last_channels(matters: Sequence[UUID]) -> dict[UUID, str]:
    contacts = Contact.objects.filter(LANDED, consultation__in=matters).order_by("at", "id")
    return dict(contacts.values_list("consultation", "channel"))


# What a line is made of: the columns, and no objects. Every page of the desk draws fifty.
_IN_A_LINE = (
    "pk",
    "matter__number",
    "headline",
    "status",
    "urgency",
    "safety_check_due",
    "unread",
    "adviser__name",
    "first_contact_at",
    "last_contact_at",
)


def lines_of(actor: Actor, matters: Iterable[UUID], safe: Safe | None = None) -> list[Line]:
    """Return those of `matters` that `actor` may open as lines, as they come.

    `safe`: of the actor's desk, where the page opens more; keys are fetched in one query.
    """
    wanted = list(matters)
    rows = visible_to(actor).select_related(None).filter(pk__in=wanted).values_list(*_IN_A_LINE)
    found = {row[0]: row for row in rows}
    return _lines(safe or Safe(actor.desk), [found[pk] for pk in wanted if pk in found])


def as_lines(actor: Actor, rows: Iterable[Consultation], safe: Safe | None = None) -> list[Line]:
    """Return `rows` with their headlines opened, keys fetched in one query."""
    told = [
        (
            row.pk,
            row.matter.number,
            row.headline,
            row.status,
            row.urgency,
            row.safety_check_due,
            row.unread,
            row.adviser.name if row.adviser else None,
            row.first_contact_at,
            row.last_contact_at,
        )
        for row in rows
    ]
    return _lines(safe or Safe(actor.desk), told)


def _lines(safe: Safe, rows: Sequence[tuple[Any, ...]]) -> list[Line]:
    found = [row[0] for row in rows]
    safe.fetch(found)
    channels = _last_channels(found)
    # Only what has no words any more can have been erased.
    erased = erasures_of([row[0] for row in rows if not bytes(row[2])])
    return [_line(safe, row, channels.get(row[0]), erased.get(row[0])) for row in rows]


def _line(safe: Safe, row: tuple[Any, ...], channel: str | None, erased: Any) -> Line:
    pk, number, headline, status, urgency, safety_check_due, unread, adviser, first, last = row
    return Line(
        matter=pk,
        number=number,
        headline=safe.open(headline, holder=pk, place=headline_place(pk)) or "",
        status=Status(status),
        urgency=Urgency(urgency),
        safety_check_due=safety_check_due,
        unread=unread,
        adviser=adviser,
        channel=channel,
        first_contact_at=first,
        last_contact_at=last,
        erased=erased,
    )


def erasures_of(matters: Iterable[UUID]) -> dict[UUID, Erasure]:
    """Return which of `matters` were erased (消去ずみ), and how that came."""
    wanted = list(matters)
    if not wanted:
        return {}
    rows = Keeping.objects.filter(pk__in=wanted, erased_at__isnull=False)
    told = rows.values_list("pk", "erased_at", "asked_at")
    return {pk: Erasure(at, asked is not None) for pk, at, asked in told if at}


def particulars_of(row: Consultation, safe: Safe | None = None) -> Particulars:
    """Return what the person told beside the story; empty where it was erased."""
    told = (safe or Safe(row.desk_id)).open(
        row.particulars, holder=row.pk, place=particulars_place(row.pk)
    )
    return Particulars.of_mapping(json.loads(told)) if told else Particulars()


def facts_of(row: Consultation) -> Facts:
    """Return what the rules need to know of `row`."""
    unclassified = Contact.objects.filter(COUNTED, consultation=row, action=None).count()
    return Facts(
        desk=row.desk_id,
        status=Status(row.status),
        adviser=row.adviser_id,
        unclassified=unclassified,
    )


def contacts_of(row: Consultation) -> QuerySet[Contact]:
    """Return the landed contacts of a consultation the reader may see, oldest first."""
    return Contact.objects.filter(LANDED, consultation=row).order_by("at", "id")


def unclassified_of(matter: UUID) -> list[UUID]:
    """Return the contacts of `matter` whose 対応 nobody has said yet, oldest first."""
    rows = Contact.objects.filter(COUNTED, consultation=matter, action=None).order_by("at", "id")
    return list(rows.values_list("pk", flat=True))


def deeds_in(actor: Actor, row: Consultation) -> list[DeedLine]:
    """Return what was done in a consultation, newest first, with the names of the staff."""
    entries = list(of_matter(actor, row.desk_id, row.pk))
    named = {str(entry.actor) for entry in entries if entry.actor}
    named |= {str(entry.detail["adviser"]) for entry in entries if "adviser" in entry.detail}
    people = User.objects.filter(desk=row.desk_id, pk__in=named)
    names = {str(person.pk): person.name for person in people}
    return [
        DeedLine(
            at=entry.at,
            who=names.get(str(entry.actor)),
            deed=entry.deed,
            whom=names.get(str(entry.detail.get("adviser"))),
            how=entry.detail.get("how"),
        )
        for entry in entries
    ]


def kinds_of(row: Consultation) -> frozenset[str]:
    """Return the consultation's 侵害種別."""
    return frozenset(mark.kind for mark in row.infringement_marks.all())


def classified(row: Consultation) -> dict[str, frozenset[str]]:
    """Return what is said of the consultation, for finding what belongs to its kind."""
    return {
        "kinds": kinds_of(row),
        "standing": frozenset({row.standing}),
        "ages": frozenset({row.age_group}),
    }


def unread_since(row: Consultation) -> dt.datetime | None:
    """Return when the person's oldest message that nobody has opened came; None without one."""
    unread = Message.objects.filter(matter=row.pk, kind=Kind.FROM_PERSON, read_at=None)
    oldest: dt.datetime | None = unread.aggregate(oldest=Min("at"))["oldest"]
    return oldest


def description_digest(row: Consultation | None) -> str:
    """Return what tells one 侵害種別, 年代 and 状況 from another; None: nothing known."""
    described = (
        [sorted(kinds_of(row)), row.age_group, row.standing] if row else [[], UNKNOWN, UNKNOWN]
    )
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()[:32]


def classification_digest(row: Consultation, contacts: Iterable[Contact] | None = None) -> str:
    """Return what tells one state of a consultation's classification from another.

    A contact that nobody has classified changes nothing: it is in nobody's way. `contacts`:
    all of `row`, where they are known.
    """
    rows = contacts_of(row) if contacts is None else contacts
    actions = sorted((str(it.pk), it.action) for it in rows if it.action is not None)
    told = json.dumps([sorted(kinds_of(row)), row.age_group, row.standing, actions])
    return hashlib.sha256(told.encode()).hexdigest()[:32]
