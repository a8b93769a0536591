"""Linking a person's LINE for the notice of a reply (LINEの知らせ), and ending it.

What people write inside LINE is read for one thing only, the code they were shown at
my-page; it is kept nowhere.
"""

import datetime as dt
from uuid import UUID

from django.db import connection, transaction

from madoguchi.correspondence.models.line import LineNotice
from madoguchi.correspondence.models.words import Message
from madoguchi.correspondence.places import line_code_lookup, line_user_lookup, line_user_place
from madoguchi.jobs.operations import put
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.operations import lock
from madoguchi.vault.codes import new_short_code
from madoguchi.vault.sealing import Safe

CODE_LASTS = dt.timedelta(minutes=10)


def ask_line_notice(*, matter: UUID, at: dt.datetime, language: str = "ja") -> str:
    """Return a code of eight digits that, sent to the official account, links it; for minutes.

    `language`: in which LINE will speak to her.
    """
    code = new_short_code()
    with transaction.atomic():
        locked = lock(matter)
        LineNotice.objects.update_or_create(
            matter=locked,
            defaults={"code_hash": line_code_lookup(code), "asked_at": at, "language": language},
        )
        record(Deed.LINE_NOTICE_ASKED, desk=locked.desk_id, matter=matter, at=at)
        return code


def link_line(*, user: str, code: str, at: dt.datetime) -> bool:
    """Link the LINE of `user` to the matter whose code this is; False for any other."""
    with transaction.atomic():
        waiting = LineNotice.objects.filter(
            code_hash=line_code_lookup(code), asked_at__gt=at - CODE_LASTS
        )
        found = waiting.first()
        if found is None:
            return False
        locked = lock(found.matter_id)
        row = waiting.select_for_update().filter(pk=locked.pk).first()
        if row is None:
            return False
        place = line_user_place(locked.pk)
        row.user = Safe(locked.desk_id).seal(user, holder=locked.pk, place=place)
        row.user_hash, row.linked_at, row.code_hash = line_user_lookup(user), at, ""
        row.save()
        record(Deed.LINE_NOTICE_LINKED, desk=locked.desk_id, matter=locked.pk, at=at)
        return True


def stop_line_notice(*, matter: UUID, at: dt.datetime) -> None:
    """Forget the person's LINE: at their wish, nothing of it stays."""
    with transaction.atomic():
        locked = lock(matter)
        if LineNotice.objects.filter(pk=matter).delete()[0]:
            record(Deed.LINE_NOTICE_ENDED, desk=locked.desk_id, matter=matter, at=at)


def forget_line_user(*, user: str, at: dt.datetime) -> None:
    """Forget somebody who blocked the official account, in every matter."""
    rows = LineNotice.objects.filter(user_hash=line_user_lookup(user))
    for matter in list(rows.values_list("pk", flat=True)):
        stop_line_notice(matter=matter, at=at)


def notify_by_line(*, matter: UUID, message: UUID, at: dt.datetime) -> None:
    """Queue the notice that something has come, where the person linked their LINE.

    It goes at `at`, when they can see it. `message`: a reply, or whatever else has come once.
    """
    assert connection.in_atomic_block
    if LineNotice.objects.filter(pk=matter, linked_at__isnull=False).exists():
        args = {"matter": str(matter), "message": str(message)}
        put(name="line.push", key=f"line {message}", at=at, args=args)


def tell_of_reply(reply: Message) -> None:
    """Queue the notice of a reply; not sent where the reply is taken back before."""
    assert connection.in_atomic_block
    if LineNotice.objects.filter(pk=reply.matter_id, linked_at__isnull=False).exists():
        args = {"matter": str(reply.matter_id), "message": str(reply.pk), "reply": "yes"}
        at = reply.shown_at or reply.at
        put(name="line.push", key=f"line {reply.pk}", at=at, args=args)
