"""Who is concerned in a matter, what it is to another, and what is searched."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.queries.people import Affected, ProxyLine
from madoguchi.rules.identifying import Clue, Sign, Whose
from madoguchi.rules.linking import Tie
from madoguchi.rules.proxies import Proxying

SIGNS = {
    Sign.TELEPHONE: _("電話番号"),
    Sign.EMAIL: _("メールアドレス"),
    Sign.CHAT: _("チャットの相手の番号"),
    Sign.HANDLE: _("アカウント名・表示名"),
}
WHOSE = {
    Whose.SEEKER: _("相談者"),
    Whose.AFFECTED: _("被害者・本人"),
    Whose.POSTER: _("書いた側"),
}
PROXYING = {
    Proxying.GUARDIAN: _("保護者"),
    Proxying.FAMILY: _("家族"),
    Proxying.SCHOOL: _("学校"),
    Proxying.LAWYER: _("弁護士"),
    Proxying.SUPPORTER: _("支援者"),
    Proxying.OTHER: _("そのほか"),
}
TIES = {
    Tie.SAME_MATTER: _("同じ人の、同じ相談（再相談・つづき）"),
    Tie.SAME_PERSON: _("同じ人の、別の相談"),
    Tie.TWICE: _("この相談は、誤って二重に受けたもの"),
    Tie.STRANGERS: _("ちがう人"),
}


class SearchForm(forms.Form):
    """Words to be found, and how many matters to show."""

    words = forms.CharField(
        label=_("さがすことば"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
        error_messages={"required": _("さがすことばを書いてください。")},
    )
    most = forms.IntegerField(
        required=False, min_value=1, max_value=1_000, widget=forms.HiddenInput
    )

    def parsed(self) -> tuple[str, int | None]:
        """Return the words, and how many matters were asked for."""
        return self.cleaned_data["words"], self.cleaned_data["most"]


class AffectedForm(forms.Form):
    """被害者・本人."""

    name = forms.CharField(label=_("呼び名"), required=False, max_length=60)
    age_group = forms.ChoiceField(label=_("年代"), required=False)
    words = forms.CharField(label=_("知っておくこと"), required=False, max_length=400)

    def __init__(self, data: Any = None, *, ages: Iterable[tuple[str, Any]], **said: Any) -> None:
        """Offer the desk's own age groups."""
        super().__init__(data, auto_id="affected-%s", **said)
        field = self.fields["age_group"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("聞いていない")), *ages]

    def parsed(self) -> Affected:
        """Return what is known of the person."""
        said = self.cleaned_data
        return Affected(name=said["name"], words=said["words"], age_group=said["age_group"])


class ProxyForm(forms.Form):
    """代わりに動く人."""

    kind = forms.ChoiceField(label=_("立場"), choices=list(PROXYING.items()))
    name = forms.CharField(label=_("呼び名・連絡先"), max_length=200)
    words = forms.CharField(label=_("知っておくこと"), required=False, max_length=400)
    may_be_told = forms.BooleanField(
        label=_("この人に話してよいと、本人が言っている"), required=False
    )

    def __init__(self, data: Any = None) -> None:
        """Name the fields apart from those of the other forms on the page."""
        super().__init__(data, auto_id="proxy-%s")

    def parsed(self) -> ProxyLine:
        """Return who speaks for the person."""
        return ProxyLine(**self.cleaned_data)


class ClueForm(forms.Form):
    """手がかり."""

    sign = forms.ChoiceField(label=_("種類"), choices=list(SIGNS.items()))
    value = forms.CharField(label=_("番号・アドレス・アカウント名"), max_length=200)
    whose = forms.ChoiceField(label=_("だれの"), choices=list(WHOSE.items()))

    def __init__(self, data: Any = None) -> None:
        """Name the fields apart from those of the other forms on the page."""
        super().__init__(data, auto_id="clue-%s")

    def parsed(self) -> Clue:
        """Return the clue."""
        said = self.cleaned_data
        return Clue(Sign(said["sign"]), said["value"], Whose(said["whose"]))


class LinkForm(forms.Form):
    """ほかの相談とつなぐ."""

    number = forms.CharField(label=_("相手の受付番号"), max_length=20)
    tie = forms.ChoiceField(
        label=_("つながり"),
        choices=list(TIES.items()),
        initial=Tie.SAME_MATTER,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None) -> None:
        """Name the fields apart from those of the other forms on the page."""
        super().__init__(data, auto_id="link-%s")

    def parsed(self) -> tuple[str, Tie]:
        """Return the other matter's number as it was typed, and what is said of both."""
        return self.cleaned_data["number"], Tie(self.cleaned_data["tie"])
