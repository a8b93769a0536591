"""Consultations, who asks, and every contact that counts."""

from madoguchi.consultations.models.batches import Batch, TouchedMonth
from madoguchi.consultations.models.keeping import ErasureList, Keeping, RetentionClass
from madoguchi.consultations.models.links import Link, SavedView
from madoguchi.consultations.models.matters import (
    UNKNOWN,
    Consultation,
    Contact,
    InfringementMark,
)
from madoguchi.consultations.models.people import AffectedPerson, HelpSeeker, Identifier, Proxy

__all__ = [
    "UNKNOWN",
    "AffectedPerson",
    "Batch",
    "Consultation",
    "Contact",
    "ErasureList",
    "HelpSeeker",
    "Identifier",
    "InfringementMark",
    "Keeping",
    "Link",
    "Proxy",
    "RetentionClass",
    "SavedView",
    "TouchedMonth",
]
