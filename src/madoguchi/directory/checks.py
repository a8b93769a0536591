"""Every fact of the directory, for whoever keeps it true (確かめ直し)."""

import datetime as dt
from collections.abc import Iterator

from madoguchi.directory.checklists import checklists
from madoguchi.directory.clocks import clocks
from madoguchi.directory.editions import services
from madoguchi.directory.facts import Fact
from madoguchi.directory.history import editions
from madoguchi.directory.local import all_local
from madoguchi.directory.windows import all_windows


def every_fact() -> Iterator[tuple[str, Fact]]:
    """Yield every fact with the place where it stands: ("moj", everyone.number)."""
    for window in all_windows().values():
        yield from ((window.id, fact) for fact in window.facts.values())
    yield from (("services", it["fact"]) for it in services().values())
    yield from (("clocks", it.fact) for it in clocks())
    yield from (("checklists", it.fact) for it in checklists())
    for place in all_local().values():
        yield from place.all_facts()
    yield from (("editions", it.fact) for it in editions().values())


def stale(on: dt.date) -> list[tuple[str, Fact]]:
    """Return the facts that on the day `on` have to be checked again, the oldest first."""
    found = [(where, fact) for where, fact in every_fact() if fact.is_stale(on)]
    return sorted(found, key=lambda it: it[1].checked_on)
