"""The rule table in words, for a supervisor to read."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.directory.editions import services
from madoguchi.directory.questions import all_questions, fact_texts
from madoguchi.directory.windows import Window, all_windows
from madoguchi.rules.guidance import Edition, Texts
from madoguchi.rules.guidance.edition import UNSAID, Condition, Rule


class Row(NamedTuple):
    """One rule: when it holds, what it does, why, and where that comes from."""

    rule: Rule
    when: list[list[str]]
    unless: list[list[str]]
    first: list[Window]
    also: list[Window]
    excludes: list[Window]


def rows(edition: Edition) -> Iterator[Row]:
    """Yield the rules from top to bottom, as they are read."""
    known = all_windows()
    for rule in edition.rules:
        yield Row(
            rule=rule,
            when=[_words(it) for it in rule.when],
            unless=[_words(it) for it in rule.unless],
            first=[known[it] for it in rule.first],
            also=[known[it] for it in (*rule.also, *rule.last)],
            excludes=[known[it] for it in rule.excludes],
        )


def _words(condition: Condition) -> list[str]:
    """Return each wanted fact as a phrase: どうしたいですか：消したい／まだ分からない."""
    return [
        _fact(name) + _("：") + _("／").join(_value(name, it) for it in sorted(values))
        for name, values in condition.wanted
    ]


@cache
def _answers() -> Mapping[str, Mapping[str, Texts]]:
    asked = {it.key: {o.value: o.text for o in it.options} for it in all_questions().values()}
    asked["branch"] = asked["happened"]
    asked["service"] = {name: it["name"] for name, it in services().items()}
    return asked


def _fact(name: str) -> str:
    derived = {
        "branch": _("どうしましたか（または答えから分かる道）"),
        "side": _("立場"),
        "child": _("18歳より下の人のこと（保護者・学校の人なら、そう見なす）"),
        "ordinance": _("差別をなくす条例のある府県"),
        "designated": _("7日のうちに答える義務のあるサービス"),
    }
    asked = {it.key: it.title for it in all_questions().values()} | dict(fact_texts())
    return derived.get(name) or asked[name].spoken(get_language())


def _value(name: str, value: str) -> str:
    common = {
        UNSAID: _("答えていない"),
        "yes": _("はい"),
        "no": _("いいえ"),
        "poster": _("書いた側"),
        "other": _("書かれた側・見つけた側"),
    }
    text = _answers().get(name, {}).get(value)
    return text.spoken(get_language()) if text else common.get(value, value)
