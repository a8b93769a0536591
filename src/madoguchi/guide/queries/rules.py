"""The rule table in words and in groups, for a supervisor to read."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.directory.editions import services
from madoguchi.directory.questions import all_questions, fact_texts
from madoguchi.directory.windows import Window, all_windows
from madoguchi.rules.guidance import Edition, Texts
from madoguchi.rules.guidance.answers import ONE_OF, SEVERAL_OF
from madoguchi.rules.guidance.edition import UNSAID, Condition, Rule

# Facts whose answers say by themselves what they answer.
_SPEAKING = frozenset(("branch", "happened", *SEVERAL_OF))
_GROUPS = (
    *("danger", "posted", "found", "cheated", "talk", "kinds", "wants", "closed"),
    *("advice", "other"),
)


class Row(NamedTuple):
    """One rule in words. `number` is its place in the table, which is read from the top."""

    number: int
    rule: Rule
    when: list[list[str]]
    unless: list[list[str]]
    first: list[Window]
    also: list[Window]
    excludes: list[Window]
    advice: list[Texts]
    source: str


class Group(NamedTuple):
    """Rules that speak of the same."""

    id: str
    title: str
    rows: list[Row]


def groups(edition: Edition) -> list[Group]:
    """Return the rules in groups; inside a group they stand as they are read."""
    titles = _titles()
    found: dict[str, list[Row]] = {it: [] for it in _GROUPS}
    for row in rows(edition):
        found[_group(row.rule)].append(row)
    return [Group(name, titles[name], listed) for name, listed in found.items() if listed]


def rows(edition: Edition) -> Iterator[Row]:
    """Yield the rules from top to bottom, as they are read."""
    known = all_windows()
    for number, rule in enumerate(edition.rules, start=1):
        yield Row(
            number=number,
            rule=rule,
            when=[_words(it) for it in rule.when],
            unless=[_words(it) for it in rule.unless],
            first=[known[it] for it in rule.first],
            also=[known[it] for it in (*rule.also, *rule.last)],
            excludes=[known[it] for it in rule.excludes],
            advice=[edition.advice[it] for it in rule.advise],
            source=rule.source,
        )


def _group(rule: Rule) -> str:
    """Return where a rule is looked for, by what it does and what it asks."""
    asked: dict[str, set[str]] = {}
    for condition in rule.when:
        for name, values in condition.wanted:
            asked.setdefault(name, set()).update(values)
    branch = asked.get("branch", set())
    told = (
        ("danger", rule.urgent or "yes" in asked.get("danger_now", ()) or branch == {"b"}),
        ("closed", bool(rule.excludes)),
        ("advice", not (rule.first or rule.also or rule.last)),
        ("posted", "poster" in asked.get("side", ())),
        ("found", bool(asked.get("found", set()) - {UNSAID}) or branch == {"d"}),
        ("cheated", branch == {"c"}),
        ("talk", branch == {"f"} or asked.get("wants") == {"w6"}),
        ("wants", any(it in asked for it in ("wants", "removal", "asked_platform", "designated"))),
        ("kinds", "kinds" in asked or "child" in asked),
        ("other", True),
    )
    return next(name for name, holds in told if holds)


def _titles() -> Mapping[str, str]:
    return {
        "danger": _("危ないとき・急ぐとき"),
        "posted": _("書いた側の人"),
        "found": _("見つけて知らせる人"),
        "cheated": _("だまされた・乗っ取られた人"),
        "talk": _("気持ちを聞いてほしい人"),
        "kinds": _("何をされたかで決まるもの"),
        "wants": _("どうしたいかで決まるもの"),
        "closed": _("案内しない窓口"),
        "advice": _("自分でできることを足すもの"),
        "other": _("そのほか"),
    }


def _words(condition: Condition) -> list[str]:
    """Return each wanted fact as a phrase; what nearly every rule wants is left unsaid."""
    told = [
        _phrase(name, values)
        for name, values in condition.wanted
        if (name, values) != ("side", frozenset({"other"})) or len(condition.wanted) == 1
    ]
    return told or [_("いつでも")]


def _phrase(name: str, values: frozenset[str]) -> str:
    """Say one fact: its answers, or which answers it must not have where that is shorter."""
    known = {*_known(name), UNSAID}
    others = known - values
    if name in _SPEAKING:
        if values == known - {UNSAID}:
            return _fact(name) + _("：") + _("答えた")
        if values == {UNSAID}:
            return _fact(name) + _("：") + _("答えていない")
        if len(others) < len(values):
            return _listed(name, others) + _("ではない")
        return _listed(name, values)
    return _fact(name) + _("：") + _("／").join(_value(name, it) for it in sorted(values))


def _known(name: str) -> tuple[str, ...]:
    listed = {**ONE_OF, **SEVERAL_OF, "branch": ONE_OF["happened"]}
    return listed.get(name, ())


def _listed(name: str, values: set[str] | frozenset[str]) -> str:
    """Return answers in brackets, in the order in which they are asked."""
    order = [it for it in (*_known(name), UNSAID) if it in values]
    return "".join(_("「{answer}」").format(answer=_value(name, it)) for it in order)


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
