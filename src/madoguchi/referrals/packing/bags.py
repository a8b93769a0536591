"""Bags (BagIt, RFC 8493), packed and unpacked in memory: nothing of a person is on a disk.

The Library of Congress's own library works on folders; the tests read our bags with it.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping

from madoguchi.referrals.packing import UnreadablePacketError

_TOP = "handover/"
_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_MOST_BYTES = 40_000_000
_MOST_FILES = 50


def packed(payload: Mapping[str, bytes], *, name: str) -> bytes:
    """Return a bag as a ZIP file; `payload`: contents by path. `name`: the bag's own (an id)."""
    files = {f"data/{path}": content for path, content in payload.items()}
    oxum = f"{sum(map(len, files.values()))}.{len(files)}"
    tags = {
        "bagit.txt": _DECLARATION,
        "bag-info.txt": f"External-Identifier: {name}\nPayload-Oxum: {oxum}\n".encode(),
        "manifest-sha256.txt": _manifest(files),
    }
    tags["tagmanifest-sha256.txt"] = _manifest(tags)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as bag:
        for path, content in {**tags, **files}.items():
            # A day on which nobody did anything: when a file was made is told inside.
            entry = zipfile.ZipInfo(_TOP + path, (2000, 1, 1, 0, 0, 0))
            bag.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _manifest(files: Mapping[str, bytes]) -> bytes:
    lines = (f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in files.items())
    return "".join(lines).encode()


def unpacked(bag: bytes) -> dict[str, bytes]:
    """Return the payload of a bag, every digest checked, or raise `UnreadablePacketError`."""
    files = _read(bag)
    if not files.get("bagit.txt", b"").startswith(b"BagIt-Version: 1."):
        raise UnreadablePacketError("not a bag")
    _check(files, "tagmanifest-sha256.txt", {"bagit.txt", "bag-info.txt", "manifest-sha256.txt"})
    payload = {path for path in files if path.startswith("data/")}
    _check(files, "manifest-sha256.txt", payload)
    return {path.removeprefix("data/"): files[path] for path in payload}


def _read(bag: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(bag)) as opened:
            entries = [it for it in opened.infolist() if not it.is_dir()]
            if len(entries) > _MOST_FILES or sum(it.file_size for it in entries) > _MOST_BYTES:
                raise UnreadablePacketError("too large")
            # ZipFile reads no more of an entry than its header says, and checks its sum.
            return {it.filename.partition("/")[2]: opened.read(it) for it in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise UnreadablePacketError("not a ZIP file") from error


def _check(files: Mapping[str, bytes], manifest: str, expected: set[str]) -> None:
    """Check that a manifest names just what is there, with its digest."""
    try:
        lines = files[manifest].decode("ascii").splitlines()
        listed = {path: digest for digest, path in (line.split(maxsplit=1) for line in lines)}
    except (KeyError, ValueError) as error:
        raise UnreadablePacketError("no manifest") from error
    if set(listed) != expected:
        raise UnreadablePacketError("the manifest names other files")
    for path, digest in listed.items():
        if path not in files or hashlib.sha256(files[path]).hexdigest() != digest:
            raise UnreadablePacketError("a file was changed")
