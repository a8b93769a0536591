"""What a supervisor writes into a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_LONGEST = 8000


@dataclass(frozen=True)
class Written:
    """Words by chapter, and the ids of the chosen cases."""

    words: dict[str, str]
    cases: list[str]


class ReportForm(forms.Form):
    """A text for each chapter, and the cases that are printed."""

    cases = forms.MultipleChoiceField(
        label=_("のせる事例（手引きで承認ずみのもの）"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        chapters: Mapping[str, str],
        cases: Sequence[tuple[str, str]],
        words: Mapping[str, str],
        chosen: Sequence[str],
    ) -> None:
        """Offer a text for each of `chapters`, and the approved `cases`."""
        told = {_field(name): words.get(name, "") for name in chapters}
        super().__init__(data, initial={**told, "cases": list(chosen)})
        self._chapters = list(chapters)
        for name, title in chapters.items():
            self.fields[_field(name)] = forms.CharField(
                label=title,
                required=False,
                max_length=_LONGEST,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.fields["cases"].choices = cases  # type: ignore[attr-defined]
        if not cases:
            del self.fields["cases"]

    @property
    def texts(self) -> list[forms.BoundField]:
        """The fields of the chapters, in their order."""
        return [self[_field(name)] for name in self._chapters]

    def parsed(self) -> Written:
        """Return what was written, once the form is valid."""
        words = {name: self.cleaned_data[_field(name)] for name in self._chapters}
        return Written(words, list(self.cleaned_data.get("cases", [])))


def _field(chapter: str) -> str:
    return f"words-{chapter}"
