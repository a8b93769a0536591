"""Reading the ledger, and proving that it holds."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from madoguchi.ledger.chain import INSTALLATION, Deed, content_of, seal_of
from madoguchi.ledger.models import Entry, Head
from madoguchi.rules.access import Actor, check_may_work_on
from madoguchi.rules.custody import Link, first_broken


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold: its first broken entry."""

    chain: str
    seq: int


def _links(chain: str) -> Iterator[Link]:
    for entry in Entry.objects.filter(chain=chain).order_by("seq").iterator(chunk_size=2000):
        yield Link(entry.seq, content_of(entry), entry.previous, entry.digest)


def _break_in(chain: str) -> Break | None:
    head = Head.objects.filter(chain=chain).first()
    if head is None or head.seal != seal_of(chain, head.seq, head.digest):
        # Without a sound head nothing proves where the chain ended.
        held = first_broken(_links(chain), head_seq=-1, head_digest="")
        return Break(chain, held if held and held > 0 else 1)
    broken = first_broken(_links(chain), head_seq=head.seq, head_digest=head.digest)
    return None if broken is None else Break(chain, broken)


def first_break(desks: Iterable[UUID], *, others: bool) -> Break | None:
    """Return the first broken entry in the chains of `desks` and the installation's, or None.

    A desk is founded by an entry, so a desk without a chain is broken at 1. With `others`,
    chains of desks whose row is gone are looked at too.
    """
    chains = {str(desk) for desk in desks}
    if others:
        chains |= set(Entry.objects.order_by().values_list("chain", flat=True).distinct())
        chains |= set(Head.objects.values_list("chain", flat=True))
    # The installation's chain starts when its first desk is founded.
    if chains:
        chains.add(INSTALLATION)
    return next((found for chain in sorted(chains) if (found := _break_in(chain))), None)


def of_matter(actor: Actor, desk: UUID, matter: UUID) -> QuerySet[Entry]:
    """Return what was done in a matter, newest first, for those who may work on it."""
    check_may_work_on(actor, desk)
    return Entry.objects.filter(matter=matter, desk=desk).order_by("-seq")


def has_read_since(actor: UUID, matter: UUID, since: dt.datetime) -> bool:
    """Tell whether `actor` opened `matter` after `since`."""
    return Entry.objects.filter(matter=matter, actor=actor, deed=Deed.READ, at__gt=since).exists()
