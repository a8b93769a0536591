"""見本: what a file looks like, drawn anew by a program that knows nothing else (drawing.py)."""

import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from madoguchi.rules.files import Media

_PROGRAM = Path(__file__).with_name("drawing.py")
_SECONDS = 60


class UnreadableFileError(Exception):
    """A file does not open: broken, locked by a password, or too large to be drawn."""


@dataclass(frozen=True)
class Preview:
    """How many pages a file has, and the first of them as JPEG."""

    pages: int
    drawn: tuple[bytes, ...]


def preview_of(content: bytes, media: Media) -> Preview:
    """Draw `content` anew, in a process without keys and with little memory.

    Raises `UnreadableFileError`.
    """
    try:
        done = subprocess.run(  # noqa: S603 (our own program, and a word of ours)
            [sys.executable, "-I", "-W", "ignore", str(_PROGRAM), media.value],
            input=content,
            capture_output=True,
            check=True,
            env={},
            timeout=_SECONDS,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        # Without its cause: what it holds is the file.
        raise UnreadableFileError("a file does not open") from None
    return _read(memoryview(done.stdout))


def _read(said: memoryview) -> Preview:
    (pages,) = struct.unpack(">I", said[:4])
    drawn, at = [], 4
    while at < len(said):
        (length,) = struct.unpack(">I", said[at : at + 4])
        drawn.append(bytes(said[at + 4 : at + 4 + length]))
        at += 4 + length
    if not drawn:
        raise UnreadableFileError("a file without a page")
    return Preview(pages, tuple(drawn))
