"""The words by which a person's own text is understood: dated data, read once."""

from functools import cache

from madoguchi.directory.reading import read
from madoguchi.rules.guidance.answers import Answers
from madoguchi.rules.triage import folded
from madoguchi.rules.understanding import WordRow, understood


@cache
def _rows() -> tuple[WordRow, ...]:
    return tuple(
        WordRow(tuple(_folded(group) for group in it.get("all", [it.get("any", [])])), it["told"])
        for it in read("words.toml")["words"]
    )


@cache
def _danger(name: str) -> frozenset[str]:
    return _folded(read("danger-words.toml")[name])


def _folded(words: list[str]) -> frozenset[str]:
    return frozenset(folded(word) for word in words)


def answers_in(text: str) -> Answers:
    """Return the answers that a person's own words tell of."""
    return understood(text, _rows(), _danger("own_life"), _danger("threatened"))
