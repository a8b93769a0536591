"""When several consultations are one person's, or one trouble, and what then counts."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from uuid import UUID

from madoguchi.rules.codebooks import UNKNOWN


@unique
class Tie(StrEnum):
    """つながり: what an adviser says two consultations are to each other."""

    SAME_MATTER = "SAME_MATTER"  # 同じ人の、同じ相談のつづき（再相談・継続）
    SAME_PERSON = "SAME_PERSON"  # 同じ人の、別の相談
    TWICE = "TWICE"  # 同じ受付を、誤って二重に受けた
    STRANGERS = "STRANGERS"  # ちがう人


# Ties by which both are of one person; and those by which both are counted as one.
OF_ONE_PERSON = frozenset({Tie.SAME_MATTER, Tie.SAME_PERSON, Tie.TWICE})
COUNTED_AS_ONE = frozenset({Tie.SAME_MATTER, Tie.TWICE})


@unique
class Reason(StrEnum):
    """同じ人かもしれないわけ."""

    TELEPHONE = "TELEPHONE"  # 同じ電話番号
    EMAIL = "EMAIL"  # 同じメールアドレス
    CHAT = "CHAT"  # 同じチャットの相手
    HANDLE = "HANDLE"  # 同じアカウント名
    WORDS = "WORDS"  # よく似たことば


@dataclass(frozen=True)
class Member:
    """One of several consultations that are counted as one. `opened_at`: which came later."""

    matter: UUID
    opened_at: dt.datetime
    age_group: str
    standing: str
    kinds: frozenset[str]


@dataclass(frozen=True)
class AsOne:
    """What consultations counted as one are, together."""

    age_group: str
    standing: str
    kinds: frozenset[str]


def as_one(members: Iterable[Member]) -> AsOne:
    """Say what consultations counted as one are: the latest that knows a thing holds."""
    age_group = standing = UNKNOWN
    unknown = frozenset({UNKNOWN})
    kinds = unknown
    for member in sorted(members, key=lambda it: (it.opened_at, it.matter)):
        age_group = member.age_group if member.age_group != UNKNOWN else age_group
        standing = member.standing if member.standing != UNKNOWN else standing
        kinds = member.kinds - unknown or kinds
    return AsOne(age_group, standing, kinds)


def connected(members: Iterable[UUID], pairs: Sequence[tuple[UUID, UUID]]) -> list[set[UUID]]:
    """Return `members` in sets that `pairs` hold together; who is tied to nobody stands alone."""
    found: list[set[UUID]] = []
    for member in members:
        if any(member in group for group in found):
            continue
        group, grown = {member}, True
        while grown:
            reached = {it for pair in pairs if group & set(pair) for it in pair}
            grown = not reached <= group
            group |= reached
        found.append(group)
    return found
