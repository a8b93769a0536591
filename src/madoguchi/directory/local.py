"""What a prefecture has of its own (地域の窓口): its desks and its ordinance, a file each.

Another prefecture adds a file to `data/local`, no code. A prefecture without a file resolves
to what holds everywhere: the police's #9110 and the school, without invented numbers.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from madoguchi.directory.facts import Fact, Facts, facts, shown
from madoguchi.directory.reading import DirectoryError, texts
from madoguchi.directory.windows import Detail, Window, window
from madoguchi.rules.guidance.edition import Texts
from madoguchi.rules.prefectures import PREFECTURES

_KEYS = {"format", "prefecture", "ordinances", "report", "windows", "facts"}


@dataclass(frozen=True)
class Ordinance:
    """An ordinance (条例). `takes_reports`: the prefecture surely acts on discrimination by it."""

    id: str
    name: Texts
    scope: Texts
    takes_reports: bool
    in_force_on: dt.date | None
    articles: tuple[Detail, ...]

    def facts(self) -> Iterator[str]:
        """Yield the names of what it states."""
        yield from (f"{self.id}.{it}" for it in ("name", "scope"))
        if self.in_force_on:
            yield f"{self.id}.in_force_on"
        yield from (f"{self.id}.{it.id}" for it in self.articles)

    def shown(self, known: Facts) -> "Ordinance":
        """Return it as pages show it, by the facts of its file."""
        day = self.in_force_on
        return replace(
            self,
            name=shown(self.name, known, f"{self.id}.name"),
            scope=shown(self.scope, known, f"{self.id}.scope"),
            in_force_on=day if day and not known[f"{self.id}.in_force_on"].unconfirmed else None,
            articles=tuple(
                replace(it, text=shown(it.text, known, f"{self.id}.{it.id}"))
                for it in self.articles
            ),
        )


@dataclass(frozen=True)
class Report:
    """Reporting discriminatory posts by URL: what is asked, and the states it goes through."""

    asks: Texts
    states: tuple[Detail, ...]


@dataclass(frozen=True)
class Local:
    """What one prefecture has of its own; nothing at all where it has no file."""

    prefecture: str
    windows: tuple[Window, ...] = ()
    ordinances: tuple[Ordinance, ...] = ()
    report: Report | None = None
    facts: Facts | None = None

    @property
    def code(self) -> int:
        """The prefecture's number, JIS X 0401."""
        return PREFECTURES.index(self.prefecture) + 1

    @property
    def shown(self) -> "Local":
        """The same as pages show it: what is not confirmed says so, or is left out (a day)."""
        known = self.facts or {}
        report = self.report
        return replace(
            self,
            ordinances=tuple(it.shown(known) for it in self.ordinances),
            report=replace(report, asks=shown(report.asks, known, "report")) if report else None,
        )

    @property
    def is_known(self) -> bool:
        """Whether it has a file of its own."""
        return self.facts is not None

    def reporting_by(self, on: dt.date) -> Ordinance | None:
        """Return the ordinance in force on the day `on` by which it acts on discrimination."""
        held = (
            it
            for it in self.ordinances
            if it.takes_reports and it.in_force_on and it.in_force_on <= on
        )
        return next(held, None)

    def all_facts(self) -> Iterator[tuple[str, Fact]]:
        """Yield every fact of the file with the place where it stands."""
        yield from ((self.prefecture, it) for it in (self.facts or {}).values())
        yield from ((it.id, fact) for it in self.windows for fact in it.facts.values())


@cache
def all_local() -> Mapping[str, Local]:
    """Return what the prefectures with a file of their own have, by name."""
    return load(files("madoguchi.directory").joinpath("data", "local"))


def local(prefecture: str, known: Mapping[str, Local] | None = None) -> Local:
    """Return what `prefecture` has of its own; every one of the 47 resolves."""
    if prefecture not in PREFECTURES:
        raise DirectoryError(f"there is no prefecture {prefecture}")
    return (all_local() if known is None else known).get(prefecture, Local(prefecture))


def load(folder: Traversable) -> Mapping[str, Local]:
    """Read every file of `folder` (DirectoryError, naming the file)."""
    found: dict[str, Local] = {}
    for place in sorted(folder.iterdir(), key=lambda it: it.name):
        if place.name.endswith(".toml"):
            try:
                read = _local(tomllib.loads(place.read_text("utf-8")), f"local/{place.name}")
            except (KeyError, ValueError) as fault:
                raise DirectoryError(f"local/{place.name}: {fault}") from fault
            if read.prefecture in found:
                raise DirectoryError(f"local/{place.name}: {read.prefecture} has a file already")
            found[read.prefecture] = read
    return found


def _local(told: Mapping[str, Any], where: str) -> Local:
    if set(told) - _KEYS or told["prefecture"] not in PREFECTURES:
        raise DirectoryError(f"{sorted(set(told) - _KEYS)} {told['prefecture']}")
    ordinances = tuple(_ordinance(it, where) for it in told.get("ordinances", ()))
    wanted = [name for it in ordinances for name in it.facts()]
    report = told.get("report")
    return Local(
        prefecture=told["prefecture"],
        windows=tuple(window(it, f"{where} {it['id']}") for it in told.get("windows", ())),
        ordinances=ordinances,
        report=_report(report, where) if report else None,
        facts=facts(told["facts"], [*wanted, *(["report"] if report else [])], where),
    )


def _ordinance(told: Mapping[str, Any], where: str) -> Ordinance:
    return Ordinance(
        id=told["id"],
        name=texts(told["name"], where),
        scope=texts(told["scope"], where),
        takes_reports=told["takes_reports"],
        in_force_on=told.get("in_force_on"),
        articles=tuple(Detail(it["number"], texts(it, where)) for it in told.get("articles", ())),
    )


def _report(told: Mapping[str, Any], where: str) -> Report:
    states = tuple(Detail(it["id"], texts(it, where)) for it in told["states"])
    return Report(texts(told["asks"], where), states)
