"""The desk's side of the chat: who waits, several talks at once, handing over, summing up."""

import hashlib
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import chatting, working
from madoguchi.consultations.queries import as_lines, numbered
from madoguchi.consultations.queries.talks import calls_for
from madoguchi.correspondence.models import Kind, Side, Talk
from madoguchi.correspondence.operations.chat import (
    answer,
    keep_typed,
    mark_opened,
    mark_seen,
    set_room,
)
from madoguchi.correspondence.queries import chat
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.handbook.queries import called
from madoguchi.rules.access import RefusedError, Role
from madoguchi.rules.chat import LIVE, Status, is_away, is_typing
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.workbench.forms.chat import HandOverForm, LineForm, MemoForm, SummaryForm
from madoguchi.workbench.presenting import filled_texts, places_for
from madoguchi.workbench.queries.chat import colleagues_of, overview_of, summary_books
from madoguchi.workbench.views.doors import attempt
from madoguchi.workbench.views.pages import show
from madoguchi.workbench.views.refusals import sentence_for

_FIELDS = {"line", "memo", "summary"}


def _found(request: HttpRequest, talk: UUID) -> Talk:
    row = chat.talks_of(user_of(request).actor).filter(pk=talk).first()
    if row is None:
        raise Http404
    return row


def _end_the_silent() -> None:
    """End what silence has ended; the worker does so, too, where it runs."""
    for talk in chat.lapsed_talks(timezone.now()):
        chatting.lapse(talk=talk, at=timezone.now())


# -- the list ---------------------------------------------------------------------------


@for_advisers
def talks(request: HttpRequest) -> HttpResponse:
    """Show who waits and who talks."""
    _end_the_silent()
    actor = user_of(request).actor
    context = {
        "overview": overview_of(actor, timezone.now()),
        "has_chat": chat.takes_chat(actor.desk),
        "is_open": chat.is_open_now(actor.desk, timezone.now()),
        "may_switch": actor.role is Role.SUPERVISOR,
        "room": "chat",
    }
    return show(request, "workbench/chat.html", context)


@for_advisers
@require_safe
def list_of_talks(request: HttpRequest) -> HttpResponse:
    """Answer with the list where it changed. Looking on does not keep anybody signed in."""
    request.session.modified = False
    _end_the_silent()
    actor = user_of(request).actor
    mark = f'"{hashlib.sha256(chat.mark_of(actor, timezone.now()).encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == mark:
        return HttpResponse(status=304)
    context = {
        "overview": overview_of(actor, timezone.now()),
        "chosen_talk": request.GET.get("talk", ""),
    }
    fragment = render(request, "workbench/chat_list.html", context)
    fragment["ETag"] = mark
    return fragment


