"""Reading the chat: the queue, one talk, who is busy, how long people waited."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from madoguchi.correspondence.models.chat import ChatRoom, Line, Side, Talk
from madoguchi.correspondence.models.words import Draft, Kind
from madoguchi.correspondence.places import line_place, typed_place
from madoguchi.desks.models import User
from madoguchi.desks.queries import is_open
from madoguchi.matters.models import Matter
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.calendar import Period
from madoguchi.rules.chat import LIVE, Facts, Status, lapsed
from madoguchi.vault.sealing import Safe

# A note that nobody has typed in for so long is no call that goes on.
_CALL_LASTS = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class OpenedLine:
    """A line with its words; `words` is None where they were erased."""

    id: UUID
    side: Side
    at: dt.datetime
    author: str | None
    words: str | None
    seen_at: dt.datetime | None


@dataclass(frozen=True)
class Busy:
    """What somebody of the staff is at: on the telephone, in how many talks."""

    name: str
    is_calling: bool
    talks: int


@dataclass(frozen=True)
class Waits:
    """How long people waited for a first answer (初回応答までの時間), and who never had one."""

    answered: tuple[dt.timedelta, ...]
    unanswered: int


def facts_of(row: Talk) -> Facts:
    """Return what the rules need to know of `row`."""
    return Facts(
        desk=row.desk_id,
        status=Status(row.status),
        adviser=row.adviser_id,
        last_line_at=row.last_line_at,
        person_seen_at=row.person_seen_at,
        person_typing_at=row.person_typing_at,
        staff_typing_at=row.staff_typing_at,
    )


def takes_chat(desk: UUID) -> bool:
    """Tell whether `desk` has a chat at all."""
    return ChatRoom.objects.filter(desk=desk, is_open=True).exists()


def is_open_now(desk: UUID, at: dt.datetime) -> bool:
    """Tell whether somebody who comes at `at` is taken into the chat."""
    room = ChatRoom.objects.filter(desk=desk, is_open=True).first()
    return room is not None and (not room.by_hours or is_open(desk, at))


def talk_by_id(talk: UUID) -> Talk | None:
    """Return a talk. The caller has made sure that it is the person's own."""
    return Talk.objects.filter(pk=talk).first()


def live_talk_in(matter: UUID) -> Talk | None:
    """Return the talk that goes on in a matter; None where none does."""
    return Talk.objects.filter(matter=matter, status__in=LIVE).order_by("opened_at").first()


def ahead_of(row: Talk) -> int:
    """Return how many come before `row` in the queue: who is in danger, then who came first."""
    earlier = Q(opened_at__lt=row.opened_at) | Q(opened_at=row.opened_at, pk__lt=row.pk)
    first = Q(is_urgent=True) if not row.is_urgent else Q(pk=None)
    same = Q(is_urgent=row.is_urgent) & earlier
    waiting = Talk.objects.filter(desk=row.desk_id, status=Status.WAITING)
    return waiting.filter(first | same).exclude(pk=row.pk).count()


def lines_of(row: Talk) -> list[OpenedLine]:
    """Return the lines of a talk the reader may see, oldest first."""
    rows = Line.objects.filter(talk=row).select_related("author").order_by("at", "id")
    return _opened(Safe(row.desk_id), row.matter_id, rows)


def lines_in(matter: Matter) -> list[OpenedLine]:
    """Return everything said by chat in a matter the reader may see, oldest first."""
    rows = Line.objects.filter(talk__matter=matter).select_related("author").order_by("at", "id")
    return _opened(Safe(matter.desk_id), matter.pk, rows)


def _opened(safe: Safe, matter: UUID, rows: QuerySet[Line]) -> list[OpenedLine]:
    return [
        OpenedLine(
            id=row.pk,
            side=Side(row.side),
            at=row.at,
            author=row.author.name if row.author else None,
            words=safe.open(row.words, holder=matter, place=line_place(row.pk)),
            seen_at=row.seen_at,
        )
        for row in rows
    ]


