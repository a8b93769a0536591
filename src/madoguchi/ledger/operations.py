"""Writing in the ledger: one line for each deed, in its transaction, as its last act."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from django.db import connection

from madoguchi.ledger.chain import INSTALLATION, content_of, seal_of
from madoguchi.ledger.models import Entry, Head
from madoguchi.rules.custody import START, digest_of


def record(
    deed: StrEnum,
    *,
    desk: UUID | None,
    at: dt.datetime,
    matter: UUID | None = None,
    actor: UUID | None = None,
    detail: Mapping[str, str | int | bool | None] | None = None,
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
        detail=dict(detail or {}),
        previous=head.digest,
    )
    entry.digest = digest_of(entry.seq, content_of(entry), entry.previous)
    entry.save(force_insert=True)
    head.seq, head.digest = entry.seq, entry.digest
    head.seal = seal_of(chain, head.seq, head.digest)
    head.save(update_fields=["seq", "digest", "seal"])
