"""Asking an expert (専門家連携): how it moves, who may be asked, and what is shown.

A question goes out, the person stays. Nothing is shown before the person has agreed, item by
item; and nobody who advises the other side is asked.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from madoguchi.rules.access import (
    Actor,
    RefusedError,
    Role,
    check_may_supervise,
    check_may_work_on,
)
from madoguchi.rules.folding import folded
from madoguchi.rules.lifecycle import Lifecycle


class Kind(StrEnum):
    """専門家の種類, as the prefecture's desk names those it works with."""

    LAWYER = "LAWYER"  # 弁護士
    PSYCHOLOGIST = "PSYCHOLOGIST"  # 臨床心理士
    SOCIAL_WORKER = "SOCIAL_WORKER"  # 精神保健福祉士
    PEER_GROUP = "PEER_GROUP"  # 当事者団体
    SUPPORT_GROUP = "SUPPORT_GROUP"  # 支援団体
    OTHER = "OTHER"  # その他


class Way(StrEnum):
    """専門家と会う方法."""

    INTERVIEW = "INTERVIEW"  # 面接
    TELEPHONE = "TELEPHONE"  # 電話
    VIDEO = "VIDEO"  # ビデオ通話


class Result(StrEnum):
    """相談結果. Seen so far: 指導のみ (the prefecture's desk), 受任; all else in words."""

    ADVICE_ONLY = "ADVICE_ONLY"  # 指導のみ
    TAKEN_ON = "TAKEN_ON"  # 受任
    OTHER = "OTHER"  # その他


class Shown(StrEnum):
    """専門家に見せるもの: besides the question, and only what the person agreed to."""

    NAME = "NAME"  # 呼び名
    MESSAGES = "MESSAGES"  # 選んだやり取り
    FILES = "FILES"  # 選んだファイル


class Status(StrEnum):
    """専門家連携の状態."""

    ASKED = "ASKED"  # 日程をさがす
    BOOKED = "BOOKED"  # 予約ずみ
    HELD = "HELD"  # 結果待ち
    HEARD = "HEARD"  # 結果あり
    CLOSED = "CLOSED"  # 済み
    CANCELLED = "CANCELLED"  # 取りやめ
    MISSED = "MISSED"  # 来られなかった


class Step(StrEnum):
    """専門家連携の一歩."""

    ASK_EXPERT = "ASK_EXPERT"  # 専門家に聞くことにする
    BOOK_EXPERT = "BOOK_EXPERT"  # 予約する
    MEET_EXPERT = "MEET_EXPERT"  # 相談が行われた
    HEAR_FROM_EXPERT = "HEAR_FROM_EXPERT"  # 結果を聞く
    SETTLE_EXPERT = "SETTLE_EXPERT"  # 済みにする
    CANCEL_EXPERT = "CANCEL_EXPERT"  # 取りやめる
    MISS_EXPERT = "MISS_EXPERT"  # 来られなかった
    WITHHOLD_CONSENT = "WITHHOLD_CONSENT"  # 本人が同意しない・取り消す


LIFECYCLE = Lifecycle(
    name="experts",
    start=Status.ASKED,
    table={
        (Status.ASKED, Step.BOOK_EXPERT): Status.BOOKED,
        (Status.ASKED, Step.CANCEL_EXPERT): Status.CANCELLED,
        (Status.ASKED, Step.WITHHOLD_CONSENT): Status.ASKED,
        (Status.BOOKED, Step.MEET_EXPERT): Status.HELD,
        # Who tells the result tells that it took place.
        (Status.BOOKED, Step.HEAR_FROM_EXPERT): Status.HEARD,
        (Status.BOOKED, Step.CANCEL_EXPERT): Status.CANCELLED,
        (Status.BOOKED, Step.MISS_EXPERT): Status.MISSED,
        # Without her consent there is no date: the hour is free again.
        (Status.BOOKED, Step.WITHHOLD_CONSENT): Status.ASKED,
        (Status.HELD, Step.HEAR_FROM_EXPERT): Status.HEARD,
        # Corrected until it is settled.
        (Status.HEARD, Step.HEAR_FROM_EXPERT): Status.HEARD,
        (Status.HEARD, Step.SETTLE_EXPERT): Status.CLOSED,
    },
)
# Somebody still has to do something about it.
OPEN = (Status.ASKED, Status.BOOKED, Status.HELD, Status.HEARD)
# The hour was kept free for it: it counts against the quota, and holds its slot.
TAKEN = (Status.BOOKED, Status.HELD, Status.HEARD, Status.CLOSED, Status.MISSED)
# It took place: it counts as a session.
TOOK_PLACE = (Status.HELD, Status.HEARD, Status.CLOSED)
# 法テラス: one of the free times is used up (who did not come has not used it here).
COUNTS_AS_FREE = (Status.BOOKED, *TOOK_PLACE)
# The expert sees it: from the booking until it is settled.
SEEN = (Status.BOOKED, Status.HELD, Status.HEARD)
# 法テラス gives free advice on one matter so many times.
HOUTERASU_TIMES = 3
# Business days after which the desk looks again for a date, or asks for the result: our own
# choice, no rule says.
LOOK_AGAIN_DAYS = 5
# So long before a video call its link stands on the person's page: time to try it, and no
# longer than needed on a screen that others may see. Our own choice, no rule says.
LINK_SHOWN_BEFORE = dt.timedelta(hours=1)


