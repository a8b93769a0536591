"""Which number of a further table a list stands behind."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.rules.calendar import Period
from madoguchi.statistics.forms import Day
from madoguchi.statistics.queries.behind_units import TableCell
from madoguchi.statistics.queries.sources import SOURCES


class UnitsForm(forms.Form):
    """A cell of a further table: only codes and days, no word of anybody."""

    first = Day()
    last = Day()
    of = forms.ChoiceField(choices=[(it, it) for it in SOURCES])
    row = forms.RegexField(r"^[A-Za-z0-9_-]{1,40}$", required=False)
    column = forms.RegexField(r"^[A-Z_]{1,20}$", required=False)
    start = forms.IntegerField(min_value=0, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        told = self.cleaned_data
        if not self.errors and told["last"] < told["first"]:
            raise forms.ValidationError(_("おわりの日を、はじめの日よりあとにしてください。"))
        return told

    def parsed(self) -> TableCell:
        """Return the number that was asked for, once the form is valid."""
        told = self.cleaned_data
        period = Period(told["first"], told["last"])
        return TableCell(period, told["of"], told["row"] or None, told["column"])
