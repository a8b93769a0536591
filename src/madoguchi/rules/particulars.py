"""What a person may tell about their trouble beside the story. Everything is optional."""

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Particulars:
    """ほかに話してくれたこと. Letters are those of the guide's questions."""

    nickname: str = ""  # 呼び名
    wants: tuple[str, ...] = ()  # どうしたいか (w1…)
    service: str = ""  # どのサービスか
    places: str = ""  # URL など、1行に1つ
    since: str = ""  # いつごろ
    evidence: tuple[str, ...] = ()  # URL, TIME, IMAGE, PDF, NONE
    who: str = ""  # だれのことか (self, guardian, …)
    lives_here: str = ""  # 県内に住む・働く・通う: yes, no
    safe_now: str = ""  # いま安全か: yes, no, unsure
    reply_by: str = ""  # 返事の受けとり方: my-page, mail, telephone
    mail: str = ""  # お知らせを送るメールアドレス
    telephone: str = ""
    call_when: str = ""  # かけてよい時間
    call_as: str = ""  # 名乗り方
    voice_mail: str = ""  # 留守電: yes, no

    def as_mapping(self) -> dict[str, Any]:
        """Return what was told, for sealing as JSON."""
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def of_mapping(cls, told: dict[str, Any]) -> "Particulars":
        """Return what `as_mapping` gave; keys of other versions are passed over."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in told.items()
            if key in known
        }
        return cls(**values)
