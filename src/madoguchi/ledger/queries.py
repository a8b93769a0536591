"""Reading the ledger, and proving that it holds."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError
from django.db.models import Max, QuerySet

from madoguchi.ledger.chain import INSTALLATION, Deed, content_of, seal_of
from madoguchi.ledger.models import Entry, Head
from madoguchi.rules.access import Actor, check_may_work_on
from madoguchi.rules.custody import Link, first_broken


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold: its first broken entry.

    Without a sound head (missing, or not sealed by this key) nothing after the start is
    proved, and `seq` is the first entry that is not.
    """

    chain: str
    seq: int
    has_sound_head: bool = True

    @property
    def is_a_desk(self) -> bool:
        """Tell whether the chain is a desk's, or the installation's."""
        return self.chain != INSTALLATION


# What comes of a row that somebody has written junk into, past the models.
_UNREADABLE = (ValueError, TypeError, AttributeError, KeyError, OverflowError, DatabaseError)


def _links(chain: str, *, to: int | None = None) -> Iterator[Link]:
    entries = Entry.objects.filter(chain=chain).order_by("seq")
    if to is not None:
        entries = entries.filter(seq__lte=to)
    seq = 0
    try:
        for entry in entries.iterator(chunk_size=2000):
            link = Link(entry.seq, content_of(entry), entry.previous, entry.digest)
            yield link
            seq = link.seq
    except _UNREADABLE:
        # The next entry is no entry of ours: no digest is that of nothing.
        yield Link(seq + 1, "", "", "")


def _grew_without_its_head(chain: str) -> int | None:
    """Return the first seq beyond the chain's head, or None.

    The head is asked last: whoever writes meanwhile writes entry and head together.
    """
    last = Entry.objects.filter(chain=chain).aggregate(last=Max("seq"))["last"] or 0
    head = Head.objects.get(chain=chain).seq
    return head + 1 if last > head else None


def _break_in(chain: str) -> Break | None:
    head = Head.objects.filter(chain=chain).first()
    if head is None or head.seal != seal_of(chain, head.seq, head.digest):
        held = first_broken(_links(chain), head_seq=-1, head_digest="")
        return Break(chain, held or 1, has_sound_head=False)
    broken = first_broken(_links(chain, to=head.seq), head_seq=head.seq, head_digest=head.digest)
    if broken is None:
        broken = _grew_without_its_head(chain)
    return None if broken is None else Break(chain, broken)


def _founded() -> set[str]:
    """Return the chains of all desks ever founded, as the installation's chain says."""
    told = Entry.objects.filter(chain=INSTALLATION, deed=Deed.DESK_CREATED)
    founded: set[str] = set()
    try:
        for detail in told.order_by("seq").values_list("detail", flat=True).iterator():
            founded.add(str(detail["desk"]))
    except _UNREADABLE:
        pass  # the installation's own chain is broken there, and it is looked at first
    return founded


def chains_of(desks: Iterable[UUID], *, others: bool) -> list[str]:
    """Return the chains of `desks` and the installation's, which comes first.

    With `others`, also those of desks whose row, entries or head are gone: as long as
    one of them is left, or the installation's chain remembers that they were founded.
    """
    chains = {str(desk) for desk in desks}
    if others:
        chains |= set(Entry.objects.order_by().values_list("chain", flat=True).distinct())
        chains |= set(Head.objects.values_list("chain", flat=True))
        chains |= _founded()
    # The installation's chain starts when its first desk is founded.
    return [INSTALLATION, *sorted(chains - {INSTALLATION})] if chains else []


def first_break(desks: Iterable[UUID], *, others: bool) -> Break | None:
    """Return the first broken entry in the chains of `desks` and the installation's, or None.

    A desk is founded by an entry, so a desk without a chain is broken at 1. `others`: see
    `chains_of`.
    """
    chains = chains_of(desks, others=others)
    return next((found for chain in chains if (found := _break_in(chain))), None)


def count_in(chains: Iterable[str]) -> int:
    """Return how many entries `chains` hold together."""
    return Entry.objects.filter(chain__in=list(chains)).count()


def erased_matters() -> set[UUID]:
    """Return the matters that were erased (消去), of all desks."""
    rows = Entry.objects.filter(deed=Deed.ERASED).values_list("matter", flat=True)
    return {matter for matter in rows if matter}


def of_matter(actor: Actor, desk: UUID, matter: UUID) -> QuerySet[Entry]:
    """Return what was done in a matter, newest first, for those who may work on it."""
    check_may_work_on(actor, desk)
    return Entry.objects.filter(matter=matter, desk=desk).order_by("-seq")


def has_read_since(actor: UUID, matter: UUID, since: dt.datetime) -> bool:
    """Tell whether `actor` opened `matter` after `since`."""
    return Entry.objects.filter(matter=matter, actor=actor, deed=Deed.READ, at__gt=since).exists()


def seq_of(desk: UUID) -> int:
    """Return how many deeds the chain of `desk` holds."""
    return Head.objects.filter(chain=str(desk)).values_list("seq", flat=True).first() or 0


def deeds_since(desk: UUID, seq: int) -> tuple[int, list[tuple[str, UUID | None]]]:
    """Return how far the chain of `desk` goes, and the deeds after `seq` with their matters."""
    last = seq_of(desk)
    if last == seq:
        return last, []
    entries = Entry.objects.filter(chain=str(desk), seq__gt=seq, seq__lte=last).order_by("seq")
    return last, list(entries.values_list("deed", "matter"))
