"""The message catalogues: python tools/messages.py compile | update | check.

Japanese is the source; `en` and `ja_Easy` are the translations. Needs no gettext
on the machine. What only the desk's people see is Japanese alone for now, so the
folders and files of DESK_ONLY are not extracted.
"""

import io
import os
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "madoguchi"
DESK_ONLY = (
    "administration/",
    "cli/",
    "config/",
    "demo/",
    "desks/",
    "experts/",
    "statistics/",
    "workbench/",
    "ui/templates/ui/desk",
)
# What everybody reads in a folder that is else the desk's.
FOR_ALL = (
    "statistics/presenting/public",
    "statistics/templates/statistics/open_",
    "statistics/views/open_pages",
)
NO_WORDS = {"data", "locale", "migrations", "rules", "static"}
LOCALES = ("en", "ja_Easy")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
_reading = re.compile(r"\{[^{}|]+\|[^{}|]+\}")
_kanji = re.compile(r"[\u3400-\u9fff々〆]+")


def _catalogue(locale: str) -> Path:
    return PACKAGE / "locale" / locale / "LC_MESSAGES" / "django.po"


def _sources() -> list[Path]:
    """Return the Python files and templates whose words the public sees."""
    return sorted(
        path
        for suffix in ("*.py", "*.html", "*.txt")
        for path in PACKAGE.rglob(suffix)
        if _is_public(path.relative_to(PACKAGE)) and (suffix == "*.py" or "templates" in path.parts)
    )


def _is_public(path: Path) -> bool:
    """Tell whether everybody may come to see the words of `path`."""
    if path.as_posix().startswith(FOR_ALL):
        return True
    return not path.as_posix().startswith(DESK_ONLY) and not NO_WORDS & set(path.parts)


def _python(path: Path) -> bytes:
    """Return the file as Python: a template becomes the calls its tags stand for."""
    text = path.read_text()
    if path.suffix != ".py":
        from django.conf import settings  # noqa: PLC0415 (templates alone need Django)
        from django.utils.translation.template import templatize  # noqa: PLC0415

        if not settings.configured:
            settings.configure()
        text = "\n".join(line.strip() for line in templatize(text, origin=path.name).split("\n"))
    return text.encode()


def extracted() -> Catalog:
    """Return every message of the sources."""
    found = Catalog(project="Madoguchi", charset="utf-8")
    for path in _sources():
        where = path.relative_to(PACKAGE).as_posix()
        source = io.BytesIO(_python(path))
        for line, words, notes, context in extract("python", source, KEYWORDS, ["Translators:"]):
            found.add(
                words,
                locations=[(where, line)],
                auto_comments=notes,
                context=context,
            )
    return found


def _read(locale: str) -> Catalog:
    path = _catalogue(locale)
    if not path.exists():
        return Catalog(locale=None, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, charset="utf-8")


def compile_all() -> int:
    """Write every catalogue's .mo file."""
    for locale in LOCALES:
        path = _catalogue(locale)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, _read(locale))
    return 0


def update() -> int:
    """Take new messages into every catalogue and drop those that are gone."""
    for locale in LOCALES:
        catalogue = _read(locale)
        catalogue.update(extracted(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path = _catalogue(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
        missing = sum(1 for message in catalogue if message.id and not _whole(message))
        print(f"{locale}: {len(catalogue)} messages, {missing} to translate")
    return 0


def _whole(message: Message) -> bool:
    words = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(words) and not message.fuzzy


def _unread_kanji(message: Message) -> str:
    """Return kanji without a reading, which やさしい日本語 may not have."""
    words = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return "、".join(run for text in words for run in _kanji.findall(_reading.sub("", text)))


def faults(locale: str) -> list[str]:
    """Return what is not in order with a catalogue, one line each."""
    catalogue = _read(locale)
    found = []
    for wanted in extracted():
        if not wanted.id:
            continue
        message = catalogue.get(wanted.id, wanted.context)
        name = f"{locale}: {wanted.id!r} ({wanted.locations[0][0]})"
        if message is None:
            found.append(f"{name} is missing")
        elif not _whole(message):
            found.append(f"{name} is not translated")
        else:
            found += [f"{name}: {error}" for error in message.check(catalogue)]
            if locale == "ja_Easy" and (bare := _unread_kanji(message)):
                found.append(f"{name} has kanji without a reading: {bare}")
    return found


def check() -> int:
    """Say every message that is missing, fuzzy, untranslated or not readable."""
    found = [fault for locale in LOCALES for fault in faults(locale)]
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    os.umask(0o022)
    does = {"compile": compile_all, "update": update, "check": check}
    sys.exit(does[sys.argv[1]]())
