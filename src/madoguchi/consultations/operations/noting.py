"""What an adviser notes of a call, a visit, a letter, and how contacts are classified."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.models import UNKNOWN, Consultation, Contact
from madoguchi.consultations.operations.receiving import Letter, open_consultation, set_marks
from madoguchi.consultations.operations.touching import touch_all
from madoguchi.consultations.operations.working import answered, locked_for
from madoguchi.consultations.queries import (
    classification_digest,
    description_digest,
    kinds_of,
    unread_since,
)
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.operations.words import record_message
from madoguchi.desks.queries import books_on
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.operations import lock
from madoguchi.matters.operations.timing import Due, meet, set_due
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.codebooks import Table
from madoguchi.rules.consultation import Step
from madoguchi.rules.deadlines import Named


@dataclass(frozen=True)
class Note:
    """A call or visit as noted. Codes are keys of the desk's books; `action` may come later."""

    words: str
    channel: str
    action: str | None = None
    kinds: frozenset[str] | None = None  # None: leave as they are
    age_group: str | None = None
    standing: str | None = None
    minutes: int | None = None
    referred_to: tuple[str, ...] = ()
    call_back: Due | None = None
    # The `description_digest` that whoever wrote the note had before them; None does not ask.
    seen: str | None = None
    # 同意の確認: what was explained, and whether the person agreed to it.
    explained: tuple[str, ...] = ()
    is_agreed: bool = False
    # When the call began, where it is recorded later; a call counts in the month it came.
    heard_at: dt.datetime | None = None

    @property
    def said(self) -> dict[Table, set[str]]:
        """The codes used, by table."""
        return {
            Table.CHANNEL: {self.channel},
            Table.ACTION_TAKEN: _only(self.action),
            Table.INFRINGEMENT_KIND: set(self.kinds or ()),
            Table.AGE_GROUP: _only(self.age_group),
            Table.STANDING: _only(self.standing),
        }


@dataclass(frozen=True)
class Classification:
    """What an adviser says of a consultation and of contacts of it."""

    kinds: frozenset[str] | None = None
    age_group: str | None = None
    standing: str | None = None
    actions: dict[UUID, str] = field(default_factory=dict)

    @property
    def said(self) -> dict[Table, set[str]]:
        """The codes used, by table."""
        return {
            Table.INFRINGEMENT_KIND: set(self.kinds or ()),
            Table.ACTION_TAKEN: set(self.actions.values()),
            Table.AGE_GROUP: _only(self.age_group),
            Table.STANDING: _only(self.standing),
        }


def _only(code: str | None) -> set[str]:
    return {code} if code else set()


def check_codes(desk: UUID, day: dt.date, said: dict[Table, set[str]]) -> None:
    """Refuse a code that the desk's book of `day` does not have."""
    books = books_on(desk, day)
    for table, keys in said.items():
        if any(books[table].label_of(key) is None for key in keys):
            raise RefusedError("unknown-code")


def describe(
    row: Consultation,
    *,
    kinds: frozenset[str] | None,
    age_group: str | None,
    standing: str | None,
) -> None:
    """Set what is said of the consultation itself; None leaves it as it is."""
    if kinds is not None:
        # 不明 beside a known kind says nothing.
        set_marks(row, kinds - {UNKNOWN} or kinds)
    row.age_group = age_group or row.age_group
    row.standing = standing or row.standing


def _describe_by(row: Consultation, note: Note) -> None:
    """Set what a note says of the consultation, where its writer saw what is saved.

    A note is never refused for it: what a colleague said meanwhile stays. 不明 puts out
    nothing that is known.
    """
    if note.seen is not None and note.seen != description_digest(row):
        return
    known = (note.kinds or frozenset()) - {UNKNOWN}
    describe(
        row,
        kinds=known or (note.kinds if not kinds_of(row) else None),
        age_group=note.age_group if note.age_group != UNKNOWN else None,
        standing=note.standing if note.standing != UNKNOWN else None,
    )


