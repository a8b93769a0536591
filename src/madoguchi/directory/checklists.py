"""Checklists (点検表): what the documents tell an adviser to think of, by the kind of matter."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from madoguchi.directory.facts import Fact, provenance
from madoguchi.directory.reading import DirectoryError, read
from madoguchi.rules.codebooks import STANDARD, Table

_TABLES = {
    "kinds": Table.INFRINGEMENT_KIND,
    "standing": Table.STANDING,
    "ages": Table.AGE_GROUP,
}


@dataclass(frozen=True)
class Item:
    """One thing to think of. `id` is what a tick is kept under."""

    id: str
    text: str


@dataclass(frozen=True)
class Checklist:
    """What belongs together, when it is shown, and where it comes from."""

    id: str
    title: str
    when: Mapping[str, frozenset[str]]
    items: tuple[Item, ...]
    fact: Fact

    def fits(self, said: Mapping[str, frozenset[str]]) -> bool:
        """Tell whether a matter classified as `said` (kinds, standing, ages) is of its kind."""
        return all(codes & said[name] for name, codes in self.when.items())


@cache
def checklists() -> tuple[Checklist, ...]:
    """Return every checklist, in its order (DirectoryError)."""
    found = tuple(_checklist(it) for it in read("checklists.toml")["checklist"])
    items = [item.id for it in found for item in it.items]
    if len(set(items)) != len(items):
        raise DirectoryError("checklists.toml: an item's id is there twice")
    return found


def checklists_for(said: Mapping[str, frozenset[str]]) -> list[Checklist]:
    """Return the checklists for a matter classified as `said`."""
    return [it for it in checklists() if it.fits(said)]


def is_item(item: str) -> bool:
    """Tell whether there is an item of this id."""
    return any(item == known.id for it in checklists() for known in it.items)


def _checklist(told: Mapping[str, Any]) -> Checklist:
    where = f"checklists.toml {told['id']}"
    return Checklist(
        id=told["id"],
        title=told["title"],
        when={name: _codes(name, codes, where) for name, codes in told["when"].items()},
        items=tuple(Item(it["id"], it["text"]) for it in told["items"]),
        fact=Fact(told["id"], *provenance(told, where)),
    )


def _codes(name: str, codes: list[str], where: str) -> frozenset[str]:
    known = {
        code.key for book in STANDARD if book.table is _TABLES.get(name) for code in book.codes
    }
    if unknown := set(codes) - known:
        raise DirectoryError(f"{where}: {name} cannot be {sorted(unknown)}")
    return frozenset(codes)
