"""What public pages say of the desk."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madoguchi.desks.operations.profile import Profile
from madoguchi.rules.codebooks import folded
from madoguchi.rules.prefectures import PREFECTURES
from madoguchi.ui.widgets import DropDown

_TELEPHONE = re.compile(r"0[0-9]{1,4}-?[0-9]{1,4}-?[0-9]{3,4}")


class ProfileForm(forms.Form):
    """窓口の紹介."""

    name = forms.CharField(label=_("窓口の名前"), max_length=100)
    prefecture = forms.ChoiceField(
        label=_("都道府県"), choices=[(it, it) for it in PREFECTURES], widget=DropDown
    )
    reply_days = forms.IntegerField(
        label=_("何日以内に返信するか（土日・祝日をのぞく）"),
        help_text=_("相談した人に見せる約束です。"),
        min_value=1,
        max_value=30,
        widget=forms.TextInput({"inputmode": "numeric", "class": "short"}),
    )
    telephone = forms.CharField(
        label=_("相談の電話番号"),
        help_text=_("公開のページに出ます。なければ空のままにします。"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"inputmode": "tel"}),
    )

    def clean_telephone(self) -> str:
        """Take a number that can be dialled in Japan."""
        text = re.sub(r"[‐‑–―−ー]", "-", folded(self.cleaned_data["telephone"]))
        if text and not _TELEPHONE.fullmatch(text):
            raise ValidationError(_("電話番号を「06-1234-5678」のように入れてください。"))
        return text

    def parsed(self) -> Profile:
        """Return the profile."""
        told = self.cleaned_data
        return Profile(
            name=told["name"].strip(),
            prefecture=told["prefecture"],
            reply_days=told["reply_days"],
            telephone=told["telephone"],
        )
