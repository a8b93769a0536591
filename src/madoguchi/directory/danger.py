"""Words after which the emergency numbers come first: a dated data file, read once."""

import tomllib
from functools import cache
from importlib.resources import files

from madoguchi.rules.triage import folded


@cache
def danger_words() -> frozenset[str]:
    """Return the words, folded as `rules.triage.finds_danger` wants them."""
    text = files("madoguchi.directory").joinpath("data/danger-words.toml").read_text("utf-8")
    told = tomllib.loads(text)
    return frozenset(folded(word) for word in (*told["own_life"], *told["threatened"]))
