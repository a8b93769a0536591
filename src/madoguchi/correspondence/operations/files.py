"""Files in and out: made ready before a deed begins, attached within it, set aside, deleted.

Making ready (looking, scanning, drawing, sealing) takes seconds and needs no database: it
comes before the transaction, so that nobody waits for it.
"""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from madoguchi.correspondence.models.files import Attachment, Origin, Verdict
from madoguchi.correspondence.models.words import Draft, Message
from madoguchi.correspondence.operations.words import own_draft
from madoguchi.correspondence.places import original_place, preview_place, told_place
from madoguchi.correspondence.previewing import Preview, UnreadableFileError, preview_of
from madoguchi.correspondence.queries.files import original_of
from madoguchi.correspondence.scanning import Scanner
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.models import Approval, Matter
from madoguchi.matters.operations import lock
from madoguchi.rules.access import Actor, RefusedError, check_may_supervise, check_may_work_on
from madoguchi.rules.files import Given, Media, fits, media_of, objection_to
from madoguchi.vault import contents, sealing
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class Ready:
    """A file made ready: its contents are sealed and kept, nothing is in the database yet."""

    id: UUID
    name: str
    media: Media
    size: int
    pages: int
    verdict: Verdict
    told: str  # to be sealed with the row
    address: str
    previews: tuple[str, ...]

    @property
    def is_undrawn(self) -> bool:
        """Whether it does not open (broken, locked, too large): only its original is there."""
        return not self.previews and self.verdict is not Verdict.INFECTED


@contextmanager
def made_ready(given: Sequence[Given], scan: Scanner) -> Iterator[tuple[Ready, ...]]:
    """Make files ready for what is done within; where that fails, nothing of them is left.

    What does not open is kept without a preview. Raises `RefusedError` for what the rules do
    not take.
    """
    if why := objection_to(given):
        raise RefusedError(why)
    ready: list[Ready] = []
    try:
        ready.extend(_made_ready(file, scan) for file in given)
        yield tuple(ready)
    except BaseException:
        contents.forget(it for file in ready for it in (file.address, *file.previews))
        raise


def _made_ready(file: Given, scan: Scanner) -> Ready:
    media = media_of(file.content)
    if media is None:
        raise RefusedError("file-kind")
    row, key = new_id(), contents.new_content_key()
    verdict = scan(file.content)
    # What is infected is not even drawn.
    drawn = None if verdict is Verdict.INFECTED else _drawn(file.content, media)
    told = {
        "name": file.short_name,
        "digest": hashlib.sha256(file.content).hexdigest(),
        "key": base64.b64encode(key).decode(),
    }
    pages = enumerate(drawn.drawn if drawn else (), start=1)
    return Ready(
        id=row,
        name=file.short_name,
        media=media,
        size=len(file.content),
        pages=drawn.pages if drawn else 0,
        verdict=verdict,
        told=json.dumps(told, ensure_ascii=False),
        address=contents.keep(file.content, key=key, place=original_place(row)),
        previews=tuple(
            contents.keep(page, key=key, place=preview_place(row, at)) for at, page in pages
        ),
    )


def _drawn(content: bytes, media: Media) -> Preview | None:
    """Return what a file looks like; None where it does not open."""
    try:
        return preview_of(content, media)
    except UnreadableFileError:
        return None


@dataclass(frozen=True)
class With:
    """Where files belong: a message, a draft, or (neither) the tray; who brought them, when."""

    message: Message | None
    origin: Origin
    at: dt.datetime
    author: UUID | None = None
    draft: Draft | None = None


def attach(
    ready: Sequence[Ready], beside: With, *, desk: UUID, matter: Matter | None
) -> list[Attachment]:
    """Attach files within the deed they belong to, which has locked `matter`."""
    assert connection.in_atomic_block
    if matter and not _has_room(matter, ready):
        raise RefusedError("files-full")
    safe = Safe(desk)
    return Attachment.objects.bulk_create(
        Attachment(
            id=file.id,
            desk_id=desk,
            matter=matter,
            message=beside.message,
            draft=beside.draft,
            origin=beside.origin,
            media=file.media,
            size=file.size,
            pages=file.pages,
            at=beside.at,
            author_id=beside.author,
            verdict=file.verdict,
            set_aside_at=beside.at if file.verdict is Verdict.INFECTED else None,
            told=safe.seal(
                file.told, holder=matter.pk if matter else file.id, place=told_place(file.id)
            ),
            address=file.address,
            previews=list(file.previews),
        )
        for file in ready
    )


