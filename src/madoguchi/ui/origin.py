"""What a sent form says of itself: where it comes from, and how it is written."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answers = Callable[[HttpRequest], HttpResponse]


class OwnForms:
    """Lets our own forms pass the check of where they come from, and be read at all.

    Because of `Referrer-Policy: no-referrer`, browsers say `Origin: null` when a form is
    sent (Fetch standard, "append a request `Origin` header"), which Django refuses. What
    the browser says of itself in `Sec-Fetch-Site`, and no page can change, tells our forms
    from others'. A browser too old to say it is let through to the check of the token.

    Our forms are UTF-8, whatever their sender says: Django would fail at a codec that is no
    alphabet (`charset=hex`).
    """

    def __init__(self, get_response: Answers) -> None:
        """Keep what answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Say for our own form where it comes from; answer."""
        is_own = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        if request.headers.get("Origin") == "null" and is_own:
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        request.encoding = "utf-8"
        return self.get_response(request)
