"""Staging of an import: rows written in short transactions, which count for nothing yet.

Whatever is staged carries its batch. Rows that would show before the batch has landed (words in
a matter that is already there) are held back and written when it lands.
"""

import datetime as dt
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from madoguchi.consultations.models import (
    Batch,
    Consultation,
    Contact,
    HelpSeeker,
    InfringementMark,
)
from madoguchi.consultations.operations.inserting import Insert, short_transaction
from madoguchi.consultations.places import mark_hash, mark_place, pseudonym_hash, pseudonym_place
from madoguchi.correspondence.models import Kind, Message
from madoguchi.correspondence.places import words_place
from madoguchi.matters.models import Matter
from madoguchi.matters.operations import reserve_numbers
from madoguchi.rules.calendar import FiscalYear, Month
from madoguchi.rules.codebooks import UNKNOWN
from madoguchi.rules.consultation import Status
from madoguchi.rules.contact_records import ContactRecord, Known, reconciled
from madoguchi.vault import sealing
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe

# Records to a transaction, and the pause after it in which others write.
_PIECE = 250
_PAUSE = 0.008  # seconds
_NUMBERS_AT_ONCE = 2000
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


@dataclass
class Staged:
    """What was staged, and what waits for the landing."""

    new: int = 0
    # Records of consultations that were there before, by matter.
    continued: dict[UUID, tuple[ContactRecord, ...]] = field(default_factory=dict)
    held_back: list[Contact] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    # The months in which any of its contacts lie.
    months: set[Month] = field(default_factory=set)


def troubles(records: Iterable[ContactRecord]) -> list[Trouble]:
    """Return `records` by consultation, in the order in which these began."""
    found: dict[tuple[str, str], list[ContactRecord]] = defaultdict(list)
    for record in records:
        found[record.person, record.matter].append(record)
    sorted_ = (
        Trouble(*key, tuple(sorted(rows, key=lambda record: record.at)))
        for key, rows in found.items()
    )
    return sorted(sorted_, key=lambda trouble: trouble.first_at)


def begin(*, desk: UUID, digest: str, rows: int, at: dt.datetime) -> Batch:
    """Begin a batch, after clearing away what an import that died has left."""
    for left in Batch.objects.filter(desk=desk, landed_at=None):
        clear(left)
    return Batch.objects.create(
        desk_id=desk, digest=digest, rows=rows, started_at=at, touched_at=at
    )


def clear(batch: Batch) -> None:
    """Take away everything that was staged under `batch`, piece by piece."""
    # From here on the import that wrote it, should it still live, can write no more.
    Batch.objects.filter(pk=batch.pk).update(digest="")
    for table, take_away in (
        (Contact, _take_contacts),
        (Consultation, _take_consultations),
        (HelpSeeker, _take_people),
    ):
        while ids := list(table.objects.filter(batch=batch).values_list("pk", flat=True)[:_PIECE]):
            with short_transaction():
                take_away(ids)
            time.sleep(_PAUSE)
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


def check_not_overtaken(batch: Batch) -> None:
    """Refuse to write under a batch that another import has cleared away."""
    touched = Batch.objects.filter(pk=batch.pk, digest=batch.digest, landed_at=None)
    if not touched.update(touched_at=batch.touched_at):
        raise OvertakenError


