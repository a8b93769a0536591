"""What experts were asked, as the desk reads it; and whom they have advised before."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from madoguchi.consultations.models import Identifier
from madoguchi.consultations.places import identifier_hash
from madoguchi.experts.models import Expert, ExpertConsultation, Party
from madoguchi.experts.places import asked_place
from madoguchi.experts.queries.calendar import OpenedSlot, opened_slots
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.experts import (
    COUNTS_AS_FREE,
    OPEN,
    TAKEN,
    Advised,
    Facts,
    Kind,
    Result,
    Shown,
    Status,
    Step,
    steps_for,
)
from madoguchi.rules.experts import conflicts as conflicting
from madoguchi.rules.identifying import Sign, Whose, normalised
from madoguchi.rules.referral import How
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class Names:
    """Who stands on which side, as the adviser typed it, one a line."""

    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """One question to an expert, opened. Words are None where they were erased."""

    id: UUID
    matter: UUID
    number: str
    status: Status
    kind: Kind
    asked_at: dt.datetime
    by: str
    slot: OpenedSlot | None
    shown: tuple[Shown, ...]
    messages: tuple[str, ...]
    files: tuple[str, ...]
    agreed_at: dt.datetime | None
    is_hers: bool  # she ticked it herself, at my-page
    person_asked_at: dt.datetime | None
    refused_at: dt.datetime | None
    is_houterasu: bool
    is_overruled: bool
    seen_at: dt.datetime | None
    result: Result | None
    minutes: int | None
    fee: int | None
    heard_at: dt.datetime | None
    question: str | None
    names: Names
    answer: str | None
    overruled: str | None

    @property
    def is_answer_awaited(self) -> bool:
        """Whether the person was asked at my-page, and has not answered since."""
        said = self.refused_at or (self.agreed_at if self.is_hers else None)
        return bool(self.person_asked_at and (said is None or said < self.person_asked_at))

    @property
    def steps(self) -> list[Step]:
        """What may be done next."""
        return steps_for(self.status)


def asked_at(actor: Actor) -> QuerySet[ExpertConsultation]:
    """Return every question to an expert at the actor's desk, the latest first."""
    try:
        check_may_work_on(actor, actor.desk)
    except RefusedError:
        return ExpertConsultation.objects.none()
    rows = ExpertConsultation.objects.filter(desk=actor.desk).order_by("-asked_at", "-id")
    return rows.select_related("matter", "asked_by", "slot__expert__user")


def asked_in(actor: Actor, matter: UUID) -> list[Asked]:
    """Return what was asked in a matter, opened."""
    rows = asked_at(actor).filter(matter=matter)
    # In most matters nobody was: to learn that, six tables need not be joined.
    return opened(actor.desk, rows) if rows.exists() else []


def waiting_at(actor: Actor) -> list[Asked]:
    """Return what is still to be done with experts at the desk, the oldest first."""
    return opened(actor.desk, asked_at(actor).filter(status__in=OPEN).order_by("asked_at"))


def opened(desk: UUID, rows: Iterable[ExpertConsultation]) -> list[Asked]:
    """Return questions with their words, keys fetched in one query."""
    found, safe = list(rows), Safe(desk)
    safe.fetch(row.matter_id for row in found)
    slots = {it.id: it for it in opened_slots(desk, [row.slot for row in found if row.slot])}
    return [_opened(row, safe, slots) for row in found]


def words_of(row: ExpertConsultation, field: str, safe: Safe | None = None) -> str | None:
    """Return a sealed field; None where nothing was written, or it was erased."""
    safe = safe or Safe(row.desk_id)
    place = asked_place(row.pk, field)
    return safe.open(getattr(row, field), holder=row.matter_id, place=place)


