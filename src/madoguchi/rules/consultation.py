"""How a consultation (相談) moves, and who may move it."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from madoguchi.rules.access import Actor, RefusedError, check_may_supervise, check_may_work_on
from madoguchi.rules.lifecycle import Lifecycle


class Status(StrEnum):
    """対応状況."""

    RECEIVED = "RECEIVED"  # 未着手
    IN_PROGRESS = "IN_PROGRESS"  # 対応中
    WAITING = "WAITING"  # 返事待ち
    CLOSED = "CLOSED"  # 終結


class Step(StrEnum):
    """対応の一歩."""

    TAKE_CHARGE = "TAKE_CHARGE"  # 担当になる
    ASSIGN = "ASSIGN"  # 担当を決める
    REPLY = "REPLY"  # 返信する
    NOTE_CALL = "NOTE_CALL"  # 電話・面接などを記録する
    HEAR = "HEAR"  # 相談者から届く
    CLOSE = "CLOSE"  # 終結する
    REOPEN = "REOPEN"  # 再開する


class Unfinished(StrEnum):
    """終結のまえに残っていること: closing names it and asks."""

    TALK = "TALK"  # つづいているチャット
    SUMMARY = "SUMMARY"  # チャットのまとめ
    SAFETY = "SAFETY"  # 安全確認
    CALL_BACK = "CALL_BACK"  # 折り返し電話
    APPOINTMENT = "APPOINTMENT"  # 面接の約束
    EXPERT = "EXPERT"  # 専門家の日程や結果
    ANSWER = "ANSWER"  # 引き継ぎの答え
    OWN = "OWN"  # そのほかの期限


LIFECYCLE = Lifecycle(
    name="consultation",
    start=Status.RECEIVED,
    table={
        (Status.RECEIVED, Step.TAKE_CHARGE): Status.IN_PROGRESS,
        (Status.RECEIVED, Step.ASSIGN): Status.IN_PROGRESS,
        (Status.RECEIVED, Step.NOTE_CALL): Status.IN_PROGRESS,
        (Status.RECEIVED, Step.HEAR): Status.RECEIVED,
        (Status.IN_PROGRESS, Step.TAKE_CHARGE): Status.IN_PROGRESS,
        (Status.IN_PROGRESS, Step.ASSIGN): Status.IN_PROGRESS,
        (Status.IN_PROGRESS, Step.REPLY): Status.WAITING,
        (Status.IN_PROGRESS, Step.NOTE_CALL): Status.IN_PROGRESS,
        (Status.IN_PROGRESS, Step.HEAR): Status.IN_PROGRESS,
        (Status.IN_PROGRESS, Step.CLOSE): Status.CLOSED,
        (Status.WAITING, Step.TAKE_CHARGE): Status.WAITING,
        (Status.WAITING, Step.ASSIGN): Status.WAITING,
        (Status.WAITING, Step.REPLY): Status.WAITING,
        (Status.WAITING, Step.NOTE_CALL): Status.IN_PROGRESS,
        (Status.WAITING, Step.HEAR): Status.IN_PROGRESS,
        (Status.WAITING, Step.CLOSE): Status.CLOSED,
        # The person who writes again is heard: the matter returns to the inbox.
        (Status.CLOSED, Step.HEAR): Status.RECEIVED,
        (Status.CLOSED, Step.NOTE_CALL): Status.IN_PROGRESS,
        (Status.CLOSED, Step.REOPEN): Status.RECEIVED,
    },
)

# Files sent so soon after a message are part of it: docs/decisions/0092.
ONE_CONTACT = dt.timedelta(minutes=30)
_SUPERVISORS = frozenset({Step.ASSIGN, Step.REOPEN})


@dataclass(frozen=True)
class Facts:
    """What the rules need to know of one consultation."""

    desk: UUID
    status: Status
    adviser: UUID | None = None
    unclassified: int = 0


def check_may_step(actor: Actor | None, step: Step, consultation: Facts) -> None:
    """Refuse unless `actor` (None: the person who consults) may take `step`."""
    if actor is None:
        if step is not Step.HEAR:
            raise RefusedError("staff-only")
        return
    if step in _SUPERVISORS:
        check_may_supervise(actor, consultation.desk)
    else:
        check_may_work_on(actor, consultation.desk)
    if step is Step.CLOSE and consultation.unclassified:
        raise RefusedError("unclassified-contacts")


@dataclass(frozen=True)
class Left:
    """One thing that closing would leave undone. `of`: the talk, the deadline, or the matter."""

    what: Unfinished
    of: UUID
    due_at: dt.datetime | None = None

    @property
    def key(self) -> str:
        """How a page names it, and how whoever closes says that they saw it."""
        return f"{self.what}-{self.of}"


def check_may_leave(found: Iterable[Left], seen: Collection[str]) -> None:
    """Refuse to close while somebody is talked with, or where not all was `seen` that is left."""
    there = list(found)
    if any(it.what is Unfinished.TALK for it in there):
        raise RefusedError("talk-goes-on")
    if any(it.key not in seen for it in there):
        raise RefusedError("left-open")


def may_step(actor: Actor, step: Step, consultation: Facts) -> bool:
    """Tell whether `check_may_step` would pass and the table knows the step."""
    try:
        check_may_step(actor, step, consultation)
    except RefusedError:
        return False
    return step in LIFECYCLE.steps_from(consultation.status)


def belongs_to_last(
    *, said_at: dt.datetime, others_at: dt.datetime | None, at: dt.datetime, status: Status
) -> bool:
    """Tell whether files sent at `at` are part of the contact of the message of `said_at`.

    `others_at`: when the desk last answered or noted anything; None: never. All aware.
    """
    is_soon = dt.timedelta(0) <= at - said_at <= ONE_CONTACT
    was_answered = others_at is not None and others_at >= said_at
    return is_soon and not was_answered and status is not Status.CLOSED