def enclose(files: Sequence[Ready | Attachment], beside: With, *, matter: Matter) -> None:
    """Let files go with a message: those just made ready, and those that lay beside its draft."""
    ready = [it for it in files if isinstance(it, Ready)]
    attach(ready, beside, desk=matter.desk_id, matter=matter)
    lying = [it.pk for it in files if isinstance(it, Attachment)]
    Attachment.objects.filter(pk__in=lying, matter=matter).update(
        message=beside.message, draft=None, approval=None, at=beside.at
    )


def lay_beside(*, actor: Actor, draft: UUID, ready: Sequence[Ready], at: dt.datetime) -> None:
    """Lay files beside what `actor` writes in a matter: they go out with it, or not at all."""
    with transaction.atomic():
        row = own_draft(actor, draft)
        if row.matter is None:
            raise RefusedError("draft-gone")
        locked = lock(row.matter.pk)
        beside = With(None, Origin.DESK, at, actor.user, row)
        attach(ready, beside, desk=row.desk_id, matter=locked)


def take_beside(draft: Draft) -> list[Attachment]:
    """Take the files that lie beside a draft, within the deed that it becomes."""
    assert connection.in_atomic_block
    rows = list(Attachment.objects.select_for_update().filter(draft=draft).order_by("at", "pk"))
    Attachment.objects.filter(draft=draft).update(draft=None)
    return rows


def drop_beside(*, actor: Actor, draft: UUID, attachment: UUID) -> None:
    """Take a file away from what `actor` writes; nobody has seen it, nothing of it is kept."""
    with transaction.atomic():
        row = Attachment.objects.filter(pk=attachment, draft=own_draft(actor, draft)).first()
        if row is None:
            raise RefusedError("file-gone")
        gone = row.contents
        row.delete()
        transaction.on_commit(lambda: contents.forget(gone))


def hold(files: Sequence[Attachment], approval: Approval) -> None:
    """Keep files with a reply that waits for its second reader, within that deed."""
    assert connection.in_atomic_block
    Attachment.objects.filter(pk__in=[it.pk for it in files]).update(approval=approval)


def give_back(*, draft: Draft, approval: UUID | None = None, message: UUID | None = None) -> None:
    """Lay the files of a held or withdrawn reply beside its draft again, within that deed."""
    assert connection.in_atomic_block
    of = {"approval": approval} if approval else {"message": message}
    rows = Attachment.objects.filter(matter=draft.matter_id, **of)
    rows.update(approval=None, message=None, draft=draft)


def _has_room(matter: Matter, ready: Sequence[Ready]) -> bool:
    kept = Attachment.objects.filter(matter=matter).aggregate(
        number=Count("pk"), size=Coalesce(Sum("size"), 0)
    )
    return fits(kept["number"], kept["size"], [it.size for it in ready])


def put_in_tray(*, actor: Actor, ready: Sequence[Ready], at: dt.datetime) -> None:
    """Put scans of FAXes and letters into the desk's tray (トレイ)."""
    with transaction.atomic():
        check_may_work_on(actor, actor.desk)
        beside = With(message=None, origin=Origin.SCAN, at=at, author=actor.user)
        attach(ready, beside, desk=actor.desk, matter=None)
        detail = {"files": len(ready)}
        record(Deed.SCANS_ADDED, desk=actor.desk, actor=actor.user, at=at, detail=detail)


def _in_tray(actor: Actor, scans: Sequence[UUID]) -> list[Attachment]:
    """Lock scans that still lie in the tray of the actor's desk, or refuse."""
    check_may_work_on(actor, actor.desk)
    tray = Attachment.objects.select_for_update().filter(desk=actor.desk, matter=None)
    rows = list(tray.filter(pk__in=scans).order_by("pk"))
    if not rows or len(rows) != len(set(scans)):
        raise RefusedError("scan-gone")
    return rows


