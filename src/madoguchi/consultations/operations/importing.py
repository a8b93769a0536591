"""Importing contact records (受付記録の取り込み): all of a file or nothing of it."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from madoguchi.consultations.models import Batch, Consultation, InfringementMark
from madoguchi.consultations.operations.inserting import Insert, short_transaction
from madoguchi.consultations.operations.reading import (
    Read,
    RowFault,
    UnableToImportError,
    UnreadableFileError,
    read_records,
)
from madoguchi.consultations.operations.receiving import set_marks
from madoguchi.consultations.operations.staging import (
    OvertakenError,
    Progress,
    Stage,
    Staged,
    begin,
    check_not_overtaken,
    clear,
    in_slices,
    troubles,
)
from madoguchi.desks.queries import books_of
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.models import Matter
from madoguchi.rules.access import Actor, check_may_supervise
from madoguchi.rules.codebooks import UNKNOWN
from madoguchi.rules.consultation import Status
from madoguchi.rules.contact_records import WINDOWS, ContactRecord, Known, Reader, reconciled

SHOWN_FAULTS = 20


@dataclass(frozen=True)
class How:
    """How a file is to be taken: `again` though it was before; `dry_run` to look only."""

    again: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or why it did nothing: the first faults, and how many there are."""

    rows: int
    landed: bool = False
    new_consultations: int = 0
    continued_consultations: int = 0
    faults: tuple[RowFault, ...] = ()
    fault_count: int = 0


def import_contacts(
    *,
    desk: UUID,
    content: bytes,
    actor: Actor | None,
    at: dt.datetime,
    how: How | None = None,
    progress: Progress = lambda _done, _of: None,
) -> ImportResult:
    """Import the file `content` (CSV or xlsx); `actor` None is whoever runs the installation.

    Raises `RefusedError`, `UnreadableFileError` where it is no such file, or its parent
    `UnableToImportError` where it came before or another import overtook it.
    """
    how = how or How()
    if actor:
        check_may_supervise(actor, desk)
    digest = hashlib.sha256(content).hexdigest()
    if not how.again:
        _check_not_taken(desk, digest)
    read = _read(desk, content)
    if read.faults or how.dry_run:
        shown = tuple(read.faults[:SHOWN_FAULTS])
        return ImportResult(rows=len(read.records), faults=shown, fault_count=len(read.faults))
    batch = begin(desk=desk, digest=digest, rows=len(read.records), at=at)
    staged = _stage_and_land(batch, read, actor, at, progress)
    return ImportResult(
        rows=len(read.records),
        landed=True,
        new_consultations=staged.new,
        continued_consultations=len(staged.continued),
    )


def _check_not_taken(desk: UUID, digest: str) -> None:
    if Batch.objects.filter(desk=desk, digest=digest, landed_at__isnull=False).exists():
        raise UnableToImportError(
            "このファイルは取り込みずみです。もう一度取り込むときは --again を付けてください。"
        )


def _stage_and_land(
    batch: Batch, read: Read, actor: Actor | None, at: dt.datetime, progress: Progress
) -> Staged:
    """Take everything that was read, or clear away what was begun."""
    try:
        staged = Stage(batch, troubles(read.records)).run(progress)
        _land(batch, staged, actor, at)
    except OvertakenError as error:
        raise UnableToImportError(
            "同じ窓口でほかの取り込みが始まったため、やめました。何も取り込んでいません。"
        ) from error
    except BaseException:
        clear(batch)
        raise
    return staged


def _read(desk: UUID, content: bytes) -> Read:
    read = read_records(content, Reader(books=books_of(desk), windows=WINDOWS))
    if not read.records and not read.faults:
        raise UnreadableFileError("受付の行がありません。2行目から1行に1件お書きください。")
    return read


def _land(batch: Batch, staged: Staged, actor: Actor | None, at: dt.datetime) -> None:
    """Switch: everything staged counts from now on. One short transaction, one ledger line."""
    messages, held_back = Insert(staged.messages), Insert(staged.held_back)
    with short_transaction():
        _update(staged.continued)
        messages.write()
        held_back.write()
        check_not_overtaken(batch)
        Batch.objects.filter(pk=batch.pk).update(landed_at=at)
        record(
            Deed.CONTACTS_IMPORTED,
            desk=batch.desk_id,
            actor=actor.user if actor else None,
            at=at,
            detail={"digest": batch.digest, "rows": batch.rows},
        )


def _update(continued: dict[UUID, tuple[ContactRecord, ...]]) -> None:
    """Tell consultations that were there before what the file knows of them."""
    for ids in in_slices(sorted(continued)):
        list(Matter.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        rows = list(Consultation.objects.filter(pk__in=ids))
        kinds = _kinds(ids)
        for row in rows:
            before = Known(row.age_group, row.standing, kinds.get(row.pk, frozenset()))
            known = _known(before, row.last_contact_at, continued[row.pk])
            if known.kinds != before.kinds:
                set_marks(row, known.kinds)
            _tell(row, known, continued[row.pk])
        fields = [
            "age_group",
            "standing",
            "first_contact_at",
            "last_contact_at",
            "status",
            "closed_at",
        ]
        Consultation.objects.bulk_update(rows, fields)


def _tell(row: Consultation, known: Known, records: Sequence[ContactRecord]) -> None:
    row.age_group, row.standing = known.age_group, known.standing
    row.first_contact_at = min(row.first_contact_at, records[0].at)
    row.last_contact_at = max(row.last_contact_at, records[-1].at)
    if row.closed_at is not None:
        is_over = all(record.action for record in records)
        row.closed_at = max(row.closed_at, row.last_contact_at) if is_over else None
        row.status = Status.CLOSED if is_over else Status.RECEIVED


def _known(before: Known, last_at: dt.datetime, records: Sequence[ContactRecord]) -> Known:
    """Return what holds: a row later than the last contact outranks what was known, no other."""
    earlier = [record for record in records if record.at < last_at]
    known = before.filled_from(reconciled(earlier))
    for later in records[len(earlier) :]:
        known = known.after(later)
    return known


def _kinds(matters: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """Return the known kinds of infringement of each of `matters`."""
    found: dict[UUID, set[str]] = {}
    rows = InfringementMark.objects.filter(consultation__in=matters)
    for matter, kind in rows.values_list("consultation", "kind"):
        found.setdefault(matter, set()).add(kind)
    return {
        matter: frozenset() if kinds == {UNKNOWN} else frozenset(kinds)
        for matter, kinds in found.items()
    }
