"""Files that pass between a person and a desk: which kinds, how large, how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# One file, and all that is sent at once. A photograph of a telephone has 2 to 6 MB.
MOST_BYTES = 20_000_000
MOST_BYTES_TOGETHER = 30_000_000
MOST_AT_ONCE = 10
# What one matter may hold.
MOST_KEPT = 200
MOST_BYTES_KEPT = 500_000_000
_LONGEST_NAME = 120


class Media(StrEnum):
    """ファイルの種類, as its first bytes say; what a browser says of it is never believed."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    HEIC = "image/heic"
    PDF = "application/pdf"

    @property
    def ending(self) -> str:
        """The end of a file's name, without the dot."""
        return "jpg" if self is Media.JPEG else self.value.partition("/")[2]

    @property
    def is_image(self) -> bool:
        """Whether it is one picture."""
        return self is not Media.PDF


_STARTS = (
    (b"\xff\xd8\xff", Media.JPEG),
    (b"\x89PNG\r\n\x1a\n", Media.PNG),
    (b"GIF87a", Media.GIF),
    (b"GIF89a", Media.GIF),
    (b"%PDF-", Media.PDF),
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


@dataclass(frozen=True)
class Given:
    """A file as it came in: the name its sender gave it, and its bytes.

    `is_cut`: it was too large to be read; its bytes are not here.
    """

    name: str
    content: bytes
    is_cut: bool = False

    @property
    def short_name(self) -> str:
        """The name, without what cannot be shown, and of a bearable length."""
        name = "".join(letter for letter in self.name if letter.isprintable()).strip()
        return name if len(name) <= _LONGEST_NAME else f"…{name[-_LONGEST_NAME:]}"


def media_of(content: bytes) -> Media | None:
    """Return what `content` is by its first bytes; None for what we do not take."""
    for start, media in _STARTS:
        if content.startswith(start):
            return media
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Media.WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return Media.HEIC
    return None


@dataclass(frozen=True)
class Turned:
    """A file that is not taken: its place among those chosen (from 1), its name, and why."""

    place: int
    name: str
    why: str


@dataclass(frozen=True)
class Chosen:
    """Some files as they were chosen: those that can be taken, and those that are turned away."""

    taken: tuple[Given, ...] = ()
    turned: tuple[Turned, ...] = ()


def sorted_out(files: Sequence[Given]) -> Chosen:
    """Tell the files that can be taken from those that cannot, each with its own reason.

    One wrong file keeps no other out. Of too many, the first are taken.
    """
    taken: list[Given] = []
    turned: list[Turned] = []
    for place, file in enumerate(files, start=1):
        # What another file leaves no room for is refused by the sum.
        why = objection_to([file]) or objection_to([*taken, file])
        if why:
            turned.append(Turned(place, file.short_name, why))
        else:
            taken.append(file)
    return Chosen(tuple(taken), tuple(turned))


def objection_to(files: Sequence[Given]) -> str | None:
    """Return why `files` are not taken, as a code; None where they are."""
    if len(files) > MOST_AT_ONCE:
        return "files-too-many"
    if any(file.is_cut or len(file.content) > MOST_BYTES for file in files):
        return "file-too-large"
    if sum(len(file.content) for file in files) > MOST_BYTES_TOGETHER:
        return "files-together"
    if any(media_of(file.content) is None for file in files):
        return "file-kind"
    return None


def fits(kept: int, bytes_kept: int, sizes: Sequence[int]) -> bool:
    """Tell whether a matter that holds `kept` files of `bytes_kept` has room for `sizes`."""
    return kept + len(sizes) <= MOST_KEPT and bytes_kept + sum(sizes) <= MOST_BYTES_KEPT
