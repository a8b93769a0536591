"""Reading the handbook: all of it to correct it, what is approved to work with it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from madoguchi.handbook.models import Sheet, Sort
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.likeness import likenesses

# Less than this has nothing to do with it.
_ALIKE = 0.06
_SHOWN = 5


@dataclass(frozen=True)
class Alike:
    """A sheet that is like what was written, from 0 to 1."""

    sheet: Sheet
    likeness: float


def sheets_at(actor: Actor) -> QuerySet[Sheet]:
    """Return every sheet of the actor's desk, approved or not, for who works there."""
    try:
        check_may_work_on(actor, actor.desk)
    except RefusedError:
        return Sheet.objects.none()
    sheets = Sheet.objects.filter(desk=actor.desk).select_related("written_by", "approved_by")
    return sheets.order_by("title", "id")


def in_use(actor: Actor) -> QuerySet[Sheet]:
    """Return the sheets that are approved."""
    return sheets_at(actor).exclude(approved_at=None)


def approved_cases(desk: UUID) -> QuerySet[Sheet]:
    """Return the approved past cases of `desk`: they may be published, and hold no name."""
    cases = Sheet.objects.filter(desk=desk, sort=Sort.CASE).exclude(approved_at=None)
    return cases.order_by("title", "id")


def holding(sheets: QuerySet[Sheet], words: str) -> QuerySet[Sheet]:
    """Return those of `sheets` in which `words` stand."""
    if not words:
        return sheets
    places = ("title", "words", "advice", "call")
    anywhere = Q()
    for place in places:
        anywhere |= Q(**{f"{place}__icontains": words})
    return sheets.filter(anywhere)


def called(actor: Actor, letters: str) -> list[Sheet]:
    """Return the texts to send that `letters` bring: those called so before those that hold it."""
    texts = in_use(actor).filter(sort=Sort.TEMPLATE)
    first = list(texts.filter(call__istartswith=letters)[:_SHOWN])
    return [*first, *(it for it in holding(texts, letters)[: 2 * _SHOWN] if it not in first)]


def alike(actor: Actor, words: str) -> list[Alike]:
    """Return the past cases and answers most like `words`, the likest first (似た事例)."""
    sheets = list(in_use(actor).exclude(sort=Sort.TEMPLATE))
    found = likenesses(words, [f"{it.title}\n{it.words}\n{it.advice}" for it in sheets])
    ranked = [Alike(*it) for it in zip(sheets, found, strict=True) if it[1] >= _ALIKE]
    return sorted(ranked, key=lambda it: -it.likeness)[:_SHOWN]
