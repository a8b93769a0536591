"""What public pages say of a desk."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from madoguchi.desks.models import Desk
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.access import Actor, check_may_supervise


@dataclass(frozen=True)
class Profile:
    """窓口の紹介: name, where, in how many days a reply is promised, the number people may call."""

    name: str
    prefecture: str
    reply_days: int
    telephone: str


def change_profile(*, desk: UUID, profile: Profile, actor: Actor, at: dt.datetime) -> None:
    """Let public pages say `profile` of `desk` from now on."""
    with transaction.atomic():
        row = Desk.objects.select_for_update().get(pk=desk)
        check_may_supervise(actor, desk)
        row.name, row.prefecture = profile.name, profile.prefecture
        row.reply_days, row.telephone = profile.reply_days, profile.telephone
        row.save(update_fields=["name", "prefecture", "reply_days", "telephone"])
        detail = {"reply_days": profile.reply_days}
        record(Deed.PROFILE_CHANGED, desk=desk, actor=actor.user, at=at, detail=detail)
