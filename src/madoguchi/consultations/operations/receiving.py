"""A person's words come in: a new consultation, or one more contact of an old one."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.models import UNKNOWN, Consultation, Contact, HelpSeeker
from madoguchi.consultations.models import InfringementMark as Mark
from madoguchi.consultations.operations.identifying import clues_in, note_clues
from madoguchi.consultations.operations.touching import touch, touch_all
from madoguchi.consultations.places import (
    headline_place,
    mark_hash,
    mark_place,
    particulars_place,
    pseudonym_hash,
    pseudonym_place,
)
from madoguchi.consultations.queries.going_on import contact_going_on
from madoguchi.correspondence.models import Kind, Message, Origin
from madoguchi.correspondence.models.mail import Way
from madoguchi.correspondence.operations.files import Ready, With, attach
from madoguchi.correspondence.operations.mail import know_address
from madoguchi.correspondence.operations.words import make_receipt, record_message
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.models import Matter
from madoguchi.matters.operations import lock, open_matter
from madoguchi.matters.operations.timing import promise_reply
from madoguchi.rules.consultation import LIFECYCLE, Status, Step
from madoguchi.rules.deadlines import Named
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.triage import Signals, alarms_in, needs_safety_check, urgency_of
from madoguchi.vault.codes import new_code
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe

_HEADLINE = 40


@dataclass(frozen=True)
class Letter:
    """What came in with a first contact. `channel`, `age_group`… are keys of code books."""

    words: str
    channel: str
    particulars: Particulars = field(default_factory=Particulars)
    signals: Signals = field(default_factory=Signals)
    age_group: str = UNKNOWN
    standing: str = UNKNOWN


@dataclass(frozen=True)
class Received:
    """A consultation just opened: its number for staff, its code for the person."""

    matter: UUID
    number: str
    code: str


def headline_of(words: str) -> str:
    """Return the first words, as a line by which staff know a matter in a list."""
    line = " ".join(words.split())
    return line if len(line) <= _HEADLINE else f"{line[:_HEADLINE]}…"


def _new_help_seeker(safe: Safe, matter: Matter) -> HelpSeeker:
    row = new_id()
    name = f"相談者 {matter.number}"
    return HelpSeeker.objects.create(
        id=row,
        desk_id=safe.desk,
        pseudonym=safe.seal(name, holder=safe.desk, place=pseudonym_place(row)),
        pseudonym_hash=pseudonym_hash(safe.desk, name),
    )


def open_consultation(*, desk: UUID, letter: Letter, at: dt.datetime) -> Consultation:
    """Open matter, help-seeker and consultation for `letter`, inside the caller's transaction."""
    matter = open_matter(desk=desk, at=at)
    safe = Safe(desk)
    told = json.dumps(letter.particulars.as_mapping(), ensure_ascii=False)
    opened = Consultation.objects.create(
        matter=matter,
        desk_id=desk,
        help_seeker=_new_help_seeker(safe, matter),
        mark=safe.seal(matter.number, holder=desk, place=mark_place(matter.pk)),
        mark_hash=mark_hash(desk, matter.number),
        status=LIFECYCLE.start,
        urgency=urgency_of(letter.signals),
        safety_check_due=needs_safety_check(letter.signals),
        alarms=alarms_in(letter.signals),
        alarmed_at=at if needs_safety_check(letter.signals) else None,
        unread=True,
        first_contact_at=at,
        last_contact_at=at,
        waiting_since=at,
        age_group=letter.age_group,
        standing=letter.standing,
        headline=safe.seal(
            headline_of(letter.words), holder=matter.pk, place=headline_place(matter.pk)
        ),
        particulars=safe.seal(told, holder=matter.pk, place=particulars_place(matter.pk)),
    )
    note_clues(desk=desk, matter=matter.pk, clues=clues_in(letter.particulars))
    return opened


