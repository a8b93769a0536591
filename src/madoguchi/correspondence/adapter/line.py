"""LINE's Messaging API, of which we use the signature, answer, push and a user's language.

By the standard library: docs/decisions/0071. The documentation is LINE Developers,
"Messaging API reference" (signature validation, reply message, push message, retry key,
profile).
"""

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

_SECONDS = 10
_SECONDS_FOR_ASKING = 3
_LONGEST_PROFILE = 65_536
_TOLD_ALREADY = 409


class LineTroubleError(Exception):
    """LINE was not reached, or cannot just now. `code` says which it was."""

    def __init__(self, code: str) -> None:
        """Say what was in the way: `unreachable`, `not-set`, or the status."""
        super().__init__(code)
        self.code = code


def is_from_line(body: bytes, signature: str, *, secret: str) -> bool:
    """Tell whether `body` was signed with the channel's secret (`X-Line-Signature`)."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return hmac.compare_digest(base64.b64encode(digest), signature.encode())


@dataclass(frozen=True)
class Account:
    """The official account (LINE公式アカウント): its token, and where LINE listens."""

    token: str
    api: str

    def answer(self, reply_token: str, text: str) -> None:
        """Answer a message; the token is good once, for about a minute."""
        said = {"replyToken": reply_token, "messages": [{"type": "text", "text": text}]}
        self._send("/v2/bot/message/reply", said, {})

    def push(self, user: str, text: str, *, once: UUID) -> None:
        """Tell `user` something; the same `once` again is told no second time."""
        said = {"to": user, "messages": [{"type": "text", "text": text}]}
        self._send("/v2/bot/message/push", said, {"X-Line-Retry-Key": str(once)})

    def language_of(self, user: str) -> str | None:
        """Return the language of somebody's telephone (BCP 47), where LINE tells it.

        Of their profile nothing else is looked at, and nothing kept.
        """
        request = urllib.request.Request(  # noqa: S310 (an address of the settings)
            f"{self.api}/v2/bot/profile/{urllib.parse.quote(user, safe='')}",
            headers={"Authorization": f"Bearer {self.token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS_FOR_ASKING) as answer:  # noqa: S310 (as above)
                told = json.loads(answer.read(_LONGEST_PROFILE))
        except urllib.error.HTTPError as error:
            error.close()
            return None
        except (OSError, ValueError):
            return None
        language = told.get("language") if isinstance(told, dict) else None
        return language if isinstance(language, str) and language else None

    def _send(self, path: str, said: Mapping[str, Any], headers: dict[str, str]) -> None:
        if not self.token:
            raise LineTroubleError("not-set")
        request = urllib.request.Request(  # noqa: S310 (an address of the settings)
            self.api + path,
            data=json.dumps(said, ensure_ascii=False).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                **headers,
            },
        )
        try:
            urllib.request.urlopen(request, timeout=_SECONDS).close()  # noqa: S310 (as above)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code != _TOLD_ALREADY:  # LINE knows this retry key
                raise LineTroubleError(str(error.code)) from None
        except OSError:
            raise LineTroubleError("unreachable") from None
