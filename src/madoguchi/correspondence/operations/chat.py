"""Lines of a chat, and the signs of life beside them.

What changes a talk's standing runs in the transaction of the deed it belongs to
(consultations.operations.chatting). Signs of life are no deeds: the ledger has none.
"""

import datetime as dt
import json
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from madoguchi.correspondence.models.chat import ChatRoom, Line, Side, Talk
from madoguchi.correspondence.places import line_place, typed_place
from madoguchi.correspondence.queries.chat import facts_of, typed_in
from madoguchi.desks.models import Desk
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.access import Actor, check_may_supervise, check_may_work_on
from madoguchi.rules.chat import LIVE, check_may_write
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe

# A page that asks every two seconds writes down that it is there only so often.
_LIFE_RESTS = dt.timedelta(seconds=10)


def locked_talk(talk: UUID) -> Talk:
    """Lock a talk. The caller has locked its matter."""
    assert connection.in_atomic_block
    return Talk.objects.select_for_update().select_related("matter").get(pk=talk)


def write_line(
    *, talk: Talk, side: Side, words: str, at: dt.datetime, author: UUID | None = None
) -> Line:
    """Add one line to a locked talk; the caller saves the talk."""
    assert connection.in_atomic_block
    row = new_id()
    sealed = Safe(talk.desk_id).seal(words, holder=talk.matter_id, place=line_place(row))
    talk.last_line_at = at
    talk.revision += 1
    return Line.objects.create(id=row, talk=talk, side=side, author_id=author, at=at, words=sealed)


def mark_seen(*, talk: UUID, side: Side, at: dt.datetime) -> int:
    """Mark the lines of `side` as seen by the other; return how many were new."""
    new = Line.objects.filter(talk=talk, side=side, seen_at=None).update(seen_at=at)
    if new:
        Talk.objects.filter(pk=talk).update(revision=F("revision") + 1)
    return new


def mark_opened(*, talk: UUID) -> None:
    """Note that who goes on with a talk has opened it."""
    Talk.objects.filter(pk=talk, is_unopened=True).update(is_unopened=False)


def note_life(*, talk: Talk, at: dt.datetime) -> None:
    """Note that the person's page is there."""
    if at - talk.person_seen_at >= _LIFE_RESTS:
        Talk.objects.filter(pk=talk.pk, person_seen_at__lt=at).update(person_seen_at=at)


def note_typing(*, talk: UUID, at: dt.datetime) -> None:
    """Note that the person is writing something; what it is stays in their own session."""
    Talk.objects.filter(pk=talk, status__in=LIVE).update(person_typing_at=at, person_seen_at=at)


def keep_typed(*, talk: UUID, actor: Actor, field: str, words: str, at: dt.datetime) -> None:
    """Keep what the adviser has typed in `field` and not sent; typing a line is shown."""
    with transaction.atomic():
        row = locked_talk(talk)
        check_may_work_on(actor, row.desk_id)
        if row.adviser_id != actor.user:
            return
        set_typed(talk=row, field=field, words=words)
        if field == "line" and words:
            row.staff_typing_at = at
        row.save(update_fields=["typed", "staff_typing_at"])


def set_typed(*, talk: Talk, field: str, words: str) -> None:
    """Set one field of what the adviser types, unsaved."""
    typed = {**typed_in(talk), field: words}
    text = json.dumps({name: said for name, said in typed.items() if said}, ensure_ascii=False)
    place = typed_place(talk.pk)
    talk.typed = Safe(talk.desk_id).seal(text, holder=talk.matter_id, place=place)


def answer(*, talk: UUID, actor: Actor, words: str, at: dt.datetime) -> Line:
    """Say something to the person. One line of a talk is no entry in the ledger."""
    with transaction.atomic():
        row = locked_talk(talk)
        check_may_write(actor, facts_of(row))
        line = write_line(talk=row, side=Side.STAFF, words=words, at=at, author=actor.user)
        row.first_answer_at = row.first_answer_at or at
        row.staff_typing_at = None
        set_typed(talk=row, field="line", words="")
        row.save(
            update_fields=[
                "last_line_at",
                "revision",
                "first_answer_at",
                "staff_typing_at",
                "typed",
            ]
        )
        return line


def set_room(
    *, desk: UUID, actor: Actor | None, is_open: bool, at: dt.datetime, by_hours: bool = True
) -> None:
    """Let people in by chat, or no longer; `actor` None runs the installation."""
    with transaction.atomic():
        Desk.objects.select_for_update().get(pk=desk)
        if actor:
            check_may_supervise(actor, desk)
        ChatRoom.objects.update_or_create(
            desk_id=desk, defaults={"is_open": is_open, "by_hours": by_hours}
        )
        who = actor.user if actor else None
        record(
            Deed.CHAT_SWITCHED,
            desk=desk,
            actor=who,
            at=at,
            detail={"open": is_open, "by_hours": by_hours},
        )
