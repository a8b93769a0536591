"""一覧板: the supervisor's view of the desk, and assigning from it."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from madoguchi.consultations.queries.board import by_adviser, columns, overdue
from madoguchi.desks.doors import for_supervisors, user_of
from madoguchi.desks.queries import advisers_of
from madoguchi.matters.queries import approvals_at, opened_approvals
from madoguchi.workbench.views.pages import show

_SHOWN = 12


@for_supervisors
def board(request: HttpRequest) -> HttpResponse:
    """Show what nobody has, what is late, who waits for whom, and who is busy."""
    actor, now = user_of(request).actor, timezone.now()
    unassigned, person, expert = columns(actor)
    late, late_count = overdue(actor, now)
    waiting = approvals_at(actor).filter(decided_at=None).order_by("asked_at")[:_SHOWN]
    numbers = {row.matter_id: row.matter.number for row in waiting}
    context = {
        "unassigned": unassigned,
        "waiting": [person, expert],
        "late": late,
        "late_count": late_count,
        "asked": [(numbers[it.matter], it) for it in opened_approvals(actor, waiting)],
        "advisers": by_adviser(actor, now),
        "people": advisers_of(actor.desk),
        "room": "board",
    }
    return show(request, "workbench/board.html", context)
