"""Who may be one person at the demonstration desk, and a list that is kept."""

import datetime as dt

from madoguchi.consultations.operations.identifying import add_clue
from madoguchi.consultations.operations.listing import keep_view
from madoguchi.consultations.queries import inbox
from madoguchi.rules.access import Actor
from madoguchi.rules.identifying import Clue, Sign, Whose

# Two children, of two games, were frightened by a player of this name.
_SAME = Clue(Sign.HANDLE, "@kage_no_tomo", Whose.POSTER)
_UNSAID_CALLS = {"channel": "TELEPHONE", "unclassified": "on"}


def know_again(*, adviser: Actor, at: dt.datetime) -> None:
    """Note the same name in two matters, so that each is suggested to the other; keep a list."""
    mine = inbox(adviser).filter(adviser=adviser.user, age_group="TEENS")
    for row in mine.filter(contacts__channel="SNS").distinct().order_by("-first_contact_at")[:2]:
        add_clue(matter=row.pk, actor=adviser, clue=_SAME, at=at)
    keep_view(actor=adviser, name="電話で、まだ分類していない", asked=_UNSAID_CALLS)
