"""What one answered page changes of all the answers. They live in the session alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from madoguchi.rules.guidance import Answers

# Letters that belong to one way of `happened`; another way makes them untrue.
_OF_THE_HARMED = ("kinds", "wants", "removal")
_KEPT_ON: Mapping[str | None, tuple[str, ...]] = {
    "a": _OF_THE_HARMED,
    "b": _OF_THE_HARMED,
    "g": _OF_THE_HARMED,
    "d": ("found",),
    "e": ("posted",),
}
_LETTERS = (*_OF_THE_HARMED, "found", "posted")


def with_page(answers: Answers, said: Mapping[str, Any]) -> Answers:
    """Return `answers` after a page said `said`; letters of ways not gone are forgotten."""
    changed = replace(answers, **said)
    kept = _KEPT_ON.get(changed.happened, _LETTERS if changed.happened is None else ())
    if "w2" not in changed.wants:
        changed = replace(changed, removal=())
    forgotten: dict[str, Any] = {name: () for name in _LETTERS if name not in kept}
    return replace(changed, **forgotten)
