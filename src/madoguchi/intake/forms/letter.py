"""The letter (相談): one field that must be filled, and everything one may add."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.operations.receiving import Letter
from madoguchi.directory.danger import tells_danger
from madoguchi.directory.prefectures import prefecture_name
from madoguchi.intake.forms import answers
from madoguchi.intake.forms.fields import (
    LETTERS,
    Forgiving,
    MailAddress,
    OneOf,
    SomeOf,
    Words,
    line,
)
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.triage import Signals

WEB = "EMAIL"  # the web form and my-page count as メール


@dataclass(frozen=True)
class Said:
    """One answer as the check page shows it, and where it can be changed."""

    label: str
    values: list[str]
    is_choice: bool
    target: str


class LetterForm(Forgiving):
    """相談. The order is that of the page."""

    words = Words(
        label=_("相談したいこと"),
        help_text=_(
            "書けるところだけで大丈夫です。じゅんばんや言葉づかいは、気にしなくてかまいません。"
        ),
    )
    use_guide = forms.BooleanField(required=False, label=_("案内の答えを使う"))
    wants = SomeOf(label=_("どうしたいですか（いくつでも）"), choices=answers.WANTS)
    service = line(200, label=_("どのサービスですか"), help_text=_("アプリやサイトの名前です。"))
    places = line(
        LETTERS,
        label=_("どこに書かれましたか（URLなど）"),
        help_text=_("1行に1つずつ書きます。URLが分からなければ、「分からない」でかまいません。"),
        widget=forms.Textarea({"rows": 3}),
    )
    since = line(
        200, label=_("いつごろのことですか"), help_text=_("例：今年の4月ごろ、令和8年の夏から")
    )
    evidence = SomeOf(
        label=_("残してあるもの（いくつでも）"),
        help_text=_(
            "画像は、まだ送らなくて大丈夫です。はだかや性的な画像を、この窓口がほしいと言うことはありません。"
        ),
        choices=answers.EVIDENCE,
    )
    who = OneOf(label=_("あなたの立場"), choices=answers.WHO)
    age_group = OneOf(label=_("あなたの年代"), choices=answers.AGE_GROUPS)
    lives_here = OneOf(label=_("県内に住んでいますか"), choices=answers.YES_NO)
    nickname = line(
        100,
        label=_("呼び名"),
        help_text=_("本名でなくてかまいません。返事のときに、この名前で呼びます。"),
    )
    safe_now = OneOf(label=_("いま、安全ですか"), choices=answers.SAFE)
    reply_by = OneOf(label=_("返事の受けとり方"), choices=answers.REPLY_BY, initial="my-page")
    mail = MailAddress(
        label=_("メールアドレス"),
        help_text=_("題名は「お知らせがあります」です。相談のことも、窓口の名前も書きません。"),
    )
    telephone = line(
        60,
        label=_("電話番号"),
        help_text=_("電話で受けとるときだけ書きます。"),
        widget=forms.TextInput({"type": "tel"}),
    )
    call_when = line(
        200, label=_("かけてよい時間"), help_text=_("例：平日の16時から18時、土曜日の午前")
    )
    call_as = line(
        100,
        label=_("電話での名乗り方"),
        help_text=_("ほかの人が出たとき、何と名乗るとよいですか。例：学校の田中"),
    )
    voice_mail = OneOf(label=_("留守番電話に声を残してもよいですか"), choices=answers.YES_NO)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        guide: Mapping[str, Any],
        prefecture: str = "",
        sends_notices: bool = False,
    ) -> None:
        """Bind to `data`; `guide` is what the person answered there, which may be nothing."""
        super().__init__(data)
        if not sends_notices:
            self._drop_mail()
        self.guide = guide
        if not guide:
            del self.fields["use_guide"]
        if prefecture:
            self.fields["lives_here"].label = _(
                "%(prefecture)sに住んでいますか（働く・学校へ通う人も「はい」）"
            ) % {"prefecture": prefecture_name(prefecture).spoken(get_language())}

    def _drop_mail(self) -> None:
        """Ask for no address where nothing could be sent to it."""
        del self.fields["mail"]
        field = self.fields["reply_by"]
        assert isinstance(field, OneOf)
        field.choices = [it for it in answers.REPLY_BY if it[0] != "mail"]

    @property
    def tells_more(self) -> bool:
        """Whether more than the one required field was filled."""
        return any(
            values not in ([], [""], ["my-page"])
            for name, values in self.typed.items()
            if name != "words"
        )

    @property
    def said(self) -> list[Said]:
        """All that will be sent, to be looked over."""
        letter = self.parsed()
        told = {
            **letter.particulars.as_mapping(),
            "words": letter.words,
            "age_group": self.cleaned_data["age_group"],
        }
        return [self._said(name, told[name]) for name in self.fields if told.get(name)]

    def _said(self, name: str, value: str | tuple[str, ...]) -> Said:
        labels = dict(getattr(self.fields[name], "choices", ()))
        values = [value] if isinstance(value, str) else value
        return Said(
            label=str(self[name].label),
            values=[str(labels.get(it, it)) for it in values],
            is_choice=bool(labels),
            target=f"{self[name].auto_id}_0" if labels else str(self[name].auto_id),
        )

    def parsed(self) -> Letter:
        """Return the letter, with what its words and answers signal."""
        told: dict[str, Any] = self.cleaned_data
        guide = self.guide if told.get("use_guide") else {}
        who = told["who"] or answers.who_in_guide(guide)
        signals = Signals(
            danger_words=tells_danger(told["words"] + told["since"]),
            says_unsafe=told["safe_now"] == "no",
            # 10代 may be 18 or 19: taken for a child until an adviser knows better.
            under18=told["age_group"] == "TEENS" or guide.get("under18") is True,
        )
        return Letter(
            words=told["words"],
            channel=WEB,
            particulars=_particulars(told, who=who, guide=guide),
            signals=signals,
            age_group=told["age_group"] or "UNKNOWN",
            standing=answers.STANDING_OF.get(who, "UNKNOWN"),
        )


def _particulars(told: dict[str, Any], *, who: str, guide: Mapping[str, Any]) -> Particulars:
    # Without a number nobody can call, without an address nobody can write: the code then
    # is the way, and no error is made of it.
    by = told["reply_by"]
    has_way = by in ("mail", "telephone") and told.get(by)
    return Particulars(
        nickname=told["nickname"],
        wants=tuple(told["wants"] or answers.wants_in_guide(guide)),
        service=told["service"],
        places=told["places"],
        since=told["since"],
        evidence=tuple(told["evidence"]),
        who=who,
        lives_here=told["lives_here"],
        safe_now=told["safe_now"],
        reply_by=by if has_way else "my-page",
        # Who asks to be told by mail, and nobody else.
        mail=told.get("mail", "") if by == "mail" else "",
        telephone=told["telephone"],
        call_when=told["call_when"],
        call_as=told["call_as"],
        voice_mail=told["voice_mail"],
    )
