"""Whether a desk reads every reply twice before it goes out."""

import datetime as dt

from django.db import transaction

from madoguchi.desks.models import Desk
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.access import Actor, check_may_supervise


def set_second_reader(*, actor: Actor, wanted: bool, at: dt.datetime) -> None:
    """Want a second reader for every reply of the actor's desk, or no longer."""
    with transaction.atomic():
        desk = Desk.objects.select_for_update().get(pk=actor.desk)
        check_may_supervise(actor, desk.pk)
        desk.second_reader = wanted
        desk.save(update_fields=["second_reader"])
        detail = {"wanted": wanted}
        record(Deed.SECOND_READER_SET, desk=desk.pk, actor=actor.user, at=at, detail=detail)
