"""Deadlines (期限): set and met by what the desk does, or by hand."""

import datetime as dt
import json
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from madoguchi.desks.models import Desk
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.models import Deadline, Matter
from madoguchi.matters.operations.opening import lock
from madoguchi.matters.places import deadline_place
from madoguchi.matters.queries import working_of
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.deadlines import KEPT_BY_DEEDS, Again, Named, again_due, reply_due
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class Due:
    """What is to be done, and by when. Of a call back: how the person wants to be called."""

    name: Named
    at: dt.datetime
    words: str = ""
    call_as: str = ""  # 名乗り方
    voice_mail: str = ""  # 留守電: yes, no

    @property
    def told(self) -> str:
        """What is sealed of it; nothing where nothing was said."""
        said = {"words": self.words, "call_as": self.call_as, "voice_mail": self.voice_mail}
        kept = {key: value for key, value in said.items() if value}
        return json.dumps(kept, ensure_ascii=False) if kept else ""


def set_due(*, matter: Matter, due: Due, actor: UUID | None) -> Deadline:
    """Set a deadline inside the caller's transaction; one kept by deeds is moved."""
    assert connection.in_atomic_block
    if due.name in KEPT_BY_DEEDS:
        running = Deadline.objects.filter(matter=matter, name=due.name, done_at=None).first()
        if running:
            running.due_at = due.at
            running.save(update_fields=["due_at"])
            return running
    row = new_id()
    sealed = b""
    if due.told:
        sealed = Safe(matter.desk_id).seal(due.told, holder=matter.pk, place=deadline_place(row))
    return Deadline.objects.create(
        id=row,
        desk_id=matter.desk_id,
        matter=matter,
        name=due.name,
        due_at=due.at,
        set_by_id=actor,
        note=sealed,
    )


def promise_reply(*, matter: Matter, came: dt.datetime, name: Named = Named.REPLY) -> None:
    """Set by when a message that came is to be answered; the oldest one waiting counts."""
    waiting = Deadline.objects.filter(
        matter=matter, name__in=[Named.FIRST_REPLY, Named.REPLY], done_at=None
    )
    if waiting.exists():
        return
    days = Desk.objects.values_list("reply_days", flat=True).get(pk=matter.desk_id)
    due = reply_due(came, days, working_of(matter.desk_id))
    set_due(matter=matter, due=Due(name, due), actor=None)


def start_recheck(
    *, matter: Matter, actor: UUID, at: dt.datetime, again: Again = Again.SOON
) -> None:
    """Start the clock after which somebody is asked again whether they are safe (再確認)."""
    due = again_due(again, at, working_of(matter.desk_id))
    set_due(matter=matter, due=Due(Named.SAFETY, due), actor=actor)


def meet(
    *, matter: UUID, at: dt.datetime, actor: UUID | None, names: frozenset[Named] | None = None
) -> None:
    """Call the matter's deadlines met (those of `names`; None: all) in the caller's transaction."""
    assert connection.in_atomic_block
    running = Deadline.objects.filter(matter=matter, done_at=None)
    if names is not None:
        running = running.filter(name__in=names)
    running.update(done_at=at, done_by=actor)


def unmeet(*, matter: UUID, met_at: dt.datetime, names: frozenset[Named]) -> None:
    """Let run again what a deed met at `met_at` that is taken back, in the caller's transaction.

    What was promised anew since then is not: the older promise holds.
    """
    assert connection.in_atomic_block
    rows = Deadline.objects.filter(matter=matter, name__in=names)
    met = rows.filter(done_at=met_at)
    if met.exists():
        rows.filter(done_at=None).delete()
        met.update(done_at=None, done_by=None)


def set_deadline(*, matter: UUID, due: Due, actor: Actor, at: dt.datetime) -> Deadline:
    """Set a deadline by hand (期限を入れる). Refused where it is past."""
    with transaction.atomic():
        locked = lock(matter)
        check_may_work_on(actor, locked.desk_id)
        if due.at <= at:
            raise RefusedError("deadline-past")
        row = set_due(matter=locked, due=due, actor=actor.user)
        detail = {"name": str(due.name)}
        record(
            Deed.DEADLINE_SET,
            desk=locked.desk_id,
            matter=matter,
            actor=actor.user,
            at=at,
            detail=detail,
        )
        return row


def move_deadline(*, deadline: UUID, due_at: dt.datetime, actor: Actor, at: dt.datetime) -> None:
    """Put a deadline off, or forward (期限を変える)."""
    with transaction.atomic():
        row = _running(deadline, actor)
        if due_at <= at:
            raise RefusedError("deadline-past")
        row.due_at = due_at
        row.save(update_fields=["due_at"])
        _record(Deed.DEADLINE_MOVED, row, actor, at)


def meet_deadline(*, deadline: UUID, actor: Actor, at: dt.datetime) -> None:
    """Call a deadline met by hand (済み)."""
    with transaction.atomic():
        row = _running(deadline, actor)
        row.done_at, row.done_by_id = at, actor.user
        row.save(update_fields=["done_at", "done_by"])
        _record(Deed.DEADLINE_MET, row, actor, at)


def _running(deadline: UUID, actor: Actor) -> Deadline:
    """Lock a deadline's matter, then the deadline, or refuse."""
    found = Deadline.objects.filter(pk=deadline).values_list("matter", flat=True).first()
    if found is None:
        raise RefusedError("deadline-over")
    check_may_work_on(actor, lock(found).desk_id)
    row = Deadline.objects.select_for_update().get(pk=deadline)
    if row.done_at is not None:
        raise RefusedError("deadline-over")
    return row


def _record(deed: Deed, row: Deadline, actor: Actor, at: dt.datetime) -> None:
    record(
        deed,
        desk=row.desk_id,
        matter=row.matter_id,
        actor=actor.user,
        at=at,
        detail={"name": row.name},
    )
