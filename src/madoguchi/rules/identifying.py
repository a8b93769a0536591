"""By what a person, or an account, is known again: how each is typed, and how it is kept."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, unique

from madoguchi.rules.folding import hyphened

_PLUS81 = re.compile(r"^(?:\+|00|010)81\(?0?\)?")
_LEAST_DIGITS = 9
# An account's own page at a service: the name is the first thing after the host.
_PAGES = re.compile(
    r"(?:x|twitter|instagram|threads|tiktok|youtube)\.(?:com|net)/@?(?P<name>[A-Za-z0-9._]{2,40})",
    re.IGNORECASE,
)
# In running words: ten or eleven digits, however they are grouped; never a free number.
_NUMBERS = re.compile(
    r"(?<![A-Za-z0-9-])(?:\+81[- ]?\(?0?\)?|0)\d{1,4}[-( ]{0,2}\d{1,4}[-) ]{0,2}\d{3,4}(?![\d-])"
)
_FREE = ("0120", "0570", "0800")
_DIGITS = range(10, 12)
_ADDRESSES = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_AT_NAMES = re.compile(r"(?<![A-Za-z0-9._/@])@(?P<name>[A-Za-z0-9_.]{2,40})")
_NO_NAMES = frozenset({"home", "i", "search", "hashtag", "p", "reel", "watch", "explore", "share"})


@unique
class Sign(StrEnum):
    """手がかり: by what somebody is known again."""

    TELEPHONE = "TELEPHONE"  # 電話番号
    EMAIL = "EMAIL"  # メールアドレス
    CHAT = "CHAT"  # チャットの相手の番号
    HANDLE = "HANDLE"  # アカウント名・表示名


@unique
class Whose(StrEnum):
    """だれの手がかりか."""

    SEEKER = "SEEKER"  # 相談者
    AFFECTED = "AFFECTED"  # 被害者・本人
    POSTER = "POSTER"  # 書いた側


@dataclass(frozen=True)
class Clue:
    """A sign as it was typed."""

    sign: Sign
    value: str
    whose: Whose = Whose.SEEKER


def normalised(sign: Sign, typed: str) -> str:
    """Return `typed` as it is compared; "" where it is no such sign."""
    text = unicodedata.normalize("NFKC", typed).strip()
    match sign:
        case Sign.TELEPHONE:
            digits = re.sub(r"\D", "", _PLUS81.sub("0", hyphened(typed).replace(" ", "")))
            return digits if len(digits) >= _LEAST_DIGITS else ""
        case Sign.EMAIL:
            folded = "".join(text.casefold().split())
            name, at, host = folded.partition("@")
            return folded if name and at and "." in host else ""
        case Sign.HANDLE:
            return "".join(text.casefold().lstrip("@").split())
        case Sign.CHAT:
            return text


def handles_in(places: str) -> Iterator[str]:
    """Return the names of accounts whose pages stand in `places` (addresses as pasted)."""
    for found in _PAGES.finditer(unicodedata.normalize("NFKC", places)):
        name = found["name"].strip(".")
        if name.casefold() not in _NO_NAMES:
            yield name


def clues_in_words(words: str) -> list[Clue]:
    """Return what in running `words` looks like a clue: numbers, addresses, names of accounts.

    A number and an address are taken for the person's own, an account for who wrote.
    """
    text = hyphened(words)
    numbers = [it for it in _NUMBERS.findall(text) if _is_number(it)]
    addresses = _ADDRESSES.findall(text)
    names = [it["name"].strip(".") for it in _AT_NAMES.finditer(_ADDRESSES.sub(" ", text))]
    found = [
        *(Clue(Sign.TELEPHONE, it) for it in numbers),
        *(Clue(Sign.EMAIL, it) for it in addresses),
        *(Clue(Sign.HANDLE, it, Whose.POSTER) for it in (*names, *handles_in(words))),
    ]
    once = {(it.sign, normalised(it.sign, it.value)): it for it in reversed(found)}
    return [it for it in reversed(once.values()) if normalised(it.sign, it.value)]


def _is_number(text: str) -> bool:
    digits = normalised(Sign.TELEPHONE, text)
    return len(digits) in _DIGITS and not digits.startswith(_FREE)
