"""Japan's calendar: its one time zone, its eras, its fiscal year."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")

# First day and name of each era a record may carry (元号法; 令和 from 2019-05-01).
_ERAS = (
    (dt.date(2019, 5, 1), "令和", "R"),
    (dt.date(1989, 1, 8), "平成", "H"),
    (dt.date(1926, 12, 25), "昭和", "S"),
)
_WEEKDAYS = "月火水木金土日"
_APRIL = 4


def in_japan(instant: dt.datetime) -> dt.datetime:
    """Return the aware `instant` on a clock in Japan."""
    return instant.astimezone(JAPAN)


def era_year(day: dt.date) -> str:
    """Return the year of `day` in 和暦: 令和元年, 令和8年."""
    for first, name, _letter in _ERAS:
        if day >= first:
            year = day.year - first.year + 1
            return f"{name}{'元' if year == 1 else year}年"
    return f"{day.year}年"


def wareki(day: dt.date) -> str:
    """Return `day` as people write it: 令和7年11月25日（火）."""
    return f"{era_year(day)}{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"


def clock(instant: dt.datetime) -> str:
    """Return the time of the aware `instant` in Japan: 18時30分."""
    there = in_japan(instant)
    return f"{there.hour}時{there.minute:02}分"


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month in Japan."""

    year: int
    month: int

    @classmethod
    def of(cls, instant: dt.datetime) -> "Month":
        """Return the month in which the aware `instant` falls in Japan."""
        there = in_japan(instant)
        return cls(there.year, there.month)


@dataclass(frozen=True, order=True)
class FiscalYear:
    """年度: from 1 April of `year` to 31 March."""

    year: int

    @classmethod
    def of(cls, day: dt.date) -> "FiscalYear":
        """Return the fiscal year in which `day` lies."""
        return cls(day.year if day.month >= _APRIL else day.year - 1)

    @property
    def first(self) -> dt.date:
        """The first day, 1 April; of the calendar itself, where it begins later."""
        return dt.date(self.year, _APRIL, 1) if self.year >= dt.MINYEAR else dt.date.min

    @property
    def last(self) -> dt.date:
        """The last day, 31 March; of the calendar itself, where it ends earlier."""
        return dt.date(self.year + 1, 3, 31) if self.year < dt.MAXYEAR else dt.date.max

    @property
    def _era(self) -> tuple[str, str, int]:
        """The era in which the year ends (2019 began in 平成 and is 令和元年度)."""
        for first, name, letter in _ERAS:
            if self.last >= first:
                return name, letter, self.year - first.year + 1
        return "", "", self.year

    @property
    def label(self) -> str:
        """令和6年度."""
        name, _letter, year = self._era
        return f"{name}{'元' if year == 1 else year}年度"

    @property
    def short(self) -> str:
        """R6: how a matter's number begins."""
        _name, letter, year = self._era
        return f"{letter}{year}"


@dataclass(frozen=True)
class Period:
    """Whole days in Japan, both ends included."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it starts (ValueError)."""
        if self.last < self.first:
            raise ValueError("period ends before it starts")

    @property
    def starts_at(self) -> dt.datetime:
        """Midnight in Japan at which the period starts; the first instant there is."""
        if self.first == dt.date.min:
            return dt.datetime.min.replace(tzinfo=dt.UTC)
        return dt.datetime.combine(self.first, dt.time(), JAPAN)

    @property
    def ends_before(self) -> dt.datetime:
        """Midnight in Japan at which the period is over; the last instant there is."""
        if self.last == dt.date.max:
            return dt.datetime.max.replace(tzinfo=JAPAN)
        return dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time(), JAPAN)

    def __contains__(self, instant: dt.datetime) -> bool:
        """Tell whether the aware `instant` lies in the period."""
        return self.starts_at <= instant < self.ends_before
