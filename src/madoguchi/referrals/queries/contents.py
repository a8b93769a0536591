"""What a hand-over tells: put together from the matter, item by item, and nothing beside."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.queries import contacts_of, kinds_of, particulars_of
from madoguchi.correspondence.models import Attachment, Kind
from madoguchi.correspondence.queries.files import OpenedFile, files_in, original_of
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.desks.queries import books_of
from madoguchi.referrals.models import Referral
from madoguchi.referrals.packing.contents import FORMAT, Content
from madoguchi.referrals.places import referral_place
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.codebooks import CodeBook, Table
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.referral import How, Item
from madoguchi.rules.triage import Urgency
from madoguchi.vault.sealing import Safe

_REACH = ("reply_by", "mail", "telephone", "call_when", "call_as", "voice_mail")
_FACTS = ("wants", "service", "places", "since", "evidence", "who", "lives_here", "safe_now")


def content_of(row: Referral, items: Iterable[Item], at: dt.datetime) -> Content:
    """Return what `row` would tell at the aware instant `at`, were `items` agreed to."""
    told = _Teller(row, at)
    chosen = sorted(items, key=list(Item).index)
    content: Content = {
        "format": FORMAT,
        "id": str(row.pk),
        "made_at": _instant(at),
        "from": {
            "desk": row.desk.name,
            "prefecture": row.desk.prefecture,
            "reference": row.matter.number,
        },
        "to": {"name": row.to_name, "window": row.window or None},
        "reason": told.reason,
        "consent": {
            "items": [str(item) for item in chosen],
            "withheld": [item for item in row.asked if item not in chosen],
            "given_at": _instant(row.consented_at or at),
            "how": row.consented_how or str(How.SPOKEN),
        },
        "urgency": Urgency(told.consultation.urgency).name,
    }
    for item in chosen:
        content |= told.parts[item]()
    return content


def _instant(at: dt.datetime) -> str:
    return in_japan(at).isoformat(timespec="seconds")


class _Teller:
    """One matter, told part by part."""

    def __init__(self, row: Referral, at: dt.datetime) -> None:
        self.row, self.at = row, at
        self.consultation = Consultation.objects.select_related("matter").get(pk=row.matter_id)
        self.books = books_of(row.desk_id)
        self.told: Particulars = particulars_of(self.consultation)
        self.parts: dict[Item, Callable[[], dict[str, Any]]] = {
            Item.STORY: lambda: {"story": self._said(Kind.FROM_PERSON)},
            Item.PARTICULARS: self._particulars,
            Item.NAME: lambda: {"name": self.told.nickname},
            Item.REACH: lambda: {"reach": self._some(_REACH)},
            Item.CONTACTS: self._contacts,
            Item.NOTES: lambda: {"notes": self._said(Kind.NOTE, frozenset(row.notes))},
            Item.FILES: lambda: {"files": [_file_told(*it) for it in numbered_files(row)]},
        }

    @property
    def reason(self) -> str:
        place = referral_place(self.row.pk, "reason")
        return Safe(self.row.desk_id).open(self.row.reason, holder=self.holder, place=place) or ""

    @property
    def holder(self) -> UUID:
        matter: UUID = self.row.matter_id
        return matter

    def _said(self, kind: Kind, chosen: frozenset[str] | None = None) -> list[dict[str, str]]:
        return [
            {"at": _instant(message.at), "words": message.words}
            for message in messages_in(self.row.matter, kind, shown_by=self.at)
            if message.words and (chosen is None or str(message.id) in chosen)
        ]

    def _some(self, names: Iterable[str]) -> dict[str, Any]:
        said = self.told.as_mapping()
        return {
            name: list(said[name]) if isinstance(said[name], tuple) else said[name]
            for name in names
            if name in said
        }

    def _code(self, table: Table, key: str) -> dict[str, str]:
        return {"key": key, "label": label_in(self.books, table, key)}

    def _particulars(self) -> dict[str, Any]:
        row = self.consultation
        facts = self._some(_FACTS)
        facts["age_group"] = self._code(Table.AGE_GROUP, row.age_group)
        facts["standing"] = self._code(Table.STANDING, row.standing)
        kinds = sorted(kinds_of(row))
        facts["kinds"] = [self._code(Table.INFRINGEMENT_KIND, kind) for kind in kinds]
        return {"particulars": facts}

    def _contacts(self) -> dict[str, Any]:
        contacts = [
            {
                "at": _instant(contact.at),
                "channel": self._code(Table.CHANNEL, contact.channel),
                "action": self._code(Table.ACTION_TAKEN, contact.action)
                if contact.action
                else None,
                "referred_to": list(contact.referred_to),
            }
            for contact in contacts_of(self.consultation)
        ]
        return {"contacts": contacts, "replies": self._said(Kind.REPLY)}


def label_in(books: Iterable[CodeBook], table: Table, key: str) -> str:
    """Return the newest label of `key`; the key itself where no book has it."""
    newest = sorted(books, key=lambda book: book.valid_from, reverse=True)
    labels = (book.label_of(key) for book in newest if book.table is table)
    return next((label for label in labels if label), key)


def files_to_choose(row: Consultation, at: dt.datetime) -> list[OpenedFile]:
    """Return the files of a matter that can be handed over: those that may be looked at by `at`."""
    return [file for file in files_in(row.matter, shown_by=at) if file.is_open]


def numbered_files(row: Referral) -> list[tuple[str, OpenedFile]]:
    """Return the chosen files with their paths in the packet: files/01.jpg."""
    chosen = [it for it in files_in(row.matter) if str(it.id) in row.files and it.is_open]
    return [(f"files/{number:02}.{it.media.ending}", it) for number, it in enumerate(chosen, 1)]


def _file_told(path: str, file: OpenedFile) -> dict[str, Any]:
    return {
        "path": path,
        "name": file.name or "",
        "media": str(file.media),
        "size": file.size,
        "sha256": file.digest or "",
    }


def file_contents(row: Referral, content: Content) -> dict[str, bytes]:
    """Return the files that `content` names, by path: as they came, unchanged."""
    named = {file["path"] for file in content.get("files", ())}
    found = {}
    for path, file in numbered_files(row):
        original = original_of(Attachment.objects.get(pk=file.id)) if path in named else None
        if original is not None:
            found[path] = original
    return found
