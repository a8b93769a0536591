"""What went wrong, as problem details (RFC 9457): in Japanese, in English, naming the key."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

PROBLEM = "application/problem+json"


class ProblemError(Exception):
    """A request that cannot be answered. No word of the sender's but `key` is in it.

    `said`: how to mend it, in Japanese and in English. `allowed`: the values of `key`.
    """

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        said: tuple[str, ...],
        key: str = "",
        allowed: Sequence[str] = (),
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.said = said
        self.allowed = list(allowed)
        self.key = "".join(letter if letter.isprintable() else "?" for letter in key)

    def as_response(self) -> HttpResponse:
        """Return the answer that says so."""
        ja, en = self.said
        told: dict[str, Any] = {
            "type": f"urn:madoguchi:problem:{self.code}",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": ja,
            "detail_en": en,
            **({"key": self.key} if self.key else {}),
            **({"allowed": self.allowed} if self.allowed else {}),
        }
        text = json.dumps(told, ensure_ascii=False)
        return HttpResponse(text, content_type=PROBLEM, status=self.status)


NOT_JSON = (
    "本文を JSON として読めません。書き方（かっこ、引用符、文字コード）を直してください。",
    "The body is not JSON in UTF-8. Correct the way it is written.",
)
NOT_SAID_TO_BE_JSON = (
    "Content-Type を application/json にして送ってください。",
    "Send it with the Content-Type application/json.",
)
TOO_LONG = (
    "本文が長すぎます。64 KB までにしてください。",
    "The body is too long. Keep it to 64 KB.",
)
NOT_ONE_TEXT = (
    "「text」は、4,000字までの文字で、ほかの項目と分けて送ってください。",
    'Send "text" alone, as a string of at most 4,000 characters.',
)
NO_SUCH_WINDOW = (
    "この id の窓口はありません。/api/windows/ の一覧にある id に直してください。",
    "No window has this id. Take one from the list at /api/windows/.",
)
NO_SUCH_ADDRESS = (
    "このアドレスはありません。/api/openapi.json を見て直してください。",
    "There is nothing at this address. See /api/openapi.json.",
)
OTHER_METHOD = (
    "このアドレスは {allowed} で使ってください。",
    "Use {allowed} at this address.",
)
