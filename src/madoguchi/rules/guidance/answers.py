"""What a person has told of their trouble: letters and facts, nothing of their own words."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from madoguchi.rules.prefectures import PREFECTURES


def _letters(letter: str, last: int) -> tuple[str, ...]:
    return tuple(f"{letter}{number}" for number in range(1, last + 1))


# The keys and values of the guide's contract (`madoguchi.guide/1`).
ONE_OF: Mapping[str, tuple[str, ...]] = {
    "happened": tuple("abcdefg"),
    "who": ("self", "guardian", "school", "friend", "company", "other"),
    "service": (
        *("x", "instagram", "facebook", "threads", "youtube", "tiktok", "line-openchat"),
        *("line-voom", "yahoo-chiebukuro", "yahoo-finance", "niconico", "ameba", "bakusai"),
        *("pinterest", "5ch", "google-maps", "note", "hatena", "matome", "line-talk"),
        *("other", "none"),
    ),
    "prefecture": PREFECTURES,
}
SEVERAL_OF: Mapping[str, tuple[str, ...]] = {
    "kinds": _letters("a", 10),
    "wants": _letters("w", 8),
    "removal": _letters("d", 5),
    "found": _letters("f", 18),
    "posted": _letters("e", 5),
}
YES_OR_NO = ("under18", "danger_now", "poster_known", "identifiable", "asked_platform")


class UnknownAnswerError(ValueError):
    """An answer the guide does not know.

    `code` is `not-a-table`, `said-twice`, `unknown-key`, `not-a-list`, `not-a-word`,
    `not-yes-or-no` or `unknown-value`; `key` names the answer. Its value may be a person's
    words: not kept.
    """

    def __init__(self, code: str, key: str) -> None:
        super().__init__(f"{code}: {key}")
        self.code = code
        self.key = key

    @property
    def allowed(self) -> tuple[str, ...]:
        """The values, or the keys, that there are, where one was not among them."""
        if self.code == "unknown-key":
            return (*ONE_OF, *SEVERAL_OF, *YES_OR_NO)
        return tuple({**ONE_OF, **SEVERAL_OF}[self.key]) if self.code == "unknown-value" else ()


def once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make a table of `pairs`, as a reader of JSON finds them; refuse one that is there twice."""
    told = dict(pairs)
    if len(told) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise UnknownAnswerError("said-twice", twice[:40])
    return told


@dataclass(frozen=True)
class Answers:
    """All answers; None or an empty tuple is "not said"."""

    happened: str | None = None
    kinds: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    removal: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    posted: tuple[str, ...] = ()
    who: str | None = None
    under18: bool | None = None
    danger_now: bool | None = None
    poster_known: bool | None = None
    identifiable: bool | None = None
    asked_platform: bool | None = None
    service: str | None = None
    prefecture: str | None = None

    @classmethod
    def parsed(cls, told: object) -> "Answers":
        """Read a mapping as it comes from JSON; null is "not said" (UnknownAnswerError)."""
        if not isinstance(told, Mapping):
            raise UnknownAnswerError("not-a-table", "")
        return cls(**{str(key): _read(key, value) for key, value in told.items()})

    def told(self) -> dict[str, object]:
        """Return what was said, in the contract's order, ready for JSON."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in said.items()
            if value is not None and value != ()
        }


def _read(key: object, value: object) -> Any:
    if key in SEVERAL_OF:
        return _several(str(key), value)
    if key in ONE_OF:
        return _one(str(key), value)
    if key in YES_OR_NO:
        if value is not None and not isinstance(value, bool):
            raise UnknownAnswerError("not-yes-or-no", str(key))
        return value
    raise UnknownAnswerError("unknown-key", str(key)[:40])


def _one(key: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise UnknownAnswerError("not-a-word", key)
    if value not in ONE_OF[key]:
        raise UnknownAnswerError("unknown-value", key)
    return value


def _several(key: str, value: object) -> tuple[str, ...]:
    """Keep the order in which somebody ticked; a repetition says nothing new."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise UnknownAnswerError("not-a-list", key)
    if any(item not in SEVERAL_OF[key] for item in value):
        raise UnknownAnswerError("unknown-value", key)
    return tuple(dict.fromkeys(value))
