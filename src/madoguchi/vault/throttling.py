"""Limits on how often something may be tried, kept for an hour under a keyed hash."""

import datetime as dt

from django.db import transaction

from madoguchi.vault.keys import keyed_hash
from madoguchi.vault.models import Attempt

_HOUR = dt.timedelta(hours=1)


def try_once(what: str, who: str, *, limit: int, at: dt.datetime) -> bool:
    """Count one attempt at `what` by `who` (an address, a lookup); False beyond `limit` an hour.

    Nothing readable of `who` is kept.
    """
    subject = keyed_hash("attempt", what, who)
    with transaction.atomic():
        Attempt.objects.filter(since__lte=at - _HOUR).delete()
        Attempt.objects.get_or_create(subject=subject, defaults={"since": at})
        row = Attempt.objects.select_for_update().get(subject=subject)
        row.count += 1
        row.save(update_fields=["count"])
    return row.count <= limit


def forgive(what: str, who: str) -> None:
    """Forget the attempts at `what` by `who`, after one that succeeded."""
    Attempt.objects.filter(subject=keyed_hash("attempt", what, who)).delete()
