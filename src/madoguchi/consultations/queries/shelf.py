"""What a desk's matters say, opened, in this process's memory only: nothing readable on disk.

It is opened when somebody first searches, the latest matters first and only as far as the search
must go, and kept in step by the desk's ledger: every deed is a line there, in order and without
a gap, so the lines since the last search name every matter that may say something else now.
See docs/decisions/0080.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from uuid import UUID

from madoguchi.consultations.models import AffectedPerson, Consultation, Identifier, Proxy
from madoguchi.consultations.places import (
    affected_place,
    headline_place,
    identifier_place,
    mark_place,
    particulars_place,
    proxy_place,
    pseudonym_place,
)
from madoguchi.consultations.queries import visible_to
from madoguchi.correspondence.models import Kind, Message, Side
from madoguchi.correspondence.models import Line as Chat
from madoguchi.correspondence.places import line_place, words_place
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.queries import deeds_since, seq_of
from madoguchi.rules.access import Actor
from madoguchi.rules.searching import folded, likeness, pairs_of
from madoguchi.vault.sealing import Safe

_CHUNK = 500
# Told by the person in words; the rest are codes.
_IN_WORDS = ("nickname", "places", "since", "telephone", "call_when", "call_as")
# Deeds after which no words are others than before.
_SAY_NOTHING = {Deed.READ, Deed.SEARCHED, Deed.SIGNED_IN, Deed.MY_PAGE_OPENED}
# Deeds that change many matters at once.
_CHANGE_MANY = {Deed.CONTACTS_IMPORTED, Deed.ERASED}
_BOUNDARY = "\x1f"

# Where something was found: kept as codes, said by the templates.
NUMBER, HEADLINE, TOLD, PEOPLE, CLUE, PSEUDONYM = (
    "NUMBER",
    "HEADLINE",
    "TOLD",
    "PEOPLE",
    "CLUE",
    "PSEUDONYM",
)
Texts = list[tuple[str, str]]  # where, and what stands there


def texts_of(desk: UUID, matters: Sequence[UUID]) -> dict[UUID, Texts]:
    """Open every word of `matters` of `desk`; words that were erased are left out."""
    safe = Safe(desk)
    safe.fetch([*matters, desk])
    found: dict[UUID, Texts] = {matter: [] for matter in matters}
    for matter, where, text in _opened(safe, matters):
        if text:
            found[matter].append((where, text))
    return found


def _opened(safe: Safe, matters: Sequence[UUID]) -> Iterator[tuple[UUID, str, str | None]]:
    rows = Consultation.objects.filter(pk__in=matters).values_list(
        "pk", "matter__number", "headline", "particulars", "batch"
    )
    imported = []
    for pk, number, headline, particulars, batch in rows:
        yield pk, NUMBER, number
        yield pk, HEADLINE, safe.open(headline, holder=pk, place=headline_place(pk))
        told = safe.open(particulars, holder=pk, place=particulars_place(pk))
        yield pk, TOLD, _in_words(told) if told else None
        if batch is not None:
            imported.append(pk)
    words = Message.objects.filter(matter__in=matters).order_by("at", "id")
    for row, pk, kind, sealed in words.values_list("pk", "matter", "kind", "words"):
        yield pk, kind, safe.open(sealed, holder=pk, place=words_place(row))
    said = Chat.objects.filter(talk__matter__in=matters).order_by("at", "id")
    for row, pk, side, sealed in said.values_list("pk", "talk__matter", "side", "words"):
        kind = Kind.REPLY if side == Side.STAFF else Kind.FROM_PERSON
        yield pk, kind, safe.open(sealed, holder=pk, place=line_place(row))
    yield from _people(safe, matters)
    # Our own pseudonyms say only the number.
    named = Consultation.objects.filter(pk__in=imported).select_related("help_seeker")
    for it in named:
        person, place = it.help_seeker, pseudonym_place(it.help_seeker_id)
        yield it.pk, PSEUDONYM, safe.open(person.pseudonym, holder=safe.desk, place=place)
        yield it.pk, PSEUDONYM, safe.open(it.mark, holder=safe.desk, place=mark_place(it.pk))


def _people(safe: Safe, matters: Sequence[UUID]) -> Iterator[tuple[UUID, str, str | None]]:
    for row, pk, sealed in Identifier.objects.filter(consultation__in=matters).values_list(
        "pk", "consultation", "value"
    ):
        yield pk, CLUE, safe.open(sealed, holder=pk, place=identifier_place(row))
    for row, pk, sealed in Proxy.objects.filter(consultation__in=matters).values_list(
        "pk", "consultation", "told"
    ):
        yield pk, PEOPLE, _joined(safe.open(sealed, holder=pk, place=proxy_place(row)))
    for pk, sealed in AffectedPerson.objects.filter(consultation__in=matters).values_list(
        "consultation", "told"
    ):
        yield pk, PEOPLE, _joined(safe.open(sealed, holder=pk, place=affected_place(pk)))


def _joined(told: str | None) -> str:
    return " ".join(json.loads(told).values()) if told else ""


def _in_words(told: str) -> str:
    said = json.loads(told)
    return "\n".join(said[name] for name in _IN_WORDS if said.get(name))


class _Shelf:
    """The opened texts of one desk, the latest first."""

    def __init__(self, actor: Actor) -> None:
        self.desk = actor.desk
        self.seq = seq_of(actor.desk)
        latest = visible_to(actor).order_by("-last_contact_at", "-pk")
        self.waiting: Iterator[UUID] = iter(list(latest.values_list("pk", flat=True)))
        self.opened: dict[UUID, str] = {}
        self.changed: dict[UUID, str] = {}

    def catch_up(self) -> bool:
        """Read anew what deeds since the last search may have changed; False: start afresh."""
        seq, deeds = deeds_since(self.desk, self.seq)
        if any(deed in _CHANGE_MANY for deed, _matter in deeds):
            return False
        said = [matter for deed, matter in deeds if deed not in _SAY_NOTHING and matter]
        for matter in dict.fromkeys(said):
            self.opened.pop(matter, None)
            self.changed.pop(matter, None)
        self.changed.update(self._read(list(dict.fromkeys(said))))
        self.seq = seq
        return True

    def _read(self, matters: Sequence[UUID]) -> dict[UUID, str]:
        found: dict[UUID, str] = {}
        for at in range(0, len(matters), _CHUNK):
            for matter, texts in texts_of(self.desk, matters[at : at + _CHUNK]).items():
                found[matter] = _BOUNDARY.join(folded(text) for _where, text in texts)
        return found

    def __iter__(self) -> Iterator[tuple[UUID, str]]:
        """Go through the matters, opening more only when all that is open was seen."""
        yield from reversed(self.changed.items())
        yield from self.opened.items()
        while some := list(islice(self.waiting, _CHUNK)):
            read = self._read([matter for matter in some if matter not in self.changed])
            self.opened.update(read)
            yield from read.items()


_shelves: dict[UUID, _Shelf] = {}
_locks: defaultdict[UUID, threading.Lock] = defaultdict(threading.Lock)


def _shelf(actor: Actor) -> _Shelf:
    shelf = _shelves.get(actor.desk)
    if shelf is None or not shelf.catch_up():
        shelf = _shelves[actor.desk] = _Shelf(actor)
    return shelf


def matters_saying(actor: Actor, wanted: Iterable[str], *, most: int) -> list[UUID]:
    """Return the first `most` matters of the actor's desk whose words hold all of `wanted`.

    `wanted` is folded. Who asks has seen to it that the actor works on matters.
    """
    needles = sorted(wanted, key=len, reverse=True)
    with _locks[actor.desk]:
        hits = (
            matter for matter, text in _shelf(actor) if all(needle in text for needle in needles)
        )
        return list(islice(hits, most))


# -- よく似たことば -------------------------------------------------------------------------

_COMPARED = 2_000
_ALIKE = 0.35
_LEAST_PAIRS = 20


def alike(actor: Actor, matter: UUID) -> list[UUID]:
    """Return which of the latest matters say much the same as `matter`, the most alike first."""
    own = texts_of(actor.desk, [matter])[matter]
    pairs = pairs_of("\n".join(text for where, text in own if where not in (NUMBER, CLUE)))
    if len(pairs) < _LEAST_PAIRS:
        return []
    found = []
    with _locks[actor.desk]:
        for other, text in islice(_shelf(actor), _COMPARED):
            if other != matter:
                nearness = likeness(pairs, pairs_of(text))
                if nearness >= _ALIKE:
                    found.append((nearness, other))
    return [other for _nearness, other in sorted(found, reverse=True)[:_LEAST_PAIRS]]


def forget() -> None:
    """Put everything away that is open in this process."""
    _shelves.clear()
