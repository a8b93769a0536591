"""Hours, closing days, the days of a month."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madoguchi.rules.codebooks import folded
from madoguchi.rules.contact_records import moment
from madoguchi.rules.hours import Opening

WEEKDAYS = [(str(number), f"{name}") for number, name in enumerate("月火水木金土日")]
_NTH = [(str(number), f"第{number}") for number in range(1, 6)]
_MOST_LAST_CALL = 240


class Clock(forms.CharField):
    """A time of day: 9:00, ９時３０分, 24:00."""

    def __init__(self, **said: Any) -> None:
        """Take a few letters."""
        attrs = {"inputmode": "numeric", "class": "short"}
        super().__init__(max_length=10, widget=forms.TextInput(attrs), **said)

    def clean(self, value: Any) -> Any:
        """Return the time; 24:00 is midnight, as `rules.hours` writes it."""
        text = folded(super().clean(value)).replace("時", ":").removesuffix("分")
        if not text:
            return None
        hour, _colon, minute = text.partition(":")
        try:
            return dt.time(int(hour) % 24 if hour == "24" else int(hour), int(minute or 0))
        except ValueError:
            raise ValidationError(_("時刻を「16:00」のように入れてください。")) from None


class OpeningForm(forms.Form):
    """One line of the hours; a line without weekdays is none."""

    weekdays = forms.MultipleChoiceField(
        label=_("曜日"), choices=WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    nth = forms.MultipleChoiceField(
        label=_("月の第何週だけ（選ばなければ毎週）"),
        choices=_NTH,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    opens = Clock(label=_("開く時刻"), required=False)
    until = Clock(label=_("閉じる時刻"), required=False)
    last_call = forms.CharField(
        label=_("新しい受付は、閉じる何分前まで"),
        required=False,
        max_length=4,
        widget=forms.TextInput({"inputmode": "numeric", "class": "short"}),
    )
    closed = forms.MultipleChoiceField(
        label=_("休む日"),
        choices=[("holidays", _("祝日")), ("new-year", _("年末年始（12月29日～1月3日）"))],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_last_call(self) -> int:
        """Return minutes, 0 where nothing is said."""
        text = folded(self.cleaned_data["last_call"]).removesuffix("分") or "0"
        if not (text.isascii() and text.isdigit()) or int(text) > _MOST_LAST_CALL:
            raise ValidationError(_("0から240までの数字を入れてください。"))
        return int(text)

    def clean(self) -> dict[str, Any]:
        """Refuse a line with days but no times, or that ends before it begins."""
        told = super().clean() or {}
        if not told.get("weekdays") or self.errors:
            return told
        if told.get("opens") is None or told.get("until") is None:
            raise ValidationError(_("開く時刻と閉じる時刻を入れてください。"))
        if told["until"] != dt.time() and told["until"] <= told["opens"]:
            self.add_error("until", _("開く時刻よりあとにしてください。"))
        return told

    def parsed(self) -> Opening | None:
        """Return the line, or None where no weekday is ticked."""
        told = self.cleaned_data
        if not told["weekdays"]:
            return None
        return Opening(
            weekdays=tuple(int(it) for it in told["weekdays"]),
            opens=told["opens"],
            until=told["until"],
            nth=tuple(int(it) for it in told["nth"]),
            closed_on_holidays="holidays" in told["closed"],
            closed_at_new_year="new-year" in told["closed"],
            last_call=told["last_call"],
        )


def initial_of(it: Opening) -> dict[str, Any]:
    """Return a line as the form shows it."""
    holidays = ["holidays"] if it.closed_on_holidays else []
    new_year = ["new-year"] if it.closed_at_new_year else []
    until = "24:00" if it.until == dt.time() else f"{it.until:%H:%M}"
    return {
        "weekdays": [str(day) for day in it.weekdays],
        "nth": [str(number) for number in it.nth],
        "opens": f"{it.opens:%H:%M}",
        "until": until,
        "last_call": str(it.last_call or ""),
        "closed": [*holidays, *new_year],
    }


class ClosingForm(forms.Form):
    """臨時休業日, one to a line."""

    days = forms.CharField(
        label=_("臨時休業日"),
        help_text=_("1行に1日、「2026-12-28」や「2026年12月28日」のように書きます。"),
        required=False,
        max_length=6000,
        widget=forms.Textarea({"rows": 6}),
    )

    def clean_days(self) -> list[dt.date]:
        """Return the days, or name the line that is none."""
        days = []
        for number, line in enumerate(self.cleaned_data["days"].splitlines(), start=1):
            if not line.strip():
                continue
            at = moment(f"{line.strip()} 00:00")
            if at is None:
                raise ValidationError(
                    _("%(line)s行目を日付として読めません。"), params={"line": number}
                )
            days.append(at.date())
        return days

    def parsed(self) -> list[dt.date]:
        """Return the days."""
        days: list[dt.date] = self.cleaned_data["days"]
        return days


class DaysForm(forms.Form):
    """開設日 of one month."""

    days = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, days: list[dt.date], **said: Any) -> None:
        """Offer `days`."""
        super().__init__(data, **said)
        field = self.fields["days"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(day.isoformat(), str(day.day)) for day in days]

    def parsed(self) -> set[dt.date]:
        """Return the days that are ticked."""
        return {dt.date.fromisoformat(day) for day in self.cleaned_data["days"]}
