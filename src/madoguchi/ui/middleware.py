"""What every answer says about itself: its language, and that nobody is to keep it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from madoguchi.ui.languages import bare, language_of

Answers = Callable[[HttpRequest], HttpResponse]

# First segments of the pages that search engines may show; every other page is private.
_MEANT_TO_BE_FOUND = {
    "",
    "about",
    "accessibility",
    "evidence",
    "figures",
    "privacy",
    "safety",
    "urgent",
    "windows",
}

_NEVER_ASKED_FOR = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "idle-detection",
    "magnetometer",
    "microphone",
    "payment",
    "usb",
)


class LanguageOfAddress:
    """Speaks the language of the address for as long as the request lasts."""

    def __init__(self, get_response: Answers) -> None:
        """Keep what answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language of the address; desk pages have none and are Japanese."""
        language = language_of(request.path_info)
        with translation.override(language, deactivate=True):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language.partition("-")[0])
        return response


class Privacy:
    """Leaves nothing behind: not in the browser, not in a proxy, not in a search engine."""

    def __init__(self, get_response: Answers) -> None:
        """Keep what answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say that nobody is to keep the answer.

        Static files never come here: WhiteNoise, which stands above, answers for them.
        """
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers["Permissions-Policy"] = ", ".join(f"{it}=()" for it in _NEVER_ASKED_FOR)
        response.headers["X-DNS-Prefetch-Control"] = "off"
        if bare(request.path_info).split("/")[1] not in _MEANT_TO_BE_FOUND:
            response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        for leak in ("Server", "X-Powered-By"):
            del response[leak]
        _forget_at_closing(response)
        return response


def _forget_at_closing(response: HttpResponse) -> None:
    """Let cookies end with the browser: no date, save where one is being taken away."""
    for cookie in response.cookies.values():
        if cookie["max-age"] != 0:
            cookie["max-age"] = ""
            cookie["expires"] = ""
