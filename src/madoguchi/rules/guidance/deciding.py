"""The engine: reads the rule table from top to bottom and never weighs anything."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from madoguchi.rules.guidance.answers import Answers
from madoguchi.rules.guidance.edition import UNSAID, Edition, Facts, OwnDesk, Rule, Texts

BEFORE_THE_FOLD = 3
T = TypeVar("T")
_PLACES = ("first", "also", "last")
_REASONS = 2  # more would not be read


@dataclass(frozen=True)
class Recommendation:
    """A window to turn to. `rules` are the rows that named it."""

    id: str
    rank: int
    does: tuple[str, ...]
    why: Texts
    limits: tuple[Texts, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class NotForYou:
    """A window that somebody might think of, and why it does not help here."""

    id: str
    why: Texts


@dataclass(frozen=True)
class Guidance:
    """What the guide says to one person's answers."""

    urgent: bool
    windows: tuple[Recommendation, ...]
    not_for_you: tuple[NotForYou, ...]
    advice: tuple[str, ...]
    numbers: tuple[str, ...]


def windows_for(answers: Answers, edition: Edition, own: OwnDesk | None = None) -> Guidance:
    """Return the windows that fit `answers`, best first, each with its reason."""
    facts = edition.facts(answers, own.prefecture if own else None)
    rules = _in_ticked_order([rule for rule in edition.rules if rule.applies(facts)], facts)
    named = _named(rules)
    if not _may_take(own, answers):
        named.pop("own", None)
    closed = {window: rule.why for rule in reversed(rules) for window in rule.excludes}
    closed |= {
        window: edition.outside + _names(edition, facts)
        for window, by in named.items()
        if window not in closed and not _fits(window, by, facts, edition)
    }
    allowed = _allowed(rules)
    kept = [it for it in named if it not in closed and (allowed is None or it in allowed)]
    return Guidance(
        urgent=any(rule.urgent for rule in rules),
        windows=tuple(
            _recommendation(window, rank, named[window], facts, edition)
            for rank, window in enumerate(kept, start=1)
        ),
        not_for_you=tuple(NotForYou(it, why) for it, why in closed.items()),
        advice=_advice(rules),
        numbers=_once(item for rule in rules for item in rule.numbers),
    )


def _in_ticked_order(rules: list[Rule], facts: Facts) -> list[Rule]:
    """Let rules that follow an answer change places so that they stand as it was ticked."""
    ordered = list(rules)
    for key in {rule.follows for rule in rules if rule.follows}:
        places = [at for at, rule in enumerate(rules) if rule.follows == key]
        ticked = facts[key]
        following = sorted((rules[at] for at in places), key=lambda rule: _ticked(rule, ticked))
        for at, rule in zip(places, following, strict=True):
            ordered[at] = rule
    return ordered


def _ticked(rule: Rule, ticked: tuple[str, ...]) -> int:
    wanted = dict(rule.when[0].wanted).get(rule.follows, frozenset())
    return min((at for at, letter in enumerate(ticked) if letter in wanted), default=len(ticked))


def _named(rules: list[Rule]) -> dict[str, list[Rule]]:
    """Return the windows in their order, each with the rules that name it."""
    named: dict[str, list[Rule]] = {}
    for place in _PLACES:
        for rule in rules:
            for window in getattr(rule, place):
                named.setdefault(window, []).append(rule)
    return named


def _may_take(own: OwnDesk | None, answers: Answers) -> bool:
    """Tell whether the installation's desk is for somebody of this prefecture."""
    return own is not None and answers.prefecture in {None, own.prefecture}


def _fits(window: str, by: list[Rule], facts: Facts, edition: Edition) -> bool:
    """Ask the matrix: × outranks every rule, a doubtful cell puts nothing in by itself."""
    cells = [
        edition.matrix[row][window]
        for row in facts["topics"]
        if row != UNSAID and window in edition.matrix[row]
    ]
    if not cells or any(cell.takes for cell in cells):
        return True
    if all(cell.mark == "×" for cell in cells):
        return False
    return any(rule.chart for rule in by)


def _names(edition: Edition, facts: Facts) -> Texts:
    """Return the names of the matrix rows the situation touches, in brackets."""
    names = [topic.name for topic in edition.topics if topic.row in facts["topics"]]
    return Texts(
        ja=f"（{'、'.join(name.ja for name in names)}）",
        easy=f"（{'、'.join(name.easy for name in names)}）",
        en=f"({', '.join(name.en for name in names)})",
    )


def _allowed(rules: list[Rule]) -> set[str] | None:
    limits = [set(rule.only) for rule in rules if rule.only]
    return set.intersection(*limits) if limits else None


def _advice(rules: list[Rule]) -> tuple[str, ...]:
    muted = {it for rule in rules for it in rule.mutes}
    return _once(it for rule in rules for it in rule.advise if it not in muted)


def _recommendation(
    window: str, rank: int, by: list[Rule], facts: Facts, edition: Edition
) -> Recommendation:
    known = edition.windows[window]
    reasons = _once(rule.reason(facts, edition.doubt) for rule in by)[:_REASONS]
    why = reasons[0]
    for reason in reasons[1:]:
        why += reason
    return Recommendation(
        id=window,
        rank=rank,
        does=known.does,
        why=why + known.role_in(facts),
        limits=tuple(_limits(window, facts, edition)),
        rules=_once(rule.id for rule in by),
    )


def _limits(window: str, facts: Facts, edition: Edition) -> Iterator[Texts]:
    """Yield what the window does not do, and which of the topics it takes only in part."""
    for topic in edition.topics:
        cell = edition.matrix[topic.row].get(window)
        if topic.row in facts["topics"] and cell is not None:
            if cell.mark == "△":
                yield edition.in_part + _names(edition, {"topics": (topic.row,)})
            elif cell.mark == "×":
                yield edition.outside + _names(edition, {"topics": (topic.row,)})
    for limit in edition.windows[window].limits:
        if limit.when.holds(facts):
            yield limit.text


def _once(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
