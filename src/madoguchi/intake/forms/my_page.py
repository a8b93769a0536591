"""What is typed at my-page (マイページ): a code, one more message."""

from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madoguchi.directory.danger import tells_danger
from madoguchi.intake.forms.fields import Forgiving, Words
from madoguchi.rules.files import Chosen
from madoguchi.rules.numbering import CODE_DIGITS, is_sound_code, typed_digits
from madoguchi.rules.triage import Signals
from madoguchi.ui.uploads import FilesField


class CodeForm(Forgiving):
    """受付コード, however it is typed."""

    code = forms.CharField(
        label=_("受付コード（16けたの数字）"),
        help_text=_("全角でも半角でも、線や空白が入っていてもかまいません。"),
        error_messages={"required": _("受付コードを入れてください。")},
        widget=forms.TextInput({"inputmode": "numeric", "class": "short-code"}),
    )

    def clean_code(self) -> str:
        """Return the digits, or say kindly what does not look like a code."""
        digits = typed_digits(self.cleaned_data["code"])
        if digits is None or len(digits) != CODE_DIGITS:
            raise ValidationError(_("16けたの数字を入れてください。"))
        if not is_sound_code(digits):
            raise ValidationError(_("どこか1字ちがうようです。もう一度、見くらべてください。"))
        return digits

    def parsed(self) -> str:
        """Return the sixteen digits."""
        return str(self.cleaned_data["code"])


@dataclass(frozen=True)
class Message:
    """One more message of a person on their page."""

    words: str
    once: str
    confirmed: bool
    files: Chosen = field(default_factory=Chosen)

    @property
    def signals(self) -> Signals:
        """What its words signal."""
        return Signals(danger_words=tells_danger(self.words))


class MessageForm(Forgiving):
    """つづき: one more message. `once` tells a double press from a second message."""

    words = Words(label=_("つづきを書く"))
    once = forms.CharField(required=False, widget=forms.HiddenInput)
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def parsed(self) -> Message:
        """Return the message."""
        told = self.cleaned_data
        return Message(
            words=told["words"], once=told["once"][:64], confirmed=bool(told["confirmed"])
        )


class FilesForm(Forgiving):
    """ファイルを送る: pictures and PDFs, with or without words."""

    chosen = FilesField(
        label=_("送るファイル"),
        help_text=_("画像かPDF。いちどに10個まで、あわせて30MBまでです。"),
        error_messages={"required": _("送るファイルを選んでください。")},
    )
    words = Words(label=_("ひとこと"), required=False)
    once = forms.CharField(required=False, widget=forms.HiddenInput)

    def parsed(self) -> Message:
        """Return the message."""
        told = self.cleaned_data
        return Message(
            words=told["words"], once=told["once"][:64], confirmed=True, files=told["chosen"]
        )