def typed_in(row: Talk) -> dict[str, str]:
    """Return what the adviser has typed in a talk and not sent, by field."""
    place = typed_place(row.pk)
    text = Safe(row.desk_id).open(row.typed, holder=row.matter_id, place=place)
    typed: dict[str, str] = json.loads(text) if text else {}
    return typed


# -- the desk ---------------------------------------------------------------------------


def talks_of(actor: Actor) -> QuerySet[Talk]:
    """Return the talks that `actor` may see: of their own desk, for those who advise."""
    try:
        check_may_work_on(actor, actor.desk)
    except RefusedError:
        return Talk.objects.none()
    return Talk.objects.filter(desk=actor.desk).select_related("matter", "adviser")


def waiting(actor: Actor) -> QuerySet[Talk]:
    """Return who waits, in the order of the queue."""
    return talks_of(actor).filter(status=Status.WAITING).order_by("-is_urgent", "opened_at", "id")


def talking(actor: Actor) -> QuerySet[Talk]:
    """Return the talks that go on."""
    return talks_of(actor).filter(status=Status.TALKING).order_by("taken_at", "id")


def unseen_in(actor: Actor) -> dict[UUID, int]:
    """Return how many of the person's lines nobody has seen, by talk that goes on."""
    unseen = Count("lines", filter=Q(lines__side=Side.PERSON, lines__seen_at=None))
    rows = talking(actor).select_related(None).order_by()
    return dict(rows.annotate(unseen=unseen).values_list("pk", "unseen"))


def to_sum_up(actor: Actor) -> QuerySet[Talk]:
    """Return the actor's talks that are over and have no summary yet."""
    over = talks_of(actor).filter(status=Status.ENDED, adviser=actor.user)
    return over.order_by("ended_at")


def lapsed_talks(at: dt.datetime) -> list[UUID]:
    """Return the talks of every desk that silence has ended by `at`."""
    rows = Talk.objects.filter(status__in=LIVE)
    return [row.pk for row in rows if lapsed(facts_of(row), at)]


def busy_at(desk: UUID, at: dt.datetime) -> list[Busy]:
    """Return who of `desk` is on the telephone or in a talk (いま対応中の人), by name."""
    calling = set(
        Draft.objects.filter(desk=desk, kind=Kind.NOTE, saved_at__gt=at - _CALL_LASTS).values_list(
            "author", flat=True
        )
    )
    counted = (
        Talk.objects.filter(desk=desk, status=Status.TALKING)
        .values_list("adviser")
        .annotate(number=Count("pk"))
    )
    talks = {adviser: number for adviser, number in counted if adviser}
    people = User.objects.filter(pk__in=calling | set(talks)).order_by("username")
    return [Busy(it.name, it.pk in calling, talks.get(it.pk, 0)) for it in people]


def waits_by_talk(desk: UUID, period: Period) -> Iterator[tuple[UUID, dt.timedelta | None]]:
    """Return the talks begun in `period`, each with its wait for an answer; None: never one.

    Whose talk goes on without an answer may still have one, and is left out.
    """
    begun = Talk.objects.filter(
        desk=desk, opened_at__gte=period.starts_at, opened_at__lt=period.ends_before
    ).order_by("opened_at", "pk")
    for talk, opened, first, status in begun.values_list(
        "pk", "opened_at", "first_answer_at", "status"
    ):
        if first or status not in LIVE:
            yield talk, first - opened if first else None


def waits_in(desk: UUID, period: Period) -> Waits:
    """Return how long those who came by chat in `period` waited for their first answer."""
    waits = [waited for _talk, waited in waits_by_talk(desk, period)]
    answered = tuple(it for it in waits if it is not None)
    return Waits(answered, unanswered=len(waits) - len(answered))


def mark_of(actor: Actor, at: dt.datetime) -> str:
    """Return what changes with everything a list of the actor's chat would show."""
    shown = Q(status__in=LIVE) | Q(status=Status.ENDED, adviser=actor.user)
    rows = talks_of(actor).filter(shown).order_by("pk").select_related(None)
    said = [":".join(map(str, row)) for row in rows.values_list("pk", "status", "revision")]
    busy = [f"{it.name}{it.is_calling}{it.talks}" for it in busy_at(actor.desk, at)]
    return "|".join([*said, *busy])
