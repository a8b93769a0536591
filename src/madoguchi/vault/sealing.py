"""Sealing of words: AES-256-GCM under a key of the matter they belong to.

A sealed value is `1 | key id (16) | nonce (12) | ciphertext`; what it is (table, row,
field) is authenticated beside it, so a value moved to another row does not open.
"""

import base64
import binascii
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from madoguchi.vault.keys import (
    KEY_BYTES,
    KeyMissingError,
    derived,
    desk_key,
    key_id,
    master_keys,
)
from madoguchi.vault.models import Key

_VERSION = b"\x01"
_NONCE = 12
_KEY_ID = 16
_MASTER_ID = 4
_DOES_NOT_OPEN = (InvalidTag, ValueError)  # changed; cut short


class SealBrokenError(RuntimeError):
    """A sealed value does not open under its own key: it was changed or moved."""


@dataclass(frozen=True)
class Place:
    """Where a sealed value stands: table, row, field."""

    table: str
    row: UUID
    field: str

    @property
    def stamp(self) -> bytes:
        """The bytes authenticated beside the words."""
        return f"{self.table}:{self.row}:{self.field}".encode()


def _wrap(key: bytes, *, holder: UUID, desk: UUID) -> bytes:
    master = master_keys()[0]
    nonce = secrets.token_bytes(_NONCE)
    return key_id(master) + nonce + AESGCM(desk_key(master, desk)).encrypt(nonce, key, holder.bytes)


def _unwrap(wrapped: bytes, *, holder: UUID, desk: UUID) -> bytes:
    name, nonce, body = (
        wrapped[:_MASTER_ID],
        wrapped[_MASTER_ID : _MASTER_ID + _NONCE],
        wrapped[_MASTER_ID + _NONCE :],
    )
    for master in master_keys():
        if key_id(master) == name:
            try:
                return AESGCM(desk_key(master, desk)).decrypt(nonce, body, holder.bytes)
            except _DOES_NOT_OPEN as error:
                raise SealBrokenError("a wrapped key does not open") from error
    raise KeyMissingError("a key in the database was wrapped by a master key that is not here")


def name_of_wrapper(row: Key) -> bytes:
    """Return the number of the master key that wrapped this key."""
    return bytes(row.wrapped)[:_MASTER_ID]


def wrapped_anew(row: Key) -> bytes:
    """Return the same key wrapped by the current master key."""
    key = _unwrap(bytes(row.wrapped), holder=row.holder, desk=row.desk)
    return _wrap(key, holder=row.holder, desk=row.desk)


class Safe:
    """The opened keys of one piece of work at one desk. Make it, use it, forget it."""

    def __init__(self, desk: UUID) -> None:
        """Open a safe for `desk`; keys are fetched when first needed."""
        self.desk = desk
        self._keys: dict[UUID, tuple[UUID, AESGCM] | None] = {}

    def fetch(self, holders: Iterable[UUID]) -> None:
        """Fetch the keys of `holders` in one query, for a list that will be opened."""
        wanted = [holder for holder in set(holders) if holder not in self._keys]
        self._keys.update(dict.fromkeys(wanted))
        for start in range(0, len(wanted), 500):
            rows = Key.objects.filter(desk=self.desk, holder__in=wanted[start : start + 500])
            for key, holder, wrapped in rows.values_list("id", "holder", "wrapped"):
                opened = _unwrap(bytes(wrapped), holder=holder, desk=self.desk)
                self._keys[holder] = (key, AESGCM(opened))

    def make_keys(self, holders: Iterable[UUID]) -> None:
        """Make a key for each of `holders` that has none, in one insert."""
        wanted = set(holders)
        self.fetch(wanted)
        rows = [self.cut_key(holder) for holder in wanted if self._keys[holder] is None]
        Key.objects.bulk_create(rows, batch_size=500)

    def cut_key(self, holder: UUID) -> Key:
        """Make a key for `holder`, who has none; whoever calls writes the row."""
        key = secrets.token_bytes(KEY_BYTES)
        row = Key(holder=holder, desk=self.desk, wrapped=_wrap(key, holder=holder, desk=self.desk))
        self._keys[holder] = (row.id, AESGCM(key))
        return row

    def seal(self, words: str, *, holder: UUID, place: Place) -> bytes:
        """Return `words` sealed under the key of `holder`, which is made where it has none."""
        if self._keys.get(holder) is None:  # the key of a large import's piece is there already
            self.make_keys([holder])
        row_id, cipher = self._keys[holder] or (holder, AESGCM(b""))
        nonce = secrets.token_bytes(_NONCE)
        return _VERSION + row_id.bytes + nonce + cipher.encrypt(nonce, words.encode(), place.stamp)

    def open(self, sealed: bytes | memoryview | None, *, holder: UUID, place: Place) -> str | None:
        """Return the words, or None where there are none or their key was erased.

        Raises `SealBrokenError` where the value was changed or belongs elsewhere.
        """
        if not sealed:
            return None
        self.fetch([holder])
        found = self._keys[holder]
        if found is None:
            return None
        row_id, cipher = found
        value = bytes(sealed)
        start = len(_VERSION) + _KEY_ID
        if value[:1] != _VERSION or value[1:start] != row_id.bytes:
            raise SealBrokenError("sealed under another key")
        try:
            body = cipher.decrypt(
                value[start : start + _NONCE], value[start + _NONCE :], place.stamp
            )
        except _DOES_NOT_OPEN as error:
            raise SealBrokenError("a sealed value does not open") from error
        return body.decode()


