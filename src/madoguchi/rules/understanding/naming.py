"""Facts that a text says outright by a name or a phrase: the service, the prefecture."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.rules.prefectures import PREFECTURES
from madoguchi.rules.understanding.wording import spaced

# What after the short name of a prefecture says that somebody lives there: 「山口さん」 does not.
_LIVED_IN = ("在住", "に住", "市", "の中学", "の高校", "の小学", "の学校")


@dataclass(frozen=True)
class NameRow:
    """Words (spaced) and the facts they tell. One word of every group must be found.

    `hidden_in`: words that hold one of them without meaning it (「オンライン」 is no LINE).
    """

    groups: tuple[tuple[str, ...], ...]
    told: Mapping[str, Any]
    hidden_in: tuple[str, ...] = ()

    def is_in(self, text: str) -> bool:
        """Tell whether the spaced `text` holds one word of each group."""
        for word in self.hidden_in:
            text = text.replace(word, " ")
        return all(any(_holds(text, word) for word in group) for group in self.groups)


def named(text: str, rows: Collection[NameRow]) -> dict[str, Any]:
    """Return the facts that `text` names; of several rows on one fact the first holds."""
    read = spaced(text)
    told: dict[str, Any] = {}
    for row in rows:
        if not row.told.keys() <= told.keys() and row.is_in(read):
            told = {**row.told, **told}
    there = _prefecture(read)
    return told | {"prefecture": there} if there else told


def _holds(text: str, word: str) -> bool:
    """Tell whether `word` stands in `text`; Latin letters must begin and end with it."""
    at = text.find(word)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
        if not (_goes_on(before, word[0]) or _goes_on(after, word[-1])):
            return True
        at = text.find(word, at + 1)
    return False


def _goes_on(neighbour: str, edge: str) -> bool:
    return neighbour.isascii() and neighbour.isalpha() and edge.isascii() and edge.isalpha()


def _prefecture(text: str) -> str | None:
    for name in PREFECTURES:
        short = name if name == "北海道" else name[:-1]
        if name in text or any(short + sign in text for sign in _LIVED_IN):
            return name
    return None