class Stage:
    """Stages the consultations of one file."""

    def __init__(self, batch: Batch, found: Sequence[Trouble]) -> None:
        """Stage under `batch` what was `found` in the file."""
        self._batch = batch
        self._desk: UUID = batch.desk_id
        self._found = found
        self._safe = Safe(self._desk)
        self._make_keys([self._desk])
        hashes = {trouble.person: pseudonym_hash(self._desk, trouble.person) for trouble in found}
        self._hashes = hashes
        self._people = _people(self._desk, list(hashes.values()))
        self._matters = _matters(self._people.values())
        self._numbers = self._reserve_numbers()
        self.staged = Staged()

    def _reserve_numbers(self) -> dict[FiscalYear, Iterator[str]]:
        """Reserve numbers for the consultations that are new, by fiscal year."""
        new = Counter(_year(trouble) for trouble in self._found if not self._known_matter(trouble))
        return {year: iter(self._reserved(year, count)) for year, count in sorted(new.items())}

    def _reserved(self, year: FiscalYear, count: int) -> list[str]:
        numbers: list[str] = []
        while count > len(numbers):
            some = min(_NUMBERS_AT_ONCE, count - len(numbers))
            with short_transaction():
                numbers += reserve_numbers(desk=self._desk, year=year, count=some)
            time.sleep(_PAUSE)
        return numbers

    def run(self, progress: Progress) -> Staged:
        """Write everything; tell `progress` how far it has come."""
        done, of = 0, self._batch.rows
        progress(done, of)
        for piece in _pieces(self._found):
            self._write(piece)
            done += sum(len(trouble.records) for trouble in piece)
            progress(done, of)
            time.sleep(_PAUSE)
        return self.staged

    def _write(self, piece: Sequence[Trouble]) -> None:
        """Write one piece in one short transaction."""
        rows = _Rows()
        self._safe = Safe(self._desk)  # the keys of the pieces before are not held in memory
        known = [(trouble, self._known_matter(trouble)) for trouble in piece]
        continued = [(matter, trouble) for trouble, matter in known if matter]
        new = [trouble for trouble, matter in known if not matter]
        self._make_keys(matter for matter, trouble in continued if trouble.has_remarks)
        for matter, trouble in continued:
            self.staged.continued[matter] = trouble.records
            self._continue(matter, trouble, rows)
        self._open(new, rows)
        inserts = rows.prepared()
        with short_transaction():
            check_not_overtaken(self._batch)
            for insert in inserts:
                insert.write()
        self.staged.new += len(new)
        self.staged.months |= {Month.of(contact.at) for contact in rows.contacts}

    def _known_matter(self, trouble: Trouble) -> UUID | None:
        person = self._people.get(self._hashes[trouble.person])
        if person is None or not self._matters:
            return None
        return self._matters.get((person, mark_hash(self._desk, trouble.matter)))

    def _continue(self, matter: UUID, trouble: Trouble, rows: "_Rows") -> None:
        """Stage contacts of a consultation that is there already; hold back those with words."""
        for record in trouble.records:
            contact = self._contact(matter, record)
            if record.remarks:
                message = self._message(matter, record)
                contact.message_id = message.pk
                self.staged.messages.append(message)
                self.staged.held_back.append(contact)
                self.staged.months.add(Month.of(contact.at))
            else:
                rows.contacts.append(contact)

    def _open(self, new: Sequence[Trouble], rows: "_Rows") -> None:
        """Stage consultations that begin with this file."""
        numbered = [(next(self._numbers[_year(trouble)]), new_id(), trouble) for trouble in new]
        self._make_keys(matter for _, matter, trouble in numbered if trouble.has_remarks)
        for number, matter, trouble in numbered:
            self._open_one(number, matter, trouble, rows)

    def _make_keys(self, matters: Iterable[UUID]) -> None:
        with short_transaction():
            self._safe.make_keys(matters)

    def _open_one(self, number: str, matter: UUID, trouble: Trouble, rows: "_Rows") -> None:
        person = self._person(trouble.person, rows)
        opened_at = trouble.first_at
        rows.matters.append(
            Matter(id=matter, desk_id=self._desk, number=number, opened_at=opened_at)
        )
        rows.consultations.append(self._consultation(matter, person, trouble))
        rows.marks += [
            InfringementMark(consultation_id=matter, kind=kind)
            for kind in sorted(trouble.known.kinds or {UNKNOWN})
        ]
        for record in trouble.records:
            contact = self._contact(matter, record)
            if record.remarks:
                message = self._message(matter, record)
                contact.message_id = message.pk
                rows.messages.append(message)
            rows.contacts.append(contact)

    def _consultation(self, matter: UUID, person: UUID, trouble: Trouble) -> Consultation:
        last = trouble.records[-1].at
        # What was classified is over; what was not waits in the inbox.
        is_over = all(record.action for record in trouble.records)
        return Consultation(
            matter_id=matter,
            desk_id=self._desk,
            help_seeker_id=person,
            mark=self._safe.seal(trouble.matter, holder=self._desk, place=mark_place(matter)),
            mark_hash=mark_hash(self._desk, trouble.matter),
            batch=self._batch,
            status=Status.CLOSED if is_over else Status.RECEIVED,
            closed_at=last if is_over else None,
            first_contact_at=trouble.first_at,
            last_contact_at=last,
            age_group=trouble.known.age_group,
            standing=trouble.known.standing,
        )

    def _person(self, name: str, rows: "_Rows") -> UUID:
        """Return the help-seeker called `name`, staging one where the desk knows none."""
        found = self._hashes[name]
        if found not in self._people:
            person = new_id()
            sealed = self._safe.seal(name, holder=self._desk, place=pseudonym_place(person))
            rows.people.append(
                HelpSeeker(
                    id=person,
                    desk_id=self._desk,
                    pseudonym=sealed,
                    pseudonym_hash=found,
                    batch=self._batch,
                )
            )
            self._people[found] = person
        return self._people[found]

    def _contact(self, matter: UUID, record: ContactRecord) -> Contact:
        return Contact(
            desk_id=self._desk,
            consultation_id=matter,
            batch=self._batch,
            at=record.at,
            channel=record.channel,
            action=record.action,
            minutes=record.minutes,
            referred_to=list(record.referred_to),
        )

    def _message(self, matter: UUID, record: ContactRecord) -> Message:
        """Seal what was remarked (備考) under the matter's key."""
        row = new_id()
        words = self._safe.seal(record.remarks, holder=matter, place=words_place(row))
        return Message(id=row, matter_id=matter, kind=Kind.NOTE, at=record.at, words=words)


@dataclass
class _Rows:
    """The rows of one piece."""

    matters: list[Matter] = field(default_factory=list)
    people: list[HelpSeeker] = field(default_factory=list)
    consultations: list[Consultation] = field(default_factory=list)
    marks: list[InfringementMark] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)

    def prepared(self) -> list[Insert]:
        """Return them ready to be written, in the order in which they can be."""
        return [
            Insert(rows)
            for rows in (
                self.matters,
                self.people,
                self.consultations,
                self.marks,
                self.messages,
                self.contacts,
            )
        ]


def in_slices(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """Return `ids` in slices that one query can name."""
    return (ids[at : at + _IDS_TO_A_QUERY] for at in range(0, len(ids), _IDS_TO_A_QUERY))


def _year(trouble: Trouble) -> FiscalYear:
    return FiscalYear.of(trouble.first_at.date())


def _pieces(found: Sequence[Trouble]) -> Iterator[list[Trouble]]:
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
