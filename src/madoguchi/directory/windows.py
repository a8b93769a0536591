"""Windows (窓口) as the directory knows them: what they do, for whom, when, on which number."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from madoguchi.directory.reading import DirectoryError, conditions, names_in, read, texts
from madoguchi.rules.guidance.edition import Condition, Limit, Texts
from madoguchi.rules.hours import Hours, Opening

# The ids of the contract, in the order in which the directory shows them.
WINDOW_IDS = (
    *("ihaho", "moj", "hibo-hotline", "safeline", "ihc", "houterasu", "lawyer", "police"),
    *("mamorou", "school", "ipa", "prefecture", "platform", "consumer", "own"),
)
CAPABILITIES = frozenset(
    (
        *("advise", "ask_removal", "urge_provider", "judge_illegality", "tell_police"),
        *("investigate", "legal_advice", "legal_aid", "listen", "technical_advice"),
        "order_or_request_by_ordinance",
    )
)
# A fact older than this is to be checked again.
DAYS_A_CHECK_HOLDS = 180
_KINDS = {"phone", "form", "web", "visit", "own"}
_NUMBER = re.compile(r"#?[0-9]{3,11}")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Channel:
    """One way to reach a window. `number` is what is dialled, `display` its official spelling.

    `service`: only for what stands on that service. Hours are None where nobody knows.
    """

    kind: str
    label: Texts
    cost: Texts
    number: str = ""
    display: str = ""
    ip_phone: str = ""
    ip_display: str = ""
    url: str = ""
    service: str = ""
    when: Texts | None = None
    note: Texts | None = None
    hours: Hours | None = None


@dataclass(frozen=True)
class Window:
    """One window with its source and the day on which somebody checked it."""

    id: str
    name: Texts
    operator: Texts
    does: tuple[str, ...]
    role: Texts
    who: Texts
    asks: Texts
    can: tuple[Texts, ...]
    cannot: tuple[Texts, ...]
    limits: tuple[Limit, ...]
    channels: tuple[Channel, ...]
    url: str
    sources: tuple[str, ...]
    doubts: tuple[str, ...]
    checked_on: dt.date

    @property
    def phones(self) -> tuple[Channel, ...]:
        """Its telephone numbers."""
        return tuple(it for it in self.channels if it.kind == "phone")

    def is_stale(self, on: dt.date) -> bool:
        """Tell whether on the day `on` its facts have to be checked again."""
        return on - self.checked_on > dt.timedelta(days=DAYS_A_CHECK_HOLDS)


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


def _channel(told: Mapping[str, Any], where: str) -> Channel:
    if told.get("kind") not in _KINDS:
        raise DirectoryError(f"{where}: a channel's kind is one of {sorted(_KINDS)}")
    numbers = [told[it] for it in ("number", "ip_phone") if it in told]
    if any(not _NUMBER.fullmatch(number) for number in numbers):
        raise DirectoryError(f"{where}: {numbers} is no telephone number")
    return Channel(
        kind=told["kind"],
        label=texts(told.get("label"), f"{where} label"),
        cost=texts(told.get("cost"), f"{where} cost"),
        when=texts(told["when"], f"{where} when") if "when" in told else None,
        note=texts(told["note"], f"{where} note") if "note" in told else None,
        hours=hours(told["hours"], where) if "hours" in told else None,
        **{
            name: told.get(name, "")
            for name in ("number", "display", "ip_phone", "ip_display", "url", "service")
        },
    )


def _window(file: str, rows: frozenset[str]) -> Window:
    told = read(file)
    if not set(told["does"]) <= CAPABILITIES or not told["sources"]:
        raise DirectoryError(f"{file}: does must be capabilities, and sources must be named")
    always = tuple(Limit(texts(it, file), Condition()) for it in told["cannot"])
    sometimes = tuple(
        Limit(texts(it, file), conditions(it["when"], file, rows)[0])
        for it in told.get("limits", ())
    )
    return Window(
        id=told["id"],
        **{name: texts(told.get(name), file) for name in ("name", "operator", "role")},
        who=texts(told.get("who"), file),
        asks=texts(told.get("asks"), file),
        does=tuple(told["does"]),
        can=tuple(texts(it, file) for it in told["can"]),
        cannot=tuple(it.text for it in always),
        limits=always + sometimes,
        channels=tuple(_channel(it, file) for it in told["channels"]),
        url=told["url"],
        sources=tuple(told["sources"]),
        doubts=tuple(told["doubts"]),
        checked_on=told["checked_on"],
    )


@cache
def all_windows() -> Mapping[str, Window]:
    """Return every window by id, in the order of `WINDOW_IDS` (DirectoryError)."""
    rows = frozenset(f"{it['group']}/{it['row']}" for it in read("matrix.json")["rows"])
    found = {window.id: window for window in (_window(it, rows) for it in names_in("windows"))}
    if set(found) != set(WINDOW_IDS):
        raise DirectoryError(f"windows: {sorted(set(found) ^ set(WINDOW_IDS))} is missing or new")
    return {name: found[name] for name in WINDOW_IDS}
