"""A chain of records in which each one seals all before it (保管の連鎖)."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

START = "0" * 64


@dataclass(frozen=True)
class Link:
    """One record as stored: its place, what it says, its digest."""

    seq: int
    content: str
    previous: str
    digest: str


def canonical(content: dict[str, object]) -> str:
    """Return `content` as the one JSON text that is digested."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(seq: int, content: str, previous: str) -> str:
    """Return the SHA-256 (hex) that seals `content` at `seq` after `previous`."""
    return hashlib.sha256(f"{previous}\n{seq}\n{content}".encode()).hexdigest()


def first_broken(links: Iterable[Link], *, head_seq: int, head_digest: str) -> int | None:
    """Return the seq of the first changed, missing or reordered link, or None.

    `head_seq` and `head_digest` are kept apart from the chain, so that a chain cut off
    at its end is found too: the first missing seq is returned.
    """
    previous, expected = START, 1
    for link in links:
        sound = (
            link.seq == expected
            and link.previous == previous
            and link.digest == digest_of(link.seq, link.content, previous)
        )
        if not sound:
            return expected
        previous, expected = link.digest, expected + 1
    if expected - 1 != head_seq:
        return min(expected, head_seq + 1)
    return None if previous == head_digest else head_seq
