"""Contents of files: sealed piece by piece, kept outside the database under their own digest.

Every file has a key of its own, which is kept sealed in its row under the key of the matter:
where that key is erased, nothing here can be opened any more. The storage named `files` in
the settings (a folder, or what is put in its place) sees sealed bytes only.
"""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from madoguchi.vault.keys import KEY_BYTES
from madoguchi.vault.sealing import Place, SealBrokenError

_VERSION = b"\x01"
_NONCE, _TAG = 12, 16
_PIECE = 1_048_576


class ContentMissingError(RuntimeError):
    """A sealed content is not where it was kept."""


def new_content_key() -> bytes:
    """Return a fresh key for one file."""
    return secrets.token_bytes(KEY_BYTES)


def _storage() -> Storage:
    return storages["files"]


def _path(address: str) -> str:
    return f"{address[:2]}/{address[2:4]}/{address}"


def _stamp(place: Place, number: int, *, is_last: bool) -> bytes:
    """Return what is authenticated beside a piece: none can be moved, left out or added."""
    return place.stamp + f":{number}:{'last' if is_last else 'more'}".encode()


def _pieces(content: bytes, key: bytes, place: Place) -> Iterator[bytes]:
    cipher, view = AESGCM(key), memoryview(content)
    yield _VERSION
    for number, start in enumerate(range(0, max(len(view), 1), _PIECE)):
        nonce = secrets.token_bytes(_NONCE)
        stamp = _stamp(place, number, is_last=start + _PIECE >= len(view))
        yield nonce + cipher.encrypt(nonce, view[start : start + _PIECE], stamp)


def keep(content: bytes, *, key: bytes, place: Place) -> str:
    """Seal `content` and keep it; return its address, the digest of what is kept."""
    sealed = b"".join(_pieces(content, key, place))
    address = hashlib.sha256(sealed).hexdigest()
    storage = _storage()
    name = storage.save(_path(address), ContentFile(sealed))
    with contextlib.suppress(NotImplementedError):  # no folder of this machine
        _settle(storage.path(name))
    return address


def _settle(path: str) -> None:
    """Wait until the disk has it: what is acknowledged survives a power cut."""
    for place, how in ((path, os.O_RDONLY), (os.path.dirname(path), os.O_RDONLY)):  # noqa: PTH120
        opened = os.open(place, how)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def fetch(address: str, *, key: bytes, place: Place) -> bytes:
    """Return the content at `address`.

    Raises `ContentMissingError`, or `SealBrokenError` where it was changed or cut short.
    """
    try:
        with _storage().open(_path(address)) as file:
            sealed = memoryview(file.read())
    except FileNotFoundError as error:
        raise ContentMissingError("a sealed file is not there") from error
    if bytes(sealed[:1]) != _VERSION:
        raise SealBrokenError("not a sealed file")
    return b"".join(_opened(sealed[1:], key, place))


def _opened(sealed: memoryview, key: bytes, place: Place) -> Iterator[bytes]:
    cipher, whole = AESGCM(key), _NONCE + _PIECE + _TAG
    starts = range(0, max(len(sealed), 1), whole)
    for number, start in enumerate(starts):
        piece = sealed[start : start + whole]
        stamp = _stamp(place, number, is_last=start + whole >= len(sealed))
        try:
            yield cipher.decrypt(bytes(piece[:_NONCE]), piece[_NONCE:], stamp)
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError("a sealed file does not open") from error


def forget(addresses: Iterable[str]) -> None:
    """Delete what is kept at `addresses`; what is gone already is no matter."""
    for address in addresses:
        _storage().delete(_path(address))


def strays(known: set[str], before: datetime) -> list[str]:
    """Return the addresses kept before `before` that nothing `known` names."""
    storage, found = _storage(), []
    for first in _folders(storage, ""):
        for second in _folders(storage, first):
            for name in storage.listdir(f"{first}/{second}")[1]:
                path = f"{first}/{second}/{name}"
                if name not in known and storage.get_modified_time(path) < before:
                    found.append(name)
    return found


def _folders(storage: Storage, path: str) -> list[str]:
    try:
        return list(storage.listdir(path)[0])
    except FileNotFoundError:
        return []
