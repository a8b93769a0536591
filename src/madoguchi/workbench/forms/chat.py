"""What an adviser types in the chat: a line, a memo beside it, who goes on, the summary."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.operations.chatting import SNS
from madoguchi.consultations.operations.noting import Note
from madoguchi.workbench.forms import NoteForm, WordsForm

_LINE = 2_000


class LineForm(WordsForm):
    """One line to the person."""

    def __init__(self, data: Any = None, **said: Any) -> None:
        """Leave room for a few lines."""
        super().__init__(data, label=_("相談者へ"), auto_id="line-%s", **said)
        attributes = {"rows": 3, "data-field": "line", "maxlength": _LINE}
        self.fields["words"].widget.attrs.update(attributes)


class MemoForm(WordsForm):
    """A memo among ourselves, beside the talk."""

    def __init__(self, data: Any = None, **said: Any) -> None:
        """Leave room for a few lines."""
        super().__init__(data, label=_("メモ"), auto_id="memo-%s", **said)
        self.fields["words"].widget.attrs.update({"rows": 2, "data-field": "memo"})


class SummaryForm(NoteForm):
    """The closing summary: a note whose channel and minutes are known."""

    def __init__(self, data: Any = None, **said: Any) -> None:
        """Ask for what a note of a call asks, less what the talk itself tells."""
        super().__init__(data, auto_id="summary-%s", **said)
        told = NoteForm.base_fields.keys() - {
            *("words", "kinds", "action", "age_group", "standing", "referred_to")
        }
        for name in told:
            self.fields.pop(name, None)
        words = self.fields["words"]
        words.label, words.help_text = (
            _("まとめ"),
            _("受付の記録になります。相談者には見えません。"),
        )
        words.widget.attrs.update({"rows": 5, "data-field": "summary"})

    def parsed(self) -> Note:
        """Return the note."""
        said = self.cleaned_data
        return Note(
            words=said["words"],
            channel=SNS,
            action=said["action"] or None,
            kinds=frozenset(said["kinds"]) or None,
            age_group=said["age_group"] or None,
            standing=said["standing"] or None,
            referred_to=tuple(said["referred_to"]),
        )


class HandOverForm(forms.Form):
    """Who goes on with the talk. Each choice says what that colleague is at."""

    adviser = forms.ChoiceField(label=_("代わる人"))

    def __init__(self, data: Any = None, *, people: list[tuple[str, str]], **said: Any) -> None:
        """Offer `people`: id and words."""
        super().__init__(data, auto_id="over-%s", **said)
        field = self.fields["adviser"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = people
