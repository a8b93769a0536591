"""Plain words (ux rule 8): short sentences, politely, in Japanese and in easy Japanese."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

SOURCES = Path(__file__).resolve().parents[2] / "src" / "madoguchi"
LONGEST, LONGEST_EASY = 50, 30
_END = re.compile(r"(?<=[。！？])")
_READING = re.compile(r"\{([^{}|]+)\|[^{}|]+\}")
# Who says that something is not impossible makes people think twice.
_DOUBLE_NEGATIVE = re.compile(
    r"なくはな|ないわけではな|ないことはな|ないとは言えな|ないとはかぎらな"
)


# A title quoted, an aside, a value that is put in: not what makes a sentence hard.
_ASIDE = re.compile(r"「[^」]*」|（[^）]*）|%\(\w+\)s")


def _sentences(text: str) -> Iterator[str]:
    for line in _ASIDE.sub("", text).splitlines():
        yield from (it.strip() for it in _END.split(line) if it.strip())


def _catalogue(locale: str) -> list[tuple[str, str]]:
    with (SOURCES / "locale" / locale / "LC_MESSAGES" / "django.po").open("rb") as file:
        return [(str(it.id), str(it.string)) for it in read_po(file) if it.id]


def _told(found: object, key: str) -> Iterator[str]:
    """Return every text under `key` in a data file, however deep it stands."""
    if isinstance(found, dict):
        for name, value in found.items():
            if name == key and isinstance(value, str):
                yield value
            else:
                yield from _told(value, key)
    elif isinstance(found, list):
        for value in found:
            yield from _told(value, key)


def _data(key: str) -> list[str]:
    files = sorted((SOURCES / "directory" / "data").rglob("*.toml"))
    return [text for file in files for text in _told(tomllib.loads(file.read_text("utf-8")), key)]


JAPANESE = [msgid for msgid, _said in _catalogue("en")] + _data("ja")
EASY = [said for _msgid, said in _catalogue("ja_Easy")] + _data("easy")


def test_there_is_something_to_read() -> None:
    assert len(JAPANESE) > 500 < len(EASY)


@pytest.mark.parametrize(
    ("texts", "longest"), [(JAPANESE, LONGEST), (EASY, LONGEST_EASY)], ids=["ja", "easy"]
)
def test_sentences_are_short(texts: list[str], longest: int) -> None:
    bare = [_READING.sub(r"\1", text).replace(" ", "") for text in texts]
    long = [it for text in bare for it in _sentences(text) if len(it) > longest]
    assert not long


def test_nothing_is_denied_twice() -> None:
    assert not [text for text in JAPANESE + EASY if _DOUBLE_NEGATIVE.search(text)]
