"""Classes of keeping, holds, the approval of a list."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.models import RetentionClass
from madoguchi.consultations.operations.keeping import Kind
from madoguchi.rules.codebooks import folded
from madoguchi.rules.retention import LONGEST

_LINES = 6
_NUMBER = re.compile(r"[A-Z][0-9]{1,3}-[0-9]{4,6}")


class ClassesForm(forms.Form):
    """保存区分: a name and years a line; one is usual."""

    usual = forms.ChoiceField(
        label=_("ふだんの区分"),
        widget=forms.RadioSelect,
        help_text=_("決めなかった相談に使います。"),
    )

    def __init__(self, data: Any = None, *, kinds: list[Kind], **said: Any) -> None:
        """Show `kinds` and empty lines below them."""
        super().__init__(data, **said)
        shown = [*kinds, *(Kind("", 0) for _line in range(max(1, _LINES - len(kinds))))]
        self.numbers = range(len(shown))
        for number, kind in enumerate(shown):
            self.fields[f"name{number}"] = forms.CharField(
                label=_("区分の名前"), max_length=40, required=False, initial=kind.name
            )
            self.fields[f"years{number}"] = forms.IntegerField(
                label=_("年数"),
                min_value=1,
                max_value=LONGEST,
                required=False,
                initial=kind.years or None,
                widget=forms.TextInput({"inputmode": "numeric", "class": "short"}),
            )
        field = self.fields["usual"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(number), f"{number + 1}行目") for number in self.numbers]
        field.initial = next((str(n) for n, kind in enumerate(shown) if kind.is_usual), "0")

    @property
    def lines(self) -> list[tuple[Any, Any]]:
        """The pairs of fields."""
        return [(self[f"name{number}"], self[f"years{number}"]) for number in self.numbers]

    def clean(self) -> dict[str, Any]:
        """Refuse a name without years, and a usual class that is empty."""
        told = super().clean() or {}
        names = [told.get(f"name{number}", "").strip() for number in self.numbers]
        for number, name in enumerate(names):
            if name and not told.get(f"years{number}") and f"years{number}" not in self.errors:
                self.add_error(f"years{number}", _("1から30までの年数を入れてください。"))
        if not names[int(told.get("usual", 0))]:
            self.add_error("usual", _("名前のある行を選んでください。"))
        if len({name for name in names if name}) < len([name for name in names if name]):
            raise ValidationError(_("同じ名前の区分が2つあります。"))
        return told

    def parsed(self) -> list[Kind]:
        """Return the classes."""
        told = self.cleaned_data
        usual = int(told["usual"])
        return [
            Kind(told[f"name{number}"].strip(), told[f"years{number}"], number == usual)
            for number in self.numbers
            if told[f"name{number}"].strip()
        ]


class NumberField(forms.CharField):
    """A 受付番号, however it is typed."""

    def clean(self, value: Any) -> Any:
        """Return the number as it is kept."""
        text = folded(super().clean(value)).upper().replace(" ", "")
        text = re.sub(r"[‐‑–―−ー]", "-", text)
        year, dash, count = text.partition("-")
        number = f"{year}{dash}{count.zfill(4)}"
        if not _NUMBER.fullmatch(number):
            raise ValidationError(_("受付番号を「R8-0041」のように入れてください。"))
        return number


class KeepForm(forms.Form):
    """One matter: under which class, and whether it is held."""

    number = NumberField(label=_("受付番号"), max_length=20)
    retention_class = forms.ChoiceField(label=_("保存区分"), required=False)
    reason = forms.CharField(
        label=_("保留の理由"),
        help_text=_("裁判・審査・開示請求などで、消してはいけないときに書きます。"),
        required=False,
        max_length=400,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, data: Any = None, *, classes: list[RetentionClass], **said: Any) -> None:
        """Offer `classes`."""
        super().__init__(data, **said)
        field = self.fields["retention_class"]
        assert isinstance(field, forms.ChoiceField)
        named = [(str(it.pk), f"{it.name}（{it.years}年）") for it in classes]
        field.choices = [("", _("ふだんの区分")), *named]

    def parsed(self) -> tuple[UUID | None, str]:
        """Return the class and the reason for a hold, "" for none."""
        told = self.cleaned_data
        chosen = told["retention_class"]
        return (UUID(chosen) if chosen else None), told["reason"].strip()


class SeenForm(forms.Form):
    """How many matters somebody saw before they approved."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def parsed(self) -> int:
        """Return the number."""
        number: int = self.cleaned_data["seen"]
        return number
