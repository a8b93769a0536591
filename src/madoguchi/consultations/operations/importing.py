"""Importing contact records (受付記録の取り込み): all of a file or nothing of it."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from uuid import UUID

from madoguchi.consultations.models import Batch
from madoguchi.consultations.operations.landing import Landing, land
from madoguchi.consultations.operations.reading import (
    Read,
    RowFault,
    UnableToImportError,
    UnreadableFileError,
    read_records,
)
from madoguchi.consultations.operations.staging import (
    OvertakenError,
    Progress,
    Stage,
    Staged,
    begin,
    clear,
    troubles,
)
from madoguchi.desks.queries import books_of
from madoguchi.rules.access import Actor, check_may_supervise
from madoguchi.rules.contact_records import WINDOWS, Reader

SHOWN_FAULTS = 20
# Clocks differ, and so do zones: what is later than tomorrow is mistyped.
_LEEWAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class How:
    """How a file is to be taken: `again` though it was before; `dry_run` to look only.

    `digest`: of the file that this one was made from, by which it is known again; `left_out`:
    how many of its rows are not in this one.
    """

    again: bool = False
    dry_run: bool = False
    digest: str = ""
    left_out: int = 0


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
    digest = how.digest or hashlib.sha256(content).hexdigest()
    if not how.again:
        _check_not_taken(desk, digest)
    read = _read(desk, content, at)
    if read.faults or how.dry_run:
        shown = tuple(read.faults[:SHOWN_FAULTS])
        return ImportResult(rows=len(read.records), faults=shown, fault_count=len(read.faults))
    batch = begin(desk=desk, digest=digest, rows=len(read.records), at=at)
    if not how.again:  # it may have landed while it was read here
        _check_not_taken(desk, digest, batch)
    staged = _stage_and_land(batch, read, Landing(actor, at, how.left_out), progress)
    return ImportResult(
        rows=len(read.records),
        landed=True,
        new_consultations=staged.new,
        continued_consultations=len(staged.continued),
    )


def _check_not_taken(desk: UUID, digest: str, begun: Batch | None = None) -> None:
    """Refuse a file that came before, and give up what was `begun` of it."""
    if Batch.objects.filter(desk=desk, digest=digest, landed_at__isnull=False).exists():
        if begun:
            clear(begun)
        raise UnableToImportError(
            "このファイルは取り込みずみです。もう一度取り込むときは --again を付けてください。"
        )


def _stage_and_land(batch: Batch, read: Read, landing: Landing, progress: Progress) -> Staged:
    """Take everything that was read, or clear away what was begun."""
    try:
        staged = Stage(batch, troubles(read.records)).run(progress)
        land(batch, staged, landing)
    except OvertakenError as error:
        raise UnableToImportError(
            "同じ窓口でほかの取り込みが始まったため、やめました。何も取り込んでいません。"
        ) from error
    except BaseException:
        clear(batch)
        raise
    return staged


def _read(desk: UUID, content: bytes, at: dt.datetime) -> Read:
    reader = Reader(books=books_of(desk), windows=WINDOWS, latest=at + _LEEWAY)
    read = read_records(content, reader)
    if not read.records and not read.faults:
        raise UnreadableFileError("受付の行がありません。2行目から1行に1件お書きください。")
    return read
