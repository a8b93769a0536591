"""Who is concerned in a matter, and whether the desk knows them already."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from madoguchi.consultations.models import AffectedPerson, Consultation, Identifier, Proxy
from madoguchi.consultations.places import (
    affected_place,
    identifier_hash,
    identifier_place,
    proxy_place,
)
from madoguchi.consultations.queries import Line, as_lines, visible_to
from madoguchi.consultations.queries.linking import holding
from madoguchi.consultations.queries.shelf import alike
from madoguchi.rules.access import Actor
from madoguchi.rules.identifying import Clue, clues_in_words, normalised
from madoguchi.rules.linking import Reason, Tie
from madoguchi.vault.sealing import Safe

_MOST_SUGGESTED = 6
_MOST_OFFERED = 5


@dataclass(frozen=True)
class Affected:
    """What is known of the affected person (被害者・本人)."""

    name: str = ""
    words: str = ""
    age_group: str = ""


@dataclass(frozen=True)
class ProxyLine:
    """Who speaks for the person. `id` is None for one not yet kept."""

    kind: str
    name: str = ""
    words: str = ""
    may_be_told: bool = False
    id: UUID | None = None


@dataclass(frozen=True)
class ClueLine:
    """By what somebody is known again, opened."""

    id: UUID
    sign: str
    whose: str
    value: str


@dataclass(frozen=True)
class People:
    """Everybody concerned in a matter beside the one who asks."""

    affected: Affected | None
    proxies: list[ProxyLine]
    clues: list[ClueLine]


@dataclass(frozen=True)
class Suggestion:
    """Another consultation that may be of the same person, and why."""

    line: Line
    reasons: tuple[Reason, ...]


def people_in(row: Consultation) -> People:
    """Return who is concerned in a consultation that the reader may see."""
    safe = Safe(row.desk_id)
    affected = AffectedPerson.objects.filter(consultation=row).first()
    proxies = Proxy.objects.filter(consultation=row).order_by("pk")
    clues = Identifier.objects.filter(consultation=row).order_by("pk")
    return People(
        affected=_affected(safe, affected) if affected else None,
        proxies=[
            ProxyLine(
                kind=it.kind,
                may_be_told=it.may_be_told,
                id=it.pk,
                **_told(safe.open(it.told, holder=row.pk, place=proxy_place(it.pk))),
            )
            for it in proxies
        ],
        clues=[
            ClueLine(
                id=it.pk,
                sign=it.sign,
                whose=it.whose,
                value=safe.open(it.value, holder=row.pk, place=identifier_place(it.pk)) or "",
            )
            for it in clues
        ],
    )


def _told(sealed: str | None) -> dict[str, str]:
    found: dict[str, str] = json.loads(sealed) if sealed else {}
    return found


def _affected(safe: Safe, row: AffectedPerson) -> Affected:
    matter = row.consultation_id
    told = safe.open(row.told, holder=matter, place=affected_place(matter))
    return Affected(age_group=row.age_group, **_told(told))


def suggestions_for(actor: Actor, row: Consultation, *, by_words: bool) -> list[Suggestion]:
    """Return who may be the same person, most reasons first; whoever was decided on is left out.

    `by_words` also compares what was written, which costs more.
    """
    reasons: dict[UUID, set[Reason]] = defaultdict(set)
    own = Identifier.objects.filter(consultation=row).values("value_hash")
    same = Identifier.objects.filter(desk=actor.desk, value_hash__in=own).exclude(consultation=row)
    for matter, sign in same.values_list("consultation", "sign")[:100]:
        reasons[matter].add(Reason(sign))
    if by_words:
        for matter in alike(actor, row.pk):
            reasons[matter].add(Reason.WORDS)
    if not reasons:
        return []
    decided = holding([row.pk], Tie).values_list("one", "other")
    known = {it for pair in decided for it in pair}
    rows = visible_to(actor).filter(pk__in=reasons.keys() - known)
    rows = rows.exclude(help_seeker=row.help_seeker_id)
    found = sorted(rows, key=lambda it: (-len(reasons[it.pk]), it.pk))[:_MOST_SUGGESTED]
    return [
        Suggestion(line, tuple(sorted(reasons[line.matter]))) for line in as_lines(actor, found)
    ]


def clues_offered(row: Consultation, words: Iterable[str]) -> list[Clue]:
    """Return the clues that stand in `words` of a consultation and are not kept yet."""
    found = clues_in_words("\n".join(words))
    if not found:
        return []
    kept = set(Identifier.objects.filter(consultation=row).values_list("value_hash", flat=True))
    hashes = [identifier_hash(row.desk_id, it.sign, normalised(it.sign, it.value)) for it in found]
    new = [it for it, key in zip(found, hashes, strict=True) if key not in kept]
    return new[:_MOST_OFFERED]
