"""Windows as the pages show them: why, their numbers, whether somebody answers now."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from madoguchi.directory import emergency
from madoguchi.directory.editions import matrix_labels
from madoguchi.directory.lines import Line, line
from madoguchi.directory.windows import Channel, Window, all_windows
from madoguchi.rules.guidance import Answers, Guidance, Texts

# Telephone numbers of the first page: window and which of its numbers.
_SPOKEN_WITH = (("houterasu", 0), ("moj", 0), ("moj", 1), ("houterasu", 1), ("moj", 2))


def lines_of_the_first_page(at: dt.datetime) -> list[Line]:
    """Return the numbers one can talk to, those answered now first."""
    known = all_windows()
    lines = [
        line(known[window].role, known[window].phones[which], at) for window, which in _SPOKEN_WITH
    ]
    return sorted(lines, key=lambda it: not it.is_open)


def emergency_lines(at: dt.datetime, wanted: Iterable[str] = ()) -> list[Line]:
    """Return the emergency numbers `wanted`, in that order; all of them where none is named."""
    known, titles = emergency.numbers(), emergency.titles()
    return [line(titles[it], known[it], at) for it in tuple(wanted) or known]


@dataclass(frozen=True)
class Card:
    """One recommended window as the result shows it."""

    window: Window
    rank: int
    why: Texts
    limits: tuple[Texts, ...]
    lines: tuple[Line, ...]
    links: tuple[Channel, ...]


def cards(guidance: Guidance, answers: Answers, at: dt.datetime) -> list[Card]:
    """Return a card for each window, best first."""
    known = all_windows()
    return [
        Card(
            window=known[it.id],
            rank=it.rank,
            why=it.why,
            limits=it.limits,
            lines=tuple(line(phone.label, phone, at) for phone in known[it.id].phones),
            links=tuple(_links(known[it.id], answers.service)),
        )
        for it in guidance.windows
    ]


def _links(window: Window, service: str | None) -> Iterator[Channel]:
    for channel in window.channels:
        if channel.kind in {"form", "web", "visit"} and channel.service in {"", service}:
            yield channel


def reached_by(kind: str) -> list[Window]:
    """Return the windows that can be reached so: phone, form, visit; all where `kind` is none."""
    kinds = {"phone": {"phone"}, "form": {"form", "web"}, "visit": {"visit"}}
    wanted = kinds.get(kind)
    return [
        window
        for window in all_windows().values()
        if window.id != "own" and (not wanted or wanted & {it.kind for it in window.channels})
    ]


class MatrixRow(NamedTuple):
    """One row of the matrix for a table: its group, its name, mark, certainty, note per window."""

    group: Texts
    name: Texts
    cells: tuple[tuple[str, bool, str], ...]


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
