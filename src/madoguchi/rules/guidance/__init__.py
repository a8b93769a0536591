"""Answers in, windows out (窓口案内): the decisions are data, this is what reads them."""

from madoguchi.rules.guidance.answers import Answers, UnknownAnswerError
from madoguchi.rules.guidance.deciding import Guidance, NotForYou, Recommendation, windows_for
from madoguchi.rules.guidance.edition import Edition, OwnDesk, Texts

__all__ = [
    "Answers",
    "Edition",
    "Guidance",
    "NotForYou",
    "OwnDesk",
    "Recommendation",
    "Texts",
    "UnknownAnswerError",
    "windows_for",
]