def was_passed_over(row: Consultation, note: Note) -> bool:
    """Tell whether the consultation is not described as the note, already recorded, said."""
    known = (note.kinds or frozenset()) - {UNKNOWN}
    return bool(
        (known and known != kinds_of(row))
        or (note.age_group not in (None, UNKNOWN, row.age_group))
        or (note.standing not in (None, UNKNOWN, row.standing))
    )


def note_call(*, actor: Actor, matter: UUID | None, note: Note, at: dt.datetime) -> Consultation:
    """Note a contact (+1 延べ) in `matter`; with None, of a person new to the desk."""
    heard = note.heard_at or at
    with transaction.atomic():
        check_may_work_on(actor, actor.desk)
        check_codes(actor.desk, in_japan(heard).date(), note.said)
        is_new = matter is None
        if matter is None:
            letter = Letter(words=note.words, channel=note.channel)
            matter = open_consultation(desk=actor.desk, letter=letter, at=heard).pk
        row = locked_for(actor, matter, Step.NOTE_CALL)
        row.adviser_id = row.adviser_id or actor.user
        row.first_contact_at = min(row.first_contact_at, heard)
        row.last_contact_at = max(row.last_contact_at, heard)
        row.closed_at, row.unread = None, row.unread and not is_new
        row.waiting_since = unread_since(row)
        _describe_by(row, note)
        row.save()
        _keep(row, actor, note, heard)
        answered(row, actor, at)
        _promise(row, actor, note.call_back, at)
        touch_all(row)
        record(
            Step.NOTE_CALL,
            desk=row.desk_id,
            matter=matter,
            actor=actor.user,
            at=at,
            detail={"channel": note.channel, "action": note.action},
        )
        return row


def _promise(row: Consultation, actor: Actor, call_back: Due | None, at: dt.datetime) -> None:
    """Having spoken, nobody is called back any more, but where that is promised (anew)."""
    if call_back and call_back.at <= at:
        raise RefusedError("deadline-past")
    meet(matter=row.pk, at=at, actor=actor.user, names=frozenset({Named.CALL_BACK}))
    if call_back:
        set_due(matter=row.matter, due=call_back, actor=actor.user)


def _keep(row: Consultation, actor: Actor, note: Note, heard: dt.datetime) -> None:
    """Write down the contact itself and the words of its note."""
    message = record_message(
        matter=row.matter, kind=Kind.NOTE, words=note.words, at=heard, author=actor.user
    )
    Contact.objects.create(
        desk_id=row.desk_id,
        consultation=row,
        at=heard,
        channel=note.channel,
        action=note.action,
        minutes=note.minutes,
        referred_to=list(note.referred_to),
        explained=list(note.explained),
        consented_at=heard if note.is_agreed else None,
        message=message,
        recorded_by_id=actor.user,
    )


def classify(
    *,
    matter: UUID,
    actor: Actor,
    classification: Classification,
    at: dt.datetime,
    seen: str | None = None,
) -> None:
    """Say what a consultation is about, and what was done in contacts of it.

    Refused where `seen`, a `classification_digest`, is no longer what is saved.
    """
    with transaction.atomic():
        locked = lock(matter)
        check_may_work_on(actor, locked.desk_id)
        check_codes(locked.desk_id, in_japan(at).date(), classification.said)
        row = Consultation.objects.select_for_update().get(pk=matter)
        if seen is not None and seen != classification_digest(row):
            raise RefusedError("classified-meanwhile")
        describe(
            row,
            kinds=classification.kinds,
            age_group=classification.age_group,
            standing=classification.standing,
        )
        row.save(update_fields=["age_group", "standing"])
        for contact, action in classification.actions.items():
            if not Contact.objects.filter(pk=contact, consultation=row).update(action=action):
                raise RefusedError("another-matter")
        touch_all(row)
        record(
            Deed.CLASSIFIED,
            desk=locked.desk_id,
            matter=matter,
            actor=actor.user,
            at=at,
            detail={"contacts": len(classification.actions)},
        )
