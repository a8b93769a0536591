"""What figures are asked for: a period, and a basis."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.rules import periods
from madoguchi.rules.calendar import FiscalYear, Period
from madoguchi.rules.codebooks import Table, folded
from madoguchi.rules.counting import Basis, Total
from madoguchi.rules.quality import Finding
from madoguchi.statistics.queries.cells import Cell
from madoguchi.statistics.queries.crossing import Clock, Side, is_said_of

ANY = "any"
_MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)
_APRIL = 4
_PARTS = [
    ("year", _("1年間")),
    ("half-1", _("上半期（4月～9月）")),
    ("half-2", _("下半期（10月～3月）")),
    ("quarter-1", _("第1四半期（4月～6月）")),
    ("quarter-2", _("第2四半期（7月～9月）")),
    ("quarter-3", _("第3四半期（10月～12月）")),
    ("quarter-4", _("第4四半期（1月～3月）")),
    *((f"month-{number}", f"{number}月") for number in _MONTHS),
    (ANY, _("日付で決める")),
]
_BASES = [
    ("", _("おまかせ（令和7年度から実件数）")),
    (str(Basis.NEW), _("新規受付件数")),
    (str(Basis.CASE_MONTH), _("実件数")),
]


@dataclass(frozen=True)
class Asked:
    """What somebody wants counted. No basis: as the prefecture itself counted."""

    period: Period
    basis: Basis | None


class Day(forms.DateField):
    """A day, however wide its digits are typed."""

    def to_python(self, value: Any) -> dt.date | None:
        """Return the day written in `value`."""
        day: dt.date | None = super().to_python(folded(value) if isinstance(value, str) else value)
        return day


def _day(label: Any) -> Day:
    return Day(
        label=label,
        required=False,
        help_text=_("「日付で決める」のとき"),
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("日付を 2025-04-01 のように書いてください。")},
    )


class Question(forms.Form):
    """A fiscal year and a part of it, or any days."""

    # What else is asked where nothing is.
    plain: ClassVar[Mapping[str, str]] = {}

    year = forms.TypedChoiceField(label=_("年度"), coerce=int, empty_value=None, required=False)
    part = forms.ChoiceField(label=_("期間"), choices=_PARTS, required=False)
    first = _day(_("はじめの日"))
    last = _day(_("おわりの日"))
    basis = forms.ChoiceField(label=_("集計の基準"), choices=_BASES, required=False)

    def __init__(self, *args: Any, years: Iterable[FiscalYear], **given: Any) -> None:
        """Offer `years`, the newest first."""
        super().__init__(*args, **given)
        labels = [(str(year.year), f"{year.label}（{year.year}年度）") for year in years]
        self.fields["year"].choices = labels  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a year or days that are missing, and days in the wrong order."""
        told = self.cleaned_data
        if told.get("part") != ANY:
            if "year" in told and told["year"] is None:
                self.add_error("year", _("年度を選んでください。"))
            return told
        for name in ("first", "last"):
            if name in told and told[name] is None:
                self.add_error(name, _("日付を入れてください。"))
        first, last = told.get("first"), told.get("last")
        if first and last and last < first:
            self.add_error("last", _("おわりの日を、はじめの日よりあとにしてください。"))
        return told

    def period(self) -> Period:
        """Return the days that were asked for, once the form is valid."""
        told = self.cleaned_data
        if told["part"] == ANY:
            return Period(told["first"], told["last"])
        return period_of(told["year"], told["part"])

    def parsed(self) -> Asked:
        """Return what was asked, once the form is valid."""
        told = self.cleaned_data
        return Asked(self.period(), Basis(told["basis"]) if told["basis"] else None)


def period_of(year: int, part: str) -> Period:
    """Return the `part` (half-1, month-4, …) of the fiscal year `year`."""
    kind, _dash, number = part.partition("-")
    match kind:
        case "half":
            return periods.half(year, int(number))
        case "quarter":
            return periods.quarter(year, int(number))
        case "month":
            return periods.month(year + (int(number) < _APRIL), int(number))
        case _:
            return periods.fiscal_year(year)


@dataclass(frozen=True)
class AskedComparison(Asked):
    """A period, and how many years earlier the other one lies."""

    years: int


