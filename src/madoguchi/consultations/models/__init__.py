"""Consultations, who asks, and every contact that counts."""

from madoguchi.consultations.models.batches import Batch, TouchedMonth
from madoguchi.consultations.models.matters import (
    UNKNOWN,
    Consultation,
    Contact,
    InfringementMark,
)
from madoguchi.consultations.models.people import HelpSeeker

__all__ = [
    "UNKNOWN",
    "Batch",
    "Consultation",
    "Contact",
    "HelpSeeker",
    "InfringementMark",
    "TouchedMonth",
]
