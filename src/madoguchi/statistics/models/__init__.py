"""What is counted, what was published of it, and what other desks sent."""

from madoguchi.statistics.models.counted import MonthColumns, MonthFact
from madoguchi.statistics.models.frozen import FrozenReturn, ReturnDraft, Sort
from madoguchi.statistics.models.gathered import Reading, Sender, Submission

__all__ = [
    "FrozenReturn",
    "MonthColumns",
    "MonthFact",
    "Reading",
    "ReturnDraft",
    "Sender",
    "Sort",
    "Submission",
]
