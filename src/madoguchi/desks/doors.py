"""Who comes in at a page: the guards that the views of every room share."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from madoguchi.desks.models import User
from madoguchi.rules.access import (
    Actor,
    RefusedError,
    check_is_expert,
    check_may_supervise,
    check_may_work_on,
    passes,
)

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, P], Answer]
Check = Callable[[Actor, UUID], None]


def user_of(request: HttpRequest) -> User:
    """Return who is signed in."""
    assert isinstance(request.user, User)
    return request.user


def actor_of(request: HttpRequest) -> Actor:
    """Return who is signed in, as the rules see them."""
    return user_of(request).actor


def let_in(request: HttpRequest, check: Check) -> User:
    """Return who is signed in and passes `check` at their desk; to others there is no such page."""
    user = user_of(request)
    try:
        check(user.actor, user.desk_id)
    except RefusedError:
        raise Http404 from None
    return user


def only_for(check: Check) -> Callable[[View[P, Answer]], View[P, Answer]]:
    """Guard a view: who does not pass `check` at their own desk finds no such page."""

    def guard(view: View[P, Answer]) -> View[P, Answer]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
            let_in(request, check)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def opens_for(check: Check) -> Callable[[HttpRequest], bool]:
    """Tell, for `takes_files`, whether who asks passes `check`: from others no file is read."""

    def opens(request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and passes(check, user.actor, user.desk_id)

    return opens


for_advisers = only_for(check_may_work_on)
for_supervisors = only_for(check_may_supervise)
for_experts = only_for(check_is_expert)
