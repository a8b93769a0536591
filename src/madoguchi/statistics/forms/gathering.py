"""Whose figures are gathered, the file they come in, and what their labels stand for."""

import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
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


class FreezeSumForm(forms.Form):
    """Whether a sum is wanted although somebody has not sent."""

    is_short = forms.BooleanField(
        label=_("届いていないところの数字を入れないまま確定する"), required=False
    )

    def parsed(self) -> bool:
        """Return whether it is."""
        return bool(self.cleaned_data["is_short"])


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
        decided: Mapping[tuple[Table, str], str] = MappingProxyType({}),
    ) -> None:
        """Ask for each of `labels`, offering the codes of `books`; show what is `decided`."""
        super().__init__(data)
        self._labels = [it for it in labels if it[0] in books]
        self._decided = decided
        for table, label in self._labels:
            key = decided.get((table, label), "")
            self.fields[_field(table, label)] = forms.ChoiceField(
                label=_("%(table)sの「%(label)s」") % {"table": table.label_ja, "label": label},
                choices=_offered(books[table], label, key),
                required=False,
                initial=key,
            )

    def parsed(self) -> dict[tuple[Table, str], str | None]:
        """Return what was decided anew; None where a decision was taken back.

        What the page did not ask about stays.
        """
        asked = (it for it in self._labels if _field(*it) in self.data)
        told = {it: self.cleaned_data[_field(*it)] for it in asked}
        return {it: key or None for it, key in told.items() if key != self._decided.get(it, "")}


def _field(table: Table, label: str) -> str:
    """Return the name of a label's field: its own, whichever other labels are asked for."""
    return f"label-{hashlib.sha256(f'{table} {label}'.encode()).hexdigest()[:12]}"


def _offered(book: CodeBook, label: str, decided: str) -> list[tuple[str, Any]]:
    """Return the codes that `label` may stand for; first, what it is while nobody decides."""
    is_ours = book.key_of(label) is not None
    nothing = _("同じ言葉の分類（そのまま）") if is_ours else _("まだ決めない")
    codes = [(code.key, code.label_ja) for code in book.codes]
    if decided and not book.label_of(decided):
        codes.append((decided, decided))  # of an earlier book: kept until somebody changes it
    return [("", nothing), *codes]
