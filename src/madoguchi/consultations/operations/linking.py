"""Linking consultations (ほかの相談とつなぐ) and undoing it. Nothing else is overwritten.

Links of a desk are made one after another (the desk's row is locked first, then every matter
that is held together with the two), so that two of them never work out the same group at once.
"""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.models import Consultation, Contact, Link
from madoguchi.consultations.operations.touching import touch
from madoguchi.consultations.queries.linking import holding, reached_from
from madoguchi.desks.models import Desk
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.operations import lock
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.linking import COUNTED_AS_ONE, Reason, Tie, connected


def _lock_together(desk: UUID, matters: Iterable[UUID]) -> set[UUID]:
    """Lock the desk's links and every matter counted with `matters`; return the matters."""
    # Not the whole row: whoever writes a row that names the desk need not wait.
    Desk.objects.select_for_update(no_key=True).get(pk=desk)
    reached = reached_from(matters, COUNTED_AS_ONE)
    for matter in sorted(reached):
        lock(matter)
    return reached


def _regroup(desk: UUID, matters: set[UUID]) -> None:
    """Work out anew which of `matters` are counted as one, and touch all their months."""
    pairs = list(holding(matters, COUNTED_AS_ONE).values_list("one", "other"))
    for group in connected(sorted(matters), pairs):
        head = min(group) if len(group) > 1 else None
        Consultation.objects.filter(pk__in=group).update(counted_with=head)
    times = Contact.objects.filter(consultation__in=matters).values_list("at", flat=True)
    opened = Consultation.objects.filter(pk__in=matters)
    touch(desk, [*times, *opened.values_list("first_contact_at", flat=True)], matters)


def link(
    *,
    matters: tuple[UUID, UUID],
    tie: Tie,
    actor: Actor,
    at: dt.datetime,
    reasons: Iterable[Reason] = (),
) -> Link:
    """Say what two consultations are to each other. With TWICE, the first is the mistaken one."""
    one, other = matters
    if one == other:
        raise RefusedError("linked-to-itself")
    with transaction.atomic():
        together = _lock_together(actor.desk, matters)
        for row in Consultation.objects.filter(pk__in=matters):
            check_may_work_on(actor, row.desk_id)
        if holding([one], Tie).filter(one__in=matters, other__in=matters).exists():
            raise RefusedError("linked-already")
        made = Link.objects.create(
            desk_id=actor.desk,
            one_id=one,
            other_id=other,
            tie=tie,
            reasons=sorted(reasons),
            made_by_id=actor.user,
            made_at=at,
        )
        if tie is Tie.TWICE:
            mistaken = Contact.objects.filter(consultation=one, duplicated_by=None)
            mistaken.update(duplicated_by=made)
        if tie in COUNTED_AS_ONE:
            _regroup(actor.desk, together)
        detail = {"tie": tie, "other": str(other)}
        record(Deed.LINKED, desk=actor.desk, matter=one, actor=actor.user, at=at, detail=detail)
        return made


def undo_link(*, link: UUID, actor: Actor, at: dt.datetime) -> None:
    """Take back what was said of two consultations (つなぎを外す): all is as before."""
    with transaction.atomic():
        known = Link.objects.filter(pk=link, desk=actor.desk, undone_at=None).first()
        if known is None:
            raise RefusedError("link-undone")
        together = _lock_together(actor.desk, [known.one_id, known.other_id])
        check_may_work_on(actor, known.desk_id)
        held = Link.objects.filter(pk=link, undone_at=None)
        if not held.update(undone_at=at, undone_by_id=actor.user):
            raise RefusedError("link-undone")
        Contact.objects.filter(duplicated_by=link).update(duplicated_by=None)
        if known.tie in COUNTED_AS_ONE:
            _regroup(actor.desk, together)
        detail = {"tie": known.tie, "other": str(known.other_id)}
        record(
            Deed.LINK_UNDONE,
            desk=actor.desk,
            matter=known.one_id,
            actor=actor.user,
            at=at,
            detail=detail,
        )
