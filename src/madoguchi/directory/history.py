"""Editions of the guide (案内の版), old and new: what changed, readable for as long as wanted."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from madoguchi.directory.editions import current, edition
from madoguchi.directory.facts import Fact, provenance
from madoguchi.directory.reading import DirectoryError, texts
from madoguchi.directory.windows import Window, all_windows
from madoguchi.rules.guidance.edition import Edition, Texts


@dataclass(frozen=True)
class Change:
    """One thing that differs, and who says so."""

    text: Texts
    fact: Fact


@dataclass(frozen=True)
class Node:
    """One question of an old chart, and the windows its arrow points at."""

    text: Texts
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class Told:
    """What is told of an edition. `rules`: its rule table; an old chart has `nodes` instead."""

    name: str
    date: Texts
    title: Texts
    text: Texts
    changes: tuple[Change, ...]
    nodes: tuple[Node, ...]
    fact: Fact
    rules: Edition | None

    @property
    def is_current(self) -> bool:
        """Whether the guide decides by it now."""
        return self.rules is not None and self.rules.name == current().name


@cache
def editions() -> Mapping[str, Told]:
    """Return every edition by name, the newest first (DirectoryError)."""
    return load(files("madoguchi.directory").joinpath("data", "editions"))


def load(folder: Traversable) -> Mapping[str, Told]:
    """Read every edition of `folder`, each a folder with an `edition.toml`."""
    places = [it for it in folder.iterdir() if it.joinpath("edition.toml").is_file()]
    told = [_told(it) for it in sorted(places, key=lambda it: it.name, reverse=True)]
    return {it.name: it for it in told}


def _told(place: Traversable) -> Told:
    where = f"editions/{place.name}"
    try:
        told = tomllib.loads(place.joinpath("edition.toml").read_text("utf-8"))
        return Told(
            name=told["name"],
            **{name: texts(told[name], where) for name in ("date", "title", "text")},
            changes=tuple(_change(it, told, where) for it in told["changes"]),
            nodes=tuple(_node(it, where) for it in told.get("nodes", ())),
            fact=Fact(told["name"], *provenance(told, where)),
            rules=_rules(told, place, where),
        )
    except (KeyError, ValueError) as fault:
        raise DirectoryError(f"{where}: {fault}") from fault


def _change(told: Mapping[str, Any], file: Mapping[str, Any], where: str) -> Change:
    row = {"checked_on": file["checked_on"], **told}
    return Change(texts(told, where), Fact("change", *provenance(row, where)))


def _node(told: Mapping[str, Any], where: str) -> Node:
    known = all_windows()
    return Node(texts(told, where), tuple(known[it] for it in told["windows"]))


def _rules(told: Mapping[str, Any], place: Traversable, where: str) -> Edition | None:
    """Return the rules of an edition that has some: its own copies, or those in force."""
    if told["kind"] == "flow":
        return None
    found = edition(place)
    if found.name != told["name"]:
        raise DirectoryError(f"{where}: its rules are those of the edition {found.name}")
    return found
