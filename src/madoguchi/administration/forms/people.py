"""Somebody new, another role, who takes over."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madoguchi.desks.models import User
from madoguchi.rules.access import Role
from madoguchi.rules.codebooks import folded

ROLES = [
    (str(Role.ADVISER), _("相談員")),
    (str(Role.SUPERVISOR), _("責任者")),
    (str(Role.STATISTICIAN), _("統計担当")),
    (str(Role.EXPERT), _("専門家（見せるものだけを見ます）")),
]
_USERNAME = re.compile(r"[A-Za-z0-9._-]{1,60}")


@dataclass(frozen=True)
class Newcomer:
    """Somebody to be let in."""

    username: str
    name: str
    role: Role


class NewcomerForm(forms.Form):
    """職員を加える."""

    name = forms.CharField(label=_("名前"), max_length=60)
    username = forms.CharField(
        label=_("サインイン名"),
        max_length=60,
        help_text=_("半角の英数字と . _ - が使えます。"),
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(
        label=_("役割"), choices=ROLES, initial=Role.ADVISER, widget=forms.RadioSelect
    )

    def clean_username(self) -> str:
        """Take letters that anybody can type."""
        username = folded(self.cleaned_data["username"])
        if not _USERNAME.fullmatch(username):
            raise ValidationError(_("半角の英数字と . _ - だけにしてください。"))
        return username

    def parsed(self) -> Newcomer:
        """Return the newcomer."""
        told = self.cleaned_data
        return Newcomer(told["username"], told["name"].strip(), Role(told["role"]))


class RoleForm(forms.Form):
    """役割を変える."""

    role = forms.ChoiceField(label=_("役割"), choices=ROLES, widget=forms.RadioSelect)

    def parsed(self) -> Role:
        """Return the role."""
        return Role(self.cleaned_data["role"])


class HandOverForm(forms.Form):
    """担当の引きつぎ."""

    adviser = forms.ChoiceField(label=_("新しい担当"))

    def __init__(self, data: Any = None, *, people: Iterable[User], **said: Any) -> None:
        """Offer `people`."""
        super().__init__(data, **said)
        choices = [("", _("選んでください")), *((str(it.pk), it.name) for it in people)]
        field = self.fields["adviser"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def parsed(self) -> UUID:
        """Return who takes over."""
        return UUID(self.cleaned_data["adviser"])
