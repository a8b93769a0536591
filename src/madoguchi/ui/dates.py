"""Days and times as each language writes them, always on a clock in Japan."""

import datetime as dt

from madoguchi.rules import calendar

_ENGLISH = "en"
_EASY = "ja-easy"

# Days of the month that are not read 〜にち.
_DAYS = {
    1: "ついたち",
    2: "ふつか",
    3: "みっか",
    4: "よっか",
    5: "いつか",
    6: "むいか",
    7: "なのか",
    8: "ようか",
    9: "ここのか",
    10: "とおか",
    14: "じゅうよっか",
    20: "はつか",
    24: "にじゅうよっか",
}
_WEEKDAYS = ("月|げつ", "火|か", "水|すい", "木|もく", "金|きん", "土|ど", "日|にち")
# Minutes ending in these are read 〜ふん, all others 〜ぷん.
_READ_FUN = {2, 5, 7, 9}


def day_of(when: dt.date) -> dt.date:
    """Return the calendar day of `when`; an aware instant's day is that in Japan."""
    return calendar.in_japan(when).date() if isinstance(when, dt.datetime) else when


def day(when: dt.date, language: str | None) -> str:
    """Write the day of `when`: 令和7年11月25日（火）.

    やさしい日本語 has the year of the common era and, in braces, the readings.
    """
    on = day_of(when)
    if language == _ENGLISH:
        return f"{on:%A} {on.day} {on:%B %Y}"
    if language == _EASY:
        reading = f"{{{on.day}日|{_DAYS[on.day]}}}" if on.day in _DAYS else f"{on.day}{{日|にち}}"
        weekday = f"{{{_WEEKDAYS[on.weekday()]}}}"
        return f"{on.year}{{年|ねん}}{on.month}{{月|がつ}}{reading}（{weekday}）"
    return calendar.wareki(on)


def days(number: int, language: str | None) -> str:
    """Write a length of time in days: 3日."""
    if language == _ENGLISH:
        return "1 day" if number == 1 else f"{number} days"
    if language == _EASY:
        reading = "いちにち" if number == 1 else _DAYS.get(number)
        return f"{{{number}日|{reading}}}" if reading else f"{number}{{日|にち}}"
    return f"{number}日"


def time(when: dt.datetime, language: str | None) -> str:
    """Write the time of the aware instant `when`: 18時30分 (in easy words 21時, not 21時00分)."""
    there = calendar.in_japan(when)
    if language == _ENGLISH:
        return f"{there:%H:%M}"
    if language == _EASY:
        reading = "ふん" if there.minute % 10 in _READ_FUN else "ぷん"
        minutes = f"{there.minute}{{分|{reading}}}" if there.minute else ""
        return f"{there.hour}{{時|じ}}{minutes}"
    return calendar.clock(when)


def instant(when: dt.datetime, language: str | None) -> str:
    """Write the aware instant `when`: 令和7年11月25日（火）18時30分."""
    between, zone = (", ", " (Japan time)") if language == _ENGLISH else ("", "")
    return f"{day(when, language)}{between}{time(when, language)}{zone}"


def short_day(when: dt.date) -> str:
    """Write the day of `when` without its year, for the desk's lists: 11月25日（火）."""
    return calendar.wareki(day_of(when)).partition("年")[2]
