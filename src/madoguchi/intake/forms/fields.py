"""Fields that take whatever is typed."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from madoguchi.rules.mail.reading import address_in

LETTERS = 4_000

# What nobody types: control characters, and halves of letters that no database can hold.
_UNTYPED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def readable(text: str) -> str:
    """Return `text` without what nobody types; every line ends in one way."""
    return _UNTYPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class Forgiving(forms.Form):
    """A form that can be filled with anything and still be shown again."""

    def __init__(self, data: Mapping[str, Any] | None = None, **given: Any) -> None:
        """Bind to what can be read of `data` (a request's, or lists by name)."""
        super().__init__(None if data is None else self._read(data), **given)

    def _read(self, data: Mapping[str, Any]) -> "MultiValueDict[str, str]":
        lists = dict(data.lists()) if isinstance(data, MultiValueDict) else data
        return MultiValueDict(
            {
                name: [readable(str(value)) for value in lists[name]]
                for name in self.base_fields
                if name in lists
            }
        )

    @property
    def typed(self) -> dict[str, list[str]]:
        """What was typed, by field, to be kept and bound again."""
        return {name: list(values) for name, values in MultiValueDict(self.data).lists()}


class Text(forms.CharField):
    """Free text. Too long a one is not cut: the person is told by how many letters."""

    def __init__(self, *, letters: int = LETTERS, **given: Any) -> None:
        """Take up to `letters` letters."""
        super().__init__(**given)
        self.letters = letters

    def validate(self, value: str) -> None:
        """Refuse what is too long, saying how to mend it."""
        super().validate(value)
        if (over := len(value) - self.letters) > 0:
            said = {"limit": f"{self.letters:,}", "now": f"{len(value):,}", "over": f"{over:,}"}
            raise ValidationError(
                _(
                    "%(limit)s字まで送れます。いまは%(now)s字です。あと%(over)s字、へらしてください。"
                    "書いた文は、消えていません。"
                ),
                params=said,
            )


class Words(Text):
    """The one thing that must be there: what the person wants to say."""

    def __init__(self, **given: Any) -> None:
        """Ask for it in one clear sentence."""
        empty = _("ここに、ひとことだけでも書いてください。")
        super().__init__(
            widget=forms.Textarea({"rows": 8}), error_messages={"required": empty}, **given
        )


class OneOf(forms.ChoiceField):
    """One of a few answers, as chips or rows. Anything else is "not said"."""

    widget = forms.RadioSelect

    def __init__(self, **given: Any) -> None:
        """Ask without pressing for an answer."""
        super().__init__(required=False, **given)

    def clean(self, value: Any) -> str:
        """Return the answer, or "" where there is none."""
        said = str(value or "")
        return said if self.valid_value(said) else ""


class SomeOf(forms.MultipleChoiceField):
    """Any number of answers. What is none of them is passed over."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **given: Any) -> None:
        """Ask without pressing for an answer."""
        super().__init__(required=False, **given)

    def clean(self, value: Any) -> list[str]:
        """Return the answers that are ours, each once."""
        return [said for said in dict.fromkeys(value or []) if self.valid_value(said)]


class MailAddress(Text):
    """An address to be written to, full width or not; asked for without pressing."""

    def __init__(self, **given: Any) -> None:
        """Take one address."""
        typed = forms.TextInput({"type": "email", "autocapitalize": "none"})
        super().__init__(letters=254, required=False, widget=typed, **given)

    def clean(self, value: Any) -> str:
        """Return the address, or say kindly that it does not look like one."""
        typed = unicodedata.normalize("NFKC", str(super().clean(value))).strip()
        address = address_in(typed)
        if typed and address != typed.casefold():
            raise ValidationError(
                _("メールアドレスの形になっていないようです。もう一度、見くらべてください。")
            )
        return address


def line(letters: int, **given: Any) -> Text:
    """Return a field for a short optional text."""
    return Text(letters=letters, required=False, **given)
