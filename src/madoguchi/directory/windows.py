"""Windows (窓口) as the directory knows them: what they do, for whom, when, on which number."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from madoguchi.directory.channels import Channel, channel, hours
from madoguchi.directory.facts import DAYS_A_CHECK_HOLDS, Fact, Facts, facts, shown
from madoguchi.directory.reading import DirectoryError, conditions, names_in, read, texts
from madoguchi.rules.guidance.edition import Condition, Limit, Texts
from madoguchi.rules.guidance.edition import Facts as Situation

__all__ = [
    "CAPABILITIES",
    "DAYS_A_CHECK_HOLDS",
    "WINDOW_IDS",
    "Channel",
    "Window",
    "all_windows",
    "hours",
]

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
_TEXTS = ("name", "operator", "role", "who", "asks")
_LISTS = ("does", "conditions", "can", "cannot")
_KEYS = {
    *("id", "url", "doubts", "time", "busy", "limits", "roles", "channels", "details", "facts"),
    *(*_TEXTS, *_LISTS),
}


@dataclass(frozen=True)
class Busy:
    """Where to turn when nobody answers (つながらないとき): `window` and its channel."""

    text: Texts
    window: str
    channel: str


@dataclass(frozen=True)
class Detail:
    """One more thing that is known of a window."""

    id: str
    text: Texts


@dataclass(frozen=True)
class Window:
    """One window; `facts` says of everything stated where it comes from.

    `roles` and `abilities` are its `role` and what it `can`, each for the situation it holds in.
    """

    id: str
    name: Texts
    operator: Texts
    does: tuple[str, ...]
    conditions: tuple[str, ...]
    role: Texts
    who: Texts
    asks: Texts
    time: Texts | None
    abilities: tuple[Limit, ...]
    cannot: tuple[Texts, ...]
    limits: tuple[Limit, ...]
    busy: Busy | None
    channels: tuple[Channel, ...]
    details: tuple[Detail, ...]
    url: str
    doubts: tuple[str, ...]
    facts: Facts
    roles: tuple[Limit, ...] = ()

    @property
    def can(self) -> tuple[Texts, ...]:
        """What it can do, in whatever situation."""
        return tuple(it.text for it in self.abilities)

    @property
    def always(self) -> tuple[Limit, ...]:
        """What it does not do, or wants of people, in whatever situation."""
        return self.limits[: len(self.cannot)]

    def can_in(self, situation: Situation) -> tuple[Texts, ...]:
        """Return what it can do for somebody in this situation."""
        return tuple(it.text for it in self.abilities if it.when.holds(situation))

    @property
    def phones(self) -> tuple[Channel, ...]:
        """Its telephone numbers."""
        return tuple(it for it in self.channels if it.kind == "phone")

    @property
    def sources(self) -> tuple[str, ...]:
        """The titles of all its sources, each once."""
        return tuple(dict.fromkeys(it.title for fact in self.facts.values() for it in fact.sources))

    @property
    def checked_on(self) -> dt.date:
        """The day of its oldest check."""
        return min(it.checked_on for it in self.facts.values())

    def stale(self, on: dt.date) -> Iterator[Fact]:
        """Yield the facts that on the day `on` have to be checked again."""
        return (it for it in self.facts.values() if it.is_stale(on))

    def is_stale(self, on: dt.date) -> bool:
        """Tell whether on the day `on` one of its facts has to be checked again."""
        return any(self.stale(on))

    def is_sure(self, fact: str) -> bool:
        """Tell whether the fact `fact` is confirmed."""
        return not self.facts[fact].unconfirmed

    @cached_property
    def shown(self) -> "Window":
        """The window as pages show it: whatever is not confirmed says so in its own text.

        Its channels carry their doubts themselves: one mark beside each is enough.
        """
        told: dict[str, Any] = {it: shown(getattr(self, it), self.facts, it) for it in _TEXTS}
        time, busy, always = self.time, self.busy, len(self.cannot)
        return replace(
            self,
            **told,
            time=shown(time, self.facts, "time") if time else None,
            busy=replace(busy, text=shown(busy.text, self.facts, "busy")) if busy else None,
            abilities=_shown(self.abilities, self.facts, "can"),
            roles=_shown(self.roles, self.facts, "roles"),
            cannot=tuple(shown(it, self.facts, "cannot") for it in self.cannot),
            limits=_shown(self.limits[:always], self.facts, "cannot")
            + _shown(self.limits[always:], self.facts, "limits"),
            details=tuple(
                replace(it, text=shown(it.text, self.facts, f"details.{it.id}"))
                for it in self.details
            ),
        )


def _shown(said: tuple[Limit, ...], known: Facts, name: str) -> tuple[Limit, ...]:
    return tuple(replace(it, text=shown(it.text, known, name)) for it in said)


def window(told: Mapping[str, Any], where: str, rows: frozenset[str] = frozenset()) -> Window:
    """Read one window (DirectoryError). `rows` are the matrix rows its limits may name."""
    if strangers := set(told) - _KEYS:
        raise DirectoryError(f"{where}: {sorted(strangers)}")
    if not set(told["does"]) <= CAPABILITIES or not set(told["conditions"]) <= set(labels()):
        raise DirectoryError(f"{where}: does or conditions name what there is not")
    always, sometimes, can, roles = (
        tuple(_limit(it, where, rows) for it in told.get(name, ()))
        for name in ("cannot", "limits", "can", "roles")
    )
    channels = tuple(channel(it, where) for it in told["channels"])
    known = facts(told["facts"], _wanted(told, channels), where)
    return Window(
        id=told["id"],
        **{name: texts(told.get(name), f"{where} {name}") for name in _TEXTS},
        does=tuple(told["does"]),
        conditions=tuple(told["conditions"]),
        time=texts(told["time"], f"{where} time") if "time" in told else None,
        abilities=can,
        roles=roles,
        cannot=tuple(it.text for it in always),
        limits=always + sometimes,
        busy=_busy(told, where),
        channels=tuple(_marked(it, known) for it in channels),
        details=tuple(Detail(it["id"], texts(it, where)) for it in told.get("details", ())),
        url=told["url"],
        doubts=tuple(told["doubts"]),
        facts=known,
    )


def _limit(told: Mapping[str, Any], where: str, rows: frozenset[str]) -> Limit:
    """Read what a window does or does not do, and `when`; always where that is not said."""
    when = conditions(told["when"], where, rows)[0] if "when" in told else Condition()
    return Limit(texts(told, where), when, told.get("condition", False))


def _marked(it: Channel, known: Facts) -> Channel:
    """Have a channel say which of its facts are not confirmed."""
    doubtful = [name for name in it.facts() if known[name].unconfirmed]
    return replace(it, doubts=tuple(name.rpartition(".")[2] for name in doubtful))


def _busy(told: Mapping[str, Any], where: str) -> Busy | None:
    if "busy" not in told:
        return None
    to, _, way = told["busy"]["to"].partition(".")
    return Busy(texts(told["busy"], f"{where} busy"), to, way)


def _wanted(told: Mapping[str, Any], channels: tuple[Channel, ...]) -> Iterator[str]:
    """Yield the name of everything a file states."""
    yield from (*_TEXTS, *_LISTS)
    yield from (it for it in ("url", "time", "busy", "limits", "roles") if told.get(it))
    yield from (f"details.{it['id']}" for it in told.get("details", ()))
    for it in channels:
        yield from it.facts()


@cache
def labels() -> Mapping[str, Texts]:
    """Return what each condition of use means to people, by id: real-name, live-url."""
    told = read("conditions.toml")
    return {name: texts(it, f"conditions.toml {name}") for name, it in told["conditions"].items()}


@cache
def all_windows() -> Mapping[str, Window]:
    """Return every window by id, in the order of `WINDOW_IDS` (DirectoryError)."""
    rows = frozenset(f"{it['group']}/{it['row']}" for it in read("matrix.json")["rows"])
    listed = [window(read(it), it, rows) for it in names_in("windows")]
    found = {it.id: it for it in listed}
    if set(found) != set(WINDOW_IDS) or len(found) != len(listed):
        raise DirectoryError(f"windows: {sorted(set(found) ^ set(WINDOW_IDS))} is missing or new")
    for it in listed:
        if it.busy and not any(way.id == it.busy.channel for way in found[it.busy.window].channels):
            raise DirectoryError(f"windows/{it.id}.toml: busy: there is no such channel")
    return {name: found[name] for name in WINDOW_IDS}
