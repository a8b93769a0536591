"""Pages for what went wrong. None of them needs a session or the database."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from madoguchi.ui.context import address
from madoguchi.ui.languages import language_of

# Fields in which people write at length; their text is shown back, never thrown away.
_WORDS_OF_PEOPLE = ("story", "words", "body", "text", "note", "message")

# Whatever else is this long, and no code, address or key, was written too.
_A_SENTENCE = 20
_NEVER_SHOWN = ("csrfmiddlewaretoken", "password", "code")

# What browsers say of a form that a page of another site sent.
_ELSEWHERE = ("cross-site", "same-site")

_DESK = ("/desk/", "/stats/", "/settings/", "/expert/")


def _say(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    """Answer with `template` in the address's language, asking nobody who is signed in."""
    at_desk = request.path_info.startswith(_DESK)
    with translation.override(language_of(request.path_info)):
        html = render_to_string(template, {**address(request), "at_desk": at_desk, **context})
    return HttpResponse(html, status=status)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 Django's signature; the reason is for developers
    """Say that the page stood open too long, and give back what had been written.

    What another site sent was not written by who reads this: it never stands on a page of ours.
    """
    is_foreign = request.headers.get("Sec-Fetch-Site", "") in _ELSEWHERE
    written = [] if is_foreign else written_in(request)
    return _say(request, "ui/form_expired.html", 403, written=written)


def written_in(request: HttpRequest) -> list[str]:
    """Return what somebody wrote in a form that was sent, at length or in a field for words."""
    sent = ((name, request.POST[name]) for name in request.POST)
    return [
        text
        for name, text in sent
        if (name in _WORDS_OF_PEOPLE and text) or _is_a_sentence(name, text)
    ]


def _is_a_sentence(name: str, text: str) -> bool:
    if any(it in name for it in _NEVER_SHOWN):
        return False
    return len(text) >= _A_SENTENCE and not text.isascii()


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request could not be read, or was too long to be."""
    is_too_long = isinstance(exception, RequestDataTooBig)
    return _say(request, "ui/bad_request.html", 400, is_too_long=is_too_long)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 Django's signature
    """Say that this page is not for this person."""
    return _say(request, "ui/refused.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 Django's signature
    """Say that there is no such page."""
    return _say(request, "ui/not_found.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, and where help is meanwhile."""
    return _say(request, "ui/server_error.html", 500)
