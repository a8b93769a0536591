"""A hand-over is prepared, the person is asked, and says to what she agrees."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.models import Contact
from madoguchi.correspondence.models import Attachment, Kind, Message
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.models import Matter
from madoguchi.matters.operations import lock
from madoguchi.referrals.models import Referral
from madoguchi.referrals.places import referral_place
from madoguchi.referrals.queries.lists import Receiver, facts_of
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.files import MOST_AT_ONCE, MOST_BYTES_TOGETHER
from madoguchi.rules.referral import LIFECYCLE, How, Item, Way, check_may_agree
from madoguchi.vault.codes import new_password
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class Plan:
    """To whom, with what, why. `is_spoken`: she agreed by word of mouth to just these items."""

    receiver: Receiver
    items: frozenset[Item]
    reason: str = ""
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    counted_on: UUID | None = None
    is_spoken: bool = False


def locked(referral: UUID) -> Referral:
    """Lock the matter of a hand-over, then the hand-over."""
    matter = Referral.objects.filter(pk=referral).values_list("matter", flat=True).first()
    if matter is None:
        raise RefusedError("handover-gone")
    lock(matter)
    rows = Referral.objects.select_for_update(of=("self",)).select_related("matter", "desk")
    return rows.get(pk=referral)


def keep(row: Referral, field: str, words: str) -> None:
    """Seal `words` in a field of the hand-over, unsaved; no words leave it empty."""
    place = referral_place(row.pk, field)
    sealed = Safe(row.desk_id).seal(words, holder=row.matter_id, place=place) if words else b""
    setattr(row, field, sealed)


def listed(items: Iterable[str]) -> str:
    """Return items as the ledger holds them."""
    return ",".join(sorted(items))


def prepare(*, matter: UUID, actor: Actor, plan: Plan, at: dt.datetime) -> Referral:
    """Prepare a hand-over (引き継ぎの準備), and ask the person unless she has agreed already."""
    with transaction.atomic():
        spine = lock(matter)
        check_may_work_on(actor, spine.desk_id)
        _check(spine, plan)
        row = _planned(spine, actor, plan, at)
        if plan.is_spoken:
            _agree(row, plan.items, How.SPOKEN, actor.user, at)
        else:
            row.asked_at = at
        keep(row, "reason", plan.reason)
        if row.way == Way.FILE and row.peer_id is None:
            keep(row, "passphrase", new_password())
        row.save(force_insert=True)
        detail: dict[str, str | bool] = {
            "referral": str(row.pk),
            "way": row.way,
            "items": listed(row.asked),
            "agreed": plan.is_spoken,
        }
        record(
            Deed.HANDOVER_PREPARED,
            desk=row.desk_id,
            matter=matter,
            actor=actor.user,
            at=at,
            detail=detail,
        )
        return row


def _check(matter: Matter, plan: Plan) -> None:
    """Refuse what is not of this matter, and an item of which nothing was chosen."""
    if not plan.items:
        raise RefusedError("nothing-chosen")
    if (Item.NOTES in plan.items) != bool(plan.notes):
        raise RefusedError("notes-not-chosen")
    if (Item.FILES in plan.items) != bool(plan.files):
        raise RefusedError("files-not-chosen")
    notes = Message.objects.filter(matter=matter, kind=Kind.NOTE, pk__in=plan.notes)
    sent = Attachment.objects.filter(matter=matter, message__isnull=False, set_aside_at=None)
    files = sent.filter(pk__in=plan.files)
    if notes.count() != len(plan.notes) or files.count() != len(plan.files):
        raise RefusedError("another-matter")
    if len(plan.files) > MOST_AT_ONCE:
        raise RefusedError("files-too-many")
    if sum(files.values_list("size", flat=True)) > MOST_BYTES_TOGETHER:
        raise RefusedError("file-too-large")
    contacts = Contact.objects.filter(consultation=matter.pk)
    if plan.counted_on and not contacts.filter(pk=plan.counted_on).exists():
        raise RefusedError("another-matter")


def _planned(matter: Matter, actor: Actor, plan: Plan, at: dt.datetime) -> Referral:
    to = plan.receiver
    return Referral(
        id=new_id(),
        desk_id=matter.desk_id,
        matter=matter,
        status=LIFECYCLE.start,
        way=to.way,
        window=to.window,
        to_desk=to.desk,
        peer=to.peer,
        to_name=to.name,
        prepared_at=at,
        prepared_by_id=actor.user,
        asked=[str(item) for item in Item if item in plan.items],
        notes=list(plan.notes),
        files=list(plan.files),
        counted_on_id=plan.counted_on,
    )


def _agree(
    row: Referral, items: frozenset[Item], how: How, noted_by: UUID | None, at: dt.datetime
) -> None:
    row.agreed = [str(item) for item in Item if item in items]
    row.consented_at = at if items else None
    row.refused_at = None if items else at
    row.consented_how = how if items else ""
    row.consent_noted_by_id = noted_by


def agree(*, referral: UUID, items: frozenset[Item], actor: Actor | None, at: dt.datetime) -> None:
    """Take down to what the person agrees (同意); to nothing: she does not want it.

    `actor` None: she says it herself on my-page; else she told the adviser. Until it is
    sent she may change it.
    """
    with transaction.atomic():
        row = locked(referral)
        if actor is not None:
            check_may_work_on(actor, row.desk_id)
        said = check_may_agree(items, facts_of(row))
        noted_by = actor.user if actor else None
        _agree(row, said, How.SPOKEN if actor else How.MY_PAGE, noted_by, at)
        row.save()
        detail = {"referral": str(row.pk), "items": listed(row.agreed)}
        record(
            Deed.CONSENT_GIVEN if said else Deed.CONSENT_REFUSED,
            desk=row.desk_id,
            matter=row.matter_id,
            actor=noted_by,
            at=at,
            detail=detail,
        )
