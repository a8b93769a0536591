"""Classes of keeping, holds, and the person's own wish to be forgotten."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.models import Consultation, Keeping, RetentionClass
from madoguchi.consultations.places import reason_place
from madoguchi.desks.models import Desk
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.operations import lock
from madoguchi.rules import retention
from madoguchi.rules.access import Actor, RefusedError, check_may_supervise
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class Kind:
    """A class of keeping (保存区分) as a supervisor gives it."""

    name: str
    years: int
    is_usual: bool = False


def standard_kinds() -> list[Kind]:
    """Return the classes a desk starts with."""
    named = retention.STANDARD
    return [Kind(name, years, name == retention.USUAL) for name, years in named]


def set_classes(*, desk: UUID, kinds: Sequence[Kind], actor: Actor, at: dt.datetime) -> None:
    """Let the desk's classes be `kinds`; one that matters are kept under stays.

    Exactly one is usual. A class is known again by its name.
    """
    with transaction.atomic():
        Desk.objects.select_for_update().get(pk=desk)
        check_may_supervise(actor, desk)
        if sum(kind.is_usual for kind in kinds) != 1:
            raise RefusedError("one-usual-class")
        own = RetentionClass.objects.filter(desk=desk)
        names = [kind.name for kind in kinds]
        if own.exclude(name__in=names).filter(keepings__isnull=False).exists():
            raise RefusedError("class-in-use")
        own.exclude(name__in=names).delete()
        own.update(is_usual=False)
        for kind in kinds:
            values = {"years": kind.years, "is_usual": kind.is_usual}
            own.update_or_create(desk_id=desk, name=kind.name, defaults=values)
        detail = {"classes": len(kinds)}
        record(Deed.RETENTION_SET, desk=desk, actor=actor.user, at=at, detail=detail)


def keep_under(
    *, matter: UUID, retention_class: UUID | None, actor: Actor, at: dt.datetime
) -> None:
    """Keep a matter under a class of its own; None: the desk's usual one."""
    with transaction.atomic():
        row = _locked(matter, actor)
        own = RetentionClass.objects.filter(desk=row.desk_id).values_list("pk", flat=True)
        if retention_class and retention_class not in own:
            raise RefusedError("unknown-code")
        row.retention_class_id = retention_class
        row.save()
        detail = {"class": str(retention_class) if retention_class else None}
        record(
            Deed.KEPT_UNDER,
            desk=row.desk_id,
            matter=matter,
            actor=actor.user,
            at=at,
            detail=detail,
        )


def hold(*, matter: UUID, reason: str, actor: Actor, at: dt.datetime) -> None:
    """Hold a matter (保留): it is not erased while the hold lasts, whatever its class says."""
    with transaction.atomic():
        row = _locked(matter, actor)
        row.held_at, row.held_by_id = at, actor.user
        row.reason = Safe(row.desk_id).seal(reason, holder=matter, place=reason_place(matter))
        row.save()
        record(Deed.HELD, desk=row.desk_id, matter=matter, actor=actor.user, at=at)


def end_hold(*, matter: UUID, actor: Actor, at: dt.datetime) -> None:
    """End a hold."""
    with transaction.atomic():
        row = _locked(matter, actor)
        row.held_at, row.held_by, row.reason = None, None, b""
        row.save()
        record(Deed.HOLD_ENDED, desk=row.desk_id, matter=matter, actor=actor.user, at=at)


def ask_erasure(*, matter: UUID, at: dt.datetime) -> None:
    """Note the person's wish that everything be erased (消してほしい). A supervisor decides."""
    with transaction.atomic():
        locked = lock(matter)
        row, _made = Keeping.objects.get_or_create(
            consultation_id=matter, defaults={"desk_id": locked.desk_id}
        )
        if row.asked_at:
            return
        row.asked_at, row.declined_at = at, None
        row.save(update_fields=["asked_at", "declined_at"])
        record(Deed.ERASURE_ASKED, desk=locked.desk_id, matter=matter, at=at)


def decline_erasure(*, matter: UUID, actor: Actor, at: dt.datetime) -> None:
    """Note that a person's wish is not followed; why is told them in a reply."""
    with transaction.atomic():
        row = _locked(matter, actor)
        row.asked_at, row.declined_at = None, at
        row.save(update_fields=["asked_at", "declined_at"])
        record(Deed.ERASURE_DECLINED, desk=row.desk_id, matter=matter, actor=actor.user, at=at)


def _locked(matter: UUID, actor: Actor) -> Keeping:
    """Lock a matter, refuse who does not supervise its desk, return what was said on keeping."""
    locked = lock(matter)
    check_may_supervise(actor, locked.desk_id)
    Consultation.objects.get(pk=matter)
    row, _made = Keeping.objects.get_or_create(
        consultation_id=matter, defaults={"desk_id": locked.desk_id}
    )
    if row.erased_at:
        raise RefusedError("erased")
    return row
