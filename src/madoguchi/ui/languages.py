"""One address per page and language: `/…`, `/easy/…`, `/en/…`.

The language is read from the address alone: no cookie and no browser setting
tells it, so a page looks the same to everybody who is given its address.
"""

import re
from typing import Any

from django.urls import (
    LocalePrefixPattern,
    Resolver404,
    URLPattern,
    URLResolver,
    get_script_prefix,
    resolve,
)
from django.utils.translation import get_language

# Japanese, the first, is the language of the messages themselves.
PREFIXES = {"ja": "", "ja-easy": "easy/", "en": "en/"}
DEFAULT = "ja"


def prefix_of(language: str | None) -> str:
    """Return what addresses in `language` begin with (an unknown one: as Japanese)."""
    return PREFIXES.get(language or DEFAULT, "")


def language_of(path: str) -> str:
    """Return the language that the page at `path` (`/easy/urgent/`) speaks."""
    inner = path.lstrip("/")
    for language, prefix in PREFIXES.items():
        if prefix and inner.startswith(prefix):
            return language
    return DEFAULT


def bare(path: str) -> str:
    """Return `path` as Japanese has it: `/easy/urgent/` is `/urgent/`."""
    return "/" + path.lstrip("/").removeprefix(prefix_of(language_of(path)))


def same_page_in(path: str, language: str) -> str:
    """Return the address at which the page at `path` speaks `language`."""
    return "/" + prefix_of(language) + bare(path).lstrip("/")


def page(path: str) -> str:
    """Return the address of `path` (`urgent/`) in the language now active."""
    return get_script_prefix() + prefix_of(get_language()) + path.lstrip("/")


def exists(path: str) -> bool:
    """Tell whether some view answers at `path`."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


class LanguagePrefix(LocalePrefixPattern):
    """Matches every language's prefix; reverses to that of the language now active."""

    def __init__(self) -> None:
        """Take Django's part of the pattern."""
        super().__init__(prefix_default_language=False)

    @property
    def regex(self) -> re.Pattern[str]:
        """The active language's prefix (Django keeps one reverse table per language)."""
        return re.compile(re.escape(self.language_prefix))

    @property
    def language_prefix(self) -> str:
        """What addresses begin with in the language now active."""
        return prefix_of(get_language())

    def match(self, path: str) -> tuple[str, tuple[()], dict[str, Any]]:
        """Return `path` (no leading slash) without its language."""
        return path.removeprefix(prefix_of(language_of(path))), (), {}


def in_every_language(*patterns: URLPattern | URLResolver) -> list[URLResolver]:
    """Return `patterns` at one address per language; `reverse()` answers in the active one."""
    return [URLResolver(LanguagePrefix(), list(patterns))]
