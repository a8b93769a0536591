"""What every page of the guide rests on: the answers of this session and the own desk."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.desks.models import Desk
from madoguchi.desks.queries import public_desk
from madoguchi.rules.guidance import Answers, OwnDesk, UnknownAnswerError

KEY = "guide"


def answers_of(request: HttpRequest) -> Answers:
    """Return what this session has answered; what can no longer be read is not said."""
    try:
        return Answers.parsed(request.session.get(KEY, {}))
    except UnknownAnswerError:
        return Answers()


def keep(request: HttpRequest, answers: Answers) -> None:
    """Keep the answers in the sealed session and nowhere else."""
    request.session[KEY] = answers.told()


def own_of(desk: Desk | None) -> OwnDesk | None:
    """Return the installation's desk as the rules know it."""
    return OwnDesk(desk.name, desk.prefecture) if desk else None


def say(request: HttpRequest, template: str, **said: Any) -> HttpResponse:
    """Answer with a page of this storey, under the own desk's name."""
    desk = said.pop("desk") if "desk" in said else public_desk()
    context = {"desk": desk, "desk_name": desk.name if desk else None, **said}
    return render(request, f"guide/{template}.html", context)
