"""Periods that figures are asked for: fiscal year, half, quarter, month, any days."""

import calendar as months
import datetime as dt

from madoguchi.rules.calendar import FiscalYear, Period, era_year

_HALF = 6
_QUARTER = 3
_YEAR = 12


def fiscal_year(year: int) -> Period:
    """年度: from 1 April of `year`."""
    return Period(FiscalYear(year).first, FiscalYear(year).last)


def half(year: int, number: int) -> Period:
    """上半期 (1: April to September) or 下半期 (2) of the fiscal year `year`."""
    return _part(year, number, _HALF)


def quarter(year: int, number: int) -> Period:
    """四半期 1 (April to June) to 4 of the fiscal year `year`."""
    return _part(year, number, _QUARTER)


def month(year: int, number: int) -> Period:
    """Month `number` (1 to 12) of the calendar year `year`."""
    return Period(dt.date(year, number, 1), _last_of(year, number))


def years_before(period: Period, count: int) -> Period:
    """Return the same days `count` years earlier; the last day of a month stays its last."""
    return Period(_earlier(period.first, count), _earlier(period.last, count))


def _earlier(day: dt.date, years: int) -> dt.date:
    year = max(day.year - years, dt.MINYEAR)
    is_last = day == _last_of(day.year, day.month)
    last = _last_of(year, day.month)
    return last if is_last or day.day > last.day else day.replace(year=year)


def just_over(day: dt.date) -> tuple[Period, Period, Period]:
    """Return the last month, half year and fiscal year that were over before `day`."""
    end = day.replace(day=1) - dt.timedelta(days=1)
    year = FiscalYear.of(day).year
    first_half = half(year, 1)
    last_half = first_half if first_half.last < day else half(year - 1, 2)
    return month(end.year, end.month), last_half, fiscal_year(year - 1)


def after(period: Period) -> dt.date:
    """Return the first day after `period`."""
    return period.last + dt.timedelta(days=1)


def _part(year: int, number: int, length: int) -> Period:
    """Return part `number` (from 1) of a fiscal year cut into parts of `length` months."""
    if not 1 <= number <= _YEAR // length:
        raise ValueError("no such part of a year")
    start = 3 + (number - 1) * length  # months since January, counted from 0; April is 3
    end = start + length - 1
    return Period(
        dt.date(year + start // _YEAR, start % _YEAR + 1, 1),
        _last_of(year + end // _YEAR, end % _YEAR + 1),
    )


def _last_of(year: int, number: int) -> dt.date:
    return dt.date(year, number, months.monthrange(year, number)[1])


def label_ja(period: Period) -> str:
    """Return the period as a return is headed: 令和6年度, 令和7年4月～9月, 令和7年4月3日～9日."""
    if period == fiscal_year(FiscalYear.of(period.first).year):
        return FiscalYear.of(period.first).label
    if _whole_months(period):
        return _span(
            [era_year(period.first), f"{period.first.month}月"],
            [era_year(period.last), f"{period.last.month}月"],
        )
    return _span(_parts(period.first), _parts(period.last))


def western(period: Period) -> str:
    """Return the period in the Christian era, for readers and machines: 2024-04-01～2025-03-31."""
    return f"{period.first.isoformat()}～{period.last.isoformat()}"


def _parts(day: dt.date) -> list[str]:
    return [era_year(day), f"{day.month}月", f"{day.day}日"]


def _whole_months(period: Period) -> bool:
    return period.first.day == 1 and period.last == _last_of(period.last.year, period.last.month)


def _span(first: list[str], last: list[str]) -> str:
    """Join both ends, leaving out of the second what it shares with the first."""
    if first == last:
        return "".join(first)
    shared = 0
    while first[shared] == last[shared]:
        shared += 1
    return f"{''.join(first)}～{''.join(last[shared:])}"