@for_advisers
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Answer with what calls from the chat, for the menu."""
    request.session.modified = False
    calls = calls_for(user_of(request).actor)
    mark = f'"{calls.mark}"'
    if request.headers.get("If-None-Match") == mark:
        return HttpResponse(status=304)
    fragment = render(request, "workbench/chat_waiting.html", {"calls": calls})
    fragment["ETag"] = mark
    return fragment


@for_advisers
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """チャットの受付を始める、止める."""
    actor = user_of(request).actor
    said = request.POST.get("open")
    opens = said in ("hours", "always")
    attempt(
        request,
        _("チャットの受付を始めました。") if opens else _("チャットの受付を止めました。"),
        lambda: set_room(
            desk=actor.desk,
            actor=actor,
            is_open=opens,
            by_hours=said != "always",
            at=timezone.now(),
        ),
    )
    return redirect("workbench:chat")


# -- one talk ---------------------------------------------------------------------------


@for_advisers
def talk(request: HttpRequest, talk: UUID) -> HttpResponse:
    """Show a talk, with what is to be noted beside it."""
    row = _found(request, talk)
    actor = user_of(request).actor
    if row.adviser_id != actor.user:
        working.read(matter=row.matter_id, actor=actor, at=timezone.now())
    return _page(request, row)


def _page(request: HttpRequest, row: Talk, status: int = 200, **posted: Any) -> HttpResponse:
    actor = user_of(request).actor
    typed = chat.typed_in(row) if row.adviser_id == actor.user else {}
    about = numbered(actor, row.matter.number)
    assert about
    context = {
        "overview": overview_of(actor, timezone.now()),
        "chosen_talk": str(row.pk),
        "about": as_lines(actor, [about])[0],
        "memos": messages_in(row.matter, Kind.MEMO)[::-1],
        **_forms(request, row, about, typed),
        **_seen(request, row),
        "room": "chat",
        **posted,
    }
    return show(request, "workbench/chat_talk.html", context, status)


def _forms(
    request: HttpRequest, row: Talk, about: Consultation, typed: dict[str, str]
) -> dict[str, Any]:
    """Return the forms of a talk, holding what was typed and not sent."""
    may_end = row.status != Status.SUMMED_UP and row.adviser_id is not None
    is_mine = row.adviser_id == user_of(request).pk
    return {
        "line_form": LineForm(initial={"words": typed.get("line", "")}),
        "memo_form": MemoForm(initial={"words": typed.get("memo", "")}),
        "summary": _summary_form(about, initial={"words": typed.get("summary", "")})
        if may_end and (is_mine or user_of(request).actor.role is Role.SUPERVISOR)
        else None,
        "hand_over": HandOverForm(people=colleagues_of(row, timezone.now()))
        if row.status == Status.TALKING
        else None,
    }


def _summary_form(about: Consultation, data: Any = None, **said: Any) -> SummaryForm:
    books, known = summary_books(about)
    initial = {**known, **said.pop("initial", {})}
    return SummaryForm(data, books=books, initial=initial, **said)


_TOLD = ("status", "ended_by", "adviser", "person_typing_at", "person_seen_at")


def _seen(request: HttpRequest, row: Talk) -> dict[str, Any]:
    """Return what the adviser sees of a talk now; the person's lines count as seen."""
    at = timezone.now()
    is_mine = row.adviser_id == user_of(request).pk
    if is_mine:
        mark_seen(talk=row.pk, side=Side.PERSON, at=at)
        mark_opened(talk=row.pk)
        # Before the lines are read: what comes in between is news the next time. The revision
        # and what it tells of go together, or an end in between would never be seen.
        row.refresh_from_db(fields=[*_TOLD, "revision"])
        is_mine = row.adviser_id == user_of(request).pk
    is_live = row.status in LIVE
    return {
        "talk": row,
        "is_mine": is_mine,
        "is_live": is_live,
        "is_typing": is_live and is_typing(row.person_typing_at, at),
        "is_away": is_live and is_away(row.person_seen_at, at),
        "chat_lines": chat.lines_of(row),
    }


@for_advisers
@require_safe
def live(request: HttpRequest, talk: UUID) -> HttpResponse:
    """Answer with what is new in a talk; with nothing where nothing is."""
    request.session.modified = False
    row = _found(request, talk)
    if request.headers.get("If-None-Match") == _mark(row):
        return HttpResponse(status=304)
    return _part(request, row)


def _mark(row: Talk) -> str:
    at = timezone.now()
    typing, away = is_typing(row.person_typing_at, at), is_away(row.person_seen_at, at)
    return f'"{row.revision}-{typing:d}-{away:d}"'


def _part(request: HttpRequest, row: Talk) -> HttpResponse:
    fragment = render(request, "workbench/chat_live.html", _seen(request, row))
    fragment["ETag"] = _mark(row)
    return fragment


@for_advisers
@require_POST
def say(request: HttpRequest, talk: UUID) -> HttpResponse:
    """Send a line to the person."""
    row, actor = _found(request, talk), user_of(request).actor
    form = LineForm(request.POST)
    if not form.is_valid():
        return _page(request, row, 400, line_form=form)
    try:
        answer(talk=row.pk, actor=actor, words=form.parsed(), at=timezone.now())
    except RefusedError as refusal:
        keep_typed(talk=row.pk, actor=actor, field="line", words=form.parsed(), at=timezone.now())
        messages.error(request, sentence_for(refusal))
        return redirect("workbench:talk", talk=talk)
    if request.headers.get("X-Live"):
        return _part(request, _found(request, talk))
    return redirect("workbench:talk", talk=talk)


@for_advisers
@require_POST
def typed(request: HttpRequest, talk: UUID) -> HttpResponse:
    """Keep what the adviser types in one of the fields of a talk."""
    row = _found(request, talk)
    field = request.POST.get("field", "")
    if field in _FIELDS and row.status != Status.SUMMED_UP:
        keep_typed(
            talk=row.pk,
            actor=user_of(request).actor,
            field=field,
            words=request.POST.get("words", "").replace("\r\n", "\n"),
            at=timezone.now(),
        )
    return HttpResponse(status=204)


