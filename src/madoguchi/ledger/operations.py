"""Writing in the ledger: one line for each deed, in its transaction, as its last act."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

from django.db import connection

from madoguchi.ledger.models import Entry, Head
from madoguchi.rules.custody import START, canonical, digest_of
from madoguchi.vault.keys import keyed_hash

INSTALLATION = "INSTALLATION"


class Deed(StrEnum):
    """台帳に載ること, beside the steps of each lifecycle."""

    DESK_CREATED = "DESK_CREATED"
    USER_ADDED = "USER_ADDED"
    OPENING_DAYS_RECORDED = "OPENING_DAYS_RECORDED"
    CONTACTS_IMPORTED = "CONTACTS_IMPORTED"
    CONTACTS_EXPORTED = "CONTACTS_EXPORTED"
    SIGNED_IN = "SIGNED_IN"
    RECEIVED = "RECEIVED"
    RECEIPT_MADE = "RECEIPT_MADE"
    MY_PAGE_OPENED = "MY_PAGE_OPENED"
    READ = "READ"
    CLASSIFIED = "CLASSIFIED"
    MEMO_WRITTEN = "MEMO_WRITTEN"
    SAFETY_CHECKED = "SAFETY_CHECKED"
    ERASED = "ERASED"


def seal_of(chain: str, seq: int, digest: str) -> str:
    """Return the seal on a chain's head: only the holder of the key can make it."""
    return keyed_hash("ledger head", chain, str(seq), digest)


def content_of(entry: Entry) -> str:
    """Return the text that an entry's digest covers."""
    return canonical(
        {
            "at": entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "desk": str(entry.desk) if entry.desk else None,
            "matter": str(entry.matter) if entry.matter else None,
            "actor": str(entry.actor) if entry.actor else None,
            "deed": entry.deed,
            "detail": entry.detail,
        }
    )


def record(
    deed: StrEnum,
    *,
    desk: UUID | None,
    at: dt.datetime,
    matter: UUID | None = None,
    actor: UUID | None = None,
    detail: dict[str, str | int | bool | None] | None = None,
) -> None:
    """Write one line: who (None: the person, or the installation) did what, when.

    `detail` holds ids, codes and counts only. The chain's head is the last lock taken.
    """
    assert connection.in_atomic_block
    chain = str(desk) if desk else INSTALLATION
    Head.objects.get_or_create(
        chain=chain, defaults={"seq": 0, "digest": START, "seal": seal_of(chain, 0, START)}
    )
    head = Head.objects.select_for_update().get(chain=chain)
    entry = Entry(
        chain=chain,
        seq=head.seq + 1,
        at=at,
        desk=desk,
        matter=matter,
        actor=actor,
        deed=str(deed),
        detail=detail or {},
        previous=head.digest,
    )
    entry.digest = digest_of(entry.seq, content_of(entry), entry.previous)
    entry.save(force_insert=True)
    head.seq, head.digest = entry.seq, entry.digest
    head.seal = seal_of(chain, head.seq, head.digest)
    head.save(update_fields=["seq", "digest", "seal"])
