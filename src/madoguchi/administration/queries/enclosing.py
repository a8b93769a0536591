"""The files that go with a person's record: under which names, and which stay behind.

Their own names may tell of somebody: in the record they are numbered by matter.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from madoguchi.consultations.models import Consultation
from madoguchi.correspondence.models import Attachment, Kind, Message, Origin
from madoguchi.correspondence.queries.files import OpenedFile, files_in, original_of, page_of
from madoguchi.rules.calendar import clock, in_japan, wareki

_ORIGINS = {
    Origin.PERSON: "相談者から",
    Origin.DESK: "窓口から",
    Origin.SCAN: "FAX・手紙の読み取り",
}


@dataclass(frozen=True)
class Enclosed:
    """A file of `matter` (of `desk`) and its place in the record, without folder and ending."""

    desk: UUID
    matter: UUID
    file: OpenedFile
    stem: str

    @property
    def original(self) -> str:
        """Where it stands as it came."""
        return f"files/{self.stem}.{self.file.media.ending}"

    @property
    def previews(self) -> list[str]:
        """Where its pages stand as they were drawn anew, from the first on."""
        return [f"previews/{self.stem}-{page:03}.jpg" for page in self.file.page_numbers]

    @property
    def told(self) -> dict[str, Any]:
        """What the record says of it."""
        return {
            "名前": self.file.name or "",
            "種類": kind_of(self.file),
            "大きさ": self.file.size,
            "だれから": _ORIGINS[self.file.origin],
            "日時": f"{wareki(in_japan(self.file.at).date())}{clock(self.file.at)}",
            **self._place,
        }

    @property
    def _place(self) -> dict[str, Any]:
        if self.file.is_open:
            return {"もとのファイル": self.original, "描きなおした画像": self.previews}
        is_gone = self.file.is_deleted or self.file.name is None
        why = "消去ずみ" if is_gone else "入れていません（隔離したファイルです）"
        return {"もとのファイル": why}


def kind_of(file: OpenedFile) -> str:
    """Return how a person would call the kind of `file`."""
    return "画像" if file.media.is_image else "PDF"


def enclosed_with(
    row: Consultation, *, with_memos: bool, at: dt.datetime | None = None
) -> list[Enclosed]:
    """Return the files of `row`, oldest first; those of memos only where memos are given.

    `at`: none of a reply that the person cannot see by then.
    """
    memos = Message.objects.filter(matter=row.pk, kind=Kind.MEMO).values_list("pk", flat=True)
    left_out = set() if with_memos else set(memos)
    sent = files_in(row.matter, shown_by=at)
    files = [it for it in sent if it.message not in left_out]
    return [
        Enclosed(row.desk_id, row.pk, file, f"{row.matter.number}-{at:02}")
        for at, file in enumerate(files, start=1)
    ]


def contents_of(enclosed: Iterable[Enclosed]) -> Iterator[tuple[str, bytes]]:
    """Return path and bytes of what may be opened, one by one. The caller has asked who reads."""
    for it in enclosed:
        if not it.file.is_open:
            continue
        original = original_of(Attachment.objects.get(pk=it.file.id))
        if original is not None:
            yield it.original, original
        for page, path in zip(it.file.page_numbers, it.previews, strict=True):
            drawn = page_of(it.matter, it.file.id, page, desk=it.desk)
            if drawn is not None:
                yield path, drawn
