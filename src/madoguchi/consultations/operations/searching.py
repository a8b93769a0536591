"""Searching is a deed: who searched, and how much was found, is written down; never for what."""

import datetime as dt

from django.db import transaction

from madoguchi.consultations.queries.searching import Results, found_by
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.access import Actor


def search(*, actor: Actor, words: str, most: int, at: dt.datetime) -> Results:
    """Return the matters that say `words` (see `found_by`), with one line in the ledger."""
    found = found_by(actor, words, most=most)
    with transaction.atomic():
        record(
            Deed.SEARCHED,
            desk=actor.desk,
            actor=actor.user,
            at=at,
            detail={"found": len(found.hits)},
        )
    return found
