"""Japan's calendar: eras, fiscal years, midnight in Japan."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules.calendar import (
    JAPAN,
    FiscalYear,
    Month,
    Period,
    clock,
    era_year,
    in_japan,
    wareki,
)
from madoguchi.rules.periods import label_ja

days = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))
instants = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2060, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (dt.date(1926, 12, 24), "1926年"),
        (dt.date(1926, 12, 25), "昭和元年"),
        (dt.date(1989, 1, 7), "昭和64年"),
        (dt.date(1989, 1, 8), "平成元年"),
        (dt.date(1990, 1, 1), "平成2年"),
        (dt.date(2019, 4, 30), "平成31年"),
        (dt.date(2019, 5, 1), "令和元年"),
        (dt.date(2020, 1, 1), "令和2年"),
        (dt.date(2026, 11, 22), "令和8年"),
    ],
)
def test_an_era_begins_on_its_day(day, year):
    assert era_year(day) == year


@pytest.mark.parametrize(
    ("year", "short", "label"),
    [
        (2018, "H30", "平成30年度"),
        (2019, "R1", "令和元年度"),
        (2020, "R2", "令和2年度"),
        (2021, "R3", "令和3年度"),
        (2022, "R4", "令和4年度"),
        (2023, "R5", "令和5年度"),
        (2024, "R6", "令和6年度"),
        (2025, "R7", "令和7年度"),
        (2026, "R8", "令和8年度"),
    ],
)
def test_a_fiscal_year_has_its_names(year, short, label):
    assert FiscalYear(year).short == short
    assert FiscalYear(year).label == label


@given(st.integers(1928, 2100))
def test_no_two_fiscal_years_share_a_short_name(year):
    assert FiscalYear(year).short != FiscalYear(year + 1).short


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (dt.date(2025, 3, 31), 2024),
        (dt.date(2025, 4, 1), 2025),
        (dt.date(2026, 1, 1), 2025),
        (dt.date(2024, 2, 29), 2023),
    ],
)
def test_a_fiscal_year_begins_in_april(day, year):
    assert FiscalYear.of(day) == FiscalYear(year)


@given(days)
def test_every_day_lies_in_its_fiscal_year_and_in_no_other(day):
    year = FiscalYear.of(day)
    assert year.first <= day <= year.last
    assert FiscalYear(year.year - 1).last + dt.timedelta(days=1) == year.first


def test_a_day_is_written_as_people_write_it():
    assert wareki(dt.date(2025, 11, 25)) == "令和7年11月25日（火）"
    assert wareki(dt.date(2019, 5, 1)) == "令和元年5月1日（水）"
    assert clock(dt.datetime(2025, 11, 25, 9, 5, tzinfo=dt.UTC)) == "18時05分"


@given(instants)
def test_japan_is_nine_hours_ahead_and_never_changes_its_clocks(instant):
    assert in_japan(instant).utcoffset() == dt.timedelta(hours=9)
    assert in_japan(instant) == instant


def test_an_evening_in_greenwich_is_the_next_month_in_japan():
    evening = dt.datetime(2025, 3, 31, 15, 0, tzinfo=dt.UTC)
    assert Month.of(evening) == Month(2025, 4)
    assert Month.of(evening - dt.timedelta(seconds=1)) == Month(2025, 3)
    assert FiscalYear.of(in_japan(evening).date()) == FiscalYear(2025)


def test_a_period_runs_from_midnight_to_midnight_in_japan():
    period = Period(dt.date(2025, 4, 1), dt.date(2025, 4, 30))
    first = dt.datetime(2025, 4, 1, tzinfo=JAPAN)
    after = dt.datetime(2025, 5, 1, tzinfo=JAPAN)
    second = dt.timedelta(seconds=1)
    assert first in period
    assert first.astimezone(dt.UTC) in period
    assert first - second not in period
    assert after - second in period
    assert after not in period


@given(days, days)
def test_a_period_ends_not_before_it_starts(one, other):
    first, last = sorted((one, other))
    assert Period(first, last).starts_at < Period(first, last).ends_before
    if first != last:
        with pytest.raises(ValueError, match="ends before"):
            Period(last, first)


ENDS = [dt.date.min, dt.date(1, 3, 31), dt.date(9999, 4, 1), dt.date.max]


@pytest.mark.parametrize("day", ENDS)
def test_the_ends_of_the_calendar_are_days_like_others(day):
    assert FiscalYear.of(day).first <= day <= FiscalYear.of(day).last
    assert FiscalYear.of(day).label
    period = Period(day, day)
    noon = dt.datetime.combine(day, dt.time(12), JAPAN)
    assert noon in period
    assert period.starts_at.astimezone(dt.UTC) < period.ends_before.astimezone(dt.UTC)
    assert label_ja(period)
    assert label_ja(Period(dt.date(2026, 4, 1), dt.date.max)) == "令和8年4月～令和7981年12月"
