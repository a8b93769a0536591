"""The questions of the guide, as data: what is asked, which answers there are, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from madoguchi.directory.reading import DirectoryError, read, texts
from madoguchi.rules.guidance.answers import ONE_OF, SEVERAL_OF, YES_OR_NO
from madoguchi.rules.guidance.edition import Texts

RESULT = "result"


@dataclass(frozen=True)
class Option:
    """One answer. `next` is the question it leads to, where it differs from the others'."""

    value: str
    text: Texts
    hint: Texts | None = None
    mark: str = ""
    tone: str = ""
    next: str = ""


@dataclass(frozen=True)
class Question:
    """One question; `part_of` another one's page where it has none of its own."""

    id: str
    key: str
    many: bool
    title: Texts
    hint: Texts
    options: tuple[Option, ...]
    next: str = ""
    part_of: str = ""


@cache
def all_questions() -> Mapping[str, Question]:
    """Return every question by id (DirectoryError)."""
    found = {it["id"]: _question(it) for it in read("questions.toml")["questions"]}
    for question in found.values():
        known = ONE_OF.get(question.key) or SEVERAL_OF.get(question.key) or ()
        onward = {question.next, *(it.next for it in question.options)} - {"", RESULT}
        if {it.value for it in question.options} != set(known) or not onward <= set(found):
            raise DirectoryError(f"questions.toml {question.id}: not the contract's answers")
    return found


@cache
def fact_texts() -> Mapping[str, Texts]:
    """Return how each fact is asked, by its key."""
    told = {it["key"]: texts(it["text"], it["key"]) for it in read("questions.toml")["facts"]}
    if not set(told) <= {*YES_OR_NO, *ONE_OF}:
        raise DirectoryError("questions.toml facts: not the contract's keys")
    return told


def _question(told: Mapping[str, Any]) -> Question:
    where = f"questions.toml {told['id']}"
    return Question(
        id=told["id"],
        key=told["key"],
        many=told["many"],
        title=texts(told["title"], where),
        hint=texts(told["hint"], where),
        options=tuple(_option(it, where) for it in told["options"]),
        next=told.get("next", ""),
        part_of=told.get("part_of", ""),
    )


def _option(told: Mapping[str, Any], where: str) -> Option:
    return Option(
        value=told["value"],
        text=texts(told["text"], f"{where} {told['value']}"),
        hint=texts(told["hint"], where) if "hint" in told else None,
        **{name: told.get(name, "") for name in ("mark", "tone", "next")},
    )
