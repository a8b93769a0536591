"""What in a desk's records contradicts the rules by which figures are counted (記録の確かめ)."""

from enum import StrEnum, unique


@unique
class Of(StrEnum):
    """What a finding is a list of."""

    CONTACTS = "CONTACTS"
    CONSULTATIONS = "CONSULTATIONS"
    DAYS = "DAYS"


@unique
class Finding(StrEnum):
    """確かめること: each from one rule, in the order in which a clerk looks."""

    UNCLASSIFIED = "UNCLASSIFIED"  # 対応が未分類
    STRANGE_LABEL = "STRANGE_LABEL"  # 手法・対応が、その日の分類表にない
    STRANGE_MARK = "STRANGE_MARK"  # 年代・状況・侵害種別が、最初の受付の日の分類表にない
    OUTSIDE_AND_MORE = "OUTSIDE_AND_MORE"  # 人権問題外なのに、ほかの種別もある
    UNKNOWN_AND_MORE = "UNKNOWN_AND_MORE"  # 不明なのに、ほかの種別もある
    REFERRED_NOWHERE = "REFERRED_NOWHERE"  # 他機関紹介なのに、紹介先がない
    CLOSED_DAY = "CLOSED_DAY"  # 開いていない日の電話・面接
    EMPTY_DAY = "EMPTY_DAY"  # 受付のない開設日
    NO_DAYS = "NO_DAYS"  # 開設日が記録されていない月の受付
    CLOSED_UNCLASSIFIED = "CLOSED_UNCLASSIFIED"  # 対応のないまま終結
    CLOSED_TOO_EARLY = "CLOSED_TOO_EARLY"  # 最初の受付より前に終結
    WRONG_FIRST = "WRONG_FIRST"  # 最初の受付の日時が合わない


OF = {
    Finding.UNCLASSIFIED: Of.CONTACTS,
    Finding.STRANGE_LABEL: Of.CONTACTS,
    Finding.STRANGE_MARK: Of.CONSULTATIONS,
    Finding.OUTSIDE_AND_MORE: Of.CONSULTATIONS,
    Finding.UNKNOWN_AND_MORE: Of.CONSULTATIONS,
    Finding.REFERRED_NOWHERE: Of.CONTACTS,
    Finding.CLOSED_DAY: Of.CONTACTS,
    Finding.EMPTY_DAY: Of.DAYS,
    Finding.NO_DAYS: Of.DAYS,
    Finding.CLOSED_UNCLASSIFIED: Of.CONSULTATIONS,
    Finding.CLOSED_TOO_EARLY: Of.CONSULTATIONS,
    Finding.WRONG_FIRST: Of.CONSULTATIONS,
}

# Kinds that say there is no other kind.
OUTSIDE_HUMAN_RIGHTS = "OUTSIDE_HUMAN_RIGHTS"
# Somebody of the desk must be there: mail and letters come on any day.
ATTENDED = frozenset({"TELEPHONE", "INTERVIEW"})
REFERRED = "OTHER_AGENCY"
