"""Staging of an import: rows written in short transactions, which count for nothing yet.

Whatever is staged carries its batch. Rows that would show before the batch has landed (words in
a matter that is already there) are held back and written when it lands.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection

from madoguchi.consultations.models import (
    Batch,
    Consultation,
    Contact,
    HelpSeeker,
    InfringementMark,
)
from madoguchi.consultations.operations.inserting import Insert, Wanted, short_transaction
from madoguchi.consultations.places import mark_hash, mark_place, pseudonym_hash, pseudonym_place
from madoguchi.correspondence.models import Kind, Message
from madoguchi.correspondence.places import words_place
from madoguchi.matters.models import Matter
from madoguchi.matters.operations import reserve_numbers
from madoguchi.rules.calendar import FiscalYear, Month
from madoguchi.rules.codebooks import UNKNOWN
from madoguchi.rules.consultation import Status
from madoguchi.rules.contact_records import ContactRecord, Known, reconciled
from madoguchi.rules.records import Records
from madoguchi.vault import sealing
from madoguchi.vault.ids import new_id
from madoguchi.vault.models import Key
from madoguchi.vault.sealing import Safe

# Records to a transaction, and the pause after it in which others write.
_PIECE = 250
_PAUSE = 0.005  # seconds
_IDS_TO_A_QUERY = 500

# Told how many records are done, of how many.
Progress = Callable[[int, int], None]


class OvertakenError(Exception):
    """Another import at the same desk began meanwhile and has cleared this one away."""


@dataclass(frozen=True)
class Trouble:
    """One consultation of the file: all its records, in order of time."""

    person: str
    matter: str
    records: tuple[ContactRecord, ...]

    @property
    def first_at(self) -> dt.datetime:
        """When its first contact in the file came in."""
        return self.records[0].at

    @cached_property
    def known(self) -> Known:
        """What the records together know of it."""
        return reconciled(self.records)

    @property
    def has_remarks(self) -> bool:
        """Whether words (備考) are to be sealed."""
        return any(record.remarks for record in self.records)


class Staged:
    """What was staged, and what waits for the landing."""

    def __init__(self, batch: Batch) -> None:
        """Begin with nothing."""
        self.new = 0
        # Records of consultations that were there before, by matter.
        self.continued: dict[UUID, tuple[ContactRecord, ...]] = {}
        self.messages, self.held_back = _messages(), _contacts(batch)
        # The months in which any of its contacts lie.
        self.months: set[Month] = set()


def troubles(records: Records) -> Iterator[Trouble]:
    """Return `records` by consultation, in the order in which these began."""
    for own in records.by_consultation():
        yield Trouble(own[0].person, own[0].matter, own)


def begin(*, desk: UUID, digest: str, rows: int, at: dt.datetime) -> Batch:
    """Begin a batch, after clearing away what an import that died has left."""
    for left in Batch.objects.filter(desk=desk, landed_at=None):
        clear(left)
    return Batch.objects.create(
        desk_id=desk, digest=digest, rows=rows, started_at=at, touched_at=at
    )


def clear(batch: Batch) -> None:
    """Take away everything that was staged under `batch`, piece by piece; what landed stays."""
    # From here on the import that wrote it, should it still live, can write no more.
    if not Batch.objects.filter(pk=batch.pk, landed_at=None).update(digest=""):
        return  # it landed while we waited for the lock, or is gone
    for table, take_away in (
        (Contact, _take_contacts),
        (Consultation, _take_consultations),
        (HelpSeeker, _take_people),
    ):
        while ids := list(table.objects.filter(batch=batch).values_list("pk", flat=True)[:_PIECE]):
            with short_transaction():
                take_away(ids)
            _let_others_write()
    batch.delete()


def _take_contacts(ids: Sequence[UUID]) -> None:
    Contact.objects.filter(pk__in=ids).delete()


def _take_consultations(ids: Sequence[UUID]) -> None:
    """Delete consultations with their matters, words and keys."""
    Message.objects.filter(matter__in=ids).delete()
    Consultation.objects.filter(pk__in=ids).delete()
    for matter in ids:
        sealing.erase(matter)
    Matter.objects.filter(pk__in=ids).delete()


def _take_people(ids: Sequence[UUID]) -> None:
    HelpSeeker.objects.filter(pk__in=ids).delete()


def _let_others_write() -> None:
    if connection.vendor == "sqlite":  # else they need not wait for us
        time.sleep(_PAUSE)


def check_not_overtaken(batch: Batch) -> None:
    """Refuse to write under a batch that another import has cleared away."""
    touched = Batch.objects.filter(pk=batch.pk, digest=batch.digest, landed_at=None)
    if not touched.update(touched_at=batch.touched_at):
        raise OvertakenError


def _contacts(batch: Batch) -> Insert:
    differing = ("id", "consultation_id", "at", "channel", "action", "minutes", "referred_to")
    return Insert(Contact(desk_id=batch.desk_id, batch=batch), *differing, "message_id")


def _messages() -> Insert:
    return Insert(Message(kind=Kind.NOTE), "id", "matter_id", "at", "words")


class _Rows:
    """The rows of one piece, table by table in the order in which they can be written."""

    def __init__(self, batch: Batch) -> None:
        desk = batch.desk_id
        self.keys = Insert(Key(desk=desk), "id", "holder", "wrapped")
        self.matters = Insert(Matter(desk_id=desk), "id", "number", "opened_at")
        self.people = Insert(
            HelpSeeker(desk_id=desk, batch=batch), "id", "pseudonym", "pseudonym_hash"
        )
        self.consultations = Insert(
            Consultation(desk_id=desk, batch=batch),
            *("matter_id", "help_seeker_id", "mark", "mark_hash"),
            *("status", "closed_at", "first_contact_at", "last_contact_at"),
            *("age_group", "standing"),
        )
        self.marks = Insert(InfringementMark(), "id", "consultation_id", "kind")
        self.messages, self.contacts = _messages(), _contacts(batch)

    def write(self) -> None:
        for insert in vars(self).values():
            insert.write()

    def clear(self) -> None:
        for insert in vars(self).values():
            insert.clear()


class Stage:
    """Stages the consultations of one file, piece by piece."""

    def __init__(self, batch: Batch, found: Iterable[Trouble]) -> None:
        """Stage under `batch` what was `found` in the file."""
        self._batch = batch
        self._desk: UUID = batch.desk_id
        self._found = found
        self._wanted = Wanted()
        self._rows = _Rows(batch)
        self._own = Safe(self._desk)  # of the desk's key, under which names are sealed
        with short_transaction():
            self._own.make_keys([self._desk])
        self._safe = self._own
        self._hashes: dict[str, str] = {}
        self._people: dict[str, UUID] = {}
        self.staged = Staged(batch)

    def run(self, progress: Progress) -> Staged:
        """Write everything; tell `progress` how far it has come."""
        done, of = 0, self._batch.rows
        progress(done, of)
        for piece in _pieces(self._found):
            self._write(piece)
            done += sum(len(trouble.records) for trouble in piece)
            progress(done, of)
            _let_others_write()
        return self.staged

    def _write(self, piece: Sequence[Trouble]) -> None:
        """Write one piece in one short transaction."""
        self._safe = Safe(self._desk)  # the keys of the pieces before are not held in memory
        known = self._known_matters(piece)
        continued = [(matter, trouble) for trouble, matter in known if matter]
        with_words = [matter for matter, trouble in continued if trouble.has_remarks]
        if with_words:
            with short_transaction():
                self._safe.make_keys(with_words)
        for matter, trouble in continued:
            self._continue(matter, trouble)
        new = [trouble for trouble, matter in known if not matter]
        opened = [(FiscalYear.of(it.first_at.date()), *self._open(it)) for it in new]
        with short_transaction():
            check_not_overtaken(self._batch)
            self._number(opened)
            self._rows.write()
        self._rows.clear()
        self.staged.new += len(opened)
        # Records are in Japan time.
        days = {(it.at.year, it.at.month) for trouble in piece for it in trouble.records}
        self.staged.months |= {Month(*day) for day in days}

    def _known_matters(self, piece: Sequence[Trouble]) -> list[tuple[Trouble, UUID | None]]:
        """Look up who is known to the desk, and which of their consultations are there already."""
        self._hashes = {it.person: pseudonym_hash(self._desk, it.person) for it in piece}
        self._people = _people(self._desk, list(self._hashes.values()))
        matters = _matters(self._people.values())
        known: list[tuple[Trouble, UUID | None]] = []
        for it in piece:
            person = self._people.get(self._hashes[it.person])
            mark = mark_hash(self._desk, it.matter) if person else ""
            known.append((it, matters.get((person, mark)) if person else None))
        return known

    def _continue(self, matter: UUID, trouble: Trouble) -> None:
        """Stage contacts of a consultation that is there already; hold back those with words."""
        self.staged.continued[matter] = trouble.records
        for record in trouble.records:
            held = self.staged.held_back if record.remarks else self._rows.contacts
            at = self._wanted.time(record.at)
            self._add(matter, record, at, (held, self.staged.messages))

    def _open(self, trouble: Trouble) -> tuple[Any, Any]:
        """Stage a consultation that begins with this file; return its id and when it began."""
        rows, wanted, matter = self._rows, self._wanted, new_id()
        own, times = wanted.id(matter), [wanted.time(record.at) for record in trouble.records]
        if trouble.has_remarks:
            key = self._safe.cut_key(matter)
            rows.keys.add(wanted.id(key.id), own, key.wrapped)
        # What was classified is over; what was not waits in the inbox.
        is_over = all(record.action for record in trouble.records)
        rows.consultations.add(
            *(own, self._person(trouble.person)),
            self._own.seal(trouble.matter, holder=self._desk, place=mark_place(matter)),
            mark_hash(self._desk, trouble.matter),
            *((Status.CLOSED, times[-1]) if is_over else (Status.RECEIVED, None)),
            *(times[0], times[-1], trouble.known.age_group, trouble.known.standing),
        )
        for kind in sorted(trouble.known.kinds or {UNKNOWN}):
            rows.marks.add(wanted.id(new_id()), own, kind)
        for record, at in zip(trouble.records, times, strict=True):
            self._add(matter, record, at, (rows.contacts, rows.messages))
        return own, times[0]

    def _person(self, name: str) -> Any:
        """Return the help-seeker called `name`, staging one where the desk knows none."""
        found = self._hashes[name]
        if found not in self._people:
            person = self._people[found] = new_id()
            sealed = self._own.seal(name, holder=self._desk, place=pseudonym_place(person))
            self._rows.people.add(self._wanted.id(person), sealed, found)
        return self._wanted.id(self._people[found])

    def _add(
        self, matter: UUID, record: ContactRecord, at: Any, into: tuple[Insert, Insert]
    ) -> None:
        """Add a contact, and what was remarked (備考), sealed under the matter's key."""
        (contacts, messages), wanted = into, self._wanted
        own, message = wanted.id(matter), None
        if record.remarks:
            row = new_id()
            message = wanted.id(row)
            words = self._safe.seal(record.remarks, holder=matter, place=words_place(row))
            messages.add(message, own, at, words)
        contacts.add(
            *(wanted.id(new_id()), own, at, record.channel, record.action, record.minutes),
            *(wanted.json(record.referred_to), message),
        )

    def _number(self, opened: Sequence[tuple[FiscalYear, Any, Any]]) -> None:
        """Open the matters under the next numbers of their fiscal years, in order."""
        for year, some in groupby(opened, key=itemgetter(0)):
            rows = list(some)
            numbers = reserve_numbers(desk=self._desk, year=year, count=len(rows))
            for number, (_year, matter, opened_at) in zip(numbers, rows, strict=True):
                self._rows.matters.add(matter, number, opened_at)


