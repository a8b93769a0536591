"""The codes of next year's book, one line each; the wording of a label."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.rules.codebooks import Code
from madoguchi.vault.ids import new_id

_NEW = 3


class PlanForm(forms.Form):
    """Next year's codes: a number for the order, the label; an empty label leaves a code out."""

    def __init__(self, data: Any = None, *, codes: Sequence[Code], **said: Any) -> None:
        """Show `codes` and three lines for new ones."""
        super().__init__(data, **said)
        self.codes = codes
        labels = [(code.key, code.label_ja) for code in codes]
        fresh = [(f"new{number}", "") for number in range(1, _NEW + 1)]
        self.keys = [key for key, _label in (*labels, *fresh)]
        for place, (key, label) in enumerate((*labels, *fresh), start=1):
            self.fields[f"place-{key}"] = forms.IntegerField(
                label=_("順番"),
                initial=place,
                min_value=1,
                max_value=99,
                required=False,
                widget=forms.TextInput({"inputmode": "numeric", "class": "short"}),
            )
            self.fields[f"label-{key}"] = forms.CharField(
                label=_("区分"), initial=label, max_length=60, required=False
            )

    @property
    def lines(self) -> list[tuple[Any, Any]]:
        """The pairs of fields."""
        return [(self[f"place-{key}"], self[f"label-{key}"]) for key in self.keys]

    def parsed(self) -> list[Code]:
        """Return the codes in their order; new ones get keys of their own."""
        told = self.cleaned_data
        last = len(self.keys) + 100
        found = []
        for at, key in enumerate(self.keys):
            label = told[f"label-{key}"].strip()
            is_new = key not in {code.key for code in self.codes}
            own = f"N{new_id().hex.upper()}" if is_new else key
            if label:
                found.append((told[f"place-{key}"] or last, at, Code(own, label)))
        return [code for _place, _at, code in sorted(found, key=lambda it: it[:2])]


class LabelForm(forms.Form):
    """A label's wording."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    label = forms.CharField(label=_("区分"), max_length=60)

    def parsed(self) -> Code:
        """Return the code with its label."""
        return Code(self.cleaned_data["key"], self.cleaned_data["label"].strip())
