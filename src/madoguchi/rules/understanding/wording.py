"""A person's own words as a classifier sees them: runs of letters, and what words stand for."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

_SMALL = "ァィゥェォぁぃぅぇぉ"
_ONE_KANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)} | str.maketrans(
    _SMALL, "あいうえおあいうえお"
)
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_SENTENCE = re.compile(r"[。！？!?\n]+")
_KEPT_SIGNS = frozenset("。、!?「」ー")
_LONGEST_RUN = 3
# Longer texts are also looked at piece by piece: one sentence of danger must not drown.
_LONG = 120

Concepts = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Wording:
    """Runs of one to three letters in a text, and the concepts its words stand for."""

    runs: frozenset[str]
    concepts: tuple[str, ...]


def plain(text: str) -> str:
    """Return `text` with width, case and kana made one, and blanks and signs between dropped."""
    kept = "".join(it for it in spaced(text) if it.isalnum() or it in _KEPT_SIGNS)
    return _DRAWN_OUT.sub(r"\1\1", kept)


def spaced(text: str) -> str:
    """Return `text` with width, case and kana made one; blanks and signs stay."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_ONE_KANA)


def wording_of(text: str, concepts: Concepts) -> Wording:
    """Return the wording of `text`, which is plain already."""
    runs = (
        text[at : at + length]
        for length in range(1, _LONGEST_RUN + 1)
        for at in range(len(text) - length + 1)
    )
    return Wording(frozenset(runs), tuple(sorted(_meant(text, concepts))))


def _meant(text: str, concepts: Concepts) -> Collection[str]:
    return [name for name, words in concepts.items() if any(word in text for word in words)]


def pieces(text: str) -> list[str]:
    """Return a long `text` as overlapping pairs of sentences, a short one as nothing."""
    if len(text) <= _LONG:
        return []
    sentences = [part for part in _SENTENCE.split(text) if part.strip()]
    short = [part[at : at + _LONG] for part in sentences for at in range(0, len(part), _LONG)]
    return [first + "。" + second for first, second in zip(short, [*short[1:], ""], strict=True)]
