"""A sheet of the handbook, as an adviser writes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.handbook.models import Sort
from madoguchi.handbook.operations import Written
from madoguchi.rules.filling import PLACES, unknown_places

_LONGEST = 4000
_HEADS: dict[Sort, tuple[Any, Any]] = {
    Sort.TEMPLATE: (_("文"), ""),
    Sort.FAQ: (_("質問"), _("答え")),
    Sort.CASE: (
        _("相談の内容（名前・日付・場所など、人が分かることは書かない）"),
        _("助言したこと"),
    ),
}


class SheetForm(forms.Form):
    """One sheet; which fields it has depends on its sort."""

    title = forms.CharField(label=_("見出し"), max_length=100)
    call = forms.CharField(label=_("呼び出し（/ のあとの文字）"), required=False, max_length=20)
    words = forms.CharField(max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 6}))
    advice = forms.CharField(max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 6}))
    source = forms.CharField(label=_("出典"), required=False, max_length=200)
    checked_on = forms.DateField(
        label=_("確かめた日"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Any = None, *, sort: Sort, **said: Any) -> None:
        """Ask what a sheet of `sort` holds."""
        super().__init__(data, **said)
        self.sort = sort
        self.fields["words"].label, self.fields["advice"].label = _HEADS[sort]
        if sort is Sort.TEMPLATE:
            del self.fields["advice"]
            places = "".join(f"{{{name}}}" for name in PLACES)
            self.fields["words"].help_text = _("自動で入ることば：") + places
        else:
            del self.fields["call"]

    def clean_words(self) -> str:
        """Name the places that nobody fills."""
        words: str = self.cleaned_data["words"].replace("\r\n", "\n")
        if self.sort is Sort.TEMPLATE and (unknown := unknown_places(words)):
            said = _("自動で入らないことばがあります：") + "、".join(unknown)
            raise forms.ValidationError(said)
        return words

    def parsed(self) -> Written:
        """Return what stands on the sheet."""
        said = self.cleaned_data
        return Written(
            sort=self.sort,
            title=said["title"],
            words=said["words"],
            advice=said.get("advice", "").replace("\r\n", "\n"),
            call=said.get("call", "").lstrip("/"),
            source=said["source"],
            checked_on=said["checked_on"],
        )
