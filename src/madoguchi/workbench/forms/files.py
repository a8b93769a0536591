"""Files, letters and consent, as an adviser chooses, types and ticks them."""

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.operations.delivering import Parcel
from madoguchi.correspondence.operations.posting import Paper
from madoguchi.directory.danger import tells_danger
from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.files import Chosen
from madoguchi.rules.triage import Signals
from madoguchi.ui.uploads import FilesField

# 同意の前に説明すること.
EXPLAINED = [
    ("SECRECY", _("秘密を守ること、守れない場合（命の危険など）")),
    ("RECORD", _("何を記録し、いつまで残すか")),
    ("LIMITS", _("この窓口にできること、できないこと")),
    ("REFERRAL", _("ほかの窓口に伝えるときは、先に聞くこと")),
    ("STOP", _("いつでもやめられること")),
]
# Channels of what comes and goes on paper: keys of the standard books.
ON_PAPER = [("FAX", _("FAX")), ("LETTER", _("手紙"))]


class ConsentForm(forms.Form):
    """同意の確認: what was explained, and that the person agreed. Nobody signs anything."""

    explained = forms.MultipleChoiceField(
        label=_("説明したこと"),
        choices=EXPLAINED,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    agreed = forms.MultipleChoiceField(
        label=_("同意の確認（署名はいりません）"),
        choices=[("yes", _("説明を聞いて、同意された"))],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_agreed(self) -> list[str]:
        """Ask what was explained: nobody agrees to nothing."""
        agreed: list[str] = self.cleaned_data["agreed"]
        if agreed and not self.cleaned_data.get("explained"):
            raise forms.ValidationError(_("何を説明したか、1つ以上選んでください。"))
        return agreed

    @property
    def consent(self) -> dict[str, Any]:
        """What a note says of consent."""
        said = self.cleaned_data
        return {"explained": tuple(said["explained"]), "is_agreed": bool(said["agreed"])}


class ScansForm(forms.Form):
    """Scans of FAXes and letters, several at once."""

    chosen = FilesField(
        label=_("読み取ったファイル"),
        help_text=_("PDFか画像を、いちどに10個まで選べます（あわせて30MBまで）。"),
        error_messages={"required": _("ファイルを選んでください。")},
    )

    def parsed(self) -> Chosen:
        """Return the files."""
        files: Chosen = self.cleaned_data["chosen"]
        return files


class ReplyFilesForm(forms.Form):
    """Files that go with a reply."""

    chosen = FilesField(
        label=_("いっしょに送るファイル"),
        help_text=_(
            "画像は、撮った場所などを消して送ります。"
            "PDFはそのまま渡ります。作成者の名前などが入っていないか、確かめてください。"
        ),
        required=False,
    )

    def parsed(self) -> Chosen:
        """Return the files."""
        files: Chosen = self.cleaned_data["chosen"]
        return files


class DeliverForm(forms.Form):
    """Which scans are one letter, from whom, and when it arrived."""

    scans = forms.MultipleChoiceField(
        error_messages={
            "required": _("1通にするものを、選んでください。"),
            "invalid_choice": _("ほかの人が、さきに振り分けました。画面を開き直してください。"),
        },
        widget=forms.CheckboxSelectMultiple,
        label=_("1通にするもの"),
    )
    channel = forms.ChoiceField(
        label=_("手法"), choices=ON_PAPER, initial="FAX", widget=forms.RadioSelect
    )
    day = forms.DateField(label=_("届いた日"), widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(label=_("時刻"), widget=forms.TimeInput(attrs={"type": "time"}))
    number = forms.CharField(
        label=_("前にも相談した人なら、受付番号"),
        help_text=_("空のままなら、新しい相談として受け付けます。"),
        required=False,
        max_length=20,
    )
    words = forms.CharField(
        label=_("書かれていること（要点）"),
        help_text=_("相談者のマイページにも出ます。所内のことは、所内メモへ。"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, scans: list[UUID], **said: Any) -> None:
        """Offer `scans`."""
        super().__init__(data, **said)
        field = self.fields["scans"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(it), str(it)) for it in scans]

    def parsed(self) -> Parcel:
        """Return the letter."""
        said = self.cleaned_data
        return Parcel(
            scans=[UUID(it) for it in said["scans"]],
            channel=said["channel"],
            arrived_at=dt.datetime.combine(said["day"], said["time"], JAPAN),
            words=said["words"].replace("\r\n", "\n"),
            signals=Signals(danger_words=tells_danger(said["words"])),
        )


class PaperForm(forms.Form):
    """A reply that is printed: by FAX or by post, to an address for this letter alone."""

    channel = forms.ChoiceField(label=_("送り方"), choices=ON_PAPER, widget=forms.RadioSelect)
    address = forms.CharField(
        label=_("宛先"),
        help_text=_("手紙は郵便番号・住所・名前、FAXは番号と名前。この1通だけに使います。"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("宛先を書いてください。")},
    )
    words = forms.CharField(
        label=_("返信の文"),
        strip=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": _("まだ何も書かれていません。文を書いてください。")},
    )

    def clean_words(self) -> str:
        """Ask for words."""
        words: str = self.cleaned_data["words"].replace("\r\n", "\n")
        if not words.strip():
            raise forms.ValidationError(_("まだ何も書かれていません。文を書いてください。"))
        return words

    def parsed(self) -> tuple[str, Paper]:
        """Return the words, and where they go."""
        said = self.cleaned_data
        address = said["address"].replace("\r\n", "\n")
        return said["words"], Paper(channel=said["channel"], address=address)
