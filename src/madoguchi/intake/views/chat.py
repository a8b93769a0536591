"""The desk's own chat, for the person: in, wait, talk, end. Every page works without scripts."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.consultations.operations import chatting
from madoguchi.correspondence.models import Side, Talk
from madoguchi.correspondence.operations.chat import mark_seen, note_life, note_typing
from madoguchi.correspondence.queries import chat
from madoguchi.desks.models import Desk
from madoguchi.desks.queries import next_opening, public_desk
from madoguchi.intake.forms.chat import LineForm, OpenTalkForm, Said
from madoguchi.intake.forms.fields import readable
from madoguchi.intake.operations import begin_talk, say_in_talk
from madoguchi.intake.views.letterbox import RECEIPT
from madoguchi.intake.views.my_page import open_matter
from madoguchi.rules.access import RefusedError
from madoguchi.rules.chat import LIVE, EndedBy, Status, is_typing, lapsed
from madoguchi.vault.ids import new_id
from madoguchi.vault.throttling import network_of, try_once

CHAT = "chat"
# Why so many: docs/decisions/0021.
TALKS_AN_HOUR = 40
LINES_AN_HOUR = 600
# So often a page without scripts asks anew, where the person wishes it.
_ASKS_AGAIN = 30


def _say(
    request: HttpRequest, template: str, desk: Desk | None, status: int = 200, **said: object
) -> HttpResponse:
    context = {"desk": desk, "desk_name": desk.name if desk else None, **said}
    return render(request, f"intake/{template}.html", context, status=status)


def _own_talk(request: HttpRequest) -> Talk | None:
    """Return the talk of this session, which silence may just have ended."""
    kept = request.session.get(CHAT)
    row = chat.talk_by_id(UUID(kept["talk"])) if isinstance(kept, dict) else None
    if row and lapsed(chat.facts_of(row), timezone.now()):
        chatting.lapse(talk=row.pk, at=timezone.now())
        row.refresh_from_db()
    return row


# -- in ---------------------------------------------------------------------------------


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Say whether somebody is there, and take the first words."""
    desk, at = public_desk(), timezone.now()
    if desk is None:
        return _say(request, "no_desk", None)
    row = _own_talk(request)
    if row and row.status in LIVE:
        return redirect("intake:chat-talk")
    if not chat.is_open_now(desk.pk, at):
        return _closed(request, desk, at)
    if request.method != "POST":
        return _say(request, "chat_enter", desk, form=OpenTalkForm(initial={"once": new_id().hex}))
    return _open(request, desk, OpenTalkForm(request.POST), at)


def _open(request: HttpRequest, desk: Desk, form: OpenTalkForm, at: dt.datetime) -> HttpResponse:
    """Begin a talk with what was written, or say what stands in the way."""
    if not form.is_valid():
        return _say(request, "chat_enter", desk, form=form)
    if not try_once("talks", network_of(request), limit=TALKS_AN_HOUR, at=at):
        return _say(request, "chat_enter", desk, 429, form=form, must_wait=True)
    _begin(request, desk, form.parsed(), at)
    return redirect("intake:chat-talk")


def _closed(request: HttpRequest, desk: Desk, at: dt.datetime) -> HttpResponse:
    """Say that nobody is there now: when somebody is, who is, and how to write instead."""
    has_chat = chat.takes_chat(desk.pk)
    opens_at = next_opening(desk.pk, at) if has_chat else None
    # What was just typed is given back: it is on this person's screen anyway.
    written = readable(request.POST.get("words", ""))
    return _say(request, "chat_closed", desk, has_chat=has_chat, opens_at=opens_at, written=written)


def _begin(request: HttpRequest, desk: Desk, said: Said, at: dt.datetime) -> None:
    """Begin one talk, however often the button was pressed."""
    with transaction.atomic():
        opened = begin_talk(
            desk=desk.pk, words=said.words, signals=said.signals, once=said.once, at=at
        )
        if opened is None:
            # The first press keeps the talk; this one must not write its older session over it.
            request.session.modified = False
            return
        request.session[CHAT] = {"talk": str(opened.talk), "typed": ""}
        request.session[RECEIPT] = {"code": opened.code, "shown_at": None}
        try:
            # Kept before the second press may go on, which waits for this transaction.
            request.session.save()
        except UpdateError as error:  # the person left meanwhile: nothing was begun
            raise SessionInterrupted("left while sending") from error


# -- the talk ---------------------------------------------------------------------------


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest) -> HttpResponse:
    """Show the talk; take one more line."""
    row = _own_talk(request)
    if row is None:
        return redirect("intake:chat")
    if row.status not in LIVE:
        return redirect("intake:chat-over")
    if request.method != "POST":
        return _page(request, row, _fresh(request.session[CHAT]["typed"]))
    form = LineForm(request.POST)
    if request.POST.get("do") == "look":
        # Without scripts: the page anew, what is half written stays in the field.
        _keep(request, form["words"].value() or "")
        return redirect("intake:chat-talk")
    if not form.is_valid():
        return _page(request, row, form)
    return _take(request, row, form.parsed())


