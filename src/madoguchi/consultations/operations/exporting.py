"""Exporting contact records (受付記録の書き出し): the format of the import, the other way."""

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.models import Consultation, Contact, InfringementMark
from madoguchi.consultations.places import mark_place, pseudonym_place
from madoguchi.consultations.queries import COUNTED
from madoguchi.consultations.queries.linking import together_under
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.places import words_place
from madoguchi.desks.queries import books_of
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.access import Actor, check_may_supervise
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.codebooks import UNKNOWN, CodeBook, Table, book_on
from madoguchi.rules.contact_records import COLUMNS, UNCLASSIFIED, guarded
from madoguchi.rules.linking import AsOne
from madoguchi.vault.sealing import Safe

_CHUNK = 500


def export_contacts(*, desk: UUID, actor: Actor | None, at: dt.datetime) -> bytes:
    """Return every contact of `desk` as a CSV file (UTF-8 with BOM, CRLF), in order of time.

    What stands under 備考 are the desk's own notes; a person's own messages stay here.
    """
    if actor:
        check_may_supervise(actor, desk)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    rows = 0
    for row in _rows(desk):
        writer.writerow([guarded(cell) for cell in row])
        rows += 1
    with transaction.atomic():
        record(
            Deed.CONTACTS_EXPORTED,
            desk=desk,
            actor=actor.user if actor else None,
            at=at,
            detail={"rows": rows},
        )
    return text.getvalue().encode("utf-8-sig")


def _rows(desk: UUID) -> Iterator[list[str]]:
    books = books_of(desk)
    labels = _Labels(books)
    safe = Safe(desk)
    contacts = (
        Contact.objects.filter(COUNTED, desk=desk)
        .select_related("consultation__help_seeker", "message")
        .order_by("at", "id")
    )
    for part in _parts(contacts.iterator(chunk_size=_CHUNK)):
        safe.fetch(contact.consultation_id for contact in part if contact.message_id)
        kinds = _kinds(part)
        linked = _linked(part)
        for contact in part:
            own = contact.consultation, _said(contact.consultation, kinds[contact.consultation_id])
            counted = linked.get(contact.consultation.counted_with_id, own)
            yield _row(contact, counted, safe, labels)


def _said(row: Consultation, kinds: Iterable[str]) -> AsOne:
    return AsOne(row.age_group, row.standing, frozenset(kinds))


def _linked(contacts: Iterable[Contact]) -> dict[UUID | None, tuple[Consultation, AsOne]]:
    """Return, of what is linked and counted as one, under whose names, and what it is said to be.

    Whoever imports the file counts as this desk does.
    """
    heads = {contact.consultation.counted_with_id for contact in contacts}
    groups = together_under(head for head in heads if head)
    rows = Consultation.objects.filter(pk__in=groups).select_related("help_seeker")
    return {row.pk: (row, groups[row.pk].said) for row in rows}


def _row(
    contact: Contact, counted: tuple[Consultation, AsOne], safe: Safe, labels: "_Labels"
) -> list[str]:
    consultation, said = counted
    at = in_japan(contact.at)
    on = at.date()
    return [
        at.replace(tzinfo=None).isoformat("T", "minutes"),
        _pseudonym(consultation, safe),
        _mark(consultation, safe),
        labels.of(Table.CHANNEL, contact.channel, on),
        labels.of(Table.AGE_GROUP, said.age_group, on),
        labels.of(Table.STANDING, said.standing, on),
        # Nobody has said yet: written as an import writes it down, so that both stay equal.
        ";".join(
            labels.of(Table.INFRINGEMENT_KIND, kind, on) for kind in sorted(said.kinds) or [UNKNOWN]
        ),
        labels.of(Table.ACTION_TAKEN, contact.action, on) if contact.action else UNCLASSIFIED,
        "" if contact.minutes is None else str(contact.minutes),
        ";".join(contact.referred_to),
        _remarks(contact, safe),
    ]


def _pseudonym(consultation: Consultation, safe: Safe) -> str:
    row = consultation.help_seeker
    opened = safe.open(row.pseudonym, holder=safe.desk, place=pseudonym_place(row.pk))
    return opened or str(row.pk)


def _mark(consultation: Consultation, safe: Safe) -> str:
    place = mark_place(consultation.pk)
    return safe.open(consultation.mark, holder=safe.desk, place=place) or str(consultation.pk)


def _remarks(contact: Contact, safe: Safe) -> str:
    message = contact.message
    if message is None or message.kind != Kind.NOTE:
        return ""
    place = words_place(message.pk)
    return safe.open(message.words, holder=contact.consultation_id, place=place) or ""


def _kinds(contacts: Iterable[Contact]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    matters = {contact.consultation_id for contact in contacts}
    marks = InfringementMark.objects.filter(consultation__in=matters).order_by("kind")
    for matter, kind in marks.values_list("consultation", "kind"):
        found[matter].append(kind)
    return found


def _parts(contacts: Iterator[Contact]) -> Iterator[list[Contact]]:
    while part := list(islice(contacts, _CHUNK)):
        yield part


class _Labels:
    """The labels of a desk's codes, by the book of the day."""

    def __init__(self, books: Sequence[CodeBook]) -> None:
        self._books = books

    def of(self, table: Table, key: str, on: dt.date) -> str:
        book = book_on(self._books, table, on)
        return (book.label_of(key) if book else None) or key
