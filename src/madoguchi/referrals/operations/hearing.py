"""What the other desk says of a hand-over: taken up, sent back, answered."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.referrals.models import Referral
from madoguchi.referrals.operations.arriving import Sender
from madoguchi.referrals.operations.preparing import keep, locked
from madoguchi.referrals.operations.sending import no_longer_awaited
from madoguchi.referrals.places import referral_place
from madoguchi.rules.access import RefusedError
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.rules.numbering import is_sound_code
from madoguchi.rules.referral import LIFECYCLE, Status, Step
from madoguchi.vault.sealing import Safe

_STEPS = {
    Status.ACCEPTED: Step.ACCEPT_HANDOVER,
    Status.RETURNED: Step.RETURN_HANDOVER,
    Status.ANSWERED: Step.ANSWER_HANDOVER,
}
_LONGEST = 20_000


@dataclass(frozen=True)
class Entrance:
    """How the person comes in at the other desk: the page there, and her code."""

    address: str
    code: str


def hear(*, referral: UUID, sender: Sender, saying: Mapping[str, str], at: dt.datetime) -> None:
    """Take in what the receiver says; said again, or overtaken by what came later, it is known.

    `sender`: the desk that speaks, which must be the one to which we handed over.
    """
    with transaction.atomic():
        row = _told(referral, sender)
        step = _STEPS[Status(saying["status"])]
        if row.status == Status.WITHDRAWN:
            raise RefusedError("handover-gone")
        if saying.get("code") and is_sound_code(saying["code"]) and not row.entrance:
            told = {"code": saying["code"], "address": saying.get("address", "")[:300]}
            keep(row, "entrance", json.dumps(told))
        if saying.get("words"):
            keep(row, "answer", saying["words"][:_LONGEST])
        is_news = _moved(row, step)
        row.save()
        if is_news:
            row.heard_at = at
            row.save(update_fields=["heard_at"])
            no_longer_awaited(row, None, at)
            detail = {"referral": str(row.pk)}
            record(step, desk=row.desk_id, matter=row.matter_id, at=at, detail=detail)


def _told(referral: UUID, sender: Sender) -> Referral:
    try:
        row = locked(referral)
    except RefusedError:
        raise RefusedError("unknown-handover") from None
    if (row.to_desk_id, row.peer_id) != (sender.desk, sender.peer) or not row.sent_at:
        raise RefusedError("unknown-handover")
    return row


def _moved(row: Referral, step: Step) -> bool:
    try:
        row.status = LIFECYCLE.after(Status(row.status), step)
    except IllegalStepError:
        return False
    return True


# -- the person goes on there ------------------------------------------------------------


def show_entrance(*, matter: UUID, referral: UUID, at: dt.datetime) -> Entrance | None:
    """Return, to the person alone, how she goes on at the other desk; None where nobody said."""
    with transaction.atomic():
        row = locked(referral)
        if row.matter_id != matter:
            return None
        place = referral_place(row.pk, "entrance")
        told = Safe(row.desk_id).open(row.entrance, holder=row.matter_id, place=place)
        if not told:
            return None
        detail = {"referral": str(row.pk)}
        record(Deed.ENTRANCE_SEEN, desk=row.desk_id, matter=matter, at=at, detail=detail)
        said = json.loads(told)
        return Entrance(address=said["address"], code=said["code"])


def forget_entrance(*, matter: UUID, referral: UUID) -> None:
    """Forget the code that the person has copied: here it opens nothing and need not lie."""
    Referral.objects.filter(pk=referral, matter=matter).update(entrance=b"")
