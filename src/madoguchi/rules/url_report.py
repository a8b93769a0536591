"""Reports of discriminatory posts to the prefecture (差別情報の通報), and what became of them.

Osaka's ordinance no. 48 of 2022: the prefecture may ask for removal (art. 12) and, where
the poster is known and the post still there, explain and advise (art. 13).
"""

import datetime as dt
from enum import StrEnum

from madoguchi.rules.access import RefusedError
from madoguchi.rules.lifecycle import Lifecycle


class Status(StrEnum):
    """通報の状態."""

    WRITTEN = "WRITTEN"  # 記録した
    RECEIVED = "RECEIVED"  # 受領
    CONFIRMED = "CONFIRMED"  # 確認
    REQUESTED = "REQUESTED"  # 要請
    RESULT = "RESULT"  # 結果
    ADVISED = "ADVISED"  # 説示・助言


class Step(StrEnum):
    """通報の一歩."""

    HAND_IN = "HAND_IN"  # 府県が受領した
    CONFIRM = "CONFIRM"  # 府県が確認した
    REQUEST = "REQUEST"  # 府県が要請した
    CONCLUDE = "CONCLUDE"  # 結果が分かった
    ADVISE = "ADVISE"  # 府県が説示・助言した


class Aimed(StrEnum):
    """だれに対する差別か, in the words of Net Harmony's page."""

    PERSON = "PERSON"  # 特定の個人
    GROUP = "GROUP"  # 構成員が特定できる規模の集団
    AREA = "AREA"  # 府内の特定の地域
    PEOPLE = "PEOPLE"  # 不特定の集団


LIFECYCLE = Lifecycle(
    name="url report",
    start=Status.WRITTEN,
    table={
        (Status.WRITTEN, Step.HAND_IN): Status.RECEIVED,
        (Status.RECEIVED, Step.CONFIRM): Status.CONFIRMED,
        (Status.CONFIRMED, Step.REQUEST): Status.REQUESTED,
        # What the prefecture does not ask for has a result, too.
        (Status.CONFIRMED, Step.CONCLUDE): Status.RESULT,
        (Status.REQUESTED, Step.CONCLUDE): Status.RESULT,
        (Status.RESULT, Step.ADVISE): Status.ADVISED,
    },
)


def check_day(on: dt.date, *, before: dt.date, today: dt.date) -> None:
    """Refuse a day that lies ahead, or before the step that came before it."""
    if on > today:
        raise RefusedError("day-ahead")
    if on < before:
        raise RefusedError("day-too-early")
