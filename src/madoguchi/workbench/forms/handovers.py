"""Handing over, as an adviser fills it in; and reports to the prefecture."""

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.directory.windows import all_windows
from madoguchi.referrals.operations.peering import Card
from madoguchi.referrals.operations.preparing import Plan
from madoguchi.referrals.operations.reporting import Told
from madoguchi.referrals.packing.telling import ITEMS
from madoguchi.referrals.queries.lists import Receiver
from madoguchi.rules.referral import Item, Step, Way
from madoguchi.rules.url_report import Aimed
from madoguchi.workbench.forms import Words

WAYS = {
    Way.DESK: _("このシステムの窓口（すぐ届きます）"),
    Way.PEER: _("ほかのシステムの窓口（すぐ届きます）"),
    Way.FILE: _("外の窓口（暗号化したファイルをつくり、こちらから送ります）"),
    Way.PERSON: _("本人が持っていく（マイページか印刷で）"),
}
AIMED = [
    (Aimed.PERSON, _("特定の個人")),
    (Aimed.GROUP, _("構成員が特定できる規模の集団")),
    (Aimed.AREA, _("府内の特定の地域")),
    (Aimed.PEOPLE, _("不特定の集団（民族など）")),
]
_ON_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_URL = re.compile(r"https?://\S+")


