"""Facts (事実): where each one comes from, and the day on which somebody checked it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from madoguchi.directory.reading import DirectoryError, read
from madoguchi.rules.guidance.edition import Texts

# A fact older than this is to be checked again.
DAYS_A_CHECK_HOLDS = 180
# What stands behind everything that nobody confirmed, wherever it is told.
DOUBT = Texts(
    ja="（まだ確かめていません）",
    easy="（まだ {確|たし}かめて いません）",
    en="(Not confirmed yet)",
)


@dataclass(frozen=True)
class Source:
    """Where facts come from. `stored`: a stored copy of a public page was read."""

    id: str
    title: str
    url: str
    stored: bool


@dataclass(frozen=True)
class Fact:
    """One fact by its name: `who`, `everyone.hours`. `unconfirmed`: shown with that word."""

    name: str
    sources: tuple[Source, ...]
    checked_on: dt.date
    unconfirmed: bool = False

    def is_stale(self, on: dt.date) -> bool:
        """Tell whether on the day `on` it has to be checked again."""
        return on - self.checked_on > dt.timedelta(days=DAYS_A_CHECK_HOLDS)


Facts = Mapping[str, Fact]


def shown(text: Texts, facts: Facts, name: str) -> Texts:
    """Return `text` as it may be shown: with `DOUBT` where the fact `name` is unconfirmed."""
    return text + DOUBT if facts[name].unconfirmed else text


@cache
def sources() -> Mapping[str, Source]:
    """Return every source by id."""
    told = {name: it for name, it in read("sources.toml").items() if name != "format"}
    return {
        name: Source(name, it["title"], it.get("url", ""), it["stored"])
        for name, it in told.items()
    }


def facts(told: Iterable[Mapping[str, Any]], wanted: Iterable[str], where: str) -> Facts:
    """Read the facts of a file: each of `wanted` exactly once, none besides (DirectoryError).

    `of` names facts; `form.*` stands for every fact of the channel `form` not named elsewhere.
    """
    known = set(wanted)
    found: dict[str, Fact] = {}
    told_of = [(name, row) for row in told for name in row["of"]]
    for name, row in told_of:
        if not name.endswith(".*"):
            _add(found, name, row, where)
    for group, row in told_of:
        if group.endswith(".*"):
            for name in (it for it in known - set(found) if it.startswith(group[:-1])):
                _add(found, name, row, where)
    if set(found) != known:
        raise DirectoryError(f"{where}: facts: {sorted(set(found) ^ known)} missing or unknown")
    return {name: found[name] for name in sorted(found)}


def _add(found: dict[str, Fact], name: str, row: Mapping[str, Any], where: str) -> None:
    if name in found:
        raise DirectoryError(f"{where}: facts: {name} is there twice")
    found[name] = Fact(name, *provenance(row, f"{where} {name}"))


def provenance(row: Mapping[str, Any], where: str) -> tuple[tuple[Source, ...], dt.date, bool]:
    """Return the sources of `row`, the day of its check, and whether it is unconfirmed."""
    day, named = row.get("checked_on"), row.get("source")
    listed = [str(it) for it in (named if isinstance(named, list) else [named])]
    if not isinstance(day, dt.date) or not listed:
        raise DirectoryError(f"{where}: a fact names its source and the day it was checked on")
    if unknown := [it for it in listed if it not in sources()]:
        raise DirectoryError(f"{where}: there is no source {unknown}")
    return tuple(sources()[it] for it in listed), day, bool(row.get("unconfirmed", False))
