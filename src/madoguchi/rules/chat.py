"""How a talk in the desk's own chat (チャット) moves, and when silence ends it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from madoguchi.rules.access import Actor, RefusedError, Role, check_may_work_on
from madoguchi.rules.lifecycle import Lifecycle

# A telephone that sleeps asks for nothing: who waits is not thought gone too soon.
GONE_AFTER = dt.timedelta(minutes=10)
# Nobody has written or typed for so long: the screen may lie open beside somebody else.
SILENT_AFTER = dt.timedelta(minutes=20)
# A sign of life older than this is told to the adviser.
AWAY_AFTER = dt.timedelta(seconds=45)
TYPING_LASTS = dt.timedelta(seconds=6)


class Status(StrEnum):
    """チャットの状態."""

    WAITING = "WAITING"  # 順番待ち
    TALKING = "TALKING"  # 話している
    ENDED = "ENDED"  # 終わった
    SUMMED_UP = "SUMMED_UP"  # 記録した


class Step(StrEnum):
    """チャットの一歩."""

    TAKE_TALK = "TAKE_TALK"  # チャットに出る
    HAND_OVER_TALK = "HAND_OVER_TALK"  # 同僚に代わる
    END_TALK = "END_TALK"  # チャットを終える
    RESUME_TALK = "RESUME_TALK"  # 相談者が列に戻る
    SUM_UP_TALK = "SUM_UP_TALK"  # まとめを記録する


class EndedBy(StrEnum):
    """終わり方."""

    PERSON = "PERSON"  # 相談者が終えた
    STAFF = "STAFF"  # 相談員が終えた
    SILENCE = "SILENCE"  # だまったまま終わった
    GONE = "GONE"  # 待つあいだにいなくなった


LIFECYCLE = Lifecycle(
    name="chat",
    start=Status.WAITING,
    table={
        (Status.WAITING, Step.TAKE_TALK): Status.TALKING,
        (Status.WAITING, Step.END_TALK): Status.ENDED,
        (Status.TALKING, Step.HAND_OVER_TALK): Status.TALKING,
        (Status.TALKING, Step.END_TALK): Status.ENDED,
        (Status.TALKING, Step.SUM_UP_TALK): Status.SUMMED_UP,
        # Only who was never answered comes back to the queue.
        (Status.ENDED, Step.RESUME_TALK): Status.WAITING,
        (Status.ENDED, Step.SUM_UP_TALK): Status.SUMMED_UP,
    },
)
LIVE = (Status.WAITING, Status.TALKING)


@dataclass(frozen=True)
class Facts:
    """What the rules need to know of one talk. Instants are aware."""

    desk: UUID
    status: Status
    adviser: UUID | None
    last_line_at: dt.datetime
    person_seen_at: dt.datetime
    person_typing_at: dt.datetime | None = None
    staff_typing_at: dt.datetime | None = None


def check_may_step(actor: Actor, step: Step, talk: Facts) -> None:
    """Refuse unless `actor` may take `step`: a talk is one adviser's, until handed over."""
    check_may_work_on(actor, talk.desk)
    if step is Step.TAKE_TALK:
        if talk.adviser not in (None, actor.user):
            raise RefusedError("talk-taken")
        return
    if talk.adviser == actor.user:
        return
    # Whoever fell ill in the middle of a talk cannot hand it over themselves.
    if actor.role is Role.SUPERVISOR and step is not Step.RESUME_TALK:
        return
    raise RefusedError("talk-not-yours")


def check_may_write(actor: Actor, talk: Facts) -> None:
    """Refuse unless `actor` is the one who talks: the person speaks with one adviser."""
    check_may_work_on(actor, talk.desk)
    if talk.status not in LIVE:
        raise RefusedError("talk-over")
    if talk.adviser != actor.user or talk.status is not Status.TALKING:
        raise RefusedError("talk-not-yours")


def lapsed(talk: Facts, at: dt.datetime) -> EndedBy | None:
    """Return how silence ended the talk by `at`; None where it goes on."""
    if talk.status is Status.WAITING:
        return EndedBy.GONE if at - talk.person_seen_at > GONE_AFTER else None
    if talk.status is Status.TALKING:
        signs = (talk.last_line_at, talk.person_typing_at, talk.staff_typing_at)
        newest = max(sign for sign in signs if sign)
        return EndedBy.SILENCE if at - newest > SILENT_AFTER else None
    return None


def is_typing(typed_at: dt.datetime | None, at: dt.datetime) -> bool:
    """Tell whether somebody who last typed at `typed_at` is writing (相手が書いています)."""
    return typed_at is not None and at - typed_at <= TYPING_LASTS


def is_away(seen_at: dt.datetime, at: dt.datetime) -> bool:
    """Tell whether the person's page has not been heard of for a while."""
    return at - seen_at > AWAY_AFTER
