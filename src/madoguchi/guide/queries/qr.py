"""QR codes for a sheet of paper, as the path of an SVG: drawn by the page, fetched by nobody."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from madoguchi.directory.channels import Channel
from madoguchi.directory.windows import Window

_SHORTEST = 10  # short numbers (110, #9110) are dialled faster than scanned
_QUIET = 4  # modules of white around a code, ISO/IEC 18004


class QR(NamedTuple):
    """A code of `size` by `size` modules; `path` draws the black ones. `content`: what it says."""

    size: int
    path: str
    content: str


def qr_of(window: Window, channels: Iterable[Channel]) -> QR | None:
    """Return the code of the first way that a telephone can scan: a number, else an address."""
    listed = list(channels)
    numbers = [f"tel:{it.number}" for it in listed if len(it.number) >= _SHORTEST]
    addresses = [it.url for it in listed if it.url] + [window.url]
    found = next((it for it in (*numbers, *addresses) if it), None)
    return drawn(found) if found else None


@lru_cache(maxsize=256)  # of the directory's own numbers and addresses, which are few
def drawn(content: str) -> QR:
    """Return the code that says `content`."""
    # Only sheets need it: other pages start without it.
    from qrcode import QRCode  # noqa: PLC0415

    code = QRCode(border=_QUIET)
    code.add_data(content)
    modules = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(modules) for x, on in enumerate(row) if on
    )
    return QR(len(modules), path, content)
