"""The words by which a person's own text is understood: dated data, read once."""

from functools import cache
from typing import Any

from madoguchi.directory.reading import read
from madoguchi.rules.folding import folded
from madoguchi.rules.guidance.answers import Answers
from madoguchi.rules.understanding import Concepts, NameRow, Understanding, Weights, plain, spaced


@cache
def concepts() -> Concepts:
    """Return the concepts and their words, as `rules.understanding.plain` leaves them."""
    return {
        name: frozenset(plain(word) for word in words.split())
        for name, words in read("words.toml")["concepts"].items()
    }


@cache
def understanding() -> Understanding:
    """Return what the guide understands by; `tools/train.py` made its weights."""
    learned = read("understanding.json")
    return Understanding(
        weights=Weights(
            labels=tuple(learned["labels"]),
            bias=tuple(learned["bias"]),
            units=tuple((runs, meant) for runs, meant in learned["units"]),
            runs=learned["runs"],
            concepts=learned["concepts"],
        ),
        concepts=concepts(),
        names=tuple(_row(it) for it in read("words.toml")["names"]),
        own_life=_folded("own_life"),
        threatened=_folded("threatened"),
    )


def answers_in(text: str) -> Answers:
    """Return the answers that a person's own words tell of."""
    return understanding().answers_in(text)


def _row(told: dict[str, Any]) -> NameRow:
    groups = told.get("all", [told.get("any", [])])
    return NameRow(
        tuple(tuple(spaced(word) for word in group) for group in groups),
        told["told"],
        tuple(spaced(word) for word in told.get("hidden_in", ())),
    )


def _folded(name: str) -> frozenset[str]:
    return frozenset(folded(word) for word in read("danger-words.toml")[name])
