"""Finding a window by a few letters: its name however written, its number, what it does.

Works over the same data as the guide, without Django and without a database.
"""

import re
from collections.abc import Iterator
from functools import cache

from madoguchi.directory.hsds import CAPABILITY_NAMES
from madoguchi.directory.windows import Window, all_windows
from madoguchi.rules.folding import folded
from madoguchi.rules.guidance.edition import Texts

_READING = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")
_MARKS = re.compile(r"[-‐‑‒–—―−()（）・、。]")
# Katakana and the hiragana it sounds like: ホウムキョク is found as ほうむきょく.
_SOUNDS = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_LONGEST = 40
# What somebody types who looks for a window that can do this.
_ALSO_CALLED = {
    "ask_removal": "削除 消す",
    "urge_provider": "削除 消す",
    "judge_illegality": "違法",
    "tell_police": "警察 通報",
    "investigate": "捜査",
    "legal_advice": "法律 裁判",
    "legal_aid": "お金 費用",
    "listen": "つらい 話を聞く",
    "technical_advice": "ウイルス 乗っ取り",
    "order_or_request_by_ordinance": "差別 削除",
}


def windows_by(words: str) -> list[Window]:
    """Return the windows that have every one of `words`, by name first; all where none is said.

    The desk's own window is left out: nobody is sent on to where they are.
    """
    terms = [_folded(it) for it in words[:_LONGEST].replace("　", " ").split()]
    terms = [it for it in terms if it]
    known = [it for it in all_windows().values() if it.id != "own"]
    ranked = [(_rank(window.id, terms), window) for window in known]
    found = [(rank, window) for rank, window in ranked if rank is not None]
    return [window for _, window in sorted(found, key=lambda it: it[0])]


def _rank(window: str, terms: list[str]) -> int | None:
    """Return how far down a window stands; None: a term is nowhere in it."""
    names, more = _index()[window]
    ranks = [_rank_of(term, names, more) for term in terms]
    return None if None in ranks else sum(it for it in ranks if it)


def _rank_of(term: str, names: tuple[str, ...], more: str) -> int | None:
    if any(name.startswith(term) for name in names):
        return 0
    if any(term in name for name in names):
        return 1
    return 2 if term in more else None


@cache
def _index() -> dict[str, tuple[tuple[str, ...], str]]:
    return {window.id: (_names(window), _more(window)) for window in all_windows().values()}


def _names(window: Window) -> tuple[str, ...]:
    """Return the id, the name in both scripts, and the names of its lines."""
    labels = (it.label for it in window.channels)
    written = [it for text in (window.name, *labels) for it in _written(text)]
    return tuple(dict.fromkeys(_folded(it) for it in (window.id, *written)))


def _more(window: Window) -> str:
    """Return what a window says of itself, save what it does not do."""
    texts = [window.operator, window.role, window.who, *window.can]
    texts += [it.cost for it in window.channels]
    numbers = (f"{it.number} {it.ip_phone}" for it in window.channels)
    told = [it for text in texts for it in _written(text)]
    told += [f"{CAPABILITY_NAMES[it]} {_ALSO_CALLED.get(it, '')}" for it in window.does]
    return " ".join(_folded(it) for it in (*told, *numbers))


def _written(text: Texts) -> Iterator[str]:
    """Yield a text in kanji, in kana (by the readings of やさしい日本語) and in English."""
    yield text.ja
    yield _READING.sub(r"\1", text.easy)
    yield _READING.sub(r"\2", text.easy)
    yield text.en


def _folded(words: str) -> str:
    return _MARKS.sub("", folded(words)).translate(_SOUNDS)
