"""Teach the guide to understand a person's own words: `write`, `check` or `measure`.

Learns one linear support vector machine per label (dual coordinate descent, L2 loss) from
the texts in directory/data/training and the concepts in words.toml, and writes
directory/data/understanding.json. Whole numbers where sums are made and no chance: the same
text gives the same file on every machine. `measure` prints five-fold cross-validation.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from math import sqrt
from pathlib import Path

from madoguchi.directory.words import concepts
from madoguchi.rules.understanding.weighing import ALPHABET, CONCEPT, MIDDLE, Weights
from madoguchi.rules.understanding.wording import Wording, plain, wording_of

DATA = Path(__file__).resolve().parent.parent / "src" / "madoguchi" / "directory" / "data"
TRAINING = DATA / "training"
LEARNED = DATA / "understanding.json"
FORMAT = "madoguchi.understanding/1"

ROUNDS = 40
STRICTNESS = 1.0  # the C of support vector machines
SEEN_AT_LEAST = 2  # a run of letters in one text only teaches nothing
SMALLEST = 0.12  # weights below do not change a decision
STRIDE = 1009  # a prime: the order in which texts are looked at
FAR_AWAY = 0.5  # a text that is surely on its side is left out for some rounds
FINE = 1 << 24  # weights are whole numbers of this part: sums are the same everywhere
FOLDS = 5
_IMAGES = frozenset({"a5", "a10", "f1", "f3"})


@dataclass(frozen=True)
class Utterance:
    """One line of the training text."""

    labels: frozenset[str]
    wording: Wording


@dataclass(frozen=True)
class Example:
    """An utterance as numbers: which features it has, and what each of them counts."""

    runs: list[int]
    share: float
    concepts: list[int]

    @property
    def square(self) -> float:
        """Return the square of its length; the bias is one more feature of value 1."""
        return 1.0 + len(self.concepts) * CONCEPT * CONCEPT + 1.0


def utterances() -> list[Utterance]:
    """Read the training text."""
    lines = [
        line.split("\t")
        for path in sorted(TRAINING.glob("*.tsv"))
        for line in path.read_text("utf-8").splitlines()[1:]
        if line
    ]
    return [
        Utterance(_with_sorts(frozenset(labels.split())), wording_of(plain(text), concepts()))
        for labels, text in lines
    ]


def _with_sorts(labels: frozenset[str]) -> frozenset[str]:
    """Say of which sort a danger is: each sort has words of its own and is learned apart."""
    if "danger" not in labels:
        return labels
    if "f" in labels:
        return labels | {"danger:life"}
    if labels & _IMAGES:
        return labels | {"danger:image"}
    return labels | {"danger:threat" if "b" in labels else "danger:other"}


def labels_of(learned: Iterable[Utterance]) -> list[str]:
    """Return the labels to learn: services are found by their names."""
    found = {label for it in learned for label in it.labels}
    return sorted(label for label in found if not label.startswith("service:"))


@dataclass(frozen=True)
class Space:
    """The features that are learned, by number."""

    runs: dict[str, int]
    concepts: dict[str, int]

    @classmethod
    def of(cls, learned: Sequence[Utterance]) -> "Space":
        """Return numbers for the runs that are seen often enough, then for the concepts."""
        seen = Counter(run for it in learned for run in it.wording.runs)
        runs = sorted(run for run, times in seen.items() if times >= SEEN_AT_LEAST)
        names = sorted({name for it in learned for name in it.wording.concepts})
        return cls(
            {run: at for at, run in enumerate(runs)},
            {name: len(runs) + at for at, name in enumerate(names)},
        )

    def example(self, wording: Wording) -> Example:
        """Return `wording` in numbers."""
        known = sorted(self.runs[run] for run in wording.runs if run in self.runs)
        return Example(
            known,
            1 / sqrt(len(wording.runs) or 1),
            sorted(self.concepts[name] for name in wording.concepts if name in self.concepts),
        )

    def __len__(self) -> int:
        """Return how many numbers there are, the bias as the last one."""
        return len(self.runs) + len(self.concepts) + 1


def fit(examples: Sequence[Example], wanted: Sequence[bool], size: int) -> list[int]:
    """Return the weights for one label in steps of 1/FINE; the last one is the bias."""
    weights = [0] * size
    alphas = [0.0] * len(examples)
    slack = 1 / (2 * STRICTNESS)
    resting = [0] * len(examples)
    for this_round in range(ROUNDS):
        for turn in range(len(examples)):
            at = turn * STRIDE % len(examples)
            if resting[at] > this_round:
                continue
            example, sign = examples[at], 1 if wanted[at] else -1
            slope = sign * _score(weights, example) - 1 + slack * alphas[at]
            if alphas[at] == 0 and slope >= 0:
                resting[at] = this_round + (4 if slope > FAR_AWAY else 1)
                continue
            after = max(alphas[at] - slope / (example.square + slack), 0.0)
            _move(weights, example, sign * (after - alphas[at]))
            alphas[at] = after
    return weights


def _score(weights: list[int], example: Example) -> float:
    look = weights.__getitem__
    return (
        sum(map(look, example.runs)) * example.share
        + sum(map(look, example.concepts)) * CONCEPT
        + weights[-1]
    ) / FINE


def _move(weights: list[int], example: Example, by: float) -> None:
    step = round(by * example.share * FINE)
    for at in example.runs:
        weights[at] += step
    step = round(by * CONCEPT * FINE)
    for at in example.concepts:
        weights[at] += step
    weights[-1] += round(by * FINE)


def learn(learned: Sequence[Utterance], labels: Sequence[str]) -> Weights:
    """Return the weights for `labels`, every label on its own."""
    space = Space.of(learned)
    examples = [space.example(it.wording) for it in learned]
    wanted = [[label in it.labels for it in learned] for label in labels]
    with ProcessPoolExecutor(2) as pool:
        fitted = list(
            pool.map(
                fit,
                [examples] * len(labels),
                wanted,
                [len(space)] * len(labels),
                chunksize=8,
            )
        )
    return rounded(space, labels, fitted)


def rounded(space: Space, labels: Sequence[str], fitted: list[list[int]]) -> Weights:
    """Return what was fitted in 63 steps a label, the smallest weights dropped."""
    many = len(space.runs)
    units = [(_unit(it[:many]), _unit(it[many:-1])) for it in fitted]
    return Weights(
        labels=tuple(labels),
        bias=tuple(round(it[-1] / FINE, 4) for it in fitted),
        units=tuple(units),
        runs=_rows(space.runs, fitted, [unit for unit, _ in units], SMALLEST),
        concepts=_rows(space.concepts, fitted, [unit for _, unit in units], 0.0),
    )


def _unit(weights: list[int]) -> float:
    return round(max(map(abs, weights), default=0) / FINE / MIDDLE, 5) or 1.0


def _rows(
    numbers: dict[str, int], fitted: list[list[int]], units: list[float], least: float
) -> dict[str, str]:
    rows = {}
    for name, at in numbers.items():
        pairs = [
            ALPHABET[label] + ALPHABET[steps + MIDDLE]
            for label, weights in enumerate(fitted)
            for steps in [_steps(weights[at] / FINE, units[label], least)]
            if steps
        ]
        if pairs:
            rows[name] = "".join(pairs)
    return rows


def _steps(weight: float, unit: float, least: float) -> int:
    if abs(weight) < least:
        return 0
    return max(-MIDDLE, min(MIDDLE, round(weight / unit)))


def digest() -> str:
    """Return the digest of all that is learned from, and of this file."""
    known = sha256(Path(__file__).read_bytes())
    for path in sorted(TRAINING.glob("*.tsv")):
        known.update(path.read_bytes())
    known.update(json.dumps({name: sorted(it) for name, it in concepts().items()}).encode())
    return known.hexdigest()


def as_json(weights: Weights) -> str:
    """Return the file as it is committed."""
    told = {
        "format": FORMAT,
        "made": "by tools/train.py; `make train` makes it anew",
        "learned_from_sha256": digest(),
        "labels": weights.labels,
        "bias": weights.bias,
        "units": weights.units,
        "concepts": weights.concepts,
        "runs": weights.runs,
    }
    return json.dumps(told, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n"


def measure() -> None:
    """Print precision and recall of every label, each text judged by what never saw it."""
    learned = utterances()
    labels = labels_of(learned)
    counted: dict[str, Counter[str]] = {label: Counter() for label in labels}
    for fold in range(FOLDS):
        weights = learn([it for at, it in enumerate(learned) if at % FOLDS != fold], labels)
        for it in learned[fold::FOLDS]:
            scores = weights.scores(it.wording)
            for label in labels:
                counted[label][f"{scores[label] > 0}-{label in it.labels}"] += 1
    for label in labels:
        seen = counted[label]
        right = seen["True-True"]
        print(
            f"{label:14} lines {right + seen['False-True']:5}"
            f"  precision {right / max(1, right + seen['True-False']):.2f}"
            f"  recall {right / max(1, right + seen['False-True']):.2f}"
        )


def main(wish: str) -> int:
    """Do what was asked; 1 where the committed file is stale."""
    if wish == "measure":
        measure()
        return 0
    learned = utterances()
    made = as_json(learn(learned, labels_of(learned)))
    if wish == "check":
        return int(LEARNED.read_text("utf-8") != made)
    LEARNED.write_text(made, "utf-8")
    print(f"{LEARNED.name}: {len(made.encode()) // 1000} KB from {len(learned)} texts")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "write"))
