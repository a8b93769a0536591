"""What is typed in the chat: the first words, and one more line."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.directory.danger import tells_danger
from madoguchi.intake.forms.fields import Forgiving, Words
from madoguchi.rules.triage import Signals
from madoguchi.vault.ids import new_id

_LINE = 2_000


@dataclass(frozen=True)
class Said:
    """Words for the chat. `once` tells a double press from a second line."""

    words: str
    once: str

    @property
    def signals(self) -> Signals:
        """What the words signal."""
        return Signals(danger_words=tells_danger(self.words))


class _Saying(Forgiving):
    """Words, and the mark of the form they were written in."""

    once = forms.CharField(required=False, widget=forms.HiddenInput)

    def parsed(self) -> Said:
        """Return what was said."""
        told = self.cleaned_data
        return Said(words=told["words"], once=told["once"][:64] or new_id().hex)


class OpenTalkForm(_Saying):
    """The first words of a talk."""

    words = Words(
        label=_("話したいこと"),
        help_text=_("ひとことで大丈夫です。「だれかと話したい」だけでもかまいません。"),
        letters=_LINE,
    )

    def __init__(self, *given: object, **said: object) -> None:
        """Leave room for a few lines: nobody has to fill a page."""
        super().__init__(*given, **said)  # type: ignore[arg-type]
        self.fields["words"].widget.attrs["rows"] = 3


class LineForm(_Saying):
    """One more line of a talk."""

    words = Words(label=_("書く"), letters=_LINE)

    def __init__(self, *given: object, **said: object) -> None:
        """Leave room for a few lines."""
        super().__init__(*given, **said)  # type: ignore[arg-type]
        self.fields["words"].widget.attrs.update(rows=3, maxlength=_LINE)
