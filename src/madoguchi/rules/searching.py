"""Finding words as people type them: width, case, blanks and the hyphens of numbers folded."""

import re
import unicodedata
from dataclasses import dataclass

from madoguchi.rules import folding

# What stands between the digits of a number, however it is written.
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[()‐‑‒–—―−ｰー─-]+(?=\d)")
_ONE_NUMBER = re.compile(r"[\d()+\s‐‑‒–—―−ｰー─-]{8,}")
_AROUND = 24


def folded(text: str) -> str:
    """Return `text` as it is searched."""
    return _BETWEEN_DIGITS.sub("", folding.folded(text))


def needles(asked: str) -> list[str]:
    """Return what must all be found for `asked`: its words, folded; a number typed is one."""
    plain = unicodedata.normalize("NFKC", asked).strip()
    parts = [plain] if _ONE_NUMBER.fullmatch(plain) else plain.split()
    return list(dict.fromkeys(found for part in parts if (found := folded(part))))


@dataclass(frozen=True)
class Excerpt:
    """Where something was found, with a few words around it."""

    before: str
    found: str
    after: str


def excerpt(text: str, needle: str) -> Excerpt | None:
    """Return where `needle`, folded, stands in `text`; None where it does not."""
    plain = unicodedata.normalize("NFKC", text)
    kept = [
        (letter, place)
        for place, written in enumerate(plain)
        if not written.isspace()
        for letter in written.casefold()
    ]
    joined = "".join(letter for letter, _place in kept)
    dropped = {it for gap in _BETWEEN_DIGITS.finditer(joined) for it in range(*gap.span())}
    kept = [pair for number, pair in enumerate(kept) if number not in dropped]
    at = "".join(letter for letter, _place in kept).find(needle)
    if at < 0 or not needle:
        return None
    first, last = kept[at][1], kept[at + len(needle) - 1][1]
    before, after = plain[max(0, first - _AROUND) : first], plain[last + 1 : last + 1 + _AROUND]
    return Excerpt(
        before=f"…{before}" if first > _AROUND else before,
        found=plain[first : last + 1],
        after=f"{after}…" if last + 1 + _AROUND < len(plain) else after,
    )


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how alike two texts are, by their pairs of letters: 0 to 1."""
    if not one or not other:
        return 0.0
    common = len(one & other)
    return common / (len(one) + len(other) - common)


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of letters that stand in `text`."""
    plain = folded(text)
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))
