"""Draws the pages of a file anew, as JPEG without any metadata. Run as a program of its own.

    python drawing.py MEDIA <file >pages

It knows no key, no database and nothing of this package: whatever a file does to the
libraries that read it, it does here. What comes out is the number of pages of the file
(4 bytes, big-endian), then of each page drawn its length (4 bytes) and its bytes; exit 1
where the file does not open.
"""

import io
import resource
import struct
import sys
import warnings
from collections.abc import Iterator

from PIL import Image, ImageOps

_MOST_PAGES = 20
_MOST_PIXELS = 80_000_000  # of a file: a telephone takes 50 million
_WIDEST, _MOST_DRAWN = 1_600, 16_000_000
_MEMORY, _SECONDS = 2_000_000_000, 30
_READABLE = ("JPEG", "PNG", "WEBP", "GIF")


def limit_myself() -> None:
    """Take no more memory and time than an honest file needs; write no file at all."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def as_jpeg(image: Image.Image) -> bytes:
    """Return `image` upright, on white, no larger than needed, and with nothing beside it."""
    upright = ImageOps.exif_transpose(image)
    width, height = upright.size
    scale = min(1.0, _WIDEST / width, (_MOST_DRAWN / (width * height)) ** 0.5)
    if scale < 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        upright = upright.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    # A new image: comments, places and profiles of the old one do not come along.
    drawn = Image.new("RGB", upright.size, "white")
    layer = upright.convert("RGBA")
    drawn.paste(layer, mask=layer)
    written = io.BytesIO()
    drawn.save(written, "JPEG", quality=85, optimize=True)
    return written.getvalue()


def picture(content: bytes, media: str) -> tuple[int, list[bytes]]:
    """Return the one page of a picture."""
    readable = list(_READABLE)
    if media == "image/heic":
        import pi_heif  # noqa: PLC0415 (slow, and seldom needed)

        pi_heif.register_heif_opener()
        readable = ["HEIF"]
    with Image.open(io.BytesIO(content), formats=readable) as image:
        return 1, [as_jpeg(image)]


def document(content: bytes) -> tuple[int, list[bytes]]:
    """Return how many pages a PDF has, and the first of them drawn."""
    import pypdfium2  # noqa: PLC0415 (not for pictures)

    pdf = pypdfium2.PdfDocument(content)
    number = len(pdf)
    return number, list(_pages(pdf, min(number, _MOST_PAGES)))


def _pages(pdf: object, number: int) -> Iterator[bytes]:
    for at in range(number):
        page = pdf[at]  # type: ignore[index]
        width, height = page.get_size()
        scale = min(_WIDEST / width, (_MOST_DRAWN / 4 / (width * height)) ** 0.5)
        yield as_jpeg(page.render(scale=scale).to_pil())
        page.close()


def main() -> int:
    """Draw what comes in."""
    limit_myself()
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    media, content = sys.argv[1], sys.stdin.buffer.read()
    try:
        number, pages = document(content) if media == "application/pdf" else picture(content, media)
    except Exception as error:  # noqa: BLE001 (whatever a broken file makes a library say)
        print(type(error).__name__, file=sys.stderr)  # noqa: T201 (a program)
        return 1
    out = sys.stdout.buffer
    out.write(struct.pack(">I", number))
    for page in pages:
        out.write(struct.pack(">I", len(page)) + page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
