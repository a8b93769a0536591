"""The list of what is due: made at night, approved by a supervisor, erased by a job."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from madoguchi.administration.operations.erasing import erase
from madoguchi.administration.queries.retention import due, open_list
from madoguchi.consultations.models import Consultation, ErasureList
from madoguchi.desks.models import Desk, User
from madoguchi.desks.queries import all_desks
from madoguchi.jobs.operations import put
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.access import Actor, RefusedError, check_may_supervise
from madoguchi.rules.calendar import in_japan
from madoguchi.vault.sealing import scrub

_MOST = 5000


def list_due(*, at: dt.datetime) -> None:
    """Bring the open list of every desk up to date with what is due."""
    for desk in all_desks():
        list_due_of(desk=desk.pk, at=at)


def list_due_of(*, desk: UUID, at: dt.datetime) -> ErasureList | None:
    """Bring the open list of `desk` up to date; None where nothing is due."""
    with transaction.atomic():
        Desk.objects.select_for_update().get(pk=desk)
        rows = list(due(desk, in_japan(at).date())[:_MOST])
        found = open_list(desk)
        if found is None and not rows:
            return None
        if found and set(found.consultations.all()) == set(rows):
            return found
        found = found or ErasureList.objects.create(desk_id=desk, made_at=at)
        found.consultations.set(rows)
        _note(Deed.ERASURE_LISTED, found, len(rows), at=at)
        return found


def approve(*, erasure_list: UUID, seen: int, actor: Actor, at: dt.datetime) -> None:
    """Approve a list (承認) of as many matters as were `seen`; a job erases them."""
    with transaction.atomic():
        row = ErasureList.objects.select_for_update().get(pk=erasure_list)
        check_may_supervise(actor, row.desk_id)
        if row.approved_at or row.consultations.count() != seen:
            raise RefusedError("list-changed")
        row.approved_at, row.approved_by_id = at, actor.user
        row.save(update_fields=["approved_at", "approved_by"])
        put(name="retention.erase", key=f"erase {row.pk}", at=at, args={"list": str(row.pk)})
        _note(Deed.ERASURE_APPROVED, row, seen, at=at, actor=actor.user)


def erase_list(*, erasure_list: UUID, at: dt.datetime) -> None:
    """Erase what is on an approved list; what is held or reopened since then stays.

    Run twice it comes to the same.
    """
    row = ErasureList.objects.get(pk=erasure_list)
    approver = row.approved_by
    if not isinstance(approver, User):
        raise RefusedError("not-approved")
    for matter in Consultation.objects.filter(pk__in=row.consultations.values("pk")):
        try:
            erase(matter=matter.pk, actor=approver.actor, at=at)
        except RefusedError:
            continue  # its state changed: it comes back on a list when it is due again
    ErasureList.objects.filter(pk=erasure_list).update(done_at=at)
    scrub()


def _note(
    deed: Deed, row: ErasureList, matters: int, *, at: dt.datetime, actor: UUID | None = None
) -> None:
    detail: dict[str, str | int | bool | None] = {"list": str(row.pk), "matters": matters}
    record(deed, desk=row.desk_id, actor=actor, at=at, detail=detail)
