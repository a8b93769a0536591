"""Moving from an old master key to the current one, so that the old one can be put away.

What is sealed under the keys of matters is not touched: those keys are wrapped anew.
Lookups (receipts, pseudonyms) and the seals of the ledger are made under the
installation's first master key for ever: it is kept in the database, sealed by the current.
"""

from collections import Counter
from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from madoguchi.vault.keys import first_master, keep_first_master, key_id, master_keys
from madoguchi.vault.models import Key
from madoguchi.vault.sealing import name_of_wrapper, wrapped_anew

_AT_ONCE = 500
# What else is sealed under a master key: each moves its own and returns how many it moved.
_movers: list[Callable[[], int]] = []


def moves_secrets(mover: Callable[[], int]) -> Callable[[], int]:
    """Register a function that seals anew what an app keeps by `seal_secret`."""
    _movers.append(mover)
    return mover


def rewrap() -> int:
    """Put everything under the current master key; return how many things were under another."""
    moved = sum(mover() for mover in _movers)
    last: UUID | None = None
    while True:
        with transaction.atomic():
            rows = Key.objects.select_for_update().order_by("pk")
            some = list((rows.filter(pk__gt=last) if last else rows)[:_AT_ONCE])
            old = [row for row in some if not _is_current(row)]
            for row in old:
                row.wrapped = wrapped_anew(row)
            Key.objects.bulk_update(old, ["wrapped"])
        moved += len(old)
        if not some:
            break
        last = some[-1].pk
    keep_first_master(first_master())
    return moved


def _is_current(row: Key) -> bool:
    return name_of_wrapper(row) == key_id(master_keys()[0])


def counted_by_wrapper() -> Counter[str]:
    """Return how many keys each master key has wrapped, by its number (8 hexadecimal digits)."""
    rows = Key.objects.order_by().iterator(chunk_size=2000)
    return Counter(name_of_wrapper(row).hex() for row in rows)
