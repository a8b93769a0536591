"""A date with an expert is booked, takes place, is missed or called off."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from madoguchi.experts.models import Expert, ExpertConsultation, Slot
from madoguchi.experts.operations.asking import (
    await_until,
    keep,
    locked,
    look_again,
    no_longer_awaited,
    write_down,
)
from madoguchi.experts.queries.asked import conflicts, facts_of, houterasu_used
from madoguchi.experts.queries.calendar import used_in_month
from madoguchi.ledger.chain import Deed
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.experts import (
    LIFECYCLE,
    OPEN,
    TAKEN,
    Status,
    Step,
    Wish,
    check_may_book,
    is_experts_own,
)
from madoguchi.rules.referral import How


def book(*, asked: UUID, slot: UUID, actor: Actor, at: dt.datetime, overrule: str = "") -> None:
    """Book an hour (予約する). Refused where the expert advises the other side.

    `overrule`: why a supervisor books it all the same.
    """
    with transaction.atomic():
        row = locked(asked)
        hour = _locked_slot(slot, row.desk_id)
        against = conflicts(row, hour.expert)
        wish = _wish(row, hour, at, has_conflict=bool(against))
        check_may_book(actor, wish, overrule=overrule)
        row.status = LIFECYCLE.after(Status(row.status), Step.BOOK_EXPERT)
        row.slot, row.kind, row.booked_at = hour, hour.expert.kind, at
        if against:
            row.overruled_by_id = actor.user
            keep(row, "overruled", overrule.strip())
        await_until(row, hour.starts_at, actor)
        row.save()
        told = {"slot": str(slot), "expert": str(hour.expert_id)}
        write_down(Step.BOOK_EXPERT, row, actor, at, overruled=bool(against), **told)


def _locked_slot(slot: UUID, desk: UUID) -> Slot:
    """Lock the expert (two bookings at once are counted one after the other), then the hour."""
    expert = Slot.objects.filter(pk=slot, expert__desk=desk).values_list("expert", flat=True)
    found = Expert.objects.select_for_update().filter(pk__in=expert).first()
    if found is None:
        raise RefusedError("slot-taken")
    return Slot.objects.select_for_update(of=("self",)).select_related("expert").get(pk=slot)


def _wish(row: ExpertConsultation, hour: Slot, at: dt.datetime, *, has_conflict: bool) -> Wish:
    taken = ExpertConsultation.objects.filter(slot=hour, status__in=TAKEN)
    return Wish(
        desk=row.desk_id,
        is_agreed=row.agreed_at is not None,
        is_active=hour.expert.is_active,
        is_free=not taken.exists(),
        is_past=hour.starts_at <= at,
        used=used_in_month(hour.expert_id, hour.starts_at),
        quota=hour.expert.quota,
        has_conflict=has_conflict,
        is_other_kind=row.agreed_how == How.MY_PAGE and row.kind != hour.expert.kind,
        is_houterasu=row.is_houterasu,
        houterasu_used=houterasu_used(row.matter_id),
    )


def note_met(*, asked: UUID, actor: Actor, at: dt.datetime) -> None:
    """Note that the session took place (相談が行われた): its result is waited for."""
    with transaction.atomic():
        row = _stepped(asked, Step.MEET_EXPERT, actor)
        await_until(row, look_again(row.desk_id, at), actor)
        row.save()
        write_down(Step.MEET_EXPERT, row, actor, at)


def note_missed(*, asked: UUID, actor: Actor, at: dt.datetime, fee: int | None = None) -> None:
    """Note that the person did not come (来られなかった). The hour is spent.

    `fee`: what is paid for it all the same; None: as agreed with the expert, mostly nothing.
    """
    with transaction.atomic():
        row = _stepped(asked, Step.MISS_EXPERT, actor)
        assert row.slot
        row.fee = row.slot.expert.missed_fee if fee is None else fee
        row.save()
        no_longer_awaited(row, actor, at)
        write_down(Step.MISS_EXPERT, row, actor, at, fee=row.fee)


def cancel(*, asked: UUID, actor: Actor, at: dt.datetime) -> None:
    """Call it off (取りやめる): the hour is free again, the expert sees nothing any more."""
    _end(asked, Step.CANCEL_EXPERT, actor, at)


def settle(*, asked: UUID, actor: Actor, at: dt.datetime) -> None:
    """Call it done (済み): the expert sees nothing any more."""
    _end(asked, Step.SETTLE_EXPERT, actor, at)


def end_with_matter(*, matter: UUID, actor: Actor, at: dt.datetime) -> None:
    """Let what experts were asked end with its matter: dates are called off, what is heard is done.

    A result that is still to come is awaited on.
    """
    rows = ExpertConsultation.objects.filter(matter=matter, status__in=OPEN)
    with transaction.atomic():
        for asked, status in list(rows.order_by("asked_at").values_list("pk", "status")):
            if status == Status.HEARD:
                settle(asked=asked, actor=actor, at=at)
            elif status != Status.HELD:
                cancel(asked=asked, actor=actor, at=at)


def _stepped(asked: UUID, step: Step, actor: Actor) -> ExpertConsultation:
    row = locked(asked)
    check_may_work_on(actor, row.desk_id)
    row.status = LIFECYCLE.after(Status(row.status), step)
    return row


def _end(asked: UUID, step: Step, actor: Actor, at: dt.datetime) -> None:
    with transaction.atomic():
        row = _stepped(asked, step, actor)
        row.save()
        no_longer_awaited(row, actor, at)
        write_down(step, row, actor, at)


def note_seen(*, asked: UUID, actor: Actor, at: dt.datetime) -> None:
    """Note that the expert opened what is shown, the first time."""
    with transaction.atomic():
        row = locked(asked)
        if not is_experts_own(actor, facts_of(row)):
            raise RefusedError("expert-over")
        if row.seen_at is None:
            row.seen_at = at
            row.save(update_fields=["seen_at"])
            write_down(Deed.EXPERT_LOOKED, row, actor, at)
