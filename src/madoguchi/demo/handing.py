"""The demonstration desk leads on: one person to another window, two posts to the prefecture."""

import datetime as dt

from madoguchi.consultations.queries import inbox
from madoguchi.referrals.operations import reporting
from madoguchi.referrals.operations.preparing import Plan, prepare
from madoguchi.referrals.operations.sending import send
from madoguchi.referrals.queries.lists import receivers_for
from madoguchi.rules.access import Actor
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.consultation import Status
from madoguchi.rules.referral import Item
from madoguchi.rules.url_report import Aimed, Step

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


def report_posts(*, adviser: Actor, at: dt.datetime) -> None:
    """Report discriminatory posts of which nobody is the person; the prefecture took them."""
    told = reporting.Told(
        urls=("https://example.com/post/1", "https://example.com/post/2"),
        words="府内の地域の名前をあげて、差別をあおる書きこみです（見本）。",
        aimed=Aimed.AREA,
    )
    row = reporting.write(actor=adviser, told=told, at=at)
    on = in_japan(at).date()
    reporting.advance(report=row.pk, actor=adviser, step=Step.HAND_IN, on=on, words="", at=at)
