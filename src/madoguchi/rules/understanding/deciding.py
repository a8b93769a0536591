"""From scores to answers: danger first, and rather nothing than a guess."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.rules.folding import folded
from madoguchi.rules.guidance.answers import ONE_OF, SEVERAL_OF, Answers
from madoguchi.rules.understanding.naming import NameRow, named
from madoguchi.rules.understanding.weighing import Weights
from madoguchi.rules.understanding.wording import Concepts, pieces, plain, wording_of

# Scores from which something counts as told; chosen by cross-validation (docs/explanation/
# own-words.md). Danger is asked for low: a page with two numbers too many does no harm.
_DANGER = -0.28
_DANGER_IN_SHORT = 0.0  # a few letters say too little to suspect the worst of them
_SHORT = 24
_DANGER_IN_A_PIECE = 0.0
_DANGER_WITH_A_WORD = -0.55
_ANOTHER_MATTER = 0.2  # of `none`: games, sports, sayings that sound like danger
_DOUBT = 0.3
_UNDERSTOOD = -0.55
_KIND = -0.2
_IMAGES = {"a5": 0.1, "a10": 0.1}  # urgent by themselves; danger was asked for already
_LIKELIEST = -0.8
_WANT = -0.1
_CLEARLY = 0.5
_WHO = -0.2
_FACT = -0.1
_MOST = 3
_LEAST_LETTERS = 2


@dataclass(frozen=True)
class Understanding:
    """All that the guide needs to understand somebody (dated data and what was learned)."""

    weights: Weights
    concepts: Concepts
    names: Collection[NameRow]
    own_life: Collection[str]
    threatened: Collection[str]

    def answers_in(self, text: str) -> Answers:
        """Return the answers that `text` tells of; none where it was not understood."""
        if sum(it.isalnum() for it in plain(text)) < _LEAST_LETTERS:
            return Answers()
        scores = self.scores(text)
        told: dict[str, Any] = {"danger_now": True} if self._in_danger(text, scores) else {}
        way = _way(scores, told)
        if way is None:
            return Answers()
        told |= {**dict(_letters(way, scores)), **dict(_facts(scores))}
        told["happened"] = "f" if "danger_now" in told and _is_of_the_heart(way, scores) else way
        return Answers.parsed(named(text, self.names) | told)

    def scores(self, text: str) -> dict[str, float]:
        """Return how strongly `text` speaks for each label."""
        scores = self.weights.scores(wording_of(plain(text), self.concepts))
        # Danger as a whole and its likeliest sort: together they err less than either.
        sorts = [scores[name] for name in scores if name.startswith("danger:")]
        danger = (scores["danger"] + max(sorts)) / 2
        if scores["none"] > _ANOTHER_MATTER:
            danger -= _DOUBT
        return scores | {"danger": danger}

    def _in_danger(self, text: str, scores: Mapping[str, float]) -> bool:
        """Ask the classifier, less strictly where a word of danger stands in the text."""
        words = folded(text)
        said = any(word in words for word in (*self.own_life, *self.threatened))
        suspected = _DANGER_IN_SHORT if len(plain(text)) < _SHORT else _DANGER
        if scores["danger"] > (_DANGER_WITH_A_WORD if said else suspected):
            return True
        return any(self.scores(it)["danger"] > _DANGER_IN_A_PIECE for it in pieces(text))


def _way(scores: Mapping[str, float], told: Mapping[str, Any]) -> str | None:
    """Return which way somebody goes, or None where the text is too strange."""
    way = max(ONE_OF["happened"], key=lambda it: scores[it])
    if way == "e" and _tells_of_harm(scores):
        way = "a"
    if "danger_now" in told:
        return way if scores[way] > _UNDERSTOOD and way != "g" else "b"
    if scores[way] < _UNDERSTOOD or scores["none"] > scores[way]:
        return None
    return "g" if way == "d" and not _likely("found", scores, needed=True) else way


def _is_of_the_heart(way: str, scores: Mapping[str, float]) -> bool:
    """Tell whether the danger is one's own wish to die: then who listens comes before police."""
    sorts = [name for name in scores if name.startswith("danger:")]
    return way in {"a", "g"} and max(sorts, key=lambda it: scores[it]) == "danger:life"


def _tells_of_harm(scores: Mapping[str, float]) -> bool:
    """Tell whether the text speaks of harm done far more clearly than of what was posted.

    Whoever sent a picture of themselves, or speaks for a child, is not the one who did wrong:
    the poster's side is shut out of the windows that would help them.
    """
    harm = max(scores[it] for it in SEVERAL_OF["kinds"])
    posted = max(scores[it] for it in SEVERAL_OF["posted"])
    return harm > max(_KIND, posted + _CLEARLY)


def _letters(way: str, scores: Mapping[str, float]) -> Iterator[tuple[str, list[str]]]:
    """Yield the letters of the way: what it is, what is wanted."""
    if way in {"a", "b", "g"}:
        kinds = _likely("kinds", scores, needed=way == "a")
        # Where images are out, what was written beside them is not the matter.
        yield "kinds", [it for it in kinds if it != "a1" or "a5" not in kinds]
    if way == "d":
        yield "found", _likely("found", scores, needed=True)
    if way == "e":
        yield "posted", _likely("posted", scores, needed=True)
    wants = _likely("wants", scores, least=_WANT)
    yield "wants", wants
    if "w2" in wants and way in {"a", "b", "g"}:
        yield "removal", _likely("removal", scores, least=_WANT)


def _likely(
    key: str, scores: Mapping[str, float], *, least: float = _KIND, needed: bool = False
) -> list[str]:
    """Return the likely letters, likeliest first; one at least where it is `needed`."""
    ordered = sorted(SEVERAL_OF[key], key=lambda it: -scores[it])
    likely = [it for it in ordered if scores[it] > _IMAGES.get(it, least)][:_MOST]
    if not likely and needed:
        # A guess is never an image: it would raise the alarm.
        return [it for it in ordered if it not in _IMAGES and scores[it] > _LIKELIEST][:1]
    return likely


def _facts(scores: Mapping[str, float]) -> Iterator[tuple[str, Any]]:
    who = max(ONE_OF["who"], key=lambda it: scores[f"who:{it}"])
    if scores[f"who:{who}"] > _WHO:
        yield "who", who
    for fact in ("under18", "poster_known"):
        if scores[fact] > _FACT:
            yield fact, True
