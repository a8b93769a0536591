"""A person's record as a file: a page to read, the same as data, and the files beside it."""

import json
import zipfile
from collections.abc import Iterator

from django.template.loader import render_to_string

from madoguchi.administration.queries.enclosing import contents_of
from madoguchi.administration.queries.record import Record

FORMAT = "madoguchi.record/2"


class _Pipe:
    """What a ZIP is written to: holds what nobody has taken yet, and no more."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Hold one more piece."""
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def close(self) -> None:
        """Nothing is to be closed."""

    def taken(self) -> bytes:
        """Return what is there, and hold it no longer."""
        found = b"".join(self.pieces)
        self.pieces.clear()
        return found


def as_zip(given: Record, *, desk: str, made: str) -> Iterator[bytes]:
    """Return, piece by piece, a ZIP with record.html, record.json, files/ and previews/.

    One file at a time is in memory; none is written to the disk.
    """
    context = {"record": given, "desk": desk, "made": made}
    page = render_to_string("administration/record.html", context)
    told = {"format": FORMAT, "desk": desk, "made": made, "matters": given.matters}
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("record.html", page)
        file.writestr("record.json", json.dumps(told, ensure_ascii=False, indent=2))
        yield pipe.taken()
        for path, content in contents_of(given.enclosed):
            # Pictures and PDFs are packed as they are: a second packing saves nothing.
            file.writestr(path, content, zipfile.ZIP_STORED)
            yield pipe.taken()
    yield pipe.taken()
