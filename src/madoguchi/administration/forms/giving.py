"""Whose record is given out, and why something is opened in danger."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.administration.forms.retention import NumberField


class AskedForm(forms.Form):
    """Which matter."""

    number = NumberField(label=_("受付番号"), max_length=20)

    def parsed(self) -> str:
        """Return the number."""
        return str(self.cleaned_data["number"])


class GiveForm(forms.Form):
    """The second confirmation."""

    is_them = forms.BooleanField(
        label=_("本人（または正当な代理人）だと確かめました"),
        error_messages={"required": _("本人だと確かめてから、印をつけてください。")},
    )
    with_memos = forms.BooleanField(label=_("所内メモもふくめる"), required=False)

    def parsed(self) -> bool:
        """Return whether memos are given, too."""
        return bool(self.cleaned_data["with_memos"])


@dataclass(frozen=True)
class Danger:
    """Who is in danger, and why it cannot wait."""

    number: str
    reason: str


class DangerForm(AskedForm):
    """緊急の開示を求める."""

    reason = forms.CharField(
        label=_("いま何が危ないか、だれに伝えるか"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def parsed(self) -> Any:
        """Return what was asked."""
        return Danger(self.cleaned_data["number"], self.cleaned_data["reason"].strip())
