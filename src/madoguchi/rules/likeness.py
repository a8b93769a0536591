"""Which texts are like another: by the pairs of letters they share, the rare ones first.

A pair of hiragana alone (てい, した) is in every Japanese sentence and tells nothing.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_WORDS = re.compile(r"[^\W_]+")
_HIRAGANA = re.compile(r"[ぁ-んー]{2}")


def pairs(text: str) -> frozenset[str]:
    """Return the telling pairs of letters in `text`, width and case folded."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found = {
        word[at : at + 2] for word in _WORDS.findall(folded) for at in range(max(1, len(word) - 1))
    }
    return frozenset(pair for pair in found if not _HIRAGANA.fullmatch(pair))


def likenesses(text: str, others: Sequence[str]) -> list[float]:
    """Return how like `text` each of `others` is, from 0 to 1: 1 where all that tells is shared."""
    asked = pairs(text)
    known = [pairs(other) for other in others]
    seen = Counter(pair for found in known for pair in found)
    weigh = {
        pair: math.log(1 + (len(known) + 1) / (seen[pair] + 1)) for pair in asked | frozenset(seen)
    }
    return [_cosine(asked, found, weigh) for found in known]


def _cosine(one: frozenset[str], other: frozenset[str], weigh: dict[str, float]) -> float:
    shared = sum(weigh[pair] ** 2 for pair in one & other)
    lengths = [math.sqrt(sum(weigh[pair] ** 2 for pair in found)) for found in (one, other)]
    return min(1.0, shared / (lengths[0] * lengths[1])) if all(lengths) else 0.0
