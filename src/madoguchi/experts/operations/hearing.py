"""The result of a session is written down: by the expert, or by an adviser for them."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from madoguchi.experts.operations.asking import keep, locked, no_longer_awaited, write_down
from madoguchi.experts.queries.asked import facts_of
from madoguchi.rules.access import Actor, Role
from madoguchi.rules.experts import LIFECYCLE, Result, Status, Step, check_may_hear


@dataclass(frozen=True)
class Heard:
    """What came of a session. `fee` None: as agreed with the expert (the desk alone says else)."""

    result: Result
    words: str = ""
    minutes: int | None = None
    fee: int | None = None


def hear(*, asked: UUID, heard: Heard, actor: Actor, at: dt.datetime) -> None:
    """Write down what the expert said (結果を聞く); until it is settled it may be corrected."""
    with transaction.atomic():
        row = locked(asked)
        check_may_hear(actor, facts_of(row))
        row.status = LIFECYCLE.after(Status(row.status), Step.HEAR_FROM_EXPERT)
        row.result, row.minutes = heard.result, heard.minutes
        row.heard_at, row.heard_from_id = at, actor.user
        if heard.fee is not None and actor.role is not Role.EXPERT:
            row.fee = heard.fee
        elif row.fee is None and row.slot:
            row.fee = row.slot.expert.fee
        keep(row, "answer", heard.words)
        row.save()
        no_longer_awaited(row, actor, at)
        write_down(Step.HEAR_FROM_EXPERT, row, actor, at, result=str(heard.result))
