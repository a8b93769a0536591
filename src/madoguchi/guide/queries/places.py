"""What a prefecture has of its own, and where to turn when nobody answers."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from madoguchi.directory.channels import Channel
from madoguchi.directory.lines import Line, line
from madoguchi.directory.local import Local, Ordinance, local
from madoguchi.directory.windows import Window, all_windows
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.guidance import Answers, Texts

# What every prefecture has: its police by #9110, and its schools.
_EVERYWHERE = ("police", "school")


class Desk(NamedTuple):
    """A prefecture's desk and its ways, each with whether somebody is there now."""

    window: Window
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Place:
    """A prefecture as the pages show it."""

    local: Local
    desks: tuple[Desk, ...]
    everywhere: tuple[Desk, ...]
    ordinance: Ordinance | None


def place_of(prefecture: str, at: dt.datetime) -> Place:
    """Return what `prefecture` has at the aware instant `at`; all 47 resolve."""
    found = local(prefecture)
    return Place(
        local=found.shown,
        desks=tuple(desk(it, at) for it in found.windows),
        everywhere=tuple(desk(all_windows()[it], at) for it in _EVERYWHERE),
        ordinance=found.reporting_by(in_japan(at).date()),
    )


def desk(window: Window, at: dt.datetime) -> Desk:
    """Return `window` with all its ways."""
    return Desk(window.shown, tuple(line(it.label, it, at) for it in window.channels))


def place_for(answers: Answers, at: dt.datetime) -> Place | None:
    """Return the prefecture that somebody named; none where only police and the like help."""
    if answers.prefecture is None or answers.happened == "c":
        return None
    return place_of(answers.prefecture, at)


class Way(NamedTuple):
    """Where to turn when nobody answers, and on which channel.

    `is_beside`: a way of the same window, which the page shows already.
    """

    text: Texts
    window: Window
    channel: Channel
    is_beside: bool


def way_when_busy(window: Window) -> Way | None:
    """Return where to turn when nobody answers at `window`."""
    busy = window.shown.busy
    if busy is None:
        return None
    to = all_windows()[busy.window]
    channel = next(it for it in to.channels if it.id == busy.channel)
    return Way(busy.text, to, channel, is_beside=to.id == window.id)
