"""Opening hours as an iCalendar file (RFC 5545), a year ahead, on Japan's clock.

Why by hand: docs/decisions/0031-opening-hours-as-icalendar.md.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from madoguchi.directory.channels import Channel
from madoguchi.directory.emergency import is_holiday
from madoguchi.directory.facts import DOUBT
from madoguchi.directory.windows import Window
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.hours import Opening
from madoguchi.ui.templatetags.ui import plain

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_AHEAD = 366
_OCTETS = 74
# Japan has kept one time since 1951: one STANDARD and nothing else.
_ZONE = (
    *("BEGIN:VTIMEZONE", "TZID:Asia/Tokyo", "BEGIN:STANDARD", "DTSTART:19510908T010000"),
    *("TZOFFSETFROM:+0900", "TZOFFSETTO:+0900", "TZNAME:JST", "END:STANDARD", "END:VTIMEZONE"),
)


def has_hours(window: Window) -> bool:
    """Tell whether there is anything to write: hours that are not round the clock."""
    return any(it.hours and not it.hours.always for it in window.channels)


def hours_file(windows: Iterable[Window], at: dt.datetime, language: str | None) -> bytes:
    """Return the opening hours of `windows` from the day of the aware instant `at` on."""
    said = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Madoguchi//windows//JA"),
        *("CALSCALE:GREGORIAN", "METHOD:PUBLISH", "REFRESH-INTERVAL;VALUE=DURATION:P30D", *_ZONE),
    ]
    for window in windows:
        for channel in window.channels:
            if channel.hours and not channel.hours.always:
                for number, opening in enumerate(channel.hours.openings):
                    uid = f"UID:{window.id}-{channel.id}-{number}@madoguchi.invalid"
                    said += ["BEGIN:VEVENT", uid, f"DTSTAMP:{_utc(at)}"]
                    said += _times(opening, in_japan(at).date())
                    said += [*_words(window, channel, language), "END:VEVENT"]
    return "".join(f"{_folded(it)}\r\n" for it in (*said, "END:VCALENDAR")).encode()


def _times(opening: Opening, on: dt.date) -> Iterator[str]:
    """Yield when a line of hours begins, ends, comes again, and when it does not."""
    year = [on + dt.timedelta(days=ahead) for ahead in range(_AHEAD)]
    days = [day for day in year if opening.falls_on(day)]
    begins = opening.begins(days[0])
    ends = opening.ends(days[0]) + dt.timedelta(minutes=opening.last_call)
    yield f"DTSTART;TZID=Asia/Tokyo:{_local(begins)}"
    yield f"DTEND;TZID=Asia/Tokyo:{_local(ends)}"
    names = [_DAYS[it] for it in opening.weekdays]
    often = "WEEKLY"
    if opening.nth:
        often, names = "MONTHLY", [f"{nth}{name}" for nth in opening.nth for name in names]
    yield f"RRULE:FREQ={often};BYDAY={','.join(names)};UNTIL={_utc(opening.begins(days[-1]))}"
    closed = [_local(opening.begins(it)) for it in days if not opening.is_on(it, is_holiday)]
    if closed:
        yield f"EXDATE;TZID=Asia/Tokyo:{','.join(closed)}"


def _words(window: Window, channel: Channel, language: str | None) -> Iterator[str]:
    """Yield what a calendar shows of it, in the language of the page."""
    name, label = (plain(it.spoken(language)) for it in (window.name, channel.label))
    told = [channel.when, channel.cost, channel.note]
    words = [channel.display, *(plain(it.spoken(language)) for it in told if it)]
    sure = window.is_sure("name") and not channel.unconfirmed
    doubt = "" if sure else plain(DOUBT.spoken(language))
    yield f"SUMMARY:{_escaped(f'{name} {label}{doubt}')}"
    yield f"DESCRIPTION:{_escaped(chr(10).join(it for it in words if it))}"
    if channel.url or window.url:
        yield f"URL:{channel.url or window.url}"
    # Nobody's time is taken by a window being open.
    yield "TRANSP:TRANSPARENT"


def _utc(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _local(at: dt.datetime) -> str:
    return in_japan(at).strftime("%Y%m%dT%H%M%S")


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(text: str) -> str:
    """Break a content line after 74 octets, never inside a letter (RFC 5545, 3.1)."""
    rows, row = [], b""
    for letter in text:
        octets = letter.encode()
        if len(row) + len(octets) > _OCTETS:
            rows.append(row)
            row = b" "
        row += octets
    return b"\r\n".join([*rows, row]).decode()
