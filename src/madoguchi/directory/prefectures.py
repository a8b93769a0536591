"""How each prefecture (都道府県) is said in the three languages."""

from collections.abc import Mapping
from functools import cache

from madoguchi.directory.reading import DirectoryError, read, texts
from madoguchi.rules.guidance.edition import Texts
from madoguchi.rules.prefectures import PREFECTURES


@cache
def prefecture_names() -> Mapping[str, Texts]:
    """Return the 47 names by the Japanese one, in their order (DirectoryError)."""
    told = read("prefecture-names.toml")["names"]
    if tuple(told) != PREFECTURES:
        raise DirectoryError("prefecture-names.toml: not the 47 prefectures, in their order")
    return {name: texts(it, f"prefecture-names.toml {name}") for name, it in told.items()}


def prefecture_name(name: str) -> Texts:
    """Return how `name` is said; a name that is not among the 47 stays as it is."""
    return prefecture_names().get(name) or Texts(name, name, name)
