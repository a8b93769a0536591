"""How long things took, in bands (所要時間・初回返信まで): a band says what a mean hides."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum, unique
from itertools import pairwise

from madoguchi.rules.calendar import in_japan
from madoguchi.rules.deadlines import Working

# Upper ends in minutes, as Settsu city prints 所要時間: 15, 30, 45, 60, and longer.
HANDLING = (15, 30, 45, 60)
# Upper ends in minutes for who waits in a chat.
WAITING = (1, 3, 5, 10, 30)
# A person who was heard so often (受付回数): 1, 2, 3 to 5, more.
TIMES = (1, 2, 5)


@unique
class Reply(StrEnum):
    """初回返信まで: in business days, of which the day it came in is not counted."""

    SAME_DAY = "SAME_DAY"  # その日のうち
    ONE_DAY = "ONE_DAY"  # 1営業日
    TWO_DAYS = "TWO_DAYS"  # 2営業日
    THREE_DAYS = "THREE_DAYS"  # 3営業日
    LATER = "LATER"  # 4営業日から先
    NONE = "NONE"  # 返信なし


_REPLIES = (Reply.SAME_DAY, Reply.ONE_DAY, Reply.TWO_DAYS, Reply.THREE_DAYS)


def band_of(value: float, ends: Sequence[int]) -> int:
    """Return in which band `value` lies: 0 up to the first end, and so on; the last is open."""
    return sum(value > end for end in ends)


def bands(ends: Sequence[int], unit: str) -> list[str]:
    """Return how the bands are called: 15分まで, 16～30分, …, 61分以上."""
    first, last = ends[0], ends[-1]
    begun = [
        f"{low + 1}～{high}{unit}" if high > low + 1 else f"{high}{unit}"
        for low, high in pairwise(ends)
    ]
    return [
        f"{first}{unit}まで" if first > 1 else f"{first}{unit}",
        *begun,
        f"{last + 1}{unit}以上",
    ]


def reply_band(came: dt.datetime, answered: dt.datetime | None, working: Working) -> Reply:
    """Return after how many business days `came` was `answered`; both aware."""
    if answered is None:
        return Reply.NONE
    day, until = in_japan(came).date(), in_japan(answered).date()
    for reply in _REPLIES:
        if until <= day:
            return reply
        day = working.next_business_day(day)
    return Reply.LATER


def median(values: Sequence[float]) -> float | None:
    """Return the value in the middle; of two, the lower. None where there are none."""
    return sorted(values)[(len(values) - 1) // 2] if values else None
