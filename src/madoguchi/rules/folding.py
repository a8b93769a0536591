"""What is the same however it was typed: width, case, blanks, hyphens."""

import re
import unicodedata

# NFKC leaves ー ‐ − — apart.
_HYPHENS = re.compile(r"[‐‑‒–—―−ｰー─﹣－-]")


def folded(text: str) -> str:
    """Return `text` with width and case folded and blanks dropped, for finding words."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def hyphened(typed: str) -> str:
    """Return `typed` with width and hyphens folded, for numbers."""
    return _HYPHENS.sub("-", unicodedata.normalize("NFKC", typed)).strip()
