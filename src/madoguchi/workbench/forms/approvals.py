"""What a colleague is asked, and what they answer."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.desks.models import User
from madoguchi.matters.operations.asking import Question
from madoguchi.rules.approval import Ask, Outcome


class AskForm(forms.Form):
    """供覧か決裁: to whom, and about what."""

    kind = forms.ChoiceField(
        label=_("たのむこと"),
        choices=[(Ask.CIRCULATION, _("供覧（読んでもらう）")), (Ask.APPROVAL, _("決裁（責任者）"))],
    )
    of = forms.ChoiceField(label=_("だれに"), required=False)
    words = forms.CharField(
        label=_("ひとこと"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, people: Iterable[User], **said: Any) -> None:
        """Offer `people`, or whoever may answer."""
        super().__init__(data, auto_id="ask-%s", **said)
        field = self.fields["of"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("だれでも")), *((str(it.pk), it.name) for it in people)]

    def parsed(self) -> Question:
        """Return the question."""
        said = self.cleaned_data
        of = UUID(said["of"]) if said["of"] else None
        return Question(ask=Ask(said["kind"]), words=said["words"], of=of)


class AnswerForm(forms.Form):
    """An answer: by a button, with a word beside it."""

    outcome = forms.ChoiceField(choices=[(it, it) for it in Outcome])
    comment = forms.CharField(required=False, max_length=500)

    def parsed(self) -> tuple[Outcome, str]:
        """Return what was pressed, and the words."""
        return Outcome(self.cleaned_data["outcome"]), self.cleaned_data["comment"]
