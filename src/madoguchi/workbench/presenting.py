"""Windows as an adviser finds them while on the telephone, and how one goes into the note."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.queries import particulars_of
from madoguchi.correspondence.queries.words import OpenedDraft
from madoguchi.desks.models import User
from madoguchi.directory.lines import Line, line
from madoguchi.directory.searching import windows_by
from madoguchi.directory.windows import Channel, Window, all_windows
from madoguchi.handbook.models import Sheet
from madoguchi.matters.queries import working_of
from madoguchi.rules.calendar import in_japan, wareki
from madoguchi.rules.deadlines import reply_due
from madoguchi.rules.filling import filled

# 他機関紹介: the key of the code in the standard books.
REFERRED = "OTHER_AGENCY"
_SHOWN = 6


@dataclass(frozen=True)
class Way:
    """One number or page of a window. `place` tells it from the others; `words` go into a note."""

    place: str
    line: Line
    words: str


@dataclass(frozen=True)
class Found:
    """A window that was found, with the ways to reach it."""

    window: Window
    ways: tuple[Way, ...]


def found_windows(words: str, at: dt.datetime) -> list[Found]:
    """Return the first windows that fit `words`, each with its state at the aware instant `at`."""
    return [Found(it, tuple(_ways(it, at))) for it in windows_by(words)[:_SHOWN]]


def _ways(window: Window, at: dt.datetime) -> Iterator[Way]:
    for number, channel in enumerate(window.channels):
        state = line(channel.label, channel, at)
        yield Way(f"{window.id}:{number}", state, words_for(window, channel))


def words_for(window: Window, channel: Channel) -> str:
    """Return the line of a note: name, which line, number, hours, cost."""
    name, label = window.name.ja, channel.label.ja
    where = channel.display or channel.url
    hours = channel.when.ja if channel.when else ""
    doubt = _("まだ確かめていません") if channel.unconfirmed else ""
    beside = "・".join(it for it in (hours, channel.cost.ja, doubt) if it)
    said = "　".join(it for it in (name, "" if label in name else label, where) if it)
    return f"{said}（{beside}）" if beside else said


def way_at(place: str) -> tuple[Window, Channel] | None:
    """Return the window and channel at `place` (`moj:0`); None where there is none."""
    name, _, number = place.partition(":")
    window = all_windows().get(name)
    if window is None or not (number.isascii() and number.isdigit()):
        return None
    channels = dict(enumerate(window.channels))
    channel = channels.get(int(number[:3]))
    return (window, channel) if channel else None


def with_window(
    draft: OpenedDraft, window: Window, channel: Channel
) -> tuple[str, dict[str, list[str]]]:
    """Return the words and choices of `draft` once the person is sent on to `window`."""
    before = draft.words if draft.words.endswith("\n") or not draft.words else f"{draft.words}\n"
    choices = dict(draft.choices)
    choices["referred_to"] = list(dict.fromkeys([*choices.get("referred_to", []), window.id]))
    if not any(choices.get("action", [])):
        choices["action"] = [REFERRED]
    return f"{before}{words_for(window, channel)}\n", choices


def places_for(user: User, row: Consultation | None, at: dt.datetime) -> dict[str, str]:
    """Return what fills the places of a text that `user` sends in `row`, if in any, at `at`."""
    desk = user.desk
    due = reply_due(at, desk.reply_days, working_of(desk.pk))
    nickname = particulars_of(row).nickname if row else ""
    return {
        "受付番号": row.matter.number if row else "",
        "担当": user.name,
        "窓口名": desk.name,
        "返事の目安": wareki(in_japan(due).date()),
        "呼び名": nickname,
        "きょう": wareki(in_japan(at).date()),
    }


def filled_texts(sheets: Iterable[Sheet], places: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the titles of texts with their words filled."""
    return [(sheet.title, filled(sheet.words, places)) for sheet in sheets]
