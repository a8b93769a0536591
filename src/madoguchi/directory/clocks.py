"""Clocks (期限の目安): guide values with their start and their basis, never certain."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from madoguchi.directory.facts import DOUBT, Fact, provenance
from madoguchi.directory.reading import conditions, read, texts
from madoguchi.rules.guidance.edition import Condition, Texts
from madoguchi.rules.guidance.edition import Facts as Situation


@dataclass(frozen=True)
class Clock:
    """One guide value. `basis` is the law or custom in Japanese."""

    id: str
    when: tuple[Condition, ...]
    name: Texts
    length: Texts
    starts: Texts
    basis: str
    fact: Fact


@cache
def clocks() -> tuple[Clock, ...]:
    """Return every clock, in its order (DirectoryError)."""
    return tuple(_clock(it) for it in read("clocks.toml")["clocks"])


def running(situation: Situation) -> list[Clock]:
    """Return the clocks that matter to somebody in this situation."""
    return [
        _shown(it, situation) for it in clocks() if any(way.holds(situation) for way in it.when)
    ]


def _shown(it: Clock, situation: Situation) -> Clock:
    """Have a clock say that it, or the fact by which it runs, is not confirmed."""
    unsure = it.fact.unconfirmed or any(way.rests_on(situation["unsure"]) for way in it.when)
    return replace(it, length=it.length + DOUBT) if unsure else it


def _clock(told: Mapping[str, Any]) -> Clock:
    where = f"clocks.toml {told['id']}"
    return Clock(
        id=told["id"],
        when=conditions(told["when"], where),
        name=texts(told["name"], where),
        length=texts(told["length"], where),
        starts=texts(told["starts"], where),
        basis=told["basis"],
        fact=Fact(told["id"], *provenance(told, where)),
    )
