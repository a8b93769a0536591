"""A linear classifier: how strongly a wording speaks for each label. Made by tools/train.py."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from madoguchi.rules.understanding.wording import Wording

# One letter stands for a label, or for a weight from -31 to 31 (the first 63 of them).
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-!#$%()*,./:;=?@[]^_{|}~"
MIDDLE = 31
VALUE_OF = {letter: at - MIDDLE for at, letter in enumerate(ALPHABET)}
# How much a concept counts against all the runs of a text together (whose length is 1).
CONCEPT = 0.3


@dataclass(frozen=True)
class Weights:
    """What was learned. `runs` and `concepts` hold pairs of letters: a label and its weight.

    `units[label]`: what one step of a weight is worth, for runs and for concepts.
    """

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    units: tuple[tuple[float, float], ...]
    runs: Mapping[str, str]
    concepts: Mapping[str, str]

    def scores(self, wording: Wording) -> dict[str, float]:
        """Return the score of every label; above 0 speaks for it, below against it."""
        known = [self.runs[run] for run in wording.runs if run in self.runs]
        meant = [self.concepts.get(name, "") for name in wording.concepts]
        by_runs, by_concepts = self._summed(known), self._summed(meant)
        share = 1 / sqrt(len(wording.runs) or 1)
        return {
            label: self.bias[at]
            + by_runs[at] * self.units[at][0] * share
            + by_concepts[at] * self.units[at][1] * CONCEPT
            for at, label in enumerate(self.labels)
        }

    def _summed(self, rows: Iterable[str]) -> list[int]:
        sums = [0] * len(ALPHABET)
        for row in rows:
            for label, weight in zip(row[::2], row[1::2], strict=True):
                sums[VALUE_OF[label] + MIDDLE] += VALUE_OF[weight]
        return sums
