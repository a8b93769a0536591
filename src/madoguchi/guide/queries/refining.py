"""Which further facts can change what the guide says: only those are asked."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from madoguchi.directory.editions import current
from madoguchi.rules.guidance import Answers, Guidance, OwnDesk, windows_for

# One value of each kind to which the rules answer differently: a designated service, one that
# is not, a closed talk, no service at all; a prefecture with an ordinance and one without.
_TRIED: dict[str, tuple[Any, ...]] = {
    "service": ("x", "5ch", "line-talk", "none"),
    "asked_platform": (True, False),
    "prefecture": ("大阪府", "東京都"),
    "under18": (True, False),
    "poster_known": (True, False),
    "identifiable": (True, False),
}


@lru_cache(maxsize=1024)  # of closed lists of letters: the same for everybody who answered so
def refined_by(answers: Answers) -> tuple[str, ...]:
    """Return the facts that are said already, or of which some value would change the result."""
    edition = current()
    now = windows_for(answers, edition)
    return tuple(
        key
        for key, values in _TRIED.items()
        if getattr(answers, key) is not None
        or any(windows_for(replace(answers, **{key: it}), edition) != now for it in values)
    )


@lru_cache(maxsize=1024)
def guidance_for(answers: Answers, own: OwnDesk | None) -> Guidance:
    """Return what the guide says to `answers`: asked once for all who answer so."""
    return windows_for(answers, current(), own)
