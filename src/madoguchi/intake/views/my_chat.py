"""My-page: talk by chat in the same consultation. The talk itself is the chat's own page."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from madoguchi.intake.forms.chat import OpenTalkForm, Said
from madoguchi.intake.forms.fields import readable
from madoguchi.intake.operations import begin_own_talk
from madoguchi.intake.queries import ChatDoor, chat_door
from madoguchi.intake.views.chat import CHAT, TALKS_AN_HOUR
from madoguchi.intake.views.my_page import closed, open_matter, say
from madoguchi.vault.ids import new_id
from madoguchi.vault.throttling import network_of, try_once


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest) -> HttpResponse:
    """Lead to the talk that goes on, or begin one; out of hours, say when."""
    matter = open_matter(request)
    if matter is None:
        return closed(request, readable(request.POST.get("words", "")))
    door = chat_door(matter, timezone.now())
    if door.going_on and request.method != "POST":
        _keep(request, door.going_on)
        return redirect("intake:chat-talk")
    if not door.is_open and not door.going_on:
        return _closed(request, door)
    if request.method != "POST":
        return _enter(request, OpenTalkForm(initial={"once": new_id().hex}))
    return _open(request, matter, OpenTalkForm(request.POST))


def _keep(request: HttpRequest, talk: UUID) -> None:
    """Let this browser go on with a talk; its code is the one of my-page."""
    request.session[CHAT] = {"talk": str(talk), "typed": "", "is_own": True}


def _enter(
    request: HttpRequest, form: OpenTalkForm, status: int = 200, **said: object
) -> HttpResponse:
    return say(request, "chat_enter", status, form=form, is_own=True, **said)


def _closed(request: HttpRequest, door: ChatDoor) -> HttpResponse:
    return say(
        request,
        "chat_closed",
        desk=door.desk,
        has_chat=door.has_chat,
        opens_at=door.opens_at,
        written=readable(request.POST.get("words", "")),
        is_own=True,
    )


def _open(request: HttpRequest, matter: UUID, form: OpenTalkForm) -> HttpResponse:
    """Begin with what was written, or say what stands in the way."""
    if not form.is_valid():
        return _enter(request, form)
    if not try_once("talks", network_of(request), limit=TALKS_AN_HOUR, at=timezone.now()):
        return _enter(request, form, 429, must_wait=True)
    _begin(request, matter, form.parsed())
    return redirect("intake:chat-talk")


def _begin(request: HttpRequest, matter: UUID, said: Said) -> None:
    """Begin one talk, however often the button was pressed."""
    with transaction.atomic():
        begun = begin_own_talk(
            matter=matter,
            words=said.words,
            signals=said.signals,
            once=said.once,
            at=timezone.now(),
        )
        if begun is None:
            # The first press keeps the talk; this one must not write its older session over it.
            request.session.modified = False
            return
        _keep(request, begun)
        try:
            request.session.save()
        except UpdateError as error:  # the person left meanwhile: nothing was begun
            raise SessionInterrupted("left while sending") from error
