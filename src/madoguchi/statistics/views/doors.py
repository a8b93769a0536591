"""Who comes in to the figures, and what stands around every page of them."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.consultations.queries import load
from madoguchi.consultations.queries.talks import calls_for
from madoguchi.desks.doors import let_in
from madoguchi.desks.models import User
from madoguchi.rules.access import Role, check_may_read_figures, check_may_supervise
from madoguchi.rules.calendar import FiscalYear, in_japan
from madoguchi.rules.periods import just_over, label_ja
from madoguchi.statistics.forms import Question
from madoguchi.statistics.queries import years_of


def reader(request: HttpRequest) -> User:
    """Return who is signed in; to who may not read figures, there is no such page."""
    return let_in(request, check_may_read_figures)


def supervisor(request: HttpRequest) -> User:
    """Return who is signed in and may open matters; to a statistician, there is no such page."""
    return let_in(request, check_may_supervise)


def question(request: HttpRequest, user: User, form: type[Question] = Question) -> Question:
    """Return what is asked; where nothing is, this fiscal year."""
    today = in_japan(timezone.now()).date()
    plain = {"year": str(FiscalYear.of(today).year), "part": "year", "basis": ""}
    years = years_of(user.desk_id, today)
    # A link from another room asks for a period only.
    asked = request.GET.dict() if "part" in request.GET else plain
    return form({**form.plain, **asked}, years=years)


def around(user: User, room: str, form: Question | None = None) -> dict[str, Any]:
    """Return what every page of figures shows around its own; the other rooms keep the period."""
    asked = {}
    if form is not None and form.is_valid():
        asked = {name: form.data.get(name, "") for name in ("year", "part", "first", "last")}
    return {
        "form": form,
        "room": room,
        "asked": urlencode(asked),
        "is_demo": user.desk.is_demonstration,
        "desk_name": user.desk.name,
        "load": load(user.actor),
        "calls": calls_for(user.actor),
        "opens_lists": user.role == Role.SUPERVISOR,
    }


def shortcuts() -> list[tuple[str, str, str, str]]:
    """Return what one press reports: name, period, first and last day."""
    names = (_("先月"), _("前の半年"), _("前の年度"))
    periods = just_over(in_japan(timezone.now()).date())
    return [
        (name, label_ja(it), it.first.isoformat(), it.last.isoformat())
        for name, it in zip(names, periods, strict=True)
    ]
