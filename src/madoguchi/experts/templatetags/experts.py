"""Words for what is kept of experts as codes."""

from django import template
from django.utils.functional import Promise

from madoguchi.experts.forms import KINDS, RESULTS, SHOWN, STATES, TONES, WAYS

register = template.Library()


def _say(words: dict[str, Promise], code: str | None) -> str:
    return str(words[code]) if code else ""


@register.filter
def expert_kind(code: str) -> str:
    """Say which kind of expert somebody is."""
    return _say(KINDS, code)


@register.filter
def expert_way(code: str) -> str:
    """Say how one meets."""
    return _say(WAYS, code)


@register.filter
def expert_state(code: str) -> str:
    """Say how far a question has come."""
    return _say(STATES, code)


@register.filter
def expert_tone(code: str) -> str:
    """Return the tone of a state's badge."""
    return TONES.get(code, "")


@register.filter
def expert_result(code: str | None) -> str:
    """Say what came of a session; nothing where nothing is known."""
    return _say(RESULTS, code)


@register.filter
def expert_shown(code: str) -> str:
    """Say what is shown."""
    return _say(SHOWN, code)


@register.filter
def yen(amount: int | None) -> str:
    """Say an amount of money: 5,500円."""
    return "―" if amount is None else f"{amount:,}円"
