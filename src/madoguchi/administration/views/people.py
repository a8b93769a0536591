"""The staff: who comes, what they may do, who lost their second factor, who leaves."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madoguchi.administration.forms.people import HandOverForm, NewcomerForm, RoleForm
from madoguchi.administration.queries import people as queries
from madoguchi.administration.views.doors import attempt, sentence_for, show
from madoguchi.consultations.operations.working import assign
from madoguchi.consultations.queries import as_lines
from madoguchi.desks.doors import actor_of, for_supervisors
from madoguchi.desks.operations import people as operations
from madoguchi.desks.queries import advisers_of
from madoguchi.rules.access import RefusedError
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.vault.codes import new_password


@for_supervisors
def people(request: HttpRequest) -> HttpResponse:
    """List the staff; let in somebody new under a first password that is shown once."""
    form = NewcomerForm(request.POST if request.method == "POST" else None, auto_id="new-%s")
    if request.method == "POST" and form.is_valid():
        new, password = form.parsed(), new_password()
        newcomer = operations.NewUser(new.username, new.name, new.role, password)
        actor = actor_of(request)
        try:
            operations.add_user(desk=actor.desk, new=newcomer, at=timezone.now(), actor=actor)
        except RefusedError as refusal:
            form.add_error("username", sentence_for(refusal))
        else:
            return _first_password(request, new.username, password)
    context = {"here": "people", "staff": queries.staff_of(actor_of(request)), "form": form}
    return show(request, "people", context, 400 if form.errors else 200)


@for_supervisors
def person(request: HttpRequest, user: UUID) -> HttpResponse:
    """Show one of the staff, with what is in their charge."""
    actor, found = actor_of(request), _found(request, user)
    rows = list(queries.in_charge_of(actor, user))
    others = advisers_of(actor.desk).exclude(pk=user)
    context = {
        "here": "people",
        "member": found,
        "is_oneself": actor.user == user,
        "role_form": RoleForm(initial={"role": found.user.role}, auto_id="role-%s"),
        "charge": as_lines(actor, rows),
        "hand_over": HandOverForm(people=others, auto_id="hand-%s"),
    }
    return show(request, "person", context)


@for_supervisors
@require_POST
def role(request: HttpRequest, user: UUID) -> HttpResponse:
    """Give somebody another role."""
    _found(request, user)
    form = RoleForm(request.POST)
    if form.is_valid():
        deed = partial(operations.change_role, user=user, role=form.parsed())
        _attempt(request, _("役割を変えました。"), deed)
    return redirect("administration:person", user)


@for_supervisors
@require_POST
def renew(request: HttpRequest, user: UUID) -> HttpResponse:
    """Give a first password to who lost password or second factor."""
    found, password = _found(request, user), new_password()
    deed = partial(operations.renew_user, user=user, password=password)
    if _attempt(request, _("二段階認証を外し、仮パスワードをつくりました。"), deed):
        return _first_password(request, found.user.username, password)
    return redirect("administration:person", user)


@for_supervisors
@require_POST
def leave(request: HttpRequest, user: UUID) -> HttpResponse:
    """Close somebody's account; what was in their charge is listed on their page."""
    _found(request, user)
    done = _("退いた人にしました。サインインは、すべて終わっています。")
    _attempt(request, done, partial(operations.leave, user=user))
    return redirect("administration:person", user)


@for_supervisors
@require_POST
def come_back(request: HttpRequest, user: UUID) -> HttpResponse:
    """Open the account of somebody who left again."""
    found, password = _found(request, user), new_password()
    deed = partial(operations.come_back, user=user, password=password)
    if _attempt(request, _("もどった人にしました。"), deed):
        return _first_password(request, found.user.username, password)
    return redirect("administration:person", user)


@for_supervisors
@require_POST
def hand_over(request: HttpRequest, user: UUID) -> HttpResponse:
    """Put somebody else in charge of everything that is in this person's."""
    _found(request, user)
    actor, at = actor_of(request), timezone.now()
    form = HandOverForm(request.POST, people=advisers_of(actor.desk).exclude(pk=user))
    if not form.is_valid():
        messages.error(request, _("新しい担当を選んでください。"))
        return redirect("administration:person", user)
    done = 0
    for row in queries.in_charge_of(actor, user):
        try:
            assign(matter=row.pk, actor=actor, adviser=form.parsed(), at=at)
        except (RefusedError, IllegalStepError):
            continue  # closed or taken meanwhile: what is left is listed again
        done += 1
    messages.success(request, _("%(count)s件の担当を替えました。") % {"count": done})
    return redirect("administration:person", user)


def _found(request: HttpRequest, user: UUID) -> queries.Member:
    found = queries.member(actor_of(request), user)
    if found is None:
        raise Http404
    return found


def _attempt(request: HttpRequest, done: str, deed: Callable[..., None]) -> bool:
    return attempt(request, done, partial(deed, actor=actor_of(request), at=timezone.now()))


def _first_password(request: HttpRequest, username: str, password: str) -> HttpResponse:
    """Show a first password, once: it is kept nowhere."""
    context = {"here": "people", "username": username, "password": password}
    return show(request, "first_password", context)
