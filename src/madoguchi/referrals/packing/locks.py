"""How a packet is locked: age for a key, an encrypted PDF for a password told another way.

Why these two: docs/decisions/0110.
"""

import io

import pyrage
from pypdf import PdfWriter

from madoguchi.referrals.packing import UnreadablePacketError

PACKET = "madoguchi-handover-1.zip"


def is_recipient(text: str) -> bool:
    """Tell whether `text` is a public key of age (age1…)."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


def new_identity() -> tuple[str, str]:
    """Return a fresh key of age: the secret half, and the public one."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def locked_for(recipient: str, content: bytes) -> bytes:
    """Return `content` encrypted so that the holder of `recipient` alone opens it."""
    locked: bytes = pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(recipient)])
    return locked


def unlocked(identity: str, content: bytes) -> bytes:
    """Return what `locked_for` our own key holds, or raise `UnreadablePacketError`."""
    try:
        opened: bytes = pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(identity)])
    except pyrage.DecryptError as error:
        raise UnreadablePacketError("not encrypted for us") from error
    return opened


def with_password(sheet: bytes, packet: bytes, password: str) -> bytes:
    """Return the sheet as a PDF that opens by `password` alone (AES-256); the packet inside.

    Every browser and reader of PDF opens it; the packet is its attachment.
    """
    writer = PdfWriter(clone_from=io.BytesIO(sheet))
    writer.add_attachment(PACKET, packet)
    writer.encrypt(password, algorithm="AES-256")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
