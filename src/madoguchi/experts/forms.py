"""How experts, ways, states and results are called; the result, as an expert writes it."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.experts.operations.hearing import Heard
from madoguchi.rules.experts import Kind, Result, Shown, Status, Way

KINDS: dict[str, Promise] = {
    Kind.LAWYER: _("弁護士"),
    Kind.PSYCHOLOGIST: _("臨床心理士"),
    Kind.SOCIAL_WORKER: _("精神保健福祉士"),
    Kind.PEER_GROUP: _("当事者団体"),
    Kind.SUPPORT_GROUP: _("支援団体"),
    Kind.OTHER: _("その他の専門家"),
}
WAYS: dict[str, Promise] = {
    Way.INTERVIEW: _("面接"),
    Way.TELEPHONE: _("電話"),
    Way.VIDEO: _("ビデオ通話"),
}
STATES: dict[str, Promise] = {
    Status.ASKED: _("日程をさがす"),
    Status.BOOKED: _("予約ずみ"),
    Status.HELD: _("結果待ち"),
    Status.HEARD: _("結果あり"),
    Status.CLOSED: _("済み"),
    Status.CANCELLED: _("取りやめ"),
    Status.MISSED: _("来られなかった"),
}
TONES: dict[str, str] = {
    Status.ASKED: "warn",
    Status.BOOKED: "blue",
    Status.HELD: "warn",
    Status.HEARD: "ok",
}
RESULTS: dict[str, Promise] = {
    Result.ADVICE_ONLY: _("指導のみ"),
    Result.TAKEN_ON: _("受任"),
    Result.OTHER: _("その他"),
}
SHOWN: dict[str, Promise] = {
    Shown.NAME: _("呼び名"),
    Shown.MESSAGES: _("選んだやり取り"),
    Shown.FILES: _("選んだファイル"),
}

_LONGEST = 20_000
_LONGEST_MINUTES = 600


class ResultForm(forms.Form):
    """相談結果."""

    result = forms.ChoiceField(
        label=_("相談結果"),
        choices=[(str(it), label) for it, label in RESULTS.items()],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("助言の内容"),
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    minutes = forms.IntegerField(
        label=_("かかった時間（分）"),
        required=False,
        min_value=1,
        max_value=_LONGEST_MINUTES,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )

    def parsed(self) -> Heard:
        """Return what came of the session."""
        said = self.cleaned_data
        return Heard(
            Result(said["result"]), said["words"].strip(), said["minutes"], said.get("fee")
        )
