"""Experts as the desk enters them, asks them, books them and pays them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.experts.forms import KINDS, WAYS, ResultForm
from madoguchi.experts.operations.asking import Chosen, Plan
from madoguchi.experts.operations.offering import Hours, Told
from madoguchi.experts.queries.asked import Names
from madoguchi.rules.experts import Kind, Shown, Way, video_link
from madoguchi.rules.means import Area, Household
from madoguchi.workbench.forms.deadlines import MomentForm

Choices = Sequence[tuple[str, str]]
_LONGEST = 5_000
_NAMES = 1_000
_MOST_WEEKS = 26
_MOST_YEN = 100_000_000
_KINDS = [(str(it), label) for it, label in KINDS.items()]
_WAYS = [(str(it), label) for it, label in WAYS.items()]
_AREAS = [
    (str(Area.CITY), _("大阪市・東京など")),
    (str(Area.TOKYO), _("東京23区")),
    (str(Area.ORDINARY), _("そのほか")),
]


def _short() -> forms.NumberInput:
    return forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"})


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class ChosenForm(forms.Form):
    """同意: what the person lets the expert see, item by item."""

    name = forms.BooleanField(label=_("呼び名を見せる"), required=False)
    told = forms.MultipleChoiceField(
        label=_("見せるやり取り"), required=False, widget=forms.CheckboxSelectMultiple
    )
    papers = forms.MultipleChoiceField(
        label=_("見せるファイル"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, told: Choices, papers: Choices, **said: Any) -> None:
        """Offer the messages and files of the matter; a field without choices is left out."""
        super().__init__(data, **said)
        for name, choices in (("told", told), ("papers", papers)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
            if not choices:
                del self.fields[name]

    def chosen(self) -> Chosen:
        """Return what may be shown."""
        said = self.cleaned_data
        messages, files = tuple(said.get("told", ())), tuple(said.get("papers", ()))
        items = (
            (Shown.NAME, said["name"]),
            (Shown.MESSAGES, messages),
            (Shown.FILES, files),
        )
        return Chosen(frozenset(it for it, is_there in items if is_there), messages, files)


class AskExpertForm(ChosenForm):
    """A question to an expert, and a date for it where one is free."""

    words = forms.CharField(
        label=_("聞きたいこと"),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("専門家に聞きたいことを書いてください。")},
    )
    slot = forms.ChoiceField(label=_("日程"), required=False, widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("専門家（日程があとのとき）"), choices=_KINDS)
    theirs = forms.CharField(
        label=_("相手方の名前・アカウント"),
        help_text=_("1行に1つ。利益相反を調べます。専門家には見えません。"),
        required=False,
        max_length=_NAMES,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    ours = forms.CharField(
        label=_("本人の名前・アカウント"),
        help_text=_("1行に1つ。利益相反を調べます。専門家には見えません。"),
        required=False,
        max_length=_NAMES,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    houterasu = forms.BooleanField(label=_("法テラスの無料相談として数える"), required=False)
    agreed = forms.BooleanField(
        label=_("専門家に聞くことと、上で選んだものを見せることに、本人が同意した"),
        required=False,
    )
    on_page = forms.BooleanField(
        label=_("マイページで、本人に聞く"),
        help_text=_("本人は、いちばん上の文も読みます。"),
        required=False,
    )
    field_order = ("words", "slot", "kind", "name", "told", "papers")

    def __init__(self, data: Any = None, *, slots: Choices, **said: Any) -> None:
        """Offer the hours that are free."""
        super().__init__(data, **said)
        field = self.fields["slot"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*slots, ("", str(_("日程はあとで決める")))]

    def clean(self) -> dict[str, Any]:
        """Ask for the person's consent where a date is booked at once."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("slot") and not said.get("agreed"):
            self.add_error("agreed", _("予約には、本人の同意がいります。"))
        if said.get("agreed") and said.get("on_page"):
            self.add_error("on_page", _("もう同意があるか、これから聞くか、どちらかです。"))
        return said

    def parsed(self) -> tuple[Plan, UUID | None]:
        """Return what is asked, and the hour that was chosen."""
        said = self.cleaned_data
        plan = Plan(
            kind=Kind(said["kind"]),
            question=said["words"].strip(),
            chosen=self.chosen(),
            names=Names(_lines(said["ours"]), _lines(said["theirs"])),
            is_houterasu=said["houterasu"],
            is_agreed=said["agreed"],
        )
        return plan, UUID(said["slot"]) if said["slot"] else None


