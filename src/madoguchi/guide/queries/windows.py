"""Windows as the pages show them: why, their numbers, whether somebody answers now."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import get_language

from madoguchi.directory import emergency
from madoguchi.directory.editions import current, matrix_labels, services
from madoguchi.directory.lines import Line, line
from madoguchi.directory.windows import Window, all_windows
from madoguchi.guide.queries.places import Place, Way, place_of, way_when_busy
from madoguchi.guide.queries.qr import QR, qr_of
from madoguchi.rules.guidance import Answers, Guidance, Recommendation, Texts
from madoguchi.rules.guidance.edition import Facts

# What stands below 110 and the line that never closes.
LESS_PRESSING = ("police-9110", "crime-victims", "children")
# Telephone numbers of the first page: window and which of its numbers.
_SPOKEN_WITH = (("houterasu", 0), ("moj", 0), ("moj", 1), ("houterasu", 1), ("moj", 2))


def lines_of_the_first_page(at: dt.datetime) -> list[Line]:
    """Return the numbers one can talk to, those answered now first."""
    known = all_windows()
    lines = [
        line(known[window].role, known[window].phones[which], at) for window, which in _SPOKEN_WITH
    ]
    return sorted(lines, key=lambda it: not it.is_open)


def note_of_the_open_line() -> str:
    """Return where the line that never closes has another number (岩手, 宮城, 福島)."""
    note = emergency.numbers()["yorisoi"].note
    return note.spoken(get_language()) if note else ""


def emergency_lines(at: dt.datetime, wanted: Iterable[str] = ()) -> list[Line]:
    """Return the emergency numbers `wanted`, in that order; all of them where none is named."""
    known, titles = emergency.numbers(), emergency.titles()
    return [line(titles[it], known[it], at) for it in tuple(wanted) or known]


# Who is told of sexual pictures; elsewhere it is left out what they ask.
_TOLD_BY_URL = {"police", "safeline"}
# How a window can be reached, as people say it, and the channels that are meant.
WAYS = {"phone": {"phone"}, "form": {"form", "web"}, "visit": {"visit"}}


class Said(NamedTuple):
    """A limit of a window for somebody; `is_condition`: what it wants, not what it lacks."""

    text: Texts
    is_condition: bool


@dataclass(frozen=True)
class Card:
    """One recommended window as the result shows it."""

    window: Window
    rank: int
    why: Texts
    role: Texts
    can: tuple[Texts, ...]
    limits: tuple[Said, ...]
    lines: tuple[Line, ...]
    links: tuple[Line, ...]
    # Telephones that are not first for this person, or stand above all windows already.
    others: tuple[Line, ...] = ()
    service: Mapping[str, Any] | None = None
    place: Place | None = None

    @property
    def key(self) -> str:
        """All that shapes the card, save its language: cards alike are drawn once."""
        lines = [*self.lines, *self.links, *self.others]
        if self.place:
            lines += [it for desk in self.place.desks for it in desk.lines]
        told = (
            self.window.id,
            self.why.ja,
            [it.ja for it in self.can],
            [it.text.ja for it in self.limits],
            len(self.lines),
            [it.state for it in lines],
            self.service and self.service["name"].ja,
            self.place and self.place.local.prefecture,
        )
        return repr(told)

    @property
    def has_more_ways(self) -> bool:
        """Whether there are ways beside those offered first."""
        return bool(self.others or (len(self.links) > 1 and not (self.place and self.place.desks)))

    @property
    def busy(self) -> Way | None:
        """Where to turn when nobody answers."""
        return way_when_busy(self.window)

    @property
    def asks_by_url(self) -> bool:
        """Whether it is told of pictures that must not be kept: by their address alone."""
        return self.window.id in _TOLD_BY_URL

    @property
    def qr(self) -> QR | None:
        """The code for a sheet of paper."""
        return qr_of(self.window, [it.channel for it in (*self.lines, *self.links)])


def cards(
    guidance: Guidance, answers: Answers, at: dt.datetime, prefecture: str | None = None
) -> list[Card]:
    """Return a card for each window, best first; `prefecture` is the person's or the desk's."""
    place = place_of(prefecture, at) if prefecture else None
    situation = current().facts(answers, prefecture)
    above = {emergency.numbers()[it].number for it in guidance.numbers if guidance.urgent}
    return [_card(it, answers, at, place, situation, above) for it in guidance.windows]


def _card(
    told: Recommendation,
    answers: Answers,
    at: dt.datetime,
    place: Place | None,
    situation: Facts,
    above: set[str],
) -> Card:
    window = all_windows()[told.id].shown
    conditions = {it.text for it in window.limits if it.is_condition}
    lines = [line(it.label, it, at) for it in window.phones]
    first = [it for it in lines if it.channel.is_for(situation) and it.channel.number not in above]
    return Card(
        window=window,
        rank=told.rank,
        why=told.why,
        role=current().windows[told.id].role_in(situation),
        can=window.can_in(situation),
        limits=tuple(Said(it, it in conditions) for it in told.limits),
        lines=tuple(first),
        links=tuple(_links(window, answers.service, at)),
        others=tuple(it for it in lines if it not in first),
        service=_duty(answers.service) if window.id == "platform" else None,
        place=place if window.id == "prefecture" else None,
    )


def _duty(service: str | None) -> Mapping[str, Any] | None:
    """Return what is known of a service that was named; nothing of 「ほか」 and 「分からない」."""
    return services()[service] if service not in {None, "other", "none"} else None


def _links(window: Window, service: str | None, at: dt.datetime) -> Iterator[Line]:
    for channel in window.channels:
        if channel.kind not in {"phone", "own"} and channel.service in {"", service}:
            yield line(channel.label, channel, at)


def reached_by(kind: str) -> list[Window]:
    """Return the windows that can be reached so: phone, form, visit; all where `kind` is none."""
    wanted = WAYS.get(kind)
    return [
        window.shown
        for window in all_windows().values()
        if window.id != "own" and (not wanted or wanted & {it.kind for it in window.channels})
    ]


class MatrixRow(NamedTuple):
    """One row of the matrix for a table: its group, its name, mark, certainty, note per window."""

    group: Texts
    name: Texts
    cells: tuple[tuple[str, bool, str], ...]


class Taken(NamedTuple):
    """One matter in the matrix for one window: how people call it, mark, certainty, note."""

    name: Texts
    mark: str
    certain: bool
    note: str


def taken_by(window: str, rows: Iterable[Mapping[str, Any]]) -> list[Taken]:
    """Return what `window` takes and does not take; nothing where the matrix lacks it."""
    names = matrix_labels()
    return [
        Taken(names[f"{row['group']}/{row['row']}"], cell["mark"], cell["certain"], note)
        for row in rows
        if row["group"] not in {"access", "handling"} and window in row["cells"]
        for cell in [row["cells"][window]]
        for note in [cell.get("note", "")]
    ]


def matrix_rows(rows: Iterable[Mapping[str, Any]]) -> list[MatrixRow]:
    """Return the matrix for people to read; a doubtful mark carries its doubt."""
    labels = matrix_labels()
    return [
        MatrixRow(
            labels[row["group"]],
            labels[f"{row['group']}/{row['row']}"],
            tuple(
                (cell["mark"], cell["certain"], cell.get("note", ""))
                for cell in row["cells"].values()
            ),
        )
        for row in rows
    ]
