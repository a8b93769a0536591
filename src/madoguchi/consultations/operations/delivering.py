"""Letters and FAXes come in by way of the tray; a code is handed to who came without one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations.noting import check_codes
from madoguchi.consultations.operations.receiving import (
    Letter,
    add_contact,
    heard,
    open_consultation,
)
from madoguchi.consultations.operations.touching import touch_all
from madoguchi.correspondence.models import Kind, Receipt
from madoguchi.correspondence.operations.files import take_from_tray
from madoguchi.correspondence.operations.words import (
    Pen,
    make_receipt,
    record_message,
    take_draft,
)
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.operations import lock
from madoguchi.matters.operations.timing import promise_reply
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.codebooks import Table
from madoguchi.rules.consultation import Step
from madoguchi.rules.deadlines import Named
from madoguchi.rules.triage import Signals
from madoguchi.vault.codes import new_code


@dataclass(frozen=True)
class Parcel:
    """What came on paper: its scans, by which channel, when it arrived, and its gist."""

    scans: Sequence[UUID]
    channel: str
    arrived_at: dt.datetime
    words: str = ""
    signals: Signals = field(default_factory=Signals)


def deliver(
    *,
    actor: Actor,
    matter: UUID | None,
    parcel: Parcel,
    at: dt.datetime,
    pen: Pen | None = None,
) -> Consultation:
    """Give a letter or FAX to `matter` (None: a new consultation). It counts when it arrived.

    `pen`: of the draft in which its gist was typed, which is done with then.
    """
    if parcel.arrived_at > at:
        raise RefusedError("not-yet-arrived")
    with transaction.atomic():
        check_may_work_on(actor, actor.desk)
        if pen:
            take_draft(actor=actor, pen=pen, kind=Kind.GIST, words=parcel.words)
        day = in_japan(parcel.arrived_at).date()
        check_codes(actor.desk, day, {Table.CHANNEL: {parcel.channel}})
        row = _opened(actor, parcel) if matter is None else _heard(actor, matter, parcel)
        message = record_message(
            matter=row.matter, kind=Kind.FROM_PERSON, words=parcel.words, at=parcel.arrived_at
        )
        take_from_tray(actor=actor, scans=parcel.scans, message=message)
        contact = add_contact(
            consultation=row, channel=parcel.channel, message=message, at=parcel.arrived_at
        )
        Contact.objects.filter(pk=contact.pk).update(recorded_by=actor.user)
        promise = Named.FIRST_REPLY if matter is None else Named.REPLY
        promise_reply(matter=row.matter, came=parcel.arrived_at, name=promise)
        touch_all(row)
        record(
            Deed.RECEIVED if matter is None else Step.HEAR,
            desk=row.desk_id,
            matter=row.pk,
            actor=actor.user,
            at=at,
            detail={"channel": parcel.channel, "files": len(parcel.scans)},
        )
        return row


def _opened(actor: Actor, parcel: Parcel) -> Consultation:
    letter = Letter(words=parcel.words, channel=parcel.channel, signals=parcel.signals)
    return open_consultation(desk=actor.desk, letter=letter, at=parcel.arrived_at)


def _heard(actor: Actor, matter: UUID, parcel: Parcel) -> Consultation:
    check_may_work_on(actor, lock(matter).desk_id)
    row = Consultation.objects.select_for_update().select_related("matter").get(pk=matter)
    heard(row, parcel.signals, parcel.arrived_at)
    row.save()
    return row


def hand_code(*, actor: Actor, matter: UUID, seen: str, at: dt.datetime) -> str:
    """Make the code by which the person goes on at my-page (受付コードを渡す), and return it.

    An older code stops with this. `seen`: when the code that the page knew of was made, ""
    for none; refused where another was made since.
    """
    code = new_code()
    with transaction.atomic():
        locked = lock(matter)
        check_may_work_on(actor, locked.desk_id)
        made_at = Receipt.objects.filter(matter=matter).values_list("made_at", flat=True).first()
        if seen != (made_at.isoformat() if made_at else ""):
            raise RefusedError("code-made-meanwhile")
        make_receipt(matter=matter, code=code, at=at)
        record(
            Deed.RECEIPT_MADE,
            desk=locked.desk_id,
            matter=matter,
            actor=actor.user,
            at=at,
            detail={"renewed": made_at is not None},
        )
    return code
