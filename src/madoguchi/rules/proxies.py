"""Who speaks for a person who does not speak for themselves."""

from enum import StrEnum, unique


@unique
class Proxying(StrEnum):
    """どんな立場で代わりに動くか."""

    GUARDIAN = "GUARDIAN"  # 保護者
    FAMILY = "FAMILY"  # 家族
    SCHOOL = "SCHOOL"  # 学校
    LAWYER = "LAWYER"  # 弁護士
    SUPPORTER = "SUPPORTER"  # 支援者
    OTHER = "OTHER"  # そのほか
