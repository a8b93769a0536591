"""A reply, and how it reaches the person."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.correspondence.models.mail import Way
from madoguchi.workbench.forms import WordsForm

_LABELS = {
    Way.FULL: _("メールで送る（%(address)s）"),
    Way.NOTICE: _("マイページに置いて、メールで知らせる（%(address)s）"),
    Way.MY_PAGE: _("マイページだけに置く"),
}


class ReplyForm(WordsForm):
    """A reply. How it goes is asked only where there is a choice."""

    def __init__(
        self, data: Any = None, *, ways: Mapping[Way, str], can_be_read: bool = True, **said: Any
    ) -> None:
        """Offer `ways`: what the person agreed to, with its address, the usual one first.

        `can_be_read`: False where the person has no code, and no mail goes.
        """
        self.can_be_read = can_be_read
        super().__init__(data, label=_("送る文"), **said)
        if ways:
            self.fields["way"] = forms.ChoiceField(
                label=_("届け方"),
                choices=[(way, str(_LABELS[way]) % {"address": it}) for way, it in ways.items()],
                initial=next(iter(ways)),
                widget=forms.RadioSelect,
            )

    @property
    def way(self) -> Way:
        """How the reply goes."""
        return Way(self.cleaned_data.get("way", Way.MY_PAGE))
