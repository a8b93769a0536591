"""Whose figures are gathered, the file they come in, and what their labels stand for."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.rules.codebooks import CodeBook, Table


class SenderForm(forms.Form):
    """A further sender."""

    name = forms.CharField(label=_("提出元の名前（市町村など）"), max_length=60)

    def parsed(self) -> str:
        """Return the name."""
        name: str = self.cleaned_data["name"]
        return name


class SentForm(forms.Form):
    """One sender's file."""

    sender = forms.ChoiceField(label=_("提出元"))
    file = forms.FileField(
        label=_("届いたファイル（CSVかxlsx）"),
        error_messages={
            "required": _("ファイルを選んでください。"),
            "empty": _("中身がないか、20MBより大きいファイルです。"),
        },
    )

    def __init__(self, *args: Any, senders: Sequence[tuple[str, str]]) -> None:
        """Offer `senders`."""
        super().__init__(*args)
        self.fields["sender"].choices = senders  # type: ignore[attr-defined]

    def parsed(self) -> tuple[str, bytes]:
        """Return the sender's id and the content."""
        content: bytes = self.cleaned_data["file"].given.content
        return self.cleaned_data["sender"], content


class ReadingForm(forms.Form):
    """Which of our codes each of a sender's labels stands for."""

    def __init__(
        self,
        data: Any = None,
        *,
        labels: Sequence[tuple[Table, str]],
        books: Mapping[Table, CodeBook],
    ) -> None:
        """Ask for each of `labels`, offering the codes of `books`."""
        super().__init__(data)
        self._labels = list(labels)
        for place, (table, label) in enumerate(labels):
            codes = [(code.key, code.label_ja) for code in books[table].codes]
            self.fields[f"label-{place}"] = forms.ChoiceField(
                label=_("%(table)sの「%(label)s」") % {"table": table.label_ja, "label": label},
                choices=[("", _("まだ決めない")), *codes],
                required=False,
            )

    def parsed(self) -> dict[tuple[Table, str], str]:
        """Return what was decided."""
        told = {it: self.cleaned_data[f"label-{at}"] for at, it in enumerate(self._labels)}
        return {label: key for label, key in told.items() if key}
