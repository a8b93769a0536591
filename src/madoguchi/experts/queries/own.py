"""What a person sees at my-page of what an expert is to be asked, and what may be shown."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.queries import particulars_of
from madoguchi.correspondence.queries.files import OpenedFile
from madoguchi.correspondence.queries.words import Opened
from madoguchi.experts.models import ExpertConsultation
from madoguchi.experts.queries.asked import Asked, opened
from madoguchi.experts.queries.showing import may_be_shown
from madoguchi.rules.experts import OPEN, Shown, Status


@dataclass(frozen=True)
class OwnQuestion:
    """One question as the person sees it: what is asked, and what she is asked to show.

    `name`: her own, where it is among that; `chosen`: keys of what she lets be seen now.
    """

    asked: Asked
    name: str | None
    messages: list[Opened]
    files: list[OpenedFile]
    chosen: tuple[str, ...]

    @property
    def may_answer(self) -> bool:
        """Whether she may still say yes or no, or change what she said."""
        is_early = self.asked.status in (Status.ASKED, Status.BOOKED)
        return is_early and self.asked.seen_at is None

    @property
    def agreed_at(self) -> dt.datetime | None:
        """Since when she lets it be shown."""
        return self.asked.agreed_at


def own_questions_in(matter: UUID) -> list[Asked]:
    """Return what the person was asked at my-page and is not over, the latest first."""
    rows = ExpertConsultation.objects.filter(
        matter=matter, person_asked_at__isnull=False, status__in=OPEN
    ).order_by("-person_asked_at")
    found = list(rows.select_related("matter", "asked_by", "slot__expert__user"))
    return opened(found[0].desk_id, found) if found else []


def own_question(matter: UUID, asked: UUID) -> OwnQuestion | None:
    """Return one of them to the person whose matter it is; None for any other."""
    told = next((it for it in own_questions_in(matter) if it.id == asked), None)
    if told is None:
        return None
    row = ExpertConsultation.objects.select_related("matter").get(pk=asked)
    messages, files = may_be_shown(row.matter)
    wanted = row.proposed
    name = None
    if Shown.NAME in wanted.get("items", ()):
        name = particulars_of(Consultation.objects.get(pk=matter)).nickname
    return OwnQuestion(
        asked=told,
        name=name or None,
        messages=[it for it in messages if str(it.id) in wanted.get("messages", ())],
        files=[it for it in files if str(it.id) in wanted.get("files", ())],
        chosen=(*(["NAME"] if Shown.NAME in row.shown else []), *row.messages, *row.files)
        if row.agreed_at
        else (),
    )
