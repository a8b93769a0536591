"""Handing a person over to another window (引き継ぎ): how it moves, and what may go.

Both sides keep a row that moves by the same table: the desk that sends, the desk to which
it came. Nothing goes to which the person has not agreed, item by item.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.lifecycle import Lifecycle


class Status(StrEnum):
    """引き継ぎの状態."""

    PREPARED = "PREPARED"  # 準備中
    SENT = "SENT"  # 送った・届いた
    ACCEPTED = "ACCEPTED"  # 受けた
    RETURNED = "RETURNED"  # 戻った
    ANSWERED = "ANSWERED"  # 答えた
    SETTLED = "SETTLED"  # 済んだ
    WITHDRAWN = "WITHDRAWN"  # 取りやめた


class Step(StrEnum):
    """引き継ぎの一歩."""

    HAND_OVER = "HAND_OVER"  # 引き継ぐ
    ACCEPT_HANDOVER = "ACCEPT_HANDOVER"  # 引き継ぎを受ける
    RETURN_HANDOVER = "RETURN_HANDOVER"  # 引き継ぎを戻す
    ANSWER_HANDOVER = "ANSWER_HANDOVER"  # 引き継ぎに答える
    SETTLE_HANDOVER = "SETTLE_HANDOVER"  # 引き継ぎを済みにする
    WITHDRAW_HANDOVER = "WITHDRAW_HANDOVER"  # 引き継ぎをやめる


class Way(StrEnum):
    """引き継ぎの届け方."""

    DESK = "DESK"  # 同じシステムの窓口
    PEER = "PEER"  # ほかのシステムの窓口
    FILE = "FILE"  # 暗号化したファイル
    PERSON = "PERSON"  # 本人が持っていく


class Item(StrEnum):
    """渡すもの: to each of them the person agrees or not."""

    STORY = "STORY"  # 相談した内容
    PARTICULARS = "PARTICULARS"  # くわしい状況
    NAME = "NAME"  # 呼び名
    REACH = "REACH"  # 連絡のしかた
    CONTACTS = "CONTACTS"  # これまでのやり取り
    NOTES = "NOTES"  # 選んだ記録
    FILES = "FILES"  # 選んだファイル


class How(StrEnum):
    """同意のしかた."""

    SPOKEN = "SPOKEN"  # 口頭で
    MY_PAGE = "MY_PAGE"  # マイページで


LIFECYCLE = Lifecycle(
    name="referral",
    start=Status.PREPARED,
    table={
        (Status.PREPARED, Step.HAND_OVER): Status.SENT,
        (Status.PREPARED, Step.WITHDRAW_HANDOVER): Status.WITHDRAWN,
        (Status.SENT, Step.ACCEPT_HANDOVER): Status.ACCEPTED,
        (Status.SENT, Step.RETURN_HANDOVER): Status.RETURNED,
        # An office outside says at once what came of it.
        (Status.SENT, Step.ANSWER_HANDOVER): Status.ANSWERED,
        (Status.SENT, Step.SETTLE_HANDOVER): Status.SETTLED,
        # What nobody has taken up can still be called back.
        (Status.SENT, Step.WITHDRAW_HANDOVER): Status.WITHDRAWN,
        (Status.ACCEPTED, Step.ANSWER_HANDOVER): Status.ANSWERED,
        (Status.ACCEPTED, Step.SETTLE_HANDOVER): Status.SETTLED,
        (Status.RETURNED, Step.SETTLE_HANDOVER): Status.SETTLED,
        (Status.ANSWERED, Step.SETTLE_HANDOVER): Status.SETTLED,
    },
)
# Somebody still has to do something about it.
OPEN = (Status.PREPARED, Status.SENT, Status.ACCEPTED, Status.RETURNED, Status.ANSWERED)
# A desk that keeps a row of its own says itself what becomes of it.
_SPEAK_FOR_THEMSELVES = frozenset({Way.DESK, Way.PEER})
_SAID_BY_THE_OTHER_SIDE = frozenset(
    {Step.ACCEPT_HANDOVER, Step.RETURN_HANDOVER, Step.ANSWER_HANDOVER}
)
# 他機関紹介: the key of the 対応 in the standard books. 専門家連携 is counted by the experts.
COUNTED_AS = "OTHER_AGENCY"
# Business days after which the desk asks what became of it: our own choice, no rule says.
ANSWER_DAYS = 7


@dataclass(frozen=True)
class Facts:
    """What the rules need to know of one hand-over. `agreed` None: the person has not said."""

    desk: UUID
    status: Status
    way: Way
    asked: frozenset[Item]
    agreed: frozenset[Item] | None = None


def check_may_agree(items: Iterable[Item], referral: Facts) -> frozenset[Item]:
    """Return `items`, or refuse what was not asked, or what comes too late."""
    said = frozenset(items)
    if referral.status is not Status.PREPARED:
        raise RefusedError("handover-gone")
    if said - referral.asked:
        raise RefusedError("item-not-asked")
    return said


def check_may_send(actor: Actor | None, referral: Facts) -> None:
    """Refuse unless the person agreed to something, and `actor` may let it go.

    None: the person, who only carries it herself.
    """
    if actor is None and referral.way is not Way.PERSON:
        raise RefusedError("staff-only")
    if actor is not None:
        check_may_work_on(actor, referral.desk)
    if referral.agreed is None:
        raise RefusedError("no-consent")
    if not referral.agreed:
        raise RefusedError("nothing-agreed")


def check_may_hear(actor: Actor, step: Step, referral: Facts) -> None:
    """Refuse unless `actor` may note `step`: what the other side says by itself is not noted."""
    check_may_work_on(actor, referral.desk)
    if step in _SAID_BY_THE_OTHER_SIDE and referral.way in _SPEAK_FOR_THEMSELVES:
        raise RefusedError("they-say-themselves")


def steps_for(referral: Facts) -> list[Step]:
    """Return what the desk that sends may do next: the buttons."""
    possible = LIFECYCLE.steps_from(referral.status)
    if referral.way in _SPEAK_FOR_THEMSELVES:
        possible = [step for step in possible if step not in _SAID_BY_THE_OTHER_SIDE]
    if not referral.agreed:
        possible = [step for step in possible if step is not Step.HAND_OVER]
    return possible
