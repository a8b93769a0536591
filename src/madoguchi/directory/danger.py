"""Whether a person's words tell of danger, so that the emergency numbers come first."""

import tomllib
from functools import cache
from importlib.resources import files

from madoguchi.directory.words import answers_in
from madoguchi.rules.folding import folded
from madoguchi.rules.triage import finds_danger


@cache
def danger_words() -> frozenset[str]:
    """Return the words, folded as `rules.triage.finds_danger` wants them."""
    text = files("madoguchi.directory").joinpath("data/danger-words.toml").read_text("utf-8")
    told = tomllib.loads(text)
    return frozenset(folded(word) for word in (*told["own_life"], *told["threatened"]))


def tells_danger(text: str) -> bool:
    """Tell whether `text` holds a danger word, or is understood to tell of danger.

    The list is never wrong about what it names; what was learned finds what no list names.
    """
    return finds_danger(text, danger_words()) or bool(answers_in(text).danger_now)