def seal_secret(words: str, *, purpose: str) -> str:
    """Return `words` sealed under the master key itself, as text.

    For secrets of the installation that belong to no matter and no desk.
    """
    master, nonce = master_keys()[0], secrets.token_bytes(_NONCE)
    cipher = AESGCM(derived(master, b"madoguchi secret " + purpose.encode()))
    body = cipher.encrypt(nonce, words.encode(), purpose.encode())
    return base64.b64encode(_VERSION + key_id(master) + nonce + body).decode()


def open_secret(sealed: str, *, purpose: str) -> str:
    """Return the words of `seal_secret`; raises `SealBrokenError` or `KeyMissingError`."""
    try:
        value = base64.b64decode(sealed, validate=True)
    except binascii.Error as error:
        raise SealBrokenError("not a sealed secret") from error
    start = len(_VERSION) + _MASTER_ID
    if value[:1] != _VERSION:
        raise SealBrokenError("not a sealed secret")
    for master in master_keys():
        if key_id(master) == value[1:start]:
            cipher = AESGCM(derived(master, b"madoguchi secret " + purpose.encode()))
            nonce, body = value[start : start + _NONCE], value[start + _NONCE :]
            try:
                return cipher.decrypt(nonce, body, purpose.encode()).decode()
            except _DOES_NOT_OPEN as error:
                raise SealBrokenError("a sealed secret does not open") from error
    raise KeyMissingError("a secret was sealed by a master key that is not here")


def seal_code(code: bytes, *, purpose: str) -> str:
    """Return a few bytes sealed as letters and digits, for where no word may stand: in a job.

    It names no key and is not rewrapped: for what is over in minutes.
    """
    nonce = secrets.token_bytes(_NONCE)
    cipher = AESGCM(derived(master_keys()[0], b"madoguchi code " + purpose.encode()))
    sealed = nonce + cipher.encrypt(nonce, code, purpose.encode())
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def open_code(sealed: str, *, purpose: str) -> bytes | None:
    """Return what `seal_code` sealed; None where no key of ours opens it."""
    try:
        value = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    except binascii.Error:
        return None
    for master in master_keys():
        cipher = AESGCM(derived(master, b"madoguchi code " + purpose.encode()))
        try:
            return cipher.decrypt(value[:_NONCE], value[_NONCE:], purpose.encode())
        except _DOES_NOT_OPEN:
            continue
    return None


def resealed_secret(sealed: str, *, purpose: str) -> str:
    """Return the same secret under the current master key; as it is where it is already."""
    words = open_secret(sealed, purpose=purpose)
    is_current = base64.b64decode(sealed)[1 : 1 + _MASTER_ID] == key_id(master_keys()[0])
    return sealed if is_current else seal_secret(words, purpose=purpose)


def erase(holder: UUID) -> None:
    """Erase the key of `holder`: everything sealed under it is gone for good."""
    Key.objects.filter(holder=holder).delete()


def erase_all(holders: Iterable[object]) -> None:
    """Erase the keys of all `holders`; what is no id of ours holds none."""
    wanted = [holder for holder in holders if isinstance(holder, UUID)]
    for start in range(0, len(wanted), 500):
        Key.objects.filter(holder__in=wanted[start : start + 500]).delete()


def scrub() -> None:
    """Take what was erased from the disk, too, once its transaction is over.

    SQLite writes zeros over deleted rows (secure_delete), but old pages stay in the journal
    until it is folded into the file. PostgreSQL's own cleaning (autovacuum) takes them away.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
