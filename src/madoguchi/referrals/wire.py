"""Requests between installations: signed with Ed25519 (RFC 9421), asked over HTTPS.

The signature covers method, path, the body's digest (RFC 9530) and for whom it is meant;
its nonce is good once, its time for five minutes.
"""

import base64
import binascii
import datetime as dt
import hashlib
import re
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

AGE = dt.timedelta(minutes=5)
MOST_BYTES = 45_000_000
_SECONDS = 30
_MOST_ANSWERED = 100_000
_COVERED = '("@method" "@path" "content-digest" "madoguchi-to")'
_INPUT = re.compile(
    r'^sig1=(?P<params>\("@method" "@path" "content-digest" "madoguchi-to"\)'
    r';created=(?P<created>\d{1,12});nonce="(?P<nonce>[\w-]{16,64})"'
    r';keyid="(?P<keyid>[A-Za-z0-9+/=]{44})";alg="ed25519")$',
    re.ASCII,
)
_SIGNATURE = re.compile(r"^sig1=:(?P<signature>[A-Za-z0-9+/=]{88}):$", re.ASCII)


class UnsignedError(Exception):
    """A request that nobody we know has signed just now."""


class UnreachableError(Exception):
    """The other installation does not answer, or not as agreed. The message says no more."""

    def __init__(self, status: int | None = None) -> None:
        """Keep the status of the answer; None: there was none."""
        super().__init__(f"answered {status}" if status else "does not answer")
        self.status = status


@dataclass(frozen=True)
class Call:
    """A request as it is signed. `to`: the receiving desk's public key of age."""

    method: str
    path: str
    to: str
    body: bytes = b""

    @property
    def digest(self) -> str:
        """The body's digest as a header says it."""
        return f"sha-256=:{base64.b64encode(hashlib.sha256(self.body).digest()).decode()}:"

    def base(self, params: str) -> bytes:
        """Return what is signed (the signature base)."""
        return (
            f'"@method": {self.method}\n"@path": {self.path}\n"content-digest": {self.digest}\n'
            f'"madoguchi-to": {self.to}\n"@signature-params": {params}'
        ).encode()


def new_signing_key() -> tuple[bytes, str]:
    """Return a fresh key: its secret half, and the public one in base64."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes_raw(), base64.b64encode(key.public_key().public_bytes_raw()).decode()


def is_verify_key(text: str) -> bool:
    """Tell whether `text` is a public key in base64."""
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error):
        return False
    return True


def signed(call: Call, *, key: bytes, at: dt.datetime) -> dict[str, str]:
    """Return the headers by which `call` is known to be ours, at the aware instant `at`."""
    signing = Ed25519PrivateKey.from_private_bytes(key)
    keyid = base64.b64encode(signing.public_key().public_bytes_raw()).decode()
    params = (
        f'{_COVERED};created={int(at.timestamp())};nonce="{secrets.token_urlsafe(18)}"'
        f';keyid="{keyid}";alg="ed25519"'
    )
    signature = base64.b64encode(signing.sign(call.base(params))).decode()
    return {
        "Content-Digest": call.digest,
        "Madoguchi-To": call.to,
        "Signature-Input": f"sig1={params}",
        "Signature": f"sig1=:{signature}:",
    }


@dataclass(frozen=True)
class Signature:
    """Who says to have signed, and what makes the request one of a kind. Not yet believed."""

    params: str
    keyid: str
    nonce: str
    created: dt.datetime
    signature: bytes


def signature_in(headers: Mapping[str, str]) -> Signature:
    """Return what the headers say of the signature, or raise `UnsignedError`."""
    said = _INPUT.match(headers.get("Signature-Input", ""))
    sign = _SIGNATURE.match(headers.get("Signature", ""))
    if not said or not sign:
        raise UnsignedError("no signature")
    return Signature(
        params=said["params"],
        keyid=said["keyid"],
        nonce=said["nonce"],
        created=dt.datetime.fromtimestamp(int(said["created"]), dt.UTC),
        signature=base64.b64decode(sign["signature"]),
    )


def check(call: Call, signature: Signature, *, verify_key: str, at: dt.datetime) -> None:
    """Raise `UnsignedError` unless the holder of `verify_key` signed `call` just now."""
    if abs(at - signature.created) > AGE:
        raise UnsignedError("too old, or a clock is wrong")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(verify_key))
    try:
        public.verify(signature.signature, call.base(signature.params))
    except InvalidSignature as error:
        raise UnsignedError("another signature") from error


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Whoever answers from elsewhere is not whom we asked."""

    def redirect_request(self, *_said: object) -> None:
        """Follow nothing."""


_opener = urllib.request.build_opener(_NoRedirects)


def asked(address: str, call: Call, headers: Mapping[str, str]) -> bytes:
    """Put `call` to the installation at `address`; return the answer's body.

    Raises `UnreachableError` for no answer, or any but 2xx.
    """
    request = urllib.request.Request(  # noqa: S310 (a supervisor entered it; see forms)
        address.rstrip("/") + call.path,
        data=call.body or None,
        method=call.method,
        headers={**headers, "Content-Type": "application/octet-stream"},
    )
    try:
        with _opener.open(request, timeout=_SECONDS) as answer:
            return _read(answer)
    except urllib.error.HTTPError as error:
        with error:
            raise UnreachableError(HTTPStatus(error.code).value) from None
    except (OSError, ValueError) as error:
        raise UnreachableError from error


def _read(answer: IO[bytes]) -> bytes:
    return answer.read(_MOST_ANSWERED)
