"""What a desk's matters say, opened, in this process's memory only: nothing readable on disk.

It is opened ahead, in a thread of the serving process (`madoguchi serve`), the latest matters
first; where nothing opens ahead, by the first search, only as far as it must go. It is kept in
step by the desk's ledger: every deed is a line there, in order and without a gap, so the lines
since the last search name every matter that may say something else now.
See docs/decisions/0080.
"""

import json
import threading
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
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
from madoguchi.consultations.queries import LANDED
from madoguchi.correspondence.models import Kind, Message, Side
from madoguchi.correspondence.models import Line as Chat
from madoguchi.correspondence.places import line_place, words_place
from madoguchi.desks.queries import all_desks
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.queries import deeds_since, seq_of
from madoguchi.rules.access import Actor
from madoguchi.rules.searching import folded, likeness, pairs_of
from madoguchi.vault.sealing import Safe

_CHUNK = 250
# So much is kept in memory, at some two bytes a letter; what is older is opened for each search.
_MOST_LETTERS = 200_000_000
# Told by the person in words; the rest are codes.
_IN_WORDS = ("nickname", "places", "since", "telephone", "call_when", "call_as")
# Deeds after which no words are others than before.
_SAY_NOTHING = {Deed.READ, Deed.SEARCHED, Deed.SIGNED_IN, Deed.MY_PAGE_OPENED}
# Deeds that change many matters at once.
_CHANGE_MANY = {Deed.CONTACTS_IMPORTED, Deed.ERASED}
# Blanks, which no folded text holds: nothing is found across them.
_BOUNDARY, _END = "\x1f", "\x1e"

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


@dataclass(frozen=True)
class _Chunk:
    """Some matters and their opened words in one string, which one look can pass over."""

    matters: list[UUID]
    starts: list[int]  # where the words of each begin
    text: str

    @classmethod
    def of(cls, texts: Mapping[UUID, str]) -> "_Chunk":
        """Join `texts`."""
        lengths = (len(text) + len(_END) for text in texts.values())
        starts = list(accumulate(lengths, initial=0))
        return cls(list(texts), starts, "".join(text + _END for text in texts.values()))

    def holding(self, needles: Sequence[str]) -> Iterator[UUID]:
        """Go through the matters whose words hold all `needles`, of which there is at least one."""
        if any(needle not in self.text for needle in needles):
            return
        first, *others = needles
        place = self.text.find(first)
        while place >= 0:
            number = bisect_right(self.starts, place) - 1
            begins, ends = self.starts[number], self.starts[number + 1]
            if all(self.text.find(needle, begins, ends) >= 0 for needle in others):
                yield self.matters[number]
            place = self.text.find(first, ends)

    def __iter__(self) -> Iterator[tuple[UUID, str]]:
        for number, matter in enumerate(self.matters):
            yield matter, self.text[self.starts[number] : self.starts[number + 1]]


class _Shelf:
    """The opened texts of one desk, the latest first."""

    def __init__(self, desk: UUID) -> None:
        self.desk = desk
        self.seq = seq_of(desk)
        latest = Consultation.objects.filter(LANDED, desk=desk).order_by("-last_contact_at", "-pk")
        self.waiting = deque(latest.values_list("pk", flat=True))
        self.opened: list[_Chunk] = []
        self.letters = 0
        self.too_many: list[list[UUID]] = []
        self.changed: dict[UUID, str] = {}

    def catch_up(self) -> bool:
        """Read anew what deeds since the last search may have changed; False: start afresh."""
        seq, deeds = deeds_since(self.desk, self.seq)
        if any(deed in _CHANGE_MANY for deed, _matter in deeds):
            return False
        said = [matter for deed, matter in deeds if deed not in _SAY_NOTHING and matter]
        for matter in said:
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

    def read_on(self) -> None:
        """Open the next matters that wait; past the most letters, only note which they are."""
        some = [self.waiting.popleft() for _one in range(min(_CHUNK, len(self.waiting)))]
        if self.letters >= _MOST_LETTERS:
            self.too_many.append(some)
            return
        self.opened.append(_Chunk.of(self._read(some)))
        self.letters += len(self.opened[-1].text)

    def chunks(self, *, reads_on: bool) -> Iterator[_Chunk]:
        """Go through what is open, the latest first; `reads_on`: and open all that waits."""
        yield _Chunk.of(dict(reversed(self.changed.items())))
        yield from self.opened
        while reads_on and self.waiting:
            known = len(self.opened)
            self.read_on()
            yield from self.opened[known:]
        for some in self.too_many:
            yield _Chunk.of(self._read(some))

    def holding(self, needles: Sequence[str], *, reads_on: bool) -> Iterator[UUID]:
        """Go through the matters whose words hold all `needles`."""
        for number, chunk in enumerate(self.chunks(reads_on=reads_on)):
            for matter in chunk.holding(needles):
                if number == 0 or matter not in self.changed:
                    yield matter

    def __iter__(self) -> Iterator[tuple[UUID, str]]:
        """Go through matters with their words, as far as somebody goes."""
        for number, chunk in enumerate(self.chunks(reads_on=True)):
            for matter, text in chunk:
                if number == 0 or matter not in self.changed:
                    yield matter, text


_shelves: dict[UUID, _Shelf] = {}
_locks: defaultdict[UUID, threading.Lock] = defaultdict(threading.Lock)
# Whether this process opens words by itself (read_ahead): then no search waits for it.
_reads_ahead = threading.Event()


def _shelf(desk: UUID) -> _Shelf:
    shelf = _shelves.get(desk)
    if shelf is None or not shelf.catch_up():
        shelf = _shelves[desk] = _Shelf(desk)
    return shelf


def read_ahead() -> bool:
    """Open some words before anybody searches, the latest first; tell whether more are waiting.

    For a thread beside those that answer: from now on a search is content with what is open.
    """
    _reads_ahead.set()
    for desk in all_desks().values_list("pk", flat=True):
        with _locks[desk]:
            shelf = _shelf(desk)
            if shelf.waiting:
                shelf.read_on()
                return True
    return False


@dataclass(frozen=True)
class Saying:
    """The matters that say something; `unread`: how many nobody has looked into yet."""

    matters: list[UUID]
    unread: int


def matters_saying(actor: Actor, wanted: Iterable[str], *, most: int) -> Saying:
    """Return the first `most` matters of the actor's desk whose words hold all of `wanted`.

    `wanted` is folded. Who asks has seen to it that the actor works on matters.
    """
    needles = sorted(wanted, key=len, reverse=True)
    with _locks[actor.desk]:
        shelf = _shelf(actor.desk)
        hits = shelf.holding(needles, reads_on=not _reads_ahead.is_set())
        matters = list(islice(hits, most))
        return Saying(matters, 0 if len(matters) == most else len(shelf.waiting))


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
        for other, text in islice(_shelf(actor.desk), _COMPARED):
            if other != matter:
                nearness = likeness(pairs, pairs_of(text))
                if nearness >= _ALIKE:
                    found.append((nearness, other))
    return [other for _nearness, other in sorted(found, reverse=True)[:_LEAST_PAIRS]]


def forget() -> None:
    """Put everything away that is open in this process, and open nothing ahead."""
    _shelves.clear()
    _reads_ahead.clear()
