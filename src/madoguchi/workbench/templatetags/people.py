"""The desk's words for people, links, and places where something was found."""

from django import template
from django.utils.translation import gettext_lazy as _

from madoguchi.rules.linking import Reason
from madoguchi.workbench.forms.people import PROXYING, SIGNS, TIES, WHOSE

register = template.Library()

_REASONS = {
    Reason.TELEPHONE: _("同じ電話番号"),
    Reason.EMAIL: _("同じメールアドレス"),
    Reason.CHAT: _("同じチャットの相手"),
    Reason.HANDLE: _("同じアカウント名"),
    Reason.WORDS: _("よく似たことば"),
}
_PLACES = {
    "NUMBER": _("受付番号"),
    "HEADLINE": _("見出し"),
    "TOLD": _("話してくれたこと"),
    "PEOPLE": _("人"),
    "CLUE": _("手がかり"),
    "PSEUDONYM": _("台帳の名前"),
    "FROM_PERSON": _("相談者から"),
    "REPLY": _("返信"),
    "NOTE": _("記録"),
    "MEMO": _("所内メモ"),
}


@register.filter
def reason_word(reason: str) -> str:
    """Say why somebody may be the same person."""
    return str(_REASONS[Reason(reason)])


@register.filter
def place_word(place: str) -> str:
    """Say where something was found."""
    return str(_PLACES.get(place, place))


@register.filter
def tie_word(tie: str) -> str:
    """Say what two matters are to each other."""
    return str({str(key): word for key, word in TIES.items()}[tie])


@register.filter
def proxy_word(kind: str) -> str:
    """Say as what somebody speaks for the person."""
    return str({str(key): word for key, word in PROXYING.items()}[kind])


@register.filter
def sign_word(sign: str) -> str:
    """Say what kind of clue it is."""
    return str({str(key): word for key, word in SIGNS.items()}[sign])


@register.filter
def whose_word(whose: str) -> str:
    """Say whose clue it is."""
    return str({str(key): word for key, word in WHOSE.items()}[whose])
