"""A question to an expert is written down, and to what the person agrees."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from madoguchi.correspondence.models import Attachment, Kind, Message
from madoguchi.experts.models import ExpertConsultation, Party
from madoguchi.experts.places import asked_place
from madoguchi.experts.queries.asked import Names, marks_of
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.models import Deadline, Matter
from madoguchi.matters.operations import lock
from madoguchi.matters.operations.timing import Due, set_due
from madoguchi.matters.queries import working_of
from madoguchi.rules import experts as rules
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.deadlines import Named, reply_due
from madoguchi.rules.experts import LIFECYCLE, LOOK_AGAIN_DAYS, Shown, Status, Step
from madoguchi.rules.referral import How
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class Chosen:
    """What may be shown to the expert besides the question, and to which the person agreed."""

    items: frozenset[Shown] = frozenset()
    messages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What is asked of whom. `is_agreed`: the person agreed to this, by word of mouth."""

    kind: rules.Kind
    question: str
    chosen: Chosen = field(default_factory=Chosen)
    names: Names = field(default_factory=Names)
    is_houterasu: bool = False
    is_agreed: bool = False


def ask(*, matter: UUID, plan: Plan, actor: Actor, at: dt.datetime) -> ExpertConsultation:
    """Write down what an expert is to be asked (専門家に聞く); a date is still to be found."""
    with transaction.atomic():
        spine = lock(matter)
        check_may_work_on(actor, spine.desk_id)
        check_chosen(spine, plan.chosen)
        row = _planned(spine, actor, plan, at)
        if plan.is_agreed:
            note_consent(row, plan.chosen, at, actor.user)
        keep(row, "question", plan.question)
        if plan.names.ours or plan.names.theirs:
            told = {"ours": plan.names.ours, "theirs": plan.names.theirs}
            keep(row, "names", json.dumps(told, ensure_ascii=False))
        await_until(row, look_again(row.desk_id, at), actor)
        row.save(force_insert=True)
        Party.objects.bulk_create(_parties(row, plan.names))
        write_down(Step.ASK_EXPERT, row, actor, at, agreed=plan.is_agreed)
        return row


def agree(*, asked: UUID, chosen: Chosen, actor: Actor, at: dt.datetime) -> None:
    """Take down to what the person agrees (同意); until it is over she may change it."""
    with transaction.atomic():
        row = locked(asked)
        check_may_work_on(actor, row.desk_id)
        if Status(row.status) not in rules.OPEN:
            raise RefusedError("expert-over")
        check_chosen(row.matter, chosen)
        note_consent(row, chosen, at, actor.user)
        row.save()
        write_down(Deed.EXPERT_AGREED, row, actor, at, items=",".join(row.shown))


def note_consent(
    row: ExpertConsultation, chosen: Chosen, at: dt.datetime, noted_by: UUID | None
) -> None:
    """Set, unsaved, to what the person agrees; `noted_by` None: she ticked it herself."""
    row.shown = listed(chosen.items)
    row.messages, row.files = list(chosen.messages), list(chosen.files)
    row.agreed_at, row.agreement_noted_by_id = at, noted_by
    row.agreed_how = How.SPOKEN if noted_by else How.MY_PAGE
    row.refused_at = None


def check_chosen(matter: Matter, chosen: Chosen) -> None:
    """Refuse what is not of this matter, or no expert may see, or was chosen by halves."""
    if (Shown.MESSAGES in chosen.items) != bool(chosen.messages):
        raise RefusedError("messages-not-chosen")
    if (Shown.FILES in chosen.items) != bool(chosen.files):
        raise RefusedError("files-not-chosen")
    kinds = [Kind.FROM_PERSON, Kind.REPLY]
    messages = Message.objects.filter(matter=matter, kind__in=kinds, pk__in=chosen.messages)
    sent = Attachment.objects.filter(matter=matter, message__isnull=False, set_aside_at=None)
    files = sent.filter(pk__in=chosen.files)
    if messages.count() != len(chosen.messages) or files.count() != len(chosen.files):
        raise RefusedError("another-matter")


def listed(items: Iterable[Shown]) -> list[str]:
    """Return items as a row holds them."""
    return [str(it) for it in Shown if it in set(items)]


def _planned(matter: Matter, actor: Actor, plan: Plan, at: dt.datetime) -> ExpertConsultation:
    return ExpertConsultation(
        id=new_id(),
        desk_id=matter.desk_id,
        matter=matter,
        status=LIFECYCLE.start,
        kind=plan.kind,
        asked_by_id=actor.user,
        asked_at=at,
        is_houterasu=plan.is_houterasu,
        shown=listed(plan.chosen.items),
        messages=list(plan.chosen.messages),
        files=list(plan.chosen.files),
    )


def _parties(row: ExpertConsultation, names: Names) -> list[Party]:
    sides = ((True, names.ours), (False, names.theirs))
    return [
        Party(asked=row, is_ours=is_ours, mark=mark)
        for is_ours, named in sides
        for mark in sorted(marks_of(row.desk_id, named))
    ]


# -- what every step needs ------------------------------------------------------------------


def locked(asked: UUID) -> ExpertConsultation:
    """Lock the matter of a question to an expert, then the question."""
    matter = ExpertConsultation.objects.filter(pk=asked).values_list("matter", flat=True).first()
    if matter is None:
        raise RefusedError("expert-over")
    lock(matter)
    rows = ExpertConsultation.objects.select_for_update(of=("self",))
    return rows.select_related("matter", "slot__expert").get(pk=asked)


def keep(row: ExpertConsultation, name: str, words: str) -> None:
    """Seal `words` in a field, unsaved; no words leave it empty."""
    place = asked_place(row.pk, name)
    sealed = Safe(row.desk_id).seal(words, holder=row.matter_id, place=place) if words else b""
    setattr(row, name, sealed)


def look_again(desk: UUID, at: dt.datetime) -> dt.datetime:
    """Return when the desk looks again for a date, or asks for the result."""
    return reply_due(at, LOOK_AGAIN_DAYS, working_of(desk))


def await_until(row: ExpertConsultation, due: dt.datetime, actor: Actor | None) -> None:
    """Wait for the expert until `due` (専門家の日程), unsaved; `actor` None: the person did it."""
    waiting = row.deadline
    if waiting and waiting.done_at is None:
        waiting.due_at = due
        waiting.save(update_fields=["due_at"])
        return
    who = actor.user if actor else None
    row.deadline = set_due(matter=row.matter, due=Due(Named.EXPERT, due), actor=who)


def no_longer_awaited(row: ExpertConsultation, actor: Actor, at: dt.datetime) -> None:
    """Call the date with the expert over, within the deed that ends the waiting."""
    if row.deadline_id:
        waiting = Deadline.objects.filter(pk=row.deadline_id, done_at=None)
        waiting.update(done_at=at, done_by=actor.user)


def write_down(
    deed: StrEnum,
    row: ExpertConsultation,
    actor: Actor | None,
    at: dt.datetime,
    **more: str | int | bool | None,
) -> None:
    """Write the deed in the ledger; `actor` None: the person did it, at my-page."""
    record(
        deed,
        desk=row.desk_id,
        matter=row.matter_id,
        actor=actor.user if actor else None,
        at=at,
        detail={"asked": str(row.pk), **more},
    )
