"""What the API answers. It asks no database: it knows of no desk, no person, no session."""

import json
from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from madoguchi.directory import hsds, telling
from madoguchi.directory.windows import all_windows
from madoguchi.guide.api import problems
from madoguchi.guide.api.document import MOST_LETTERS, document
from madoguchi.guide.api.problems import ProblemError
from madoguchi.rules.guidance import Answers, UnknownAnswerError
from madoguchi.rules.guidance.answers import once_each

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

# 4,000 letters, were every one of them written as two \uXXXX.
_MOST_BYTES = 64_000
_JSON = "application/json"
_A_DAY = "86400"


def open_to_all(*methods: str) -> Callable[[View[P]], View[P]]:
    """Answer anybody on any site (CORS), to `methods` alone; say problems as problems.

    `*` is safe: a browser sends no cookie along, and the answer is the same to everybody.
    """
    allowed = ", ".join((*methods, "OPTIONS"))

    def opened(view: View[P]) -> View[P]:
        @wraps(view)
        def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                response = _answered(view, request, allowed, *args, **kwargs)
            except ProblemError as problem:
                response = problem.as_response()
            if response.status_code in {HTTPStatus.NO_CONTENT, HTTPStatus.METHOD_NOT_ALLOWED}:
                response.headers["Allow"] = allowed
            response.headers["Access-Control-Allow-Origin"] = "*"
            return response

        return csrf_exempt(login_not_required(answered))

    return opened


def _answered(
    view: View[P], request: HttpRequest, allowed: str, /, *args: P.args, **kwargs: P.kwargs
) -> HttpResponse:
    if request.method == "OPTIONS":
        asked = {
            "Access-Control-Allow-Methods": allowed,
            "Access-Control-Allow-Headers": "Content-Type",
            "Access-Control-Max-Age": _A_DAY,
        }
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=asked)
    if request.method not in allowed.split(", "):
        status = HTTPStatus.METHOD_NOT_ALLOWED
        said = tuple(it.format(allowed=allowed) for it in problems.OTHER_METHOD)
        raise ProblemError(status, "other-method", said)
    return view(request, *args, **kwargs)


@open_to_all("GET", "HEAD", "POST")
def guide(request: HttpRequest) -> HttpResponse:
    """POST answers or own words: the windows that fit. GET leads to the description."""
    if request.method != "POST":
        response = redirect("api:openapi")
        response.status_code = HTTPStatus.SEE_OTHER
        return response
    told = _read(request)
    if isinstance(told, dict) and "text" in told:
        return _json(telling.guided_by_words(_words(told)))
    try:
        return _json(telling.guided_by_answers(Answers.parsed(told)))
    except UnknownAnswerError as fault:
        raise _not_understood(fault) from None


def _not_understood(fault: UnknownAnswerError) -> ProblemError:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return ProblemError(status, fault.code, telling.said_wrong(fault), fault.key, fault.allowed)


@open_to_all("GET", "HEAD")
def windows(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 Django's signature
    """Tell every window with the matrix."""
    return HttpResponse(_directory(), content_type=_JSON)


@open_to_all("GET", "HEAD")
def window(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001 Django's signature
    """Tell of one window."""
    found = all_windows().get(name)
    if found is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "no-such-window", problems.NO_SUCH_WINDOW)
    return _json(telling.window_told(found))


@open_to_all("GET", "HEAD")
def services(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 Django's signature
    """Tell every window as a service of Open Referral HSDS 3."""
    return HttpResponse(_services(), content_type=_JSON)


@open_to_all("GET", "HEAD")
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 Django's signature
    """Describe all this."""
    return HttpResponse(_document(), content_type=_JSON)


@open_to_all("GET", "HEAD")
def nothing(request: HttpRequest, rest: str) -> HttpResponse:  # noqa: ARG001 Django's signature
    """Say that there is nothing at this address, as software reads it."""
    raise ProblemError(HTTPStatus.NOT_FOUND, "no-such-address", problems.NO_SUCH_ADDRESS)


def _read(request: HttpRequest) -> object:
    """Return the body as JSON has it, or raise the problem."""
    try:
        body = request.body
    except RequestDataTooBig:
        body = None
    except UnreadablePostError:
        body = b""
    if body is None or len(body) > _MOST_BYTES:
        raise ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-long", problems.TOO_LONG)
    if body and request.content_type != _JSON:
        status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        raise ProblemError(status, "not-said-to-be-json", problems.NOT_SAID_TO_BE_JSON)
    try:
        return json.loads(body.decode("utf-8-sig"), object_pairs_hook=once_each)
    except UnknownAnswerError as fault:
        raise _not_understood(fault) from None
    except (ValueError, RecursionError):
        raise ProblemError(HTTPStatus.BAD_REQUEST, "not-json", problems.NOT_JSON) from None


def _words(told: dict[str, Any]) -> str:
    """Return the words; half a character (a lone surrogate) counts as none."""
    text = told["text"]
    if len(told) > 1 or not isinstance(text, str) or len(text) > MOST_LETTERS:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        raise ProblemError(status, "not-one-text", problems.NOT_ONE_TEXT, "text")
    return text.encode("utf-8", "ignore").decode("utf-8")


def _json(told: object) -> HttpResponse:
    return HttpResponse(json.dumps(told, ensure_ascii=False), content_type=_JSON)


@cache
def _directory() -> str:
    return json.dumps(telling.directory_told(), ensure_ascii=False)


@cache
def _services() -> str:
    return json.dumps(hsds.services(), ensure_ascii=False)


@cache
def _document() -> str:
    return json.dumps(document(), ensure_ascii=False)
