"""What is posted of a draft, kept as it is: it may not be right yet."""

from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from madoguchi.correspondence.operations.words import save_draft
from madoguchi.desks.doors import user_of
from madoguchi.workbench.forms import CallForm, PenForm

_OF_THE_TRAY = ("scans", "day", "time")
_TICKED = (*(name for name in CallForm.base_fields if name != "words"), "way", *_OF_THE_TRAY)
_LONGEST, _LONGEST_ADDRESS = 20_000, 400


def keep(request: HttpRequest, draft: UUID) -> None:
    """Save what was posted of a draft, or refuse where another page saved other words."""
    save_draft(
        actor=user_of(request).actor,
        pen=PenForm(request.POST).pen(draft),
        words=words_in(request.POST),
        choices=_choices(request.POST),
        address=_address(request.POST),
        at=timezone.now(),
    )


def words_in(posted: QueryDict) -> str:
    """Return the words as they were typed."""
    return posted.get("words", "").replace("\r\n", "\n")[:_LONGEST]


def _address(posted: QueryDict) -> str | None:
    """Return to whom a letter goes; None where the page does not ask."""
    typed = posted.get("address")
    return None if typed is None else typed.replace("\r\n", "\n")[:_LONGEST_ADDRESS]


def _choices(posted: QueryDict) -> dict[str, list[str]]:
    """Return what is ticked, as it is posted: a draft may hold what is not yet right."""
    ticked = {
        name: [value[:60] for value in posted.getlist(name) if value.isprintable()][:40]
        for name in _TICKED
    }
    return {name: values for name, values in ticked.items() if any(values)}
