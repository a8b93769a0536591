"""A person's own words understood offline: a small classifier, lists of names, no guess."""

from madoguchi.rules.understanding.deciding import Understanding
from madoguchi.rules.understanding.naming import NameRow
from madoguchi.rules.understanding.weighing import Weights
from madoguchi.rules.understanding.wording import Concepts, plain, spaced

__all__ = ["Concepts", "NameRow", "Understanding", "Weights", "plain", "spaced"]