def _take(request: HttpRequest, row: Talk, said: Said) -> HttpResponse:
    at = timezone.now()
    if not try_once("chat-lines", str(row.pk), limit=LINES_AN_HOUR, at=at):
        return _page(request, row, _fresh(said.words), 429, must_wait=True)
    _keep(request, "")
    open_matter(request)  # who talks has not left my-page alone, where it is open
    try:
        say_in_talk(talk=row.pk, words=said.words, signals=said.signals, once=said.once, at=at)
    except RefusedError:  # it ended while this was typed: the words are given back
        _keep(request, said.words)
        return redirect("intake:chat-over")
    if request.headers.get("X-Live"):
        row.refresh_from_db()
        return _part(request, row)
    return redirect("intake:chat-talk")


def _keep(request: HttpRequest, typed: str) -> None:
    """Keep what is half written in the person's own sealed session, and nowhere else."""
    request.session[CHAT] = {**request.session[CHAT], "typed": typed}


def _fresh(typed: str) -> LineForm:
    return LineForm(initial={"once": new_id().hex, "words": typed})


def _page(
    request: HttpRequest, row: Talk, form: LineForm, status: int = 200, **said: object
) -> HttpResponse:
    again = _ASKS_AGAIN if request.GET.get("again") and row.status == Status.WAITING else 0
    said = {"form": form, "again": again, "is_own": _is_own(request), **_seen(row), **said}
    return _say(request, "chat_talk", row.desk, status, **said)


def _is_own(request: HttpRequest) -> bool:
    """Tell whether the talk was begun at my-page, by whoever has its code already."""
    return bool(request.session[CHAT].get("is_own"))


def _seen(row: Talk) -> dict[str, Any]:
    """Return what the person sees of their talk now; the desk's lines count as seen."""
    at = timezone.now()
    note_life(talk=row, at=at)
    mark_seen(talk=row.pk, side=Side.STAFF, at=at)
    # Before the lines are read: what comes in between is news the next time.
    row.refresh_from_db()
    return {
        "talk": row,
        "is_waiting": row.status == Status.WAITING,
        "ahead": chat.ahead_of(row) if row.status == Status.WAITING else 0,
        "is_typing": is_typing(row.staff_typing_at, at),
        "lines": chat.lines_of(row),
    }


def _mark(row: Talk, at: dt.datetime) -> str:
    """Return what changes with everything the person could see."""
    ahead = chat.ahead_of(row) if row.status == Status.WAITING else 0
    typing = int(is_typing(row.staff_typing_at, at))
    return f'"{row.revision}-{typing}-{ahead}"'


def _part(request: HttpRequest, row: Talk) -> HttpResponse:
    """Answer with what changes on the talk's page."""
    answer = render(request, "intake/chat_live.html", _seen(row))
    answer["ETag"] = _mark(row, timezone.now())
    return answer


@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer with what is new; with nothing at all where nothing is."""
    row = _own_talk(request)
    if row is None or row.status not in LIVE:
        return render(request, "intake/chat_ended.html")
    at = timezone.now()
    if request.headers.get("If-None-Match") == _mark(row, at):
        note_life(talk=row, at=at)
        return HttpResponse(status=304)
    return _part(request, row)


@login_not_required
@require_POST
def typed(request: HttpRequest) -> HttpResponse:
    """Keep what is half written, and let the adviser know that something is."""
    row = _own_talk(request)
    if row is not None and row.status in LIVE:
        words = readable(request.POST.get("words", ""))
        _keep(request, words)
        if words.strip():
            note_typing(talk=row.pk, at=timezone.now())
    return HttpResponse(status=204)


# -- the end ----------------------------------------------------------------------------


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """End the talk from the person's side."""
    row = _own_talk(request)
    if request.method == "POST" and row is not None:
        chatting.leave(talk=row.pk, at=timezone.now())
        return redirect("intake:chat-over")
    return redirect("intake:chat-talk")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def over(request: HttpRequest) -> HttpResponse:
    """Show that the talk is over, and the code by which one goes on; back to the queue."""
    row = _own_talk(request)
    if row is None:
        return redirect("intake:chat")
    if row.status in LIVE:
        return redirect("intake:chat-talk")
    if request.method == "POST" and row.adviser_id is None:
        if chat.is_open_now(row.desk_id, timezone.now()):
            chatting.resume(talk=row.pk, at=timezone.now())
        return redirect("intake:chat-talk")
    return _over(request, row)


def _over(request: HttpRequest, row: Talk) -> HttpResponse:
    """Show the code once; nothing that was said stands on the page."""
    at = timezone.now()
    receipt = None if _is_own(request) else request.session.get(RECEIPT)
    code = receipt["code"] if isinstance(receipt, dict) and not receipt["shown_at"] else ""
    if code and request.method == "GET":
        request.session[RECEIPT] = {"code": code, "shown_at": at.isoformat()}
    return _say(
        request,
        "chat_over",
        row.desk,
        code=code,
        is_own=_is_own(request),
        written=request.session[CHAT]["typed"],
        was_silent=row.ended_by == EndedBy.SILENCE,
        may_resume=row.adviser_id is None and chat.is_open_now(row.desk_id, at),
        was_answered=row.adviser_id is not None,
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Show the code in the middle of a talk, to somebody who fears that the line breaks."""
    receipt, row = request.session.get(RECEIPT), _own_talk(request)
    if row is not None and _is_own(request):
        receipt = None
    if request.method != "POST" or row is None or not isinstance(receipt, dict):
        return redirect("intake:chat-talk")
    if not receipt["code"]:
        return _say(request, "chat_code", row.desk)
    request.session[RECEIPT] = {**receipt, "shown_at": timezone.now().isoformat()}
    return _say(request, "chat_code", row.desk, code=receipt["code"])