def _opened(row: ExpertConsultation, safe: Safe, slots: dict[UUID, OpenedSlot]) -> Asked:
    named = json.loads(words_of(row, "names", safe) or "{}")
    return Asked(
        id=row.pk,
        matter=row.matter_id,
        number=row.matter.number,
        status=Status(row.status),
        kind=Kind(row.kind),
        asked_at=row.asked_at,
        by=row.asked_by.name,
        slot=slots.get(row.slot_id) if row.slot_id else None,
        shown=tuple(Shown(it) for it in row.shown),
        messages=tuple(row.messages),
        files=tuple(row.files),
        agreed_at=row.agreed_at,
        is_hers=row.agreed_how == How.MY_PAGE,
        person_asked_at=row.person_asked_at,
        refused_at=row.refused_at,
        is_houterasu=row.is_houterasu,
        is_overruled=row.overruled_by_id is not None,
        seen_at=row.seen_at,
        result=Result(row.result) if row.result else None,
        minutes=row.minutes,
        fee=row.fee,
        heard_at=row.heard_at,
        question=words_of(row, "question", safe),
        names=Names(tuple(named.get("ours", ())), tuple(named.get("theirs", ()))),
        answer=words_of(row, "answer", safe),
        overruled=words_of(row, "overruled", safe),
    )


def facts_of(row: ExpertConsultation) -> Facts:
    """Return what the rules need to know."""
    of = row.slot.expert.user_id if row.slot else None
    return Facts(desk=row.desk_id, status=Status(row.status), of=of)


def houterasu_used(matter: UUID) -> int:
    """Return how many of the three free times of 法テラス were used here for the matter."""
    rows = ExpertConsultation.objects.filter(matter=matter, is_houterasu=True)
    return rows.filter(status__in=COUNTS_AS_FREE).count()


def houterasu_in(asked: Iterable[Asked]) -> int:
    """Return the same of questions that were read already."""
    return sum(it.is_houterasu and it.status in COUNTS_AS_FREE for it in asked)


# -- both sides ---------------------------------------------------------------------------


def marks_of(desk: UUID, names: Iterable[str]) -> set[str]:
    """Return the keyed hashes of names, the same as of accounts by which people are known."""
    plain = {normalised(Sign.HANDLE, name) for name in names}
    return {identifier_hash(desk, Sign.HANDLE, it) for it in plain if it}


def _known_in(matter: UUID) -> tuple[frozenset[str], frozenset[str]]:
    """Return by what those of our side, and the poster, are known in the matter itself."""
    rows = Identifier.objects.filter(consultation=matter).values_list("whose", "value_hash")
    theirs = frozenset(mark for whose, mark in rows if whose == Whose.POSTER)
    return frozenset(mark for whose, mark in rows if whose != Whose.POSTER), theirs


def conflicts(row: ExpertConsultation, expert: Expert) -> list[Advised]:
    """Return where the expert, or their office, advises the other side (利益相反)."""
    ours, theirs = _known_in(row.matter_id)
    named = list(Party.objects.filter(asked=row).values_list("is_ours", "mark"))
    wanted = Advised(
        matter=row.matter_id,
        expert=expert.pk,
        office=expert.office,
        ours=ours | {mark for is_ours, mark in named if is_ours},
        theirs=theirs | {mark for is_ours, mark in named if not is_ours},
    )
    return conflicting(wanted, _advised(row.desk_id, wanted))


def _advised(desk: UUID, wanted: Advised) -> list[Advised]:
    """Return what experts were told before in matters in which somebody of `wanted` stands."""
    marks = wanted.ours | wanted.theirs
    touched = Q(parties__mark__in=marks) | Q(
        matter__consultation__identifiers__value_hash__in=marks
    )
    rows = ExpertConsultation.objects.filter(touched, desk=desk, status__in=TAKEN)
    return [_as_advised(it) for it in rows.select_related("slot__expert").distinct()]


def _as_advised(row: ExpertConsultation) -> Advised:
    assert row.slot is not None
    ours, theirs = _known_in(row.matter_id)
    named = list(row.parties.values_list("is_ours", "mark"))
    return Advised(
        matter=row.matter_id,
        expert=row.slot.expert_id,
        office=row.slot.expert.office,
        ours=ours | {mark for is_ours, mark in named if is_ours},
        theirs=theirs | {mark for is_ours, mark in named if not is_ours},
    )
