"""Experts are entered, and the hours they offer (専門家の空き)."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from madoguchi.desks.models import User
from madoguchi.experts.models import Expert, ExpertConsultation, Slot
from madoguchi.experts.places import contact_place, slot_place
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.access import (
    Actor,
    RefusedError,
    Role,
    check_may_supervise,
    check_may_work_on,
)
from madoguchi.rules.experts import Kind, Way, check_place
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe

_A_WEEK = dt.timedelta(weeks=1)


@dataclass(frozen=True)
class Told:
    """What is told of an expert. Money in yen; `quota` None: no limit a month."""

    name: str
    kind: Kind
    office: str = ""
    contact: str = ""
    fee: int = 0
    missed_fee: int | None = None  # None: nothing is paid where the person does not come
    quota: int | None = None
    user: UUID | None = None
    is_active: bool = True


@dataclass(frozen=True)
class Hours:
    """Hours to be offered: the first, and the same in the weeks after it."""

    starts_at: dt.datetime
    way: Way
    minutes: int = 30
    place: str = ""
    weeks: int = 1


def add_expert(*, desk: UUID, told: Told, actor: Actor, at: dt.datetime) -> Expert:
    """Enter somebody whom the desk may ask (専門家を加える)."""
    with transaction.atomic():
        check_may_supervise(actor, desk)
        row = Expert(id=new_id(), desk_id=desk)
        _tell(row, told)
        row.save(force_insert=True)
        _record(Deed.EXPERT_ADDED, row, actor, at)
        return row


def change_expert(*, expert: UUID, told: Told, actor: Actor, at: dt.datetime) -> None:
    """Change what is known of an expert, or ask them no more."""
    with transaction.atomic():
        row = Expert.objects.select_for_update().get(pk=expert)
        check_may_supervise(actor, row.desk_id)
        _tell(row, told)
        row.save()
        _record(Deed.EXPERT_CHANGED, row, actor, at)


def _tell(row: Expert, told: Told) -> None:
    _check_user(row, told.user)
    row.name, row.kind, row.office = told.name, told.kind, told.office
    row.fee, row.quota, row.is_active = told.fee, told.quota, told.is_active
    row.missed_fee = told.missed_fee
    row.user_id = told.user
    place = contact_place(row.pk)
    sealed = Safe(row.desk_id).seal(told.contact, holder=row.pk, place=place)
    row.contact = sealed if told.contact else b""


def _check_user(row: Expert, user: UUID | None) -> None:
    """Refuse an account that is no expert's of this desk, or is another expert's."""
    if user is None:
        return
    accounts = User.objects.filter(pk=user, desk=row.desk_id, role=Role.EXPERT)
    if not accounts.exists() or Expert.objects.filter(user=user).exclude(pk=row.pk).exists():
        raise RefusedError("not-an-expert")


def offer(*, expert: UUID, hours: Hours, actor: Actor, at: dt.datetime) -> list[Slot]:
    """Enter hours that an expert offers (空きを入れる); those there already stay as they are."""
    with transaction.atomic():
        row = Expert.objects.select_for_update().get(pk=expert)
        check_may_work_on(actor, row.desk_id)
        if not row.is_active:
            raise RefusedError("expert-gone")
        if hours.starts_at <= at:
            raise RefusedError("slot-past")
        check_place(hours.way, hours.place)
        starts = [hours.starts_at + number * _A_WEEK for number in range(hours.weeks)]
        there = set(row.slots.filter(starts_at__in=starts).values_list("starts_at", flat=True))
        slots = [_slot(row, hours, it) for it in starts if it not in there]
        if not slots:
            raise RefusedError("slot-there")
        Slot.objects.bulk_create(slots)
        _record(Deed.SLOTS_OFFERED, row, actor, at, slots=len(slots))
        return slots


def _slot(expert: Expert, hours: Hours, starts_at: dt.datetime) -> Slot:
    row = Slot(id=new_id(), expert=expert, starts_at=starts_at)
    row.minutes, row.way = hours.minutes, hours.way
    if hours.place:
        safe = Safe(expert.desk_id)
        row.place = safe.seal(hours.place, holder=expert.pk, place=slot_place(row.pk))
    return row


def drop_slot(*, slot: UUID, actor: Actor, at: dt.datetime) -> None:
    """Take an hour back that nobody has booked (空きを消す)."""
    with transaction.atomic():
        row = Slot.objects.select_for_update(of=("self",)).select_related("expert").get(pk=slot)
        check_may_work_on(actor, row.expert.desk_id)
        if ExpertConsultation.objects.filter(slot=row).exists():
            raise RefusedError("slot-taken")
        expert = row.expert
        row.delete()
        _record(Deed.SLOT_DROPPED, expert, actor, at)


def _record(deed: Deed, row: Expert, actor: Actor, at: dt.datetime, **more: int) -> None:
    detail: dict[str, str | int] = {"expert": str(row.pk), **more}
    record(deed, desk=row.desk_id, actor=actor.user, at=at, detail=detail)
