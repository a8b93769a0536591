"""Opening hours as rules (受付時間): weekdays, nth weekdays, holidays, last call.

Times are those of a clock in Japan; days are Japan's. Whether a day is a holiday comes
in as a predicate: no calendar is looked up here.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from madoguchi.rules.calendar import JAPAN, in_japan

IsHoliday = Callable[[dt.date], bool]

_MONDAY_TO_FRIDAY = range(5)
_DECEMBER, _JANUARY = 12, 1
_LAST_DAYS_FROM, _FIRST_DAYS_TO = 29, 3
# A window that does not open within this time has no next opening to tell.
_LOOK_AHEAD = 62


@dataclass(frozen=True)
class Opening:
    """One line of a window's hours: on these days, from then to then.

    `weekdays` are 0 (Monday) to 6; `nth` limits them to the nth of the month (第2日曜).
    `until` may be 24:00, written as midnight. `last_call` minutes before the end nobody
    new is taken (受付は終了30分前まで).
    """

    weekdays: tuple[int, ...]
    opens: dt.time
    until: dt.time
    nth: tuple[int, ...] = ()
    closed_on_holidays: bool = True
    closed_at_new_year: bool = True
    last_call: int = 0

    def __post_init__(self) -> None:
        """Refuse hours that end before they begin (ValueError)."""
        if self.until != dt.time() and self.until <= self.opens:
            raise ValueError("hours end before they begin")

    def falls_on(self, day: dt.date) -> bool:
        """Tell whether `day` is one of its days, holidays and the turn of the year aside."""
        return day.weekday() in self.weekdays and (not self.nth or (day.day + 6) // 7 in self.nth)

    def is_on(self, day: dt.date, is_holiday: IsHoliday) -> bool:
        """Tell whether the window opens at all on `day` by this line."""
        if not self.falls_on(day):
            return False
        if self.closed_at_new_year and is_new_year(day):
            return False
        return not (self.closed_on_holidays and is_holiday(day))

    def begins(self, day: dt.date) -> dt.datetime:
        """Return the instant it opens on `day`."""
        return dt.datetime.combine(day, self.opens, JAPAN)

    def ends(self, day: dt.date) -> dt.datetime:
        """Return the instant after which nobody new is taken on `day`."""
        over = day + dt.timedelta(days=1) if self.until == dt.time() else day
        return dt.datetime.combine(over, self.until, JAPAN) - dt.timedelta(minutes=self.last_call)


def is_new_year(day: dt.date) -> bool:
    """Tell whether `day` lies in 年末年始, 29 December to 3 January."""
    return (day.month == _DECEMBER and day.day >= _LAST_DAYS_FROM) or (
        day.month == _JANUARY and day.day <= _FIRST_DAYS_TO
    )


@dataclass(frozen=True)
class Hours:
    """All lines of a window's hours. None at all: nobody knows.

    `closed` are days on which it does not open, whatever its lines say (臨時休業日).
    """

    openings: tuple[Opening, ...]
    closed: frozenset[dt.date] = frozenset()

    def on(self, day: dt.date, is_holiday: IsHoliday) -> tuple[Opening, ...]:
        """Return the lines by which it opens on `day`; none where it stays closed."""
        if day in self.closed:
            return ()
        return tuple(it for it in self.openings if it.is_on(day, is_holiday))

    def open_until(self, at: dt.datetime, is_holiday: IsHoliday) -> dt.datetime | None:
        """Return until when somebody who comes at the aware instant `at` is taken, or None."""
        day = in_japan(at).date()
        ends = [
            it.ends(day) for it in self.on(day, is_holiday) if it.begins(day) <= at < it.ends(day)
        ]
        return max(ends, default=None)

    def is_open(self, at: dt.datetime, is_holiday: IsHoliday) -> bool:
        """Tell whether somebody who comes at the aware instant `at` is taken."""
        return self.open_until(at, is_holiday) is not None

    def next_opening(self, at: dt.datetime, is_holiday: IsHoliday) -> dt.datetime | None:
        """Return the first opening after `at`; None where two months hold none."""
        today = in_japan(at).date()
        for ahead in range(_LOOK_AHEAD):
            day = today + dt.timedelta(days=ahead)
            begins = [it.begins(day) for it in self.on(day, is_holiday) if it.begins(day) > at]
            if begins:
                return min(begins)
        return None

    @property
    def always(self) -> bool:
        """Round the clock, every day of the year."""
        return any(
            len(set(it.weekdays)) > len(_MONDAY_TO_FRIDAY) + 1
            and (it.opens, it.until, it.last_call, it.nth) == (dt.time(), dt.time(), 0, ())
            and not (it.closed_on_holidays or it.closed_at_new_year)
            for it in self.openings
        )