class Comparison(Question):
    """A period to be seen beside the same days of an earlier year."""

    plain: ClassVar[Mapping[str, str]] = {"years": "1"}

    years = forms.TypedChoiceField(
        label=_("くらべる期間"),
        choices=[("1", _("前の年の同じ時期")), ("2", _("2年前の同じ時期"))],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def parsed(self) -> AskedComparison:
        """Return what was asked, once the form is valid."""
        asked = super().parsed()
        return AskedComparison(asked.period, asked.basis, self.cleaned_data["years"] or 1)


@dataclass(frozen=True)
class AskedCrossing:
    """What is to be told apart by two sides."""

    period: Period
    counts: Total
    sides: tuple[Side, Side]


class Plain(Question):
    """A period only."""

    basis = None  # type: ignore[assignment] # every table says what it counts


_UNITS = [(it.name, str(it)) for it in (Total.CONTACTS, Total.CASE_MONTHS, Total.NEW)]
_CLOCKS = [
    (Clock.MONTH.name, _("月別")),
    (Clock.WEEKDAY.name, _("曜日別")),
    (Clock.HOUR.name, _("時間帯別")),
]
_CHOICES = [*((table.name, table.label_ja) for table in Table), *_CLOCKS]


class Crossing(Question):
    """A period, what is counted, and two sides."""

    plain: ClassVar[Mapping[str, str]] = {
        "counts": Total.CONTACTS.name,
        "one": Table.CHANNEL.name,
        "other": Clock.MONTH.name,
    }

    basis = None  # type: ignore[assignment] # what is counted is said outright
    one = forms.ChoiceField(label=_("たて（行）"), choices=_CHOICES, required=False)
    other = forms.ChoiceField(label=_("よこ（列）"), choices=_CHOICES, required=False)
    counts = forms.ChoiceField(label=_("数えるもの"), choices=_UNITS, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse two sides that are one, and what cannot be told apart so."""
        told = super().clean()
        if self.errors:
            return told
        for name, usual in self.plain.items():
            told[name] = told[name] or usual
        counts, sides = Total[told["counts"]], (told["one"], told["other"])
        if told["one"] == told["other"]:
            self.add_error("other", _("行と列に、ちがうものを選んでください。"))
        elif not all(is_said_of(counts, side_called(side)) for side in sides):
            why = _("手法・対応・曜日・時間帯は受付に付くものです。延べ受付件数で数えてください。")
            self.add_error("counts", why)
        return told

    def parsed(self) -> AskedCrossing:  # type: ignore[override] # it asks something else
        """Return what was asked, once the form is valid."""
        told = self.cleaned_data
        sides = side_called(told["one"]), side_called(told["other"])
        return AskedCrossing(self.period(), Total[told["counts"]], sides)


_COUNTS = [(total.name, str(total)) for total in Total]
_SIDES = [(side.name, side.name) for side in (*Table, *Clock)]
_KEYS = {
    Clock.MONTH: r"\d{4}-(0[1-9]|1[0-2])",
    Clock.WEEKDAY: r"[0-6]",
    Clock.HOUR: r"[01]\d|2[0-3]",
}


class CellForm(forms.Form):
    """Which number a list stands behind: only codes and days, no word of anybody."""

    first = Day()
    last = Day()
    counts = forms.ChoiceField(choices=_COUNTS)
    table = forms.ChoiceField(choices=_SIDES, required=False)
    key = forms.CharField(max_length=40, required=False)
    table2 = forms.ChoiceField(choices=_SIDES, required=False)
    key2 = forms.CharField(max_length=40, required=False)
    start = forms.IntegerField(min_value=0, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse what no table has."""
        told = self.cleaned_data
        if not self.errors:
            try:
                told["cell"] = Cell(
                    Period(told["first"], told["last"]),
                    Total[told["counts"]],
                    tuple(self._marks()),
                )
            except ValueError as refusal:
                raise forms.ValidationError(_("そのような欄はありません。")) from refusal
        return told

    def _marks(self) -> Iterator[tuple[Side, str]]:
        """Return the labels; ValueError where one is no time."""
        for name, key in (("table", "key"), ("table2", "key2")):
            if told := self.cleaned_data[name]:
                side = side_called(told)
                if isinstance(side, Clock) and not re.fullmatch(
                    _KEYS[side], self.cleaned_data[key]
                ):
                    raise ValueError("not a time")
                yield side, self.cleaned_data[key]

    def parsed(self) -> Cell:
        """Return the number that was asked for, once the form is valid."""
        cell: Cell = self.cleaned_data["cell"]
        return cell


def side_called(name: str) -> Side:
    """Return the side of a table that is called `name` in an address."""
    return Clock[name] if name in Clock.__members__ else Table[name]


@dataclass(frozen=True)
class AskedFinding:
    """Which contradiction a list is about, and when."""

    finding: Finding
    period: Period


class FindingForm(forms.Form):
    """Which contradictions are to be listed."""

    first = Day()
    last = Day()
    finding = forms.ChoiceField(choices=[(it.name, it.name) for it in Finding])
    start = forms.IntegerField(min_value=0, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        told = self.cleaned_data
        if not self.errors and told["last"] < told["first"]:
            raise forms.ValidationError(_("おわりの日を、はじめの日よりあとにしてください。"))
        return told

    def parsed(self) -> AskedFinding:
        """Return what was asked, once the form is valid."""
        told = self.cleaned_data
        return AskedFinding(Finding[told["finding"]], Period(told["first"], told["last"]))