@for_advisers
@require_safe
def texts(request: HttpRequest, talk: UUID) -> HttpResponse:
    """Show the texts of the handbook that some letters bring, filled for this talk."""
    row, user = _found(request, talk), user_of(request)
    about = numbered(user.actor, row.matter.number)
    places = places_for(user, about, timezone.now())
    found = filled_texts(called(user.actor, request.GET.get("q", "")[:20]), places)
    context = {"texts": found, "is_fragment": True}
    return render(request, "workbench/texts_found.html", context)


@for_advisers
@require_POST
def take(request: HttpRequest, talk: UUID) -> HttpResponse:
    """チャットに出る."""
    row, actor = _found(request, talk), user_of(request).actor
    try:
        chatting.take_talk(talk=row.pk, actor=actor, at=timezone.now())
    except (RefusedError, IllegalStepError) as refusal:
        messages.error(request, sentence_for(refusal))
        return redirect("workbench:chat")
    return redirect("workbench:talk", talk=talk)


@for_advisers
@require_POST
def hand_over(request: HttpRequest, talk: UUID) -> HttpResponse:
    """同僚に代わる."""
    row, actor = _found(request, talk), user_of(request).actor
    form = HandOverForm(request.POST, people=colleagues_of(row, timezone.now()))
    if not form.is_valid():
        messages.error(request, _("代わる人を、一覧から選んでください。"))
        return redirect("workbench:talk", talk=talk)
    attempt(
        request,
        _("同僚に代わりました。"),
        lambda: chatting.hand_over_talk(
            talk=row.pk,
            actor=actor,
            adviser=UUID(form.cleaned_data["adviser"]),
            at=timezone.now(),
        ),
    )
    return redirect("workbench:chat")


@for_advisers
@require_POST
def memo(request: HttpRequest, talk: UUID) -> HttpResponse:
    """所内メモを残す."""
    row, actor = _found(request, talk), user_of(request).actor
    form = MemoForm(request.POST)
    if not form.is_valid():
        return _page(request, row, 400, memo_form=form)
    at = timezone.now()
    attempt(
        request,
        _("所内メモを残しました。"),
        lambda: working.write_memo(matter=row.matter_id, actor=actor, words=form.parsed(), at=at),
    )
    keep_typed(talk=row.pk, actor=actor, field="memo", words="", at=at)
    return redirect("workbench:talk", talk=talk)


@for_advisers
@require_POST
def end(request: HttpRequest, talk: UUID) -> HttpResponse:
    """チャットを終える; the summary comes after."""
    row, actor = _found(request, talk), user_of(request).actor
    knows = _knows_unsafe(request)
    try:
        chatting.end_talk(talk=row.pk, actor=actor, at=timezone.now(), leaves_unsafe=knows)
    except (RefusedError, IllegalStepError) as refusal:
        if _asks_for_safety(refusal):
            return _page(request, row, 409, asked_unsafe="end-talk")
        messages.error(request, sentence_for(refusal))
    else:
        messages.success(request, _("チャットを終えました。まとめを書いて、記録してください。"))
    return redirect("workbench:talk", talk=talk)


def _knows_unsafe(request: HttpRequest) -> bool:
    """Tell whether whoever ends a talk said that they leave 安全確認 open."""
    return request.POST.get("leaves") == "unsafe"


def _asks_for_safety(refusal: RefusedError | IllegalStepError) -> bool:
    return isinstance(refusal, RefusedError) and refusal.code == "safety-open"


@for_advisers
@require_POST
def sum_up(request: HttpRequest, talk: UUID) -> HttpResponse:
    """まとめを記録する; a talk that goes on ends with it."""
    row, actor = _found(request, talk), user_of(request).actor
    about = numbered(actor, row.matter.number)
    assert about
    form = _summary_form(about, request.POST)
    if not form.is_valid():
        return _page(request, row, 400, summary=form)
    knows = _knows_unsafe(request)
    try:
        chatting.sum_up(
            talk=row.pk,
            actor=actor,
            note=form.parsed(),
            at=timezone.now(),
            leaves_unsafe=knows,
        )
    except (RefusedError, IllegalStepError) as refusal:
        if _asks_for_safety(refusal):
            return _page(request, row, 409, summary=form, asked_unsafe="summary")
        messages.error(request, sentence_for(refusal))
        return redirect("workbench:talk", talk=talk)
    said = _("%(number)sに、まとめを記録しました。") % {"number": row.matter.number}
    messages.success(request, said)
    return redirect("workbench:chat")
