"""What an expert sees: what they are asked, with what the person agreed to, and nothing beside."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.queries import particulars_of
from madoguchi.correspondence.models import Kind as Written
from madoguchi.correspondence.queries.files import OpenedFile, files_in, page_of
from madoguchi.correspondence.queries.words import Opened, messages_in
from madoguchi.experts.models import ExpertConsultation
from madoguchi.experts.queries.asked import Asked, opened
from madoguchi.experts.queries.calendar import OpenedSlot, opened_slots
from madoguchi.matters.models import Matter
from madoguchi.rules.access import Actor, Role
from madoguchi.rules.experts import SEEN, Shown, Status, Way, shows_link


@dataclass(frozen=True)
class Question:
    """One question as its expert sees it. `name` None: it may not be told."""

    asked: Asked
    name: str | None
    messages: list[Opened]
    files: list[OpenedFile]


@dataclass(frozen=True)
class Appointment:
    """約束: what a person is told of a date: when, how, where. Not with whom.

    `link` of a video call: from an hour before until it is over; `has_link`: there will be one.
    """

    starts_at: dt.datetime
    minutes: int
    way: Way
    place: str
    link: str | None
    has_link: bool


def may_be_shown(
    matter: Matter, *, shown_by: dt.datetime | None = None
) -> tuple[list[Opened], list[OpenedFile]]:
    """Return what of a matter can be chosen: what the person wrote and was answered, and files.

    Notes and memos of the desk are never shown to an expert. `shown_by`: nor is a reply that
    the person herself cannot see by then.
    """
    written = messages_in(matter, Written.FROM_PERSON, Written.REPLY, shown_by=shown_by)
    files = files_in(matter, shown_by=shown_by)
    return [it for it in written if it.words], [it for it in files if it.is_open]


def _own(actor: Actor) -> list[ExpertConsultation]:
    if actor.role is not Role.EXPERT:
        return []
    rows = ExpertConsultation.objects.filter(
        desk=actor.desk, status__in=SEEN, slot__expert__user=actor.user
    )
    told = rows.select_related("matter", "asked_by", "slot__expert__user")
    return list(told.order_by("slot__starts_at"))


def own_questions(actor: Actor) -> list[Asked]:
    """Return what the expert is asked now, by date. For anybody else: nothing."""
    return opened(actor.desk, _own(actor))


def own_row(actor: Actor, asked: UUID) -> ExpertConsultation | None:
    """Return a question to the expert; None for any other."""
    return next((row for row in _own(actor) if row.pk == asked), None)


def question_for(row: ExpertConsultation) -> Question:
    """Return what its expert sees of a question."""
    told = opened(row.desk_id, [row])[0]
    messages, files = may_be_shown(row.matter)
    agreed = told.shown
    name = None
    if Shown.NAME in agreed:
        name = particulars_of(Consultation.objects.get(pk=row.matter_id)).nickname
    return Question(
        asked=told,
        name=name or None,
        messages=[it for it in messages if str(it.id) in told.messages]
        if Shown.MESSAGES in agreed
        else [],
        files=[it for it in files if str(it.id) in told.files] if Shown.FILES in agreed else [],
    )


def page_for(row: ExpertConsultation, file: UUID, page: int) -> bytes | None:
    """Return a page of a file that its expert may see; None for any other."""
    if not any(it.id == file for it in question_for(row).files):
        return None
    return page_of(row.matter_id, file, page, desk=row.desk_id)


def appointments_of(matter: UUID, now: dt.datetime) -> list[Appointment]:
    """Return the dates still to come of the person whose matter it is."""
    rows = ExpertConsultation.objects.filter(matter=matter, status=Status.BOOKED)
    told = rows.select_related("matter", "asked_by", "slot__expert__user").order_by(
        "slot__starts_at"
    )
    found = list(told)
    return [
        _appointment(it.slot, now)
        for it in (opened(found[0].desk_id, found) if found else [])
        if it.slot and it.slot.ends_at > now
    ]


def _appointment(slot: OpenedSlot, now: dt.datetime) -> Appointment:
    is_time = shows_link(slot.starts_at, slot.ends_at, now)
    return Appointment(
        starts_at=slot.starts_at,
        minutes=slot.minutes,
        way=slot.way,
        place="" if slot.way is Way.VIDEO else slot.place,
        link=slot.link if is_time else None,
        has_link=slot.link is not None,
    )


def tells_video_link(matter: UUID, words: str) -> bool:
    """Tell whether `words` hold the link of a video call booked in the matter."""
    rows = ExpertConsultation.objects.filter(
        matter=matter, status=Status.BOOKED, slot__way=Way.VIDEO
    ).select_related("slot__expert")
    slots = [row.slot for row in rows if row.slot]
    links = [it.link for it in (opened_slots(slots[0].expert.desk_id, slots) if slots else [])]
    return any(link in words for link in links if link)
