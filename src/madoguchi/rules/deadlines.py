"""Deadlines (期限): which there are, when each falls due, and how near it is.

The first day is not counted (初日不算入, Civil Code art. 140). A business day is a day on
which the desk opens; a desk that is closed for two months on end counts calendar days,
since a deadline that never comes would be kept by nobody.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from madoguchi.rules.calendar import JAPAN, in_japan
from madoguchi.rules.hours import Hours, IsHoliday, Opening

# Where a desk has not entered its hours.
OFFICE = Hours((Opening(weekdays=(0, 1, 2, 3, 4), opens=dt.time(9), until=dt.time(17)),))
# After so long, somebody in danger who could not be reached is to be asked again.
RECHECK_AFTER = dt.timedelta(hours=2)
_LOOK_AHEAD = 62
_ONE_DAY = dt.timedelta(days=1)
_ONE_HOUR = dt.timedelta(hours=1)
_SUNDAY = 6


class Named(StrEnum):
    """期限の名前."""

    FIRST_REPLY = "FIRST_REPLY"  # 初回返信
    REPLY = "REPLY"  # 返信
    SAFETY = "SAFETY"  # 安全の再確認
    CALL_BACK = "CALL_BACK"  # 折り返し電話
    APPOINTMENT = "APPOINTMENT"  # 面接の約束
    EXPERT = "EXPERT"  # 専門家の日程
    ANSWER = "ANSWER"  # 引き継ぎの答え
    OWN = "OWN"  # そのほかの期限


# Set and settled by what the desk does; a matter has each of them once at a time.
KEPT_BY_DEEDS = frozenset({Named.FIRST_REPLY, Named.REPLY, Named.SAFETY})


class Again(StrEnum):
    """安全の再確認をいつするか."""

    SOON = "SOON"  # 2時間後
    NEXT_DAY = "NEXT_DAY"  # つぎの開いている日
    IN_A_WEEK = "IN_A_WEEK"  # 1週間後


class Nearness(StrEnum):
    """期限の近さ."""

    OVERDUE = "OVERDUE"  # 過ぎた
    TODAY = "TODAY"  # きょう
    THIS_WEEK = "THIS_WEEK"  # 今週
    LATER = "LATER"  # 来週から先


@dataclass(frozen=True)
class Working:
    """When a desk works: its hours, and which days are holidays."""

    hours: Hours
    is_holiday: IsHoliday

    def is_business_day(self, day: dt.date) -> bool:
        """Tell whether the desk opens on `day` (営業日)."""
        return bool(self.hours.on(day, self.is_holiday))

    def end_of(self, day: dt.date) -> dt.datetime:
        """Return when work ends on `day`; on a day without hours, when offices close."""
        ends = [it.ends(day) for it in self.hours.on(day, self.is_holiday)]
        return max(ends, default=OFFICE.openings[0].ends(day))

    def next_business_day(self, day: dt.date) -> dt.date:
        """Return the first business day after `day`."""
        for ahead in range(1, _LOOK_AHEAD + 1):
            coming = day + ahead * _ONE_DAY
            if self.is_business_day(coming):
                return coming
        return day + _ONE_DAY

    def days_after(self, day: dt.date, count: int) -> dt.date:
        """Return the `count`th business day after `day`, which itself is not counted."""
        for _each in range(count):
            day = self.next_business_day(day)
        return day


def reply_due(came: dt.datetime, days: int, working: Working) -> dt.datetime:
    """Return by when a message of the aware instant `came` is to be answered."""
    return working.end_of(working.days_after(in_japan(came).date(), days))


def recheck_due(at: dt.datetime, working: Working) -> dt.datetime:
    """Return by when somebody not reached at `at` is to be asked again whether they are safe.

    In two hours; where the desk has gone home by then, before it goes; where it is closed,
    as soon as it opens. Never later than that.
    """
    target = at + RECHECK_AFTER
    if working.hours.is_open(target, working.is_holiday):
        return target
    closes = working.hours.open_until(at, working.is_holiday)
    if closes is not None:
        return min(target, closes)
    return working.hours.next_opening(at, working.is_holiday) or target


def again_due(again: Again, at: dt.datetime, working: Working) -> dt.datetime:
    """Return by when somebody asked at `at` is to be asked again, as the adviser chose."""
    if again is Again.SOON:
        return recheck_due(at, working)
    days = 0 if again is Again.NEXT_DAY else _SUNDAY
    return working.end_of(working.next_business_day(in_japan(at).date() + days * _ONE_DAY))


def nearness(due: dt.datetime, now: dt.datetime) -> Nearness:
    """Return in which of the lists a deadline stands at the aware instant `now`."""
    if due < now:
        return Nearness.OVERDUE
    day, today = in_japan(due).date(), in_japan(now).date()
    if day == today:
        return Nearness.TODAY
    sunday = today + (_SUNDAY - today.weekday()) * _ONE_DAY
    return Nearness.THIS_WEEK if day <= sunday else Nearness.LATER


def week_ends_before(now: dt.datetime) -> dt.datetime:
    """Return midnight in Japan at which the week of `now` is over."""
    today = in_japan(now).date()
    monday = today + (_SUNDAY + 1 - today.weekday()) * _ONE_DAY
    return dt.datetime.combine(monday, dt.time(), JAPAN)


@dataclass(frozen=True)
class Distance:
    """How far a deadline is, in its largest unit: 2 HOURS, still to come or already over."""

    count: int
    unit: str  # MINUTES, HOURS, DAYS
    is_over: bool


def distance(due: dt.datetime, now: dt.datetime) -> Distance:
    """Return how far `due` is from `now`: days of the calendar, else whole hours or minutes."""
    is_over = due < now
    days = abs((in_japan(due).date() - in_japan(now).date()).days)
    if days:
        return Distance(days, "DAYS", is_over)
    apart = abs(due - now)
    if apart >= _ONE_HOUR:
        return Distance(apart // _ONE_HOUR, "HOURS", is_over)
    return Distance(apart // dt.timedelta(minutes=1), "MINUTES", is_over)
