"""Reading files: what is known of them, their pages, the originals."""

import base64
import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from madoguchi.correspondence.models.files import Attachment, Origin, Posting, Verdict
from madoguchi.correspondence.places import (
    address_place,
    original_place,
    preview_place,
    told_place,
)
from madoguchi.matters.models import Matter
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.files import Media
from madoguchi.vault import contents
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class OpenedFile:
    """A file as a page shows it. `name` is None where it was erased."""

    id: UUID
    message: UUID | None
    origin: Origin
    media: Media
    size: int
    pages: int
    at: dt.datetime
    author: str | None
    name: str | None
    digest: str | None
    verdict: Verdict
    is_set_aside: bool
    is_deleted: bool
    drawn: int  # how many pages can be looked at

    @property
    def is_undrawn(self) -> bool:
        """Whether it did not open: only the original is there."""
        return self.is_open and not self.drawn

    @property
    def kind(self) -> str:
        """How its kind is called."""
        return self.media.ending.upper().replace("JPG", "JPEG")

    @property
    def page_numbers(self) -> range:
        """The pages that can be looked at."""
        return range(1, self.drawn + 1) if self.is_open else range(0)

    @property
    def is_open(self) -> bool:
        """Whether it can be looked at."""
        return not (self.is_set_aside or self.is_deleted or self.name is None)

    @property
    def is_for_keeping(self) -> bool:
        """Whether the person may keep it as it is: a paper of the desk."""
        return self.origin is Origin.DESK and self.media is Media.PDF and self.is_open


def _told(row: Attachment, safe: Safe) -> dict[str, str] | None:
    """Return what is known of a file; None where it was erased."""
    told = safe.open(row.told, holder=row.holder, place=told_place(row.pk))
    return json.loads(told) if told else None


def _opened(row: Attachment, safe: Safe) -> OpenedFile:
    told = _told(row, safe)
    return OpenedFile(
        id=row.pk,
        message=row.message_id,
        origin=Origin(row.origin),
        media=Media(row.media),
        size=row.size,
        pages=row.pages,
        at=row.at,
        author=row.author.name if row.author else None,
        name=told["name"] if told else None,
        digest=told["digest"] if told else None,
        verdict=Verdict(row.verdict),
        is_set_aside=row.set_aside_at is not None,
        is_deleted=not row.address,
        drawn=len(row.previews),
    )


def _all_opened(desk: UUID, rows: Iterable[Attachment]) -> list[OpenedFile]:
    found, safe = list(rows), Safe(desk)
    safe.fetch(row.holder for row in found)
    return [_opened(row, safe) for row in found]


def files_in(matter: Matter, *, shown_by: dt.datetime | None = None) -> list[OpenedFile]:
    """Return the files that came or went in a matter, oldest first. The caller asked who reads.

    `shown_by`: none that goes with a reply which the person cannot see by then.
    """
    rows = Attachment.objects.filter(matter=matter, message__isnull=False)
    if shown_by is not None:
        rows = rows.filter(Q(message__shown_at=None) | Q(message__shown_at__lte=shown_by))
    return _all_opened(matter.desk_id, rows.select_related("author").order_by("at", "id"))


def files_beside(actor: Actor, draft: UUID) -> list[OpenedFile]:
    """Return the files that lie beside a draft of the actor's own."""
    rows = Attachment.objects.filter(draft=draft, draft__author=actor.user, desk=actor.desk)
    return _all_opened(actor.desk, rows.select_related("author").order_by("at", "id"))


def files_held(actor: Actor, approvals: Iterable[UUID]) -> dict[UUID, list[OpenedFile]]:
    """Return the files of replies that wait for their second reader, by what was asked."""
    found: dict[UUID, list[OpenedFile]] = defaultdict(list)
    rows = Attachment.objects.filter(approval__in=list(approvals), desk=actor.desk)
    whose = dict(rows.values_list("pk", "approval"))
    ordered = rows.select_related("author").order_by("at", "id")
    for file in _all_opened(actor.desk, ordered) if whose else ():
        found[whose[file.id]].append(file)
    return dict(found)


def by_message(files: Iterable[OpenedFile]) -> dict[UUID, list[OpenedFile]]:
    """Return files by the message they came with."""
    found: dict[UUID, list[OpenedFile]] = defaultdict(list)
    for file in files:
        if file.message:
            found[file.message].append(file)
    return dict(found)


def in_tray(actor: Actor) -> list[OpenedFile]:
    """Return the scans in the tray (トレイ) of the actor's desk, the oldest first."""
    try:
        check_may_work_on(actor, actor.desk)
    except RefusedError:
        return []
    rows = Attachment.objects.filter(desk=actor.desk, matter=None, origin=Origin.SCAN)
    return _all_opened(actor.desk, rows.select_related("author").order_by("at", "id"))


def scans_waiting(desk: UUID) -> QuerySet[Attachment]:
    """Return the scans that wait in the tray of `desk`."""
    return Attachment.objects.filter(desk=desk, matter=None, origin=Origin.SCAN)


def file_in(matter: Matter, attachment: UUID) -> OpenedFile | None:
    """Return one file of a matter; None for any other. The caller has asked who reads."""
    row = Attachment.objects.filter(matter=matter, pk=attachment).select_related("author").first()
    return _opened(row, Safe(matter.desk_id)) if row else None


def key_of(row: Attachment) -> bytes | None:
    """Return the key of a file's contents; None where it was erased."""
    told = _told(row, Safe(row.desk_id))
    return base64.b64decode(told["key"]) if told else None


def original_of(row: Attachment) -> bytes | None:
    """Return a file as it came; None where it was erased."""
    key = key_of(row) if row.address else None
    if key is None:
        return None
    return contents.fetch(row.address, key=key, place=original_place(row.pk))


def page_of(matter: UUID | None, attachment: UUID, page: int, *, desk: UUID) -> bytes | None:
    """Return a page as it was drawn (JPEG); None where there is none to be shown.

    `matter` None: of a scan in the tray of `desk`. The caller has asked who reads.
    """
    rows = Attachment.objects.filter(desk=desk, matter=matter, set_aside_at=None)
    row = rows.filter(pk=attachment).first()
    if row is None or not 0 < page <= len(row.previews):
        return None
    key = key_of(row)
    if key is None:
        return None
    return contents.fetch(row.previews[page - 1], key=key, place=preview_place(row.pk, page))


def paper_of(matter: Matter, attachment: UUID) -> bytes | None:
    """Return a paper of the desk as the person may keep it; None for any other file."""
    file = file_in(matter, attachment)
    if file is None or not file.is_for_keeping:
        return None
    return original_of(Attachment.objects.get(pk=attachment))


@dataclass(frozen=True)
class OpenedPosting:
    """A letter on its way: to whom. `address` is None where it was erased."""

    id: UUID
    message: UUID
    channel: str
    address: str | None


def postings_in(matter: Matter) -> dict[UUID, OpenedPosting]:
    """Return the letters of a matter, by the reply they carry. The caller has asked who reads."""
    safe = Safe(matter.desk_id)
    return {
        row.message_id: OpenedPosting(
            id=row.pk,
            message=row.message_id,
            channel=row.channel,
            address=safe.open(row.address, holder=matter.pk, place=address_place(row.pk)),
        )
        for row in Posting.objects.filter(message__matter=matter)
    }