class PrepareForm(forms.Form):
    """引き継ぎの準備: to whom, what, why, and whether she has agreed already."""

    to = forms.ChoiceField(label=_("どこへ引き継ぎますか"))
    items = forms.MultipleChoiceField(
        label=_("渡してよいか、本人にたずねるもの"),
        choices=[(str(item), ITEMS[item]) for item in Item],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("所内メモは、どこにも渡りません。"),
    )
    notes = forms.MultipleChoiceField(
        label=_("渡す記録（「窓口の記録」を選んだとき）"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kept_files = forms.MultipleChoiceField(
        label=_("渡すファイル（「ファイル」を選んだとき）"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = Words(label=_("引き継ぐわけ（本人と、受ける窓口が読みます）"), required=False)
    consent = forms.ChoiceField(
        label=_("本人の同意"),
        choices=[
            ("ask", _("マイページでたずねる（本人が1つずつ選びます）")),
            ("spoken", _("上で選んだものについて、口頭で同意をもらった")),
        ],
        widget=forms.RadioSelect,
        initial="ask",
    )
    counted_on = forms.ChoiceField(label=_("対応を「他機関紹介」と数える受付"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        receivers: Sequence[Receiver],
        notes: Sequence[tuple[str, str]],
        files: Sequence[tuple[str, str]],
        contacts: Sequence[tuple[str, str]],
        **said: Any,
    ) -> None:
        """Offer what the matter has, and to whom this desk may hand over."""
        super().__init__(data, auto_id="handover-%s", **said)
        self.receivers = {it.key: it for it in receivers}
        self._choose("to", [("", _("選んでください")), *_by_way(receivers)])
        self._choose("notes", notes)
        self._choose("kept_files", files)
        self._choose("counted_on", [*contacts, ("", _("数えない（もう分類した）"))])
        for name, item, offered in (
            ("notes", Item.NOTES, notes),
            ("kept_files", Item.FILES, files),
        ):
            if not offered:
                del self.fields[name]
                self._choose("items", [it for it in self._items() if it[0] != item])

    def _items(self) -> list[tuple[str, str]]:
        field = self.fields["items"]
        assert isinstance(field, forms.ChoiceField)
        return list(field.choices)  # type: ignore[arg-type]

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def parsed(self) -> Plan:
        """Return the plan."""
        said = self.cleaned_data
        items = frozenset(Item(item) for item in said["items"])
        return Plan(
            receiver=self.receivers[said["to"]],
            items=items,
            reason=said["reason"].strip(),
            notes=tuple(said.get("notes", ())) if Item.NOTES in items else (),
            files=tuple(said.get("kept_files", ())) if Item.FILES in items else (),
            counted_on=UUID(said["counted_on"]) if said["counted_on"] else None,
            is_spoken=said["consent"] == "spoken",
        )


def _by_way(receivers: Sequence[Receiver]) -> list[tuple[Any, list[tuple[str, str]]]]:
    groups: dict[Way, list[tuple[str, str]]] = {}
    for it in receivers:
        groups.setdefault(it.way, []).append((it.key, it.name))
    return [(WAYS[way], groups[way]) for way in Way if way in groups]


class AgreeForm(forms.Form):
    """To what she agreed by word of mouth; nothing ticked: she does not want it."""

    items = forms.MultipleChoiceField(
        label=_("口頭で同意したもの"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, asked: Sequence[str], **said: Any) -> None:
        """Offer what she is asked for."""
        super().__init__(data, auto_id="agree-%s", **said)
        field = self.fields["items"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(item, ITEMS[Item(item)]) for item in asked]

    def parsed(self) -> frozenset[Item]:
        """Return the items."""
        return frozenset(Item(item) for item in self.cleaned_data["items"])


class HeardForm(forms.Form):
    """What the other window said, by telephone or letter."""

    step = forms.ChoiceField(
        label=_("相手の窓口は"),
        choices=[
            (Step.ACCEPT_HANDOVER, _("受けた")),
            (Step.RETURN_HANDOVER, _("受けられないと言った")),
            (Step.ANSWER_HANDOVER, _("結果を知らせてきた")),
        ],
        widget=forms.RadioSelect,
    )
    words = Words(label=_("聞いたこと"), required=False, widget=forms.Textarea({"rows": 3}))

    def parsed(self) -> tuple[Step, str]:
        """Return what it did, and its words."""
        return Step(self.cleaned_data["step"]), self.cleaned_data["words"].strip()


class AcceptForm(forms.Form):
    """By which 手法 a hand-over counts that is taken up."""

    channel = forms.ChoiceField(label=_("手法（統計）"))

    def __init__(self, data: Any = None, *, channels: Sequence[tuple[str, str]]) -> None:
        """Offer the desk's own book; a packet counts as メール, as the web form does."""
        keys = [key for key, _label in channels]
        initial = "EMAIL" if "EMAIL" in keys else next(iter(keys), "")
        super().__init__(data, initial={"channel": initial}, auto_id="accept-%s")
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(channels)

    def parsed(self) -> str:
        """Return the key of the channel."""
        return str(self.cleaned_data["channel"])


class SayForm(forms.Form):
    """What the desk that handed over is to hear."""

    words = Words(
        label=_("伝えること"), error_messages={"required": _("ひとことでも書いてください。")}
    )

    def parsed(self) -> str:
        """Return the words."""
        return str(self.cleaned_data["words"]).strip()


class AddressForm(forms.Form):
    """Under which address others reach this installation."""

    address = forms.URLField(label=_("このシステムのアドレス"), assume_scheme="https")

    def clean_address(self) -> str:
        """Return it without a path."""
        return _sound(self.cleaned_data["address"])

    def parsed(self) -> str:
        """Return the address."""
        return str(self.cleaned_data["address"])


def _sound(address: str) -> str:
    """Return an address without its path; HTTPS, or this machine itself."""
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in _ON_THIS_MACHINE:
        raise forms.ValidationError(_("https:// ではじまるアドレスにしてください。"))
    return f"{parts.scheme}://{parts.netloc}"


class PeerForm(forms.Form):
    """相手の窓口: the card it gave us; or its name and a key of age alone."""

    card = forms.CharField(
        label=_("相手の接続票"),
        help_text=_(
            "相手の画面に出た文を、そのままはりつけます。"
            "鍵だけをもらった窓口なら、age1 ではじまる鍵を入れます。"
        ),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
    )
    name = forms.CharField(label=_("窓口の名前（鍵だけのとき）"), required=False, max_length=100)
    window = forms.ChoiceField(label=_("窓口一覧のどれですか"), required=False)

    def __init__(self, data: Any = None) -> None:
        """Offer the windows of the directory."""
        super().__init__(data, auto_id="peer-%s")
        field = self.fields["window"]
        assert isinstance(field, forms.ChoiceField)
        named = [(it.id, it.name.ja) for it in all_windows().values() if it.id != "own"]
        field.choices = [("", _("一覧にない窓口")), *named]

    def clean(self) -> dict[str, Any]:
        """Read the card."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        text = said.get("card", "").strip()
        if text and "card" not in self.errors:
            try:
                said["read"] = self._read(text, said.get("name", ""))
            except (ValueError, KeyError, TypeError):
                self.add_error("card", _("接続票として読めません。ぜんぶをはりつけてください。"))
        return said

    def _read(self, text: str, name: str) -> Card:
        if text.startswith("age1"):
            if not name.strip():
                self.add_error("name", _("窓口の名前を入れてください。"))
            return Card(name=name.strip(), recipient=text)
        told = json.loads(text)
        keys = ("name", "recipient", "address", "slug", "verify_key")
        card = {key: str(told[key])[:200] for key in keys}
        return Card(**{**card, "name": card["name"][:100], "address": _sound(card["address"])})

    def parsed(self) -> Card:
        """Return the card, with the window of the directory it is."""
        card: Card = self.cleaned_data["read"]
        return Card(**{**vars(card), "window": self.cleaned_data["window"]})


class ReportForm(forms.Form):
    """差別情報の通報."""

    urls = Words(
        label=_("書きこみのURL（1行に1つ）"),
        error_messages={"required": _("URLを、少なくとも1つ入れてください。")},
        widget=forms.Textarea({"rows": 4}),
    )
    words = Words(label=_("どんな差別が書かれているか"), required=False)
    aimed = forms.ChoiceField(
        label=_("だれに対するものか"), choices=AIMED, widget=forms.RadioSelect
    )
    asked_service = forms.ChoiceField(
        label=_("本人がサービスに削除をたのんだか（個人に対するもの）"),
        choices=[
            ("", _("分からない")),
            ("yes", _("たのんだが、消えない")),
            ("no", _("まだたのんでいない")),
        ],
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    number = forms.CharField(label=_("相談の受付番号（あれば）"), required=False, max_length=20)

    def __init__(self, data: Any = None, **said: Any) -> None:
        """Name the fields apart."""
        super().__init__(data, auto_id="report-%s", **said)

    def clean_urls(self) -> list[str]:
        """Return the URLs, each once; nothing else stands in the lines."""
        lines = [line.strip() for line in self.cleaned_data["urls"].splitlines() if line.strip()]
        if any(not _URL.fullmatch(line) for line in lines):
            raise forms.ValidationError(_("1行に1つ、URLだけを書いてください。"))
        return list(dict.fromkeys(lines))

    def parsed(self, matter: UUID | None) -> Told:
        """Return what is reported, of `matter`."""
        said = self.cleaned_data
        return Told(
            urls=tuple(said["urls"]),
            words=said["words"].strip(),
            aimed=Aimed(said["aimed"]),
            asked_service={"yes": True, "no": False}.get(said["asked_service"]),
            matter=matter,
        )


class AdvanceForm(forms.Form):
    """What the prefecture did, and on which day."""

    on = forms.DateField(label=_("日"), widget=forms.DateInput(attrs={"type": "date"}))
    words = Words(
        label=_("メモ（だれに要請したか、どうなったか）"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
