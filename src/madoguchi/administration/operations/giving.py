"""Giving out what is known of a person: to themselves on request, to helpers in danger."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from madoguchi.administration.models import EmergencyOpening
from madoguchi.administration.places import opening_place
from madoguchi.administration.queries.record import Record, person_of, reached_by, record_of
from madoguchi.consultations.models import Consultation
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.operations import lock
from madoguchi.rules.access import (
    Actor,
    RefusedError,
    check_may_supervise,
    check_may_work_on,
)
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe

# So long may pass between asking and opening: danger does not wait, and neither does a request.
OPEN_FOR = dt.timedelta(hours=1)


def give_record(*, matter: UUID, actor: Actor, with_memos: bool, at: dt.datetime) -> Record:
    """Return the record of the person of `matter` (本人の求め); write down that it was given."""
    with transaction.atomic():
        locked = lock(matter)
        check_may_supervise(actor, locked.desk_id)
        row = Consultation.objects.select_related("matter").get(pk=matter)
        given = record_of(actor, row, with_memos=with_memos, at=at)
        record(
            Deed.RECORD_GIVEN,
            desk=locked.desk_id,
            matter=matter,
            actor=actor.user,
            at=at,
            detail={"matters": len(given.numbers), "memos": with_memos},
        )
        return given


def ask_opening(*, matter: UUID, reason: str, actor: Actor, at: dt.datetime) -> UUID:
    """Ask that another of the staff open where the person can be reached: a life is in danger."""
    with transaction.atomic():
        locked = lock(matter)
        check_may_work_on(actor, locked.desk_id)
        row = new_id()
        sealed = Safe(locked.desk_id).seal(reason, holder=matter, place=opening_place(row))
        EmergencyOpening.objects.create(
            id=row,
            desk_id=locked.desk_id,
            matter=locked,
            asked_by_id=actor.user,
            asked_at=at,
            reason=sealed,
        )
        detail = {"opening": str(row)}
        record(
            Deed.OPENING_ASKED,
            desk=locked.desk_id,
            matter=matter,
            actor=actor.user,
            at=at,
            detail=detail,
        )
        return row


def open_in_danger(*, opening: UUID, actor: Actor, at: dt.datetime) -> list[tuple[str, list[str]]]:
    """Return by matter how the person can be reached; the second of two people opens it."""
    with transaction.atomic():
        asked = EmergencyOpening.objects.get(pk=opening)
        locked = lock(asked.matter_id)
        check_may_work_on(actor, locked.desk_id)
        asked = EmergencyOpening.objects.select_for_update().get(pk=opening)
        if asked.asked_by_id == actor.user:
            raise RefusedError("takes-two")
        if asked.opened_at or at - asked.asked_at > OPEN_FOR:
            raise RefusedError("opening-over")
        asked.opened_by_id, asked.opened_at = actor.user, at
        asked.save(update_fields=["opened_by", "opened_at"])
        row = Consultation.objects.select_related("matter").get(pk=asked.matter_id)
        found = [(it.matter.number, reached_by(it)) for it in person_of(actor, row)]
        record(
            Deed.OPENED_IN_DANGER,
            desk=locked.desk_id,
            matter=locked.pk,
            actor=actor.user,
            at=at,
            detail={"opening": str(opening), "asked_by": str(asked.asked_by_id)},
        )
        return found