def in_slices(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """Return `ids` in slices that one query can name."""
    return (ids[at : at + _IDS_TO_A_QUERY] for at in range(0, len(ids), _IDS_TO_A_QUERY))


def _pieces(found: Iterable[Trouble]) -> Iterator[list[Trouble]]:
    piece: list[Trouble] = []
    size = 0
    for trouble in found:
        piece.append(trouble)
        size += len(trouble.records)
        if size >= _PIECE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _people(desk: UUID, hashes: Sequence[str]) -> dict[str, UUID]:
    """Return the help-seekers of `desk` among `hashes`."""
    people: dict[str, UUID] = {}
    for at in range(0, len(hashes), _IDS_TO_A_QUERY):
        rows = HelpSeeker.objects.filter(
            desk=desk, pseudonym_hash__in=hashes[at : at + _IDS_TO_A_QUERY]
        )
        people.update(rows.values_list("pseudonym_hash", "pk"))
    return people


def _matters(people: Iterable[UUID]) -> dict[tuple[UUID, str], UUID]:
    """Return the matters of `people`, by person and hash of the desk's mark."""
    matters: dict[tuple[UUID, str], UUID] = {}
    for part in in_slices(list(people)):
        rows = Consultation.objects.filter(help_seeker__in=part)
        matters.update(
            ((person, mark), matter)
            for person, mark, matter in rows.values_list("help_seeker", "mark_hash", "pk")
        )
    return matters
