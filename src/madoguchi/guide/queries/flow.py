"""Which question comes next, and what was answered so far."""

from collections.abc import Iterator
from typing import NamedTuple

from madoguchi.directory.questions import RESULT, Question, all_questions
from madoguchi.rules.guidance import Answers, Texts

# Kinds after which it matters who asks and whether a child is concerned.
_WHO_MATTERS = frozenset({"a1", "a2", "a3", "a5", "a6", "a10"})
_SECOND = {"d": "q2d", "e": "q2e"}


class Page(NamedTuple):
    """One page of questions; `number` is its address."""

    number: int
    questions: tuple[Question, ...]
    facts: tuple[str, ...]


def page_of(number: int, answers: Answers) -> Page:
    """Return the questions that stand on page 2, 3 or 4 for somebody who answered so."""
    questions = all_questions()
    if number == 2:  # noqa: PLR2004 the second page
        return Page(2, (questions[_SECOND.get(answers.happened or "", "q2a")],), ())
    if number == 3:  # noqa: PLR2004 the third
        return Page(3, (questions["q3a"], questions["q3a-removal"]), ())
    return Page(4, (questions["q4a"],), ("under18",))


def page_after(number: int, answers: Answers) -> int | None:
    """Return the number of the next page, or None for the result."""
    if number == 1:
        return _after_the_first(answers)
    if answers.happened in _SECOND:
        return None
    if number == 2:  # noqa: PLR2004 the second page
        return 3
    if number == 3:  # noqa: PLR2004 the third
        asks = _WHO_MATTERS & set(answers.kinds) or "d3" in answers.removal
        return 4 if asks else None
    return None


def _after_the_first(answers: Answers) -> int | None:
    """Danger and fear see numbers first; the questions are offered there."""
    if answers.danger_now:
        return None
    options = {it.value: it for it in all_questions()["q1"].options}
    chosen = options.get(answers.happened or "")
    return None if chosen is None or chosen.next == RESULT else 2


def last_page(answers: Answers) -> int:
    """Return the page from which the result was reached, for the way back."""
    number, after = 1, page_after(1, answers)
    if after is None and (answers.kinds or answers.wants or answers.found):
        after = 2
    while after is not None:
        number, after = after, page_after(after, answers)
    return number


class Answered(NamedTuple):
    """One question as it was answered, and the page where it can be changed."""

    title: Texts
    chosen: tuple[Texts, ...]
    page: int


def answered(answers: Answers) -> Iterator[Answered]:
    """Yield what was answered, in the order of the pages."""
    told = answers.told()
    pages = {"q1": 1, "q2a": 2, "q2d": 2, "q2e": 2, "q3a": 3, "q3a-removal": 3, "q4a": 4}
    for question in all_questions().values():
        said = told.get(question.key)
        values = said if isinstance(said, list) else [said]
        chosen = tuple(it.text for it in question.options if it.value in values)
        if chosen:
            yield Answered(question.title, chosen, pages[question.id])
