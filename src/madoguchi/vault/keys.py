"""The installation's master key and what is derived from it.

It comes from `MADOGUCHI_KEY` (base64, 32 bytes; older keys may follow after commas, so
that a key can be rotated) or from a file; never from the database. Beside an embedded
database a missing file is made, with a warning.
"""

import base64
import binascii
import hashlib
import hmac
import logging
import os
import secrets
from functools import cache
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from madoguchi.vault.models import FirstMaster

logger = logging.getLogger(__name__)

KEY_BYTES = 32


class KeyMissingError(RuntimeError):
    """There is no key, or what is given is none: nothing can be sealed or opened."""


def _parsed(text: str) -> list[bytes]:
    """Return the keys in `text` (base64, divided by commas), the current one first."""
    try:
        keys = [base64.b64decode(part, validate=True) for part in text.split(",") if part.strip()]
    except binascii.Error as error:
        raise KeyMissingError("the key is not base64") from error
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise KeyMissingError(f"a key is {KEY_BYTES} bytes in base64")
    return keys


def _made(path: Path) -> str:
    """Make a key file at `path`, readable by its owner alone, and return what it holds.

    It appears whole or not at all; where another process was first, its key holds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    text = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text + "\n")
        os.link(draft, path)
    except FileExistsError:
        return path.read_text()
    finally:
        draft.unlink(missing_ok=True)
    logger.warning(
        "鍵のファイル %s をつくりました。控えを、データベースとは別の場所に保管してください。", path
    )
    return text


@cache
def master_keys() -> tuple[bytes, ...]:
    """Return the master keys, the current one first, or raise `KeyMissingError`."""
    if settings.MASTER_KEY:
        return tuple(_parsed(settings.MASTER_KEY))
    if not settings.MASTER_KEY_PATH:
        raise KeyMissingError("set MADOGUCHI_KEY or MADOGUCHI_KEY_PATH")
    path = Path(settings.MASTER_KEY_PATH)
    if not path.exists() and not settings.EMBEDDED:
        raise KeyMissingError(f"there is no key file at {path}")
    return tuple(_parsed((path.read_text() if path.exists() else _made(path)).strip()))


def key_id(master: bytes) -> bytes:
    """Return the four bytes by which a wrapped key names the master key that wrapped it."""
    return hashlib.sha256(b"madoguchi key id" + master).digest()[:4]


@cache
def derived(master: bytes, purpose: bytes) -> bytes:
    """Return a key of 32 bytes for `purpose`, from `master` by HKDF-SHA256."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(master)


def desk_key(master: bytes, desk: UUID) -> bytes:
    """Return the key of `desk`, which wraps the keys of its matters."""
    return derived(master, b"madoguchi desk " + desk.bytes)


def _guard(master: bytes) -> AESGCM:
    """Return what seals the first master key under `master`."""
    return AESGCM(derived(master, b"madoguchi first master"))


def first_master() -> bytes:
    """Return the installation's first master key, under which lookups are made for ever.

    It is the oldest of those that are said, or lies in the database, sealed by one of them.
    """
    return _first_of(master_keys())


@cache
def _first_of(masters: tuple[bytes, ...]) -> bytes:
    row = FirstMaster.objects.first()
    if row is None:
        return masters[-1]
    sealed = bytes(row.sealed)
    name, nonce, body = sealed[:4], sealed[4:16], sealed[16:]
    for master in masters:
        if key_id(master) == name:
            return _guard(master).decrypt(nonce, body, b"first")
    raise KeyMissingError("the first key was sealed by a master key that is not here")


def keep_first_master(first: bytes) -> None:
    """Keep the first master key in the database, sealed by the current one, where it is older."""
    current = master_keys()[0]
    if first == current:
        return
    nonce = secrets.token_bytes(12)
    sealed = key_id(current) + nonce + _guard(current).encrypt(nonce, first, b"first")
    FirstMaster.objects.update_or_create(pk=1, defaults={"sealed": sealed})


def keyed_hash(purpose: str, *parts: str) -> str:
    """Return an HMAC-SHA256 (hex) of `parts`, of no use without the master key.

    It is made under the first key, so that an index survives a rotation.
    """
    key = derived(first_master(), b"madoguchi index " + purpose.encode())
    message = b"\0".join(part.encode() for part in parts)
    return hmac.digest(key, message, "sha256").hex()
