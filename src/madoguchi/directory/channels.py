"""Ways to reach a window (連絡の方法): its number, form or door, and when somebody is there."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.directory.reading import DirectoryError, conditions, texts
from madoguchi.rules.guidance.edition import Condition, Facts, Texts
from madoguchi.rules.hours import Hours, Opening

KINDS = frozenset({"phone", "form", "web", "visit", "sns", "own"})
_NUMBER = re.compile(r"#?[0-9]{3,11}")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORDS = ("number", "display", "ip_phone", "ip_display", "url", "service")
_KEYS = {"id", "kind", "label", "cost", "when", "note", "hours", "fits", *_WORDS}


@dataclass(frozen=True)
class Channel:
    """One way to reach a window. `number` is what is dialled, `display` its official spelling.

    `service`: only for what stands on that service. Hours are None where nobody knows.
    `fits`: offered first to these people only. `doubts`: which of its facts are not
    confirmed (number, hours, cost).
    """

    kind: str
    label: Texts
    cost: Texts
    id: str = ""
    number: str = ""
    display: str = ""
    ip_phone: str = ""
    ip_display: str = ""
    url: str = ""
    service: str = ""
    when: Texts | None = None
    note: Texts | None = None
    hours: Hours | None = None
    fits: tuple[Condition, ...] = (Condition(),)
    doubts: tuple[str, ...] = ()

    @property
    def unconfirmed(self) -> bool:
        """Whether something it states is not confirmed."""
        return bool(self.doubts)

    @property
    def is_reached_surely(self) -> bool:
        """Whether its number and its address are confirmed, whatever else is not."""
        return not {"number", "url"} & set(self.doubts)

    def is_for(self, situation: Facts) -> bool:
        """Tell whether it is one of the ways to offer first."""
        return any(it.holds(situation) for it in self.fits)

    def facts(self) -> Iterator[str]:
        """Yield the names of what it states, each of which has a source."""
        stated = {
            "number": self.number,
            "url": self.url,
            "hours": self.when or self.hours,
            "cost": self.cost,
            "note": self.note,
        }
        yield from (f"{self.id}.{name}" for name, value in stated.items() if value)


def channel(told: Mapping[str, Any], where: str) -> Channel:
    """Read one channel (DirectoryError)."""
    where = f"{where} {told.get('id')}"
    if told.get("kind") not in KINDS or not told.get("id"):
        raise DirectoryError(
            f"{where}: a channel has an id, and its kind is one of {sorted(KINDS)}"
        )
    if strangers := set(told) - _KEYS:
        raise DirectoryError(f"{where}: {sorted(strangers)}")
    numbers = [told[it] for it in ("number", "ip_phone") if it in told]
    if any(not _NUMBER.fullmatch(number) for number in numbers):
        raise DirectoryError(f"{where}: {numbers} is no telephone number")
    if told["kind"] == "phone" and not told.get("number"):
        raise DirectoryError(f"{where}: a telephone has a number")
    if not told.get("url", "https://").startswith("https://"):
        raise DirectoryError(f"{where}: an address begins with https://")
    return Channel(
        kind=told["kind"],
        label=texts(told.get("label"), f"{where} label"),
        cost=texts(told.get("cost"), f"{where} cost"),
        id=told["id"],
        when=texts(told["when"], f"{where} when") if "when" in told else None,
        note=texts(told["note"], f"{where} note") if "note" in told else None,
        hours=hours(told["hours"], where) if "hours" in told else None,
        fits=conditions(told.get("fits", {}), f"{where} fits"),
        **{name: told.get(name, "") for name in _WORDS},
    )


def hours(told: list[Mapping[str, Any]], where: str) -> Hours:
    """Read opening hours; `days` is `always`, a day (`sat`) or from one to another (`mon-fri`)."""
    return Hours(tuple(_opening(it, where) for it in told))


def _opening(told: Mapping[str, Any], where: str) -> Opening:
    if told["days"] == "always":
        return Opening(
            weekdays=tuple(range(7)),
            opens=dt.time(),
            until=dt.time(),
            closed_on_holidays=False,
            closed_at_new_year=False,
        )
    first, _, last = told["days"].partition("-")
    try:
        start, end = _WEEKDAYS.index(first), _WEEKDAYS.index(last or first)
        return Opening(
            weekdays=tuple(range(start, end + 1)),
            opens=dt.time.fromisoformat(told["opens"]),
            until=dt.time.fromisoformat(told["until"]),
            nth=tuple(told.get("nth", ())),
            closed_on_holidays=told.get("closed_on_holidays", True),
            closed_at_new_year=told.get("closed_at_new_year", True),
            last_call=told.get("last_call", 0),
        )
    except (KeyError, ValueError) as fault:
        raise DirectoryError(f"{where}: hours: {fault}") from fault
