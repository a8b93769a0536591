"""Signatures (署名) on what a desk publishes: Ed25519, by a key derived from the first master key.

The key is nowhere kept and survives a rotation. Who has the public half can check a file
without this installation: `openssl pkeyutl -verify -rawin`.
"""

import base64
import binascii
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from madoguchi.vault.keys import derived, first_master


def _key(desk: UUID) -> Ed25519PrivateKey:
    seed = derived(first_master(), b"madoguchi signature " + desk.bytes)
    return Ed25519PrivateKey.from_private_bytes(seed)


def sign(content: bytes, *, desk: UUID) -> str:
    """Return the signature of `desk` on `content`, in base64."""
    return base64.b64encode(_key(desk).sign(content)).decode()


def is_signed(content: bytes, signature: str, *, desk: UUID) -> bool:
    """Tell whether `signature` is that of `desk` on exactly this `content`."""
    try:
        _key(desk).public_key().verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def public_key(desk: UUID) -> bytes:
    """Return the public key of `desk` (PEM), by which anybody checks its signatures."""
    key = _key(desk).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