def check_may_answer(status: Status, *, was_asked: bool, was_seen: bool) -> None:
    """Refuse unless the person may say at my-page what an expert sees, or take it back.

    What the expert has read cannot be taken back by a press; an adviser can still be told.
    """
    if was_seen:
        raise RefusedError("expert-looked")
    if not was_asked or status not in (Status.ASKED, Status.BOOKED):
        raise RefusedError("expert-over")


@dataclass(frozen=True)
class Advised:
    """Whom an expert has advised: in which matter, whose side, who stands on the other.

    Names are keyed hashes of what was typed: nobody can read them here.
    """

    matter: UUID
    expert: UUID
    office: str
    ours: frozenset[str]
    theirs: frozenset[str]


def same_office(one: str, other: str) -> bool:
    """Tell whether two names of an office are the same; nobody shares an office without name."""
    return bool(folded(one)) and folded(one) == folded(other)


def conflicts(wanted: Advised, before: Iterable[Advised]) -> list[Advised]:
    """Return in which matters the expert, or somebody of the office, advises the other side.

    利益相反: one's adversary has been advised before, or one is somebody's adversary there.
    """
    return [
        it
        for it in before
        if it.matter != wanted.matter
        and (it.expert == wanted.expert or same_office(it.office, wanted.office))
        and (wanted.theirs & it.ours or wanted.ours & it.theirs)
    ]


def video_link(place: str) -> str | None:
    """Return the link of a video call, where `place` is one: https, and no name or password in it.

    Over anything but https whoever sits in the same network could listen in, or lead astray.
    """
    said = place.strip()
    try:
        parts = urlsplit(said)
        is_link = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        return None
    return said if is_link and said.isprintable() and not any(map(str.isspace, said)) else None


def check_place(way: Way, place: str) -> None:
    """Refuse a video call whose link is none; it may be entered without one."""
    if way is Way.VIDEO and place and video_link(place) is None:
        raise RefusedError("link-not-https")


def shows_link(starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime) -> bool:
    """Tell whether the person's page shows the link of a video call at the aware instant `now`."""
    return starts_at - LINK_SHOWN_BEFORE <= now <= ends_at


@dataclass(frozen=True)
class Wish:
    """What the rules need to know before an hour is booked.

    `quota` None: no limit; `used`: booked with the expert in that month already.
    """

    desk: UUID
    is_agreed: bool
    is_active: bool
    is_free: bool
    is_past: bool
    used: int
    quota: int | None
    has_conflict: bool = False
    # She ticked at my-page that somebody of another kind may see it (a lawyer, not anybody).
    is_other_kind: bool = False
    is_houterasu: bool = False
    houterasu_used: int = 0


def check_may_book(actor: Actor, wish: Wish, *, overrule: str = "") -> None:
    """Refuse unless the hour may be booked.

    `overrule`: why it is booked although the other side was advised; only a supervisor may.
    """
    check_may_work_on(actor, wish.desk)
    for is_so, code in (
        (not wish.is_agreed, "expert-no-consent"),
        (wish.is_other_kind, "expert-other-kind"),
        (not wish.is_active, "expert-gone"),
        (not wish.is_free, "slot-taken"),
        (wish.is_past, "slot-past"),
        (quota_left(wish.used, wish.quota) == 0, "quota-full"),
        (wish.is_houterasu and wish.houterasu_used >= HOUTERASU_TIMES, "houterasu-over"),
        (wish.has_conflict and not overrule.strip(), "expert-conflict"),
    ):
        if is_so:
            raise RefusedError(code)
    if wish.has_conflict:
        check_may_supervise(actor, wish.desk)


def quota_left(used: int, quota: int | None) -> int | None:
    """Return how often the expert may still be booked in the month; None: no limit."""
    return None if quota is None else max(quota - used, 0)


@dataclass(frozen=True)
class Facts:
    """What the rules need to know of one consultation of an expert. `of`: the expert's user."""

    desk: UUID
    status: Status
    of: UUID | None


def is_experts_own(actor: Actor, facts: Facts) -> bool:
    """Tell whether `actor` is the expert who was asked, and may (still) see it."""
    return (
        actor.role is Role.EXPERT
        and actor.desk == facts.desk
        and facts.of == actor.user
        and facts.status in SEEN
    )


def check_may_hear(actor: Actor, facts: Facts) -> None:
    """Refuse unless `actor` may write the result: the expert asked, or who works on matters."""
    if not is_experts_own(actor, facts):
        check_may_work_on(actor, facts.desk)


def steps_for(status: Status) -> list[Step]:
    """Return what the desk may do next: the buttons."""
    return LIFECYCLE.steps_from(status)
