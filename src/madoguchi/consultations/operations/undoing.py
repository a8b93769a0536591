"""A reply is taken back (返信の取りやめ) before the person can see it, and lies on its table again.

What it says comes back as a draft: words, files, way and address. Nobody was told of it.
"""

import datetime as dt
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations.working import ANSWERS
from madoguchi.correspondence.models import Kind, Message
from madoguchi.correspondence.operations.files import give_back
from madoguchi.correspondence.operations.withdrawing import has_left, withdraw, written_in
from madoguchi.correspondence.operations.words import lay_back
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.operations import lock
from madoguchi.matters.operations.timing import unmeet
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.consultation import Status
from madoguchi.rules.replies import is_out


def take_back(*, matter: UUID, message: UUID, actor: Actor, at: dt.datetime) -> None:
    """Take a reply back (取りやめる). Refused once the person can see it."""
    with transaction.atomic():
        check_may_work_on(actor, lock(matter).desk_id)
        replies = Message.objects.filter(matter=matter, kind=Kind.REPLY)
        sent = replies.select_related("matter", "author").filter(pk=message).first()
        if sent is None or sent.author is None or is_out(sent.shown_at, at):
            raise RefusedError("reply-out")
        if sent.read_at or has_left(sent):  # while this waited for the lock
            raise RefusedError("reply-out")
        _restore(sent)
        draft = lay_back(actor=sent.author.actor, matter=matter, written=written_in(sent), at=at)
        give_back(draft=draft, message=message)
        withdraw(sent)
        desk = sent.matter.desk_id
        record(Deed.REPLY_TAKEN_BACK, desk=desk, matter=matter, actor=actor.user, at=at)


def _restore(sent: Message) -> None:
    """Let the matter stand as before the reply, but for what has happened since."""
    row = Consultation.objects.select_for_update().get(pk=sent.matter_id)
    since = sent.before.get("waiting_since")
    if row.status == Status.WAITING:
        row.status = sent.before.get("status", row.status)
    if since and row.status != Status.CLOSED:
        waited = dt.datetime.fromisoformat(since)
        row.waiting_since = min(waited, row.waiting_since or waited)
        unmeet(matter=row.pk, met_at=sent.at, names=ANSWERS)
    row.save(update_fields=["status", "waiting_since"])
