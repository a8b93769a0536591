"""Server sessions whose payload is sealed with a key that only the cookie holds.

Public answers and drafts before sending live here and nowhere else. Without the cookie
a row is noise; after 30 minutes (staff: 12 hours) without use it is gone.
"""

import datetime as dt
import hashlib
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.utils import timezone

from madoguchi.vault.models import SealedSession

_NONCE = 12
_PERSON = dt.timedelta(minutes=30)
_STAFF = dt.timedelta(hours=12)
# A session in use is written again (and so prolonged) at most this often.
_REST = dt.timedelta(minutes=5)


def _lookup(session_key: str) -> str:
    return hashlib.sha256(b"lookup" + session_key.encode()).hexdigest()


def _cipher(session_key: str) -> AESGCM:
    return AESGCM(hashlib.sha256(b"seal" + session_key.encode()).digest())


class SessionStore(SessionBase):
    """Django's session interface over `SealedSession`."""

    def _span(self, data: dict[str, Any]) -> dt.timedelta:
        return _STAFF if SESSION_KEY in data else _PERSON

    def load(self) -> dict[str, Any]:
        """Return the session's data, or a new empty one where there is none to open."""
        row = SealedSession.objects.filter(
            lookup=_lookup(self.session_key or ""), expires_at__gt=timezone.now()
        ).first()
        if row is None or self.session_key is None:
            self._session_key = None
            return {}
        payload = bytes(row.payload)
        try:
            text = _cipher(self.session_key).decrypt(payload[:_NONCE], payload[_NONCE:], None)
        except (InvalidTag, ValueError):  # changed; cut short
            self._session_key = None
            return {}
        data: dict[str, Any] = json.loads(text)
        if row.expires_at - timezone.now() < self._span(data) - _REST:
            self.modified = True
        return data

    def exists(self, session_key: str) -> bool:
        """Tell whether a session with this key is stored."""
        return SealedSession.objects.filter(lookup=_lookup(session_key)).exists()

    def create(self) -> None:
        """Store a new empty session under a new key, and sweep out what is over."""
        self.clear_expired()
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 (Django's signature)
        """Seal and store the data, prolonging the session."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        nonce = secrets.token_bytes(_NONCE)
        text = json.dumps(data, ensure_ascii=False).encode()
        values = {
            "payload": nonce + _cipher(self.session_key).encrypt(nonce, text, None),
            "expires_at": timezone.now() + self._span(data),
        }
        lookup = _lookup(self.session_key)
        if not must_create:
            if not SealedSession.objects.filter(lookup=lookup).update(**values):
                raise UpdateError
            return
        _row, created = SealedSession.objects.get_or_create(lookup=lookup, defaults=values)
        if not created:
            raise CreateError

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session: what it held cannot come back."""
        key = session_key or self.session_key
        if key:
            SealedSession.objects.filter(lookup=_lookup(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Delete every session that is over."""
        SealedSession.objects.filter(expires_at__lte=timezone.now()).delete()
