"""Danger first: what in a person's words or answers puts a matter at the top."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from madoguchi.rules.folding import folded


class Urgency(IntEnum):
    """緊急度: the smaller, the higher in the inbox."""

    DANGER = 0  # 命や体の危険
    SERIOUS = 1  # 子ども、性的な画像、いま広がっている
    ORDINARY = 2


class Alarm(StrEnum):
    """安全確認がいるわけ."""

    WORDS = "WORDS"  # 危険を思わせることば
    ANSWER = "ANSWER"  # 「いま安全ではない」という答え


@dataclass(frozen=True)
class Signals:
    """What is known of a matter when it comes in."""

    danger_words: bool = False
    says_unsafe: bool = False
    under18: bool = False


def finds_danger(text: str, words: Collection[str]) -> bool:
    """Tell whether `text` holds one of the danger `words` (already folded)."""
    plain = folded(text)
    return any(word in plain for word in words)


def urgency_of(signals: Signals) -> Urgency:
    """Return where a matter with these `signals` stands."""
    if signals.danger_words or signals.says_unsafe:
        return Urgency.DANGER
    return Urgency.SERIOUS if signals.under18 else Urgency.ORDINARY


def needs_safety_check(signals: Signals) -> bool:
    """Tell whether somebody must ask first whether the person is safe (安全確認)."""
    return urgency_of(signals) is Urgency.DANGER


def alarms_in(signals: Signals) -> list[Alarm]:
    """Return why somebody must ask, every reason that holds."""
    holds = {Alarm.WORDS: signals.danger_words, Alarm.ANSWER: signals.says_unsafe}
    return [alarm for alarm, is_so in holds.items() if is_so]
