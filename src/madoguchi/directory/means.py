"""The published means test of 法テラス, with its source and how sure it is."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from madoguchi.directory.facts import Source, provenance
from madoguchi.directory.reading import read
from madoguchi.rules.means import Line, Table


@dataclass(frozen=True)
class Means:
    """資力の目安: the table, where it was read, when, and whether that is unconfirmed."""

    table: Table
    sources: tuple[Source, ...]
    checked_on: dt.date
    unconfirmed: bool


@cache
def means() -> Means:
    """Return the means test as it was published."""
    told = read("means.toml")
    lines = tuple(Line(**it) for it in told["lines"])
    table = Table(lines, more=told["more"], more_city=told["more_city"])
    return Means(table, *provenance(told, "means.toml"))