def add_contact(
    *, consultation: Consultation, channel: str, message: Message, at: dt.datetime
) -> Contact:
    """Count one inbound contact (+1 延べ), not yet classified."""
    if consultation.counted_with_id:
        touch_all(consultation)
    touch(consultation.desk_id, [at], [consultation.pk])
    return Contact.objects.create(
        desk_id=consultation.desk_id,
        consultation=consultation,
        at=at,
        channel=channel,
        message=message,
    )


def receive(*, desk: UUID, letter: Letter, at: dt.datetime) -> Received:
    """Open a consultation from a person's own words; return the code that is shown once."""
    code = new_code()
    with transaction.atomic():
        consultation = open_consultation(desk=desk, letter=letter, at=at)
        matter = consultation.matter
        message = record_message(matter=matter, kind=Kind.FROM_PERSON, words=letter.words, at=at)
        add_contact(consultation=consultation, channel=letter.channel, message=message, at=at)
        make_receipt(matter=matter.pk, code=code, at=at)
        if address := letter.particulars.mail:
            know_address(matter=matter, address=address, way=Way.NOTICE, at=at)
        promise_reply(matter=matter, came=at, name=Named.FIRST_REPLY)
        detail = {"channel": letter.channel}
        record(Deed.RECEIVED, desk=desk, matter=matter.pk, at=at, detail=detail)
    return Received(matter=matter.pk, number=matter.number, code=code)


def hear(
    *,
    matter: UUID,
    words: str,
    channel: str,
    signals: Signals,
    at: dt.datetime,
    files: Sequence[Ready] = (),
) -> Consultation:
    """Take one more message of the person: a further contact of the same consultation.

    Files without words are a message, too. Sent soon after another, they belong to its contact.
    """
    with transaction.atomic():
        locked = lock(matter)
        row = Consultation.objects.select_for_update().get(pk=matter)
        known = contact_going_on(row, at) if files else None
        heard(row, signals, at)
        row.save()
        message = record_message(matter=locked, kind=Kind.FROM_PERSON, words=words, at=at)
        attach(files, With(message, Origin.PERSON, at), desk=row.desk_id, matter=locked)
        detail: dict[str, Any] = {"channel": channel}
        if known:
            detail["contact"] = str(known)
        else:
            add_contact(consultation=row, channel=channel, message=message, at=at)
        promise_reply(matter=locked, came=at)
        if files:
            detail["files"] = len(files)
        record(Step.HEAR, desk=row.desk_id, matter=matter, at=at, detail=detail)
        return row


def heard(row: Consultation, signals: Signals, at: dt.datetime) -> None:
    """Set, unsaved, what changes where the person is heard again; `at` may be some days ago."""
    row.status = LIFECYCLE.after(Status(row.status), Step.HEAR)
    alarm(row, signals, at)
    row.unread, row.closed_at = True, None
    row.first_contact_at = min(row.first_contact_at, at)
    row.last_contact_at = max(row.last_contact_at, at)
    # Who writes again keeps their place.
    row.waiting_since = min(row.waiting_since or at, at)


def alarm(row: Consultation, signals: Signals, at: dt.datetime) -> None:
    """Set, unsaved, that somebody must ask whether the person is safe, where `signals` say so.

    Until somebody has asked, every reason stays; of the words, the latest are shown.
    """
    row.urgency = min(row.urgency, urgency_of(signals))
    if needs_safety_check(signals):
        before = row.alarms if row.safety_check_due else []
        row.alarms = sorted({*before, *alarms_in(signals)})
        row.safety_check_due, row.alarmed_at = True, at


def set_marks(consultation: Consultation, kinds: frozenset[str]) -> None:
    """Replace the consultation's 侵害種別 by `kinds`, inside the caller's transaction."""
    Mark.objects.filter(consultation=consultation).exclude(kind__in=kinds).delete()
    known = set(Mark.objects.filter(consultation=consultation).values_list("kind", flat=True))
    Mark.objects.bulk_create(
        Mark(consultation=consultation, kind=kind) for kind in sorted(kinds - known)
    )
