"""The demonstration desk's present work: thirty invented matters.

They are played through the same operations as real ones, in the order of their events.
"""

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any
from uuid import UUID

from madoguchi.consultations.operations import noting, receiving, working
from madoguchi.consultations.operations.noting import Classification, Note
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.queries import unclassified_of
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.operations.words import mark_read
from madoguchi.rules.access import Actor
from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.codebooks import UNKNOWN
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.triage import Signals

_FORMS = frozenset({"EMAIL"})
_STANDING = {"self": "AFFECTED", "guardian": "AFFECTED", "friend": "OTHER", "other": "OTHER"}


@dataclass(frozen=True)
class _Event:
    """One thing that happens in one matter."""

    at: dt.datetime
    matter: int
    who: str
    does: str
    words: str


@dataclass
class _Play:
    """The matters as they unfold."""

    desk: UUID
    staff: dict[str, Actor]
    script: list[dict[str, Any]]
    matters: dict[int, UUID]

    def step(self, event: _Event) -> None:
        """Let one event happen."""
        does, _colon, whom = event.does.partition(":")
        if does == "come":
            self.matters[event.matter] = self._come(self.script[event.matter], event.at)
            return
        matter = self.matters[event.matter]
        if event.who == "person":
            self._person(matter, event)
        else:
            actor = self.staff[event.who]
            _DEEDS[does](matter, actor, event, self.staff.get(whom))

    def _come(self, told: dict[str, Any], at: dt.datetime) -> UUID:
        channel = told["came"][2]
        if channel not in _FORMS:
            return self._noted(told, channel, at)
        standing = "POSTER" if told.get("poster") else _STANDING.get(told.get("who", ""), UNKNOWN)
        signals = Signals(
            danger_words=told.get("danger", False),
            under18=told.get("age") == "TEENS" and told.get("who") == "self",
        )
        letter = Letter(
            words=told["told"],
            channel=channel,
            particulars=Particulars.of_mapping(told),
            signals=signals,
            age_group=told.get("age", UNKNOWN),
            standing=standing,
        )
        return receiving.receive(desk=self.desk, letter=letter, at=at).matter

    def _noted(self, told: dict[str, Any], channel: str, at: dt.datetime) -> UUID:
        note = Note(
            words=told["told"],
            channel=channel,
            action=told["action"],
            kinds=frozenset(told["kinds"].split("+")),
            age_group=told.get("age"),
            standing=told.get("standing"),
        )
        who = self.staff["beni" if channel in {"INTERVIEW", "LETTER"} else "aoi"]
        return noting.note_call(actor=who, matter=None, note=note, at=at).matter_id

    @staticmethod
    def _person(matter: UUID, event: _Event) -> None:
        if event.does == "read":
            mark_read(matter=matter, kind=Kind.REPLY, at=event.at)
            return
        receiving.hear(
            matter=matter, words=event.words, channel="EMAIL", signals=Signals(), at=event.at
        )


def _take(matter: UUID, actor: Actor, event: _Event, _whom: Actor | None) -> None:
    working.read(matter=matter, actor=actor, at=event.at)
    working.take_charge(matter=matter, actor=actor, at=event.at)


def _assign(matter: UUID, actor: Actor, event: _Event, whom: Actor | None) -> None:
    assert whom
    working.read(matter=matter, actor=actor, at=event.at)
    working.assign(matter=matter, actor=actor, adviser=whom.user, at=event.at)


def _reply(matter: UUID, actor: Actor, event: _Event, _whom: Actor | None) -> None:
    working.reply(matter=matter, actor=actor, words=event.words, at=event.at)


def _memo(matter: UUID, actor: Actor, event: _Event, _whom: Actor | None) -> None:
    working.write_memo(matter=matter, actor=actor, words=event.words, at=event.at)


def _close(matter: UUID, actor: Actor, event: _Event, _whom: Actor | None) -> None:
    working.close(matter=matter, actor=actor, at=event.at)


def _call(matter: UUID, actor: Actor, event: _Event, _whom: Actor | None) -> None:
    words, _bar, action = event.words.partition("|")
    note = Note(words=words, channel="TELEPHONE", action=action)
    noting.note_call(actor=actor, matter=matter, note=note, at=event.at)


def _classify(matter: UUID, actor: Actor, event: _Event, _whom: Actor | None) -> None:
    kinds, standing, age_group, action = event.words.split(",")
    said = Classification(
        kinds=frozenset(kinds.split("+")),
        standing=standing,
        age_group=age_group,
        actions=dict.fromkeys(unclassified_of(matter), action),
    )
    working.read(matter=matter, actor=actor, at=event.at)
    noting.classify(matter=matter, actor=actor, classification=said, at=event.at)


_DEEDS: dict[str, Callable[[UUID, Actor, _Event, Actor | None], None]] = {
    "take": _take,
    "assign": _assign,
    "reply": _reply,
    "memo": _memo,
    "close": _close,
    "call": _call,
    "classify": _classify,
}


def _script() -> list[dict[str, Any]]:
    text = resources.files("madoguchi.demo").joinpath("data", "matters.toml").read_text("utf-8")
    matters: list[dict[str, Any]] = tomllib.loads(text)["matter"]
    return matters


def _moment(today: dt.date, days_ago: int, clock: str) -> dt.datetime:
    day = today - dt.timedelta(days=days_ago)
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), JAPAN)


def _events(script: list[dict[str, Any]], today: dt.date) -> Iterator[_Event]:
    for number, told in enumerate(script):
        days_ago, clock, _channel = told["came"]
        yield _Event(_moment(today, days_ago, clock), number, "person", "come", "")
        for days, time, who, does, words in told["events"]:
            yield _Event(_moment(today, days, time), number, who, does, words)


def play(*, desk: UUID, staff: dict[str, Actor], at: dt.datetime) -> list[UUID]:
    """Play the thirty matters at `desk` up to `at`; return them. `staff`: aoi and beni.

    What the script has for today, later than `at`, happens one day earlier.
    """
    script = _script()
    play = _Play(desk=desk, staff=staff, script=script, matters={})
    today = at.astimezone(JAPAN).date()
    if any(event.at > at for event in _events(script, today)):
        today -= dt.timedelta(days=1)
    for event in sorted(_events(script, today), key=lambda event: event.at):
        play.step(event)
    return list(play.matters.values())
