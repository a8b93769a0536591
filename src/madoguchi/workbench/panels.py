"""What other storeys show on a matter's page: each panel is asked, and may have nothing to say.

A panel is a function of the reader and the consultation. It returns which template is drawn
and what the template knows as `panel`; None where it has nothing for this reader. To add
one: write the function beside its queries, name it here in its place.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.queries.dues import deadlines_in
from madoguchi.rules.access import Actor
from madoguchi.workbench.forms.deadlines import DeadlineForm


@dataclass(frozen=True)
class Panel:
    """A part of a matter's page."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Draw = Callable[[Actor, Consultation], Panel | None]


def deadlines(actor: Actor, row: Consultation) -> Panel:
    """期限: what is still to be done in the matter, and the way to add to it."""
    running = deadlines_in(actor, row.pk)
    return Panel("workbench/deadlines.html", {"running": running, "form": DeadlineForm()})


# Between the buttons and what happened: what the adviser must see before writing.
ABOVE: tuple[Draw, ...] = ()
# Beside it, between the person and the record.
BESIDE: tuple[Draw, ...] = (deadlines,)


def drawn(panels: Iterable[Draw], actor: Actor, row: Consultation) -> list[Panel]:
    """Return those of `panels` that have something to say."""
    return [panel for draw in panels if (panel := draw(actor, row))]
