"""Searching a desk's matters (さがす) by any word in them."""

from dataclasses import dataclass

from madoguchi.consultations.queries import Line, lines_of
from madoguchi.consultations.queries.shelf import Texts, matters_saying, texts_of
from madoguchi.rules.access import Actor, check_may_work_on
from madoguchi.rules.searching import Excerpt, excerpt, needles

_MOST_PLACES = 3


@dataclass(frozen=True)
class Hit:
    """A matter that was found: where, and in which words."""

    line: Line
    places: tuple[tuple[str, Excerpt], ...]


@dataclass(frozen=True)
class Results:
    """What was found, the latest first; `is_more`: there is more than was asked for.

    `unread`: after a start, how many older matters are not open yet and were not looked into.
    """

    hits: tuple[Hit, ...]
    is_more: bool
    unread: int = 0


def found_by(actor: Actor, asked: str, *, most: int) -> Results:
    """Return the matters of the actor's desk in which every word of `asked` stands.

    What is shown is opened anew from the database: what was erased meanwhile is not.
    """
    check_may_work_on(actor, actor.desk)
    wanted = needles(asked)
    if not wanted:
        return Results((), is_more=False)
    saying = matters_saying(actor, wanted, most=most + 1)
    lines = lines_of(actor, saying.matters[:most])
    texts = texts_of(actor.desk, [line.matter for line in lines])
    hits = [Hit(line, places) for line in lines if (places := _places(texts[line.matter], wanted))]
    return Results(tuple(hits), is_more=len(saying.matters) > most, unread=saying.unread)


def _places(texts: Texts, wanted: list[str]) -> tuple[tuple[str, Excerpt], ...]:
    """Return where each of `wanted` stands first; nothing where one stands nowhere."""
    found: dict[tuple[str, Excerpt], None] = {}
    for needle in wanted:
        first = next(((where, it) for where, text in texts if (it := excerpt(text, needle))), None)
        if first is None:
            return ()
        found[first] = None
    return tuple(found)[:_MOST_PLACES]