def take_from_tray(*, actor: Actor, scans: Sequence[UUID], message: Message) -> None:
    """Give scans to `message`, within the deed that counts it: they are sealed for its matter."""
    assert connection.in_atomic_block
    safe, matter = Safe(actor.desk), message.matter
    for row in _in_tray(actor, scans):
        told = safe.open(row.told, holder=row.holder, place=told_place(row.pk)) or ""
        sealing.erase(row.holder)
        row.told = safe.seal(told, holder=matter.pk, place=told_place(row.pk))
        row.matter, row.message = matter, message
        row.save(update_fields=["told", "matter", "message"])


def drop_scan(*, actor: Actor, scan: UUID, at: dt.datetime) -> None:
    """Throw a scan out of the tray: put in by mistake, or twice."""
    with transaction.atomic():
        (row,) = _in_tray(actor, [scan])
        gone = row.contents
        row.delete()
        sealing.erase(scan)
        record(Deed.SCAN_DROPPED, desk=actor.desk, actor=actor.user, at=at)
        transaction.on_commit(lambda: contents.forget(gone))


def _locked(actor: Actor, matter: UUID, attachment: UUID) -> Attachment:
    check_may_work_on(actor, lock(matter).desk_id)
    rows = Attachment.objects.select_for_update().filter(matter=matter)
    row = rows.filter(pk=attachment).first()
    if row is None or not row.address:
        raise RefusedError("file-gone")
    return row


def take_original(
    *, actor: Actor, matter: UUID, attachment: UUID, at: dt.datetime, scan: Scanner
) -> bytes:
    """Return a file as it came, scanned once more with what is known today.

    Refused where it is set aside; set aside where something is found now.
    """
    check_may_work_on(actor, actor.desk)
    row = Attachment.objects.filter(pk=attachment, matter=matter, desk=actor.desk).first()
    if row is None or not row.address:
        raise RefusedError("file-gone")
    content = original_of(row)
    verdict = scan(content) if content is not None else row.verdict
    with transaction.atomic():
        row = _locked(actor, matter, attachment)
        if verdict is not Verdict.UNSCANNED:
            row.verdict = verdict
        if verdict is Verdict.INFECTED:
            row.set_aside_at = row.set_aside_at or at
        row.save(update_fields=["verdict", "set_aside_at"])
        is_given = content is not None and row.set_aside_at is None
        _note(Deed.FILE_TAKEN if is_given else Deed.FILE_SET_ASIDE, actor, row, at)
    if content is None or not is_given:
        raise RefusedError("file-set-aside")
    return content


def set_aside(*, actor: Actor, matter: UUID, attachment: UUID, at: dt.datetime) -> None:
    """Set a file aside (隔離): its drawings go, the original stays sealed, opened for nobody."""
    with transaction.atomic():
        row = _locked(actor, matter, attachment)
        gone, row.previews = row.previews, []
        row.set_aside_at = row.set_aside_at or at
        row.save(update_fields=["previews", "set_aside_at"])
        _note(Deed.FILE_SET_ASIDE, actor, row, at)
        transaction.on_commit(lambda: contents.forget(gone))


def delete_file(*, actor: Actor, matter: UUID, attachment: UUID, at: dt.datetime) -> None:
    """Delete a file for good (消去). That it was there stays known; only a supervisor may."""
    with transaction.atomic():
        row = _locked(actor, matter, attachment)
        check_may_supervise(actor, row.desk_id)
        gone = row.contents
        row.address, row.previews, row.told = "", [], b""
        row.save(update_fields=["address", "previews", "told"])
        _note(Deed.FILE_DELETED, actor, row, at)
        transaction.on_commit(lambda: contents.forget(gone))


def _note(deed: Deed, actor: Actor, row: Attachment, at: dt.datetime) -> None:
    detail = {"file": str(row.pk)}
    record(deed, desk=row.desk_id, matter=row.matter_id, actor=actor.user, at=at, detail=detail)


def sweep(*, at: dt.datetime) -> int:
    """Delete contents that no row names: of deeds that failed half-way.

    Returns how many. What is younger than a day may belong to a deed that goes on.
    """
    known = {it for row in Attachment.objects.only("address", "previews") for it in row.contents}
    gone = contents.strays(known, at - dt.timedelta(days=1))
    contents.forget(gone)
    return len(gone)