class BookForm(forms.Form):
    """An hour for a question that waits; a supervisor's reason against a conflict."""

    slot = forms.ChoiceField(label=_("日程"), widget=forms.RadioSelect)
    overrule = forms.CharField(
        label=_("利益相反があっても予約する理由（責任者）"), required=False, max_length=_NAMES
    )

    def __init__(
        self, data: Any = None, *, slots: Choices, may_overrule: bool, **said: Any
    ) -> None:
        """Offer the hours that are free."""
        super().__init__(data, auto_id="book-%s", **said)
        field = self.fields["slot"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = slots
        if not may_overrule:
            del self.fields["overrule"]

    def parsed(self) -> tuple[UUID, str]:
        """Return the hour, and the reason."""
        return UUID(self.cleaned_data["slot"]), self.cleaned_data.get("overrule", "")


class HeardForm(ResultForm):
    """The result as the adviser writes it down, with what is paid."""

    fee = forms.IntegerField(
        label=_("謝金（円）"), required=False, min_value=0, max_value=_MOST_YEN, widget=_short()
    )


class MissedForm(forms.Form):
    """What is paid although the person did not come (来られなかったときの謝金)."""

    fee = forms.IntegerField(
        label=_("来られなかったときの謝金（円）"),
        required=False,
        min_value=0,
        max_value=_MOST_YEN,
        widget=_short(),
    )

    def parsed(self) -> int:
        """Return the fee in yen: nothing where the field was left, or made, empty."""
        return int(self.cleaned_data["fee"] or 0)


class SlotForm(MomentForm):
    """An hour that an expert offers, and the same in the weeks after it."""

    expert = forms.ChoiceField(label=_("専門家"))
    minutes = forms.IntegerField(
        label=_("長さ（分）"), min_value=5, max_value=480, initial=30, widget=_short()
    )
    way = forms.ChoiceField(label=_("方法"), choices=_WAYS)
    place = forms.CharField(
        label=_("場所・ビデオ通話のリンク"),
        help_text=_("リンクは https:// で始まるもの。本人のマイページに、1時間前から出ます。"),
        required=False,
        max_length=300,
    )
    weeks = forms.IntegerField(
        label=_("毎週くり返す（回）"),
        min_value=1,
        max_value=_MOST_WEEKS,
        initial=1,
        widget=_short(),
    )
    field_order = ("expert", "day", "time", "minutes", "way", "place", "weeks")

    def __init__(self, data: Any = None, *, experts: Choices, **said: Any) -> None:
        """Offer the desk's experts."""
        super().__init__(data, auto_id="slot-%s", **said)
        field = self.fields["expert"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = experts

    def clean(self) -> dict[str, Any]:
        """Ask for a link that nobody else can listen in to."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        place = said.get("place", "")
        if said.get("way") == Way.VIDEO and place and video_link(place) is None:
            self.add_error("place", _("リンクは、https:// で始まるものにしてください。"))
        return said

    def parsed(self) -> tuple[UUID, Hours]:
        """Return whose hours, and which."""
        said = self.cleaned_data
        hours = Hours(
            starts_at=self.moment(),
            way=Way(said["way"]),
            minutes=said["minutes"],
            place=said["place"].strip(),
            weeks=said["weeks"],
        )
        return UUID(said["expert"]), hours


class ExpertForm(forms.Form):
    """専門家."""

    name = forms.CharField(label=_("名前"), max_length=60)
    kind = forms.ChoiceField(label=_("種類"), choices=_KINDS)
    office = forms.CharField(label=_("事務所・団体"), required=False, max_length=100)
    contact = forms.CharField(label=_("連絡先"), required=False, max_length=300)
    fee = forms.IntegerField(
        label=_("1回の謝金（円）"), min_value=0, max_value=_MOST_YEN, initial=0, widget=_short()
    )
    missed_fee = forms.IntegerField(
        label=_("来られなかったときの謝金（円）"),
        help_text=_("空のままなら、払いません。予約ごとに変えられます。"),
        required=False,
        min_value=0,
        max_value=_MOST_YEN,
        widget=_short(),
    )
    quota = forms.IntegerField(
        label=_("1か月の回数の上限"),
        required=False,
        min_value=1,
        max_value=1_000,
        widget=_short(),
    )
    user = forms.ChoiceField(label=_("サインイン名（専門家のページを使うとき）"), required=False)
    is_active = forms.BooleanField(label=_("いま、たのめる"), required=False, initial=True)

    def __init__(self, data: Any = None, *, users: Choices, **said: Any) -> None:
        """Offer the accounts of experts."""
        super().__init__(data, **said)
        field = self.fields["user"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "―"), *users]

    def parsed(self) -> Told:
        """Return what is told of the expert."""
        said = self.cleaned_data
        return Told(
            name=said["name"].strip(),
            kind=Kind(said["kind"]),
            office=said["office"].strip(),
            contact=said["contact"].strip(),
            fee=said["fee"],
            missed_fee=said["missed_fee"],
            quota=said["quota"],
            user=UUID(said["user"]) if said["user"] else None,
            is_active=said["is_active"],
        )


class MeansForm(forms.Form):
    """法テラスの目安: what somebody tells of their household. It is kept nowhere."""

    size = forms.IntegerField(
        label=_("いっしょに暮らす家族の人数（本人を入れて）"),
        min_value=1,
        max_value=20,
        widget=_short(),
    )
    income = forms.IntegerField(
        label=_("手取りの月収（円）"),
        help_text=_("賞与も入れます。配偶者の分も足します。配偶者が相手方のときは足しません。"),
        min_value=0,
        max_value=_MOST_YEN,
        widget=_short(),
    )
    area = forms.ChoiceField(label=_("住んでいる所"), choices=_AREAS)
    rent = forms.IntegerField(
        label=_("家賃・住宅ローン（月、円）"),
        required=False,
        min_value=0,
        max_value=_MOST_YEN,
        widget=_short(),
    )
    assets = forms.IntegerField(
        label=_("預金などの資産（円）"),
        required=False,
        min_value=0,
        max_value=10 * _MOST_YEN,
        widget=_short(),
    )

    def parsed(self) -> Household:
        """Return the household."""
        said = self.cleaned_data
        return Household(
            size=said["size"],
            income=said["income"],
            area=Area(said["area"]),
            rent=said["rent"] or 0,
            assets=said["assets"],
        )


def as_choices(rows: Iterable[tuple[UUID, str]]) -> list[tuple[str, str]]:
    """Return rows as a field offers them."""
    return [(str(key), label) for key, label in rows]


def day_in(text: str) -> dt.date | None:
    """Return the first day of a month as an address names it (2026-11); None for any other."""
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
