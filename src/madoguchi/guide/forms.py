"""The pages of the guide as forms. Nothing is required; what is unknown counts as not said."""

import re
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.directory.editions import services
from madoguchi.directory.prefectures import prefecture_names
from madoguchi.directory.questions import Question, fact_texts
from madoguchi.rules.guidance import Answers
from madoguchi.rules.guidance.answers import YES_OR_NO
from madoguchi.ui.widgets import DropDown, Radios, Ticks

_READING = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")
_YES_NO = {"yes": True, "no": False}


class _One(forms.ChoiceField):
    """One of the choices; anything else is no answer."""

    def validate(self, value: Any) -> None:
        """Refuse nothing."""

    def clean(self, value: Any) -> str:
        """Return the choice, or an empty string."""
        said = str(value or "")
        return said if self.valid_value(said) else ""


class _Several(forms.MultipleChoiceField):
    """Some of the choices, in the order ticked; anything else is dropped."""

    def validate(self, value: Any) -> None:
        """Refuse nothing."""

    def clean(self, value: Any) -> list[str]:
        """Return what is known of `value`."""
        listed = value if isinstance(value, list | tuple) else []
        return [it for it in map(str, listed) if self.valid_value(it)]


class GuideForm(forms.Form):
    """Fields for some keys of the answers; `parsed()` returns what they say."""

    def __init__(
        self,
        data: Any = None,
        *,
        questions: tuple[Question, ...] = (),
        facts: tuple[str, ...] = (),
        answers: Answers | None = None,
    ) -> None:
        """Show `answers` where the page is not being sent."""
        super().__init__(data, initial=_initial(answers or Answers()))
        for question in questions:
            self.fields[question.key] = _asked(question)
        for key in facts:
            self.fields[key] = _fact(key)

    def parsed(self) -> dict[str, Any]:
        """Return the answers of this page, ready to replace earlier ones."""
        self.is_valid()
        return {key: _read(key, self.cleaned_data.get(key)) for key in self.fields}


def _initial(answers: Answers) -> dict[str, Any]:
    said = {True: "yes", False: "no"}
    return {
        key: said[value] if isinstance(value, bool) else value
        for key, value in answers.told().items()
        for value in [value]
    }


def _read(key: str, value: Any) -> Any:
    if key in YES_OR_NO:
        return _YES_NO.get(value or "")
    if isinstance(value, list):
        return tuple(dict.fromkeys(value))
    return value or None


def _asked(question: Question) -> forms.Field:
    language = get_language()
    choices = [(it.value, it.text.spoken(language)) for it in question.options]
    told: dict[str, Any] = {
        "label": question.title.spoken(language),
        "help_text": question.hint.spoken(language),
        "required": False,
    }
    if question.many:
        return _Several(choices=choices, widget=Ticks, **told)
    return _One(choices=choices, widget=Radios, **told)


def _fact(key: str) -> forms.Field:
    language = get_language()
    label = fact_texts()[key].spoken(language)
    if key in YES_OR_NO:
        choices = [("yes", _("はい")), ("no", _("いいえ")), ("", _("答えない"))]
        return _One(choices=choices, widget=Radios, label=label, required=False)
    if key == "service":
        named = [(name, it["name"].spoken(language)) for name, it in services().items()]
    else:
        named = [(name, it.spoken(language)) for name, it in prefecture_names().items()]
    choices = [("", _readable(_("答えない"))), *((name, _readable(text)) for name, text in named)]
    return _One(choices=choices, widget=DropDown, label=label, required=False)


def _readable(text: str) -> str:
    """Say an option without ruby, which no list of options draws: a name （なまえ）, or kana."""
    if name := _READING.fullmatch(text):
        return f"{name[1]}（{name[2]}）"
    return _READING.sub(r"\2", text)
