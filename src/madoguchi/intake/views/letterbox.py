"""The letterbox: write, see the numbers first where there is danger, check, send, get a code."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.correspondence.queries.chat import is_open_now
from madoguchi.correspondence.queries.mailbox import sends_notices
from madoguchi.desks.models import Desk
from madoguchi.desks.queries import public_desk
from madoguchi.intake.forms.letter import LetterForm
from madoguchi.intake.operations import send_letter
from madoguchi.rules.triage import Urgency, urgency_of
from madoguchi.vault.ids import new_id
from madoguchi.vault.throttling import network_of, try_once

# What of a session is ours. The guide's answers are read only, where the person says so.
DRAFT, RECEIPT, GUIDE = "letter", "receipt", "guide"
# From one network, which a whole school may share (docs/decisions/0021).
LETTERS_AN_HOUR = 40
# For so long an accidental reload can bring the code back (docs/decisions/0020).
_CODE_STAYS = dt.timedelta(minutes=10)


def _guide_answers(request: HttpRequest) -> dict[str, Any]:
    found = request.session.get(GUIDE)
    return found if isinstance(found, dict) else {}


def _form(request: HttpRequest, desk: Desk, data: Any = None) -> LetterForm:
    return LetterForm(
        data,
        guide=_guide_answers(request),
        prefecture=desk.prefecture,
        sends_notices=sends_notices(desk.pk),
    )


def _say(
    request: HttpRequest, template: str, desk: Desk | None = None, status: int = 200, **said: object
) -> HttpResponse:
    """Answer with a page of this storey."""
    name = desk.name if desk else None
    context = {"desk": desk, "desk_name": name, **said}
    return render(request, f"intake/{template}.html", context, status=status)


def _drafted(request: HttpRequest, desk: Desk) -> LetterForm | None:
    """Return the letter as it waits to be sent; None where there is none (or no longer)."""
    draft = request.session.get(DRAFT)
    if not isinstance(draft, dict):
        return None
    form = _form(request, desk, draft["typed"])
    return form if form.is_valid() else None


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Show the one page on which everything is written; take what was written."""
    desk = public_desk()
    if desk is None:
        return _say(request, "no_desk")
    if request.method != "POST":
        draft = request.session.get(DRAFT)
        form = _form(request, desk, draft["typed"] if isinstance(draft, dict) else None)
        has_chat = is_open_now(desk.pk, timezone.now())
        return _say(request, "write", desk, form=form, is_open=form.is_bound, has_chat=has_chat)
    form = _form(request, desk, request.POST)
    if not form.is_valid():
        return _say(request, "write", desk, form=form, is_open=form.tells_more)
    request.session[DRAFT] = {"typed": form.typed, "once": new_id().hex}
    in_danger = urgency_of(form.parsed().signals) is Urgency.DANGER
    return redirect("intake:first" if in_danger else "intake:check")


def _nothing_here(request: HttpRequest, desk: Desk | None) -> HttpResponse:
    """Answer where no letter waits: it was sent (after Back), or it is no longer there."""
    return redirect("intake:done") if RECEIPT in request.session else _say(request, "gone", desk)


@login_not_required
@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """Show the numbers before anything else. Nothing is blocked: sending is one press away."""
    desk = public_desk()
    if desk is None or _drafted(request, desk) is None:
        return _nothing_here(request, desk)
    return _say(request, "first", desk)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show all that was written before it goes; send it."""
    desk = public_desk()
    if desk is None:
        return _say(request, "no_desk")
    form = _drafted(request, desk)
    if form is None:
        return _nothing_here(request, desk)
    if request.method != "POST":
        return _say(request, "check", desk, form=form)
    at = timezone.now()
    if not try_once("letters", network_of(request), limit=LETTERS_AN_HOUR, at=at):
        return _say(request, "check", desk, 429, form=form, must_wait=True)
    _send(request, desk, form, at)
    return redirect("intake:done")


def _send(request: HttpRequest, desk: Desk, form: LetterForm, at: dt.datetime) -> None:
    """Send the letter once, however often the button was pressed."""
    once = request.session[DRAFT]["once"]
    with transaction.atomic():
        received = send_letter(desk=desk.pk, letter=form.parsed(), once=once, at=at)
        if received is None:
            # The first press keeps the code; this one must not write its older session over it.
            request.session.modified = False
            return
        del request.session[DRAFT]
        request.session[RECEIPT] = {"code": received.code, "shown_at": None}
        try:
            # Kept before the second press may go on, which waits for this transaction.
            request.session.save()
        except UpdateError as error:  # the person left meanwhile: nothing was sent
            raise SessionInterrupted("left while sending") from error


@login_not_required
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Show the code once; after a reload, only when asked, and not for long."""
    desk = public_desk()
    receipt = request.session.get(RECEIPT)
    if not isinstance(receipt, dict):
        return _say(request, "gone", desk)
    at, shown = timezone.now(), receipt["shown_at"]
    if shown is None and request.method == "GET":
        request.session[RECEIPT] = {**receipt, "shown_at": at.isoformat()}
        return _say(request, "done", desk, code=receipt["code"])
    if receipt["code"] and shown and at - dt.datetime.fromisoformat(shown) > _CODE_STAYS:
        request.session[RECEIPT] = receipt = {**receipt, "code": ""}
    return _say(request, "covered", desk, may_see=bool(receipt["code"]))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Uncover the code that was covered by a reload, or forget it: it was copied."""
    receipt = request.session.get(RECEIPT)
    if request.method == "POST" and isinstance(receipt, dict) and receipt["shown_at"]:
        at, shown = timezone.now(), dt.datetime.fromisoformat(receipt["shown_at"])
        if request.POST.get("do") == "copied":
            request.session[RECEIPT] = {**receipt, "code": ""}
        elif receipt["code"] and at - shown <= _CODE_STAYS:
            return _say(request, "done", public_desk(), code=receipt["code"])
    return redirect("intake:done")
