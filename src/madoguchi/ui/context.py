"""What every template may say."""

from functools import lru_cache
from typing import NamedTuple

from django.http import HttpRequest

from madoguchi.ui.languages import PREFIXES, exists, language_of, same_page_in

# Each language's own name for itself, and the tag a browser knows it by.
_NAMES = {
    "ja": ("日本語", "ja"),
    "ja-easy": ("やさしい日本語", "ja"),
    "en": ("English", "en"),
}


class Tongue(NamedTuple):
    """One language in which a page can be read."""

    code: str
    name_local: str
    url: str
    current: bool
    html_lang: str


@lru_cache(maxsize=256)  # public addresses are few; whatever is asked for beside them goes again
def tongues(path: str) -> list[Tongue]:
    """Return the page at `path` in every language; where it has none, the first page."""
    now = language_of(path)
    return [
        Tongue(
            code=code,
            name_local=_NAMES[code][0],
            url=there if exists(there := same_page_in(path, code)) else same_page_in("/", code),
            current=code == now,
            html_lang=_NAMES[code][1],
        )
        for code in PREFIXES
    ]


def address(request: HttpRequest) -> dict[str, object]:
    """Tell a template where its page stands in the other languages."""
    return {"in_other_languages": tongues(request.path_info)}
