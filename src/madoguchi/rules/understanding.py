"""From a person's own words to answers, by lists of words: danger first, nothing guessed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.rules.guidance.answers import SEVERAL_OF, Answers
from madoguchi.rules.triage import folded

# Which way somebody goes where their words point to several: the poster's side needs
# another path altogether, and fear outranks what was merely posted.
_WAYS = "ebcad"


@dataclass(frozen=True)
class WordRow:
    """Words (folded) and the answers they tell. One word of every group must be found."""

    groups: tuple[frozenset[str], ...]
    told: Mapping[str, Any]

    def is_in(self, plain: str) -> bool:
        """Tell whether the folded text `plain` holds one word of each group."""
        return all(any(word in plain for word in group) for group in self.groups)


def understood(
    text: str, rows: Collection[WordRow], own_life: Collection[str], threatened: Collection[str]
) -> Answers:
    """Return the answers that `text` tells of; empty where no word is known."""
    plain = folded(text)
    told = _gathered([row.told for row in rows if row.is_in(plain)])
    wants_to_die = any(word in plain for word in own_life)
    if wants_to_die or any(word in plain for word in threatened):
        told["danger_now"] = True
    if "happened" not in told:
        if wants_to_die or told.get("wants") == ["w6"]:
            told["happened"] = "f"
        elif told.get("danger_now"):
            told["happened"] = "b"
    return Answers.parsed(told)


def _gathered(rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Put together what the rows tell: letters add up, of facts the first one stays."""
    told: dict[str, Any] = {}
    for row in rows:
        for key, value in row.items():
            if key in SEVERAL_OF:
                told.setdefault(key, []).extend(it for it in value if it not in told[key])
            else:
                told.setdefault(key, value)
    ways = {row["happened"] for row in rows if "happened" in row}
    if ways:
        told["happened"] = min(ways, key=_WAYS.index)
    return told
