"""The demonstration desk hands one person over, who agreed by telephone, and waits."""

import datetime as dt

from madoguchi.consultations.queries import inbox
from madoguchi.referrals.operations.preparing import Plan, prepare
from madoguchi.referrals.operations.sending import send
from madoguchi.referrals.queries.lists import receivers_for
from madoguchi.rules.access import Actor
from madoguchi.rules.consultation import Status
from madoguchi.rules.referral import Item

_TO = "file:houterasu"


def hand_over(*, adviser: Actor, at: dt.datetime) -> None:
    """Hand over a matter in the adviser's charge, as an encrypted file; no figure changes."""
    mine = inbox(adviser).filter(adviser=adviser.user, status=Status.WAITING)
    row = mine.order_by("first_contact_at").first()
    if row is None:
        return
    plan = Plan(
        receiver=next(it for it in receivers_for(adviser) if it.key == _TO),
        items=frozenset({Item.STORY, Item.PARTICULARS, Item.NAME}),
        reason="弁護士の費用について、立てかえの制度を聞きたいとのことです。",
        is_spoken=True,
    )
    referral = prepare(matter=row.pk, actor=adviser, plan=plan, at=at)
    send(referral=referral.pk, actor=adviser, at=at)
