"""Writing: drafts saved while one types, and what becomes of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations.drafting import (
    Nothing,
    break_off,
    keep_memo,
    record_call,
)
from madoguchi.consultations.operations.mailing import reply_by
from madoguchi.consultations.operations.noting import Note, was_passed_over
from madoguchi.consultations.queries import numbered
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.models.mail import Way
from madoguchi.correspondence.operations.words import Pen, begin_draft, drop_draft
from madoguchi.correspondence.queries.words import OpenedDraft, draft_of
from madoguchi.desks.doors import for_advisers, opens_for, user_of
from madoguchi.experts.queries.showing import tells_video_link
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.ui.uploads import takes_files
from madoguchi.workbench.forms import NoteForm, PenForm, WordsForm
from madoguchi.workbench.forms.files import ReplyFilesForm
from madoguchi.workbench.forms.replies import ReplyForm
from madoguchi.workbench.views.beside import lay
from madoguchi.workbench.views.doors import attempt, found, keeps_words, when_pressed
from madoguchi.workbench.views.pages import (
    Held,
    address_of,
    call_page,
    form_for,
    held,
    matter_page,
    show,
    to_write,
)
from madoguchi.workbench.views.refusals import sentence_for
from madoguchi.workbench.views.saving import keep, words_in

_WRITTEN = {Kind.NOTE, Kind.REPLY, Kind.MEMO}

_SENT = {
    Way.MY_PAGE: gettext_lazy(
        "返信を送りました。相談者は、10秒後からマイページで読めます。それまでは、取りやめられます。"
    ),
    Way.FULL: gettext_lazy("返信をメールで送ります。10秒のあいだは、取りやめられます。"),
    Way.NOTICE: gettext_lazy(
        "返信をマイページに置きました。メールで知らせます。10秒のあいだは、取りやめられます。"
    ),
}

# What is asked beside a draft, without scripts on a page of its own.
_BESIDE_A_DRAFT = {"windows", "texts", "similar"}

# In the session: the last draft that was recorded, and the matter it became part of.
_RECORDED = "recorded"

FinishCall = Callable[..., Consultation]


@for_advisers
@when_pressed
def begin_call(request: HttpRequest) -> HttpResponse:
    """電話: begin the note of a call, of somebody new until somebody says otherwise."""
    row = begin_draft(actor=user_of(request).actor, kind=Kind.NOTE, matter=None, at=timezone.now())
    return redirect("workbench:draft", draft=row.pk)


@for_advisers
@when_pressed
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a call note, a reply or a memo in a matter, or go on with it."""
    row = found(request, number)
    kind = request.POST.get("kind", "")
    if kind not in _WRITTEN:
        raise Http404
    begin_draft(actor=user_of(request).actor, kind=Kind(kind), matter=row.pk, at=timezone.now())
    return redirect(to_write(number, Kind(kind)))


@keeps_words
@for_advisers
def draft(request: HttpRequest, draft: UUID) -> HttpResponse:
    """GET: go on writing. POST: save what is written so far."""
    actor = user_of(request).actor
    if request.method == "POST":
        return _saved(request, actor, draft)
    row = draft_of(actor, draft)
    if row is None:
        return _where_it_went(request, draft)
    if row.matter or row.kind is Kind.GIST:
        return redirect(address_of(row))
    return call_page(request, held(request, row, takes_focus=True))


def _where_it_went(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Lead who comes back to a note they have just recorded (Back) to what it became."""
    what, number = request.session.get(_RECORDED, ("", ""))
    if what != str(draft):
        raise Http404
    return redirect("workbench:matter", number=number)


def _saved(request: HttpRequest, actor: Actor, draft: UUID) -> HttpResponse:
    """Save, and say when; or say what stands in the way."""
    refusal = None
    try:
        keep(request, draft)
    except RefusedError as error:
        refusal = error
    row = draft_of(actor, draft)
    if not request.headers.get("HX-Request"):
        return _saved_without_scripts(request, row, refusal)
    if row is None:
        return render(request, "workbench/draft_gone.html", {"draft_id": draft}, status=404)
    # Who has not seen what another page saved goes on not having seen it, until they say so.
    seen, clash = ("", row) if refusal else (row.saved_at.isoformat(), None)
    page = PenForm(request.POST).pen(draft).page
    on = Held(draft=row, form=Form(), page=page, seen=seen, clash=clash)
    context = {"on": on, "is_saved": refusal is None, "is_fragment": True}
    return render(request, "workbench/draft_state.html", context, status=409 if refusal else 200)


def _saved_without_scripts(
    request: HttpRequest, row: OpenedDraft | None, refusal: RefusedError | None
) -> HttpResponse:
    if row is None:
        return _gone(request)
    if refusal and row.kind is Kind.GIST:
        messages.error(request, sentence_for(refusal))
        return redirect(address_of(row))
    if refusal:
        return _again(request, row, form_for(row, user_of(request).actor, request.POST), refusal)
    if (onward := request.POST.get("then", "")) in _BESIDE_A_DRAFT:
        return redirect(f"workbench:{onward}", draft=row.id)
    messages.success(request, _("ここまでを保存しました。"))
    return redirect(address_of(row))


@takes_files(opens_for(check_may_work_on))
@keeps_words
@for_advisers
@when_pressed
def record(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Record a note, send a reply, keep a memo: whatever the draft is."""
    return _finished(request, draft, record_call)


@keeps_words
@for_advisers
@when_pressed
def broken_off(request: HttpRequest, draft: UUID) -> HttpResponse:
    """無言・間違い・中断: record the call in one press."""
    return _finished(request, draft, _breaking_off(request))


def _breaking_off(request: HttpRequest) -> FinishCall:
    """Return how a call ends that came to nothing; where no word was written, one says why."""
    said = {Nothing.SILENT: _("無言の電話"), Nothing.WRONG_NUMBER: _("間違い電話")}
    asked = request.POST.get("why", "")
    why = Nothing(asked) if asked in set(Nothing) else Nothing.BROKEN_OFF

    def finish(*, note: Note, **told: Any) -> Consultation:
        words = note.words if note.words.strip() else str(said.get(why, ""))
        return break_off(note=replace(note, words=words), why=why, **told)

    return finish


@for_advisers
@when_pressed
def drop(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Give a draft up."""
    actor = user_of(request).actor
    row = draft_of(actor, draft)
    if row is None:
        raise Http404
    attempt(request, _("下書きを消しました。"), lambda: drop_draft(actor=actor, draft=draft))
    if row.number:
        return redirect("workbench:matter", number=row.number)
    return redirect("workbench:inbox")


def _finished(request: HttpRequest, draft: UUID, finish_call: FinishCall) -> HttpResponse:
    """Record what was posted, which may be newer than what was saved; lose nothing if refused."""
    actor = user_of(request).actor
    row = draft_of(actor, draft)
    if row is None or row.kind is Kind.GIST:
        return _gone(request)
    form = form_for(row, actor, request.POST, may_be_empty=finish_call is not record_call)
    pen = PenForm(request.POST).pen(draft)
    if not form.is_valid():
        return _again(request, row, form)
    try:
        if isinstance(form, WordsForm):
            return _sent(request, row, form, pen)
        assert isinstance(form, NoteForm)
        return _noted(request, form, pen, finish_call)
    except (RefusedError, IllegalStepError) as refusal:
        if isinstance(refusal, RefusedError) and refusal.code == "nobody-reads":
            # The way out leads to other pages: what was written stays.
            keep(request, draft)
        return _again(request, row, form, refusal)


def _sent(request: HttpRequest, row: OpenedDraft, form: WordsForm, pen: Pen) -> HttpResponse:
    """Send a reply, or keep a memo."""
    actor = user_of(request).actor
    if isinstance(form, ReplyForm):
        return _replied(request, row, form, pen)
    keep_memo(actor=actor, pen=pen, words=form.parsed(), at=timezone.now())
    messages.success(request, _("所内メモを残しました。"))
    return redirect("workbench:matter", number=row.number)


def _replied(request: HttpRequest, row: OpenedDraft, form: ReplyForm, pen: Pen) -> HttpResponse:
    """Send a reply, and the files that were chosen with it."""
    actor, chosen = user_of(request).actor, ReplyFilesForm(request.POST, request.FILES)
    if not chosen.is_valid():
        return _again(request, row, form, reply_files=chosen)
    # Laid beside first: whatever stands in the way of sending, no file has to be chosen again.
    if faults := lay(request, row.id, chosen.parsed()):
        chosen.add_error("chosen", faults)
        return _again(request, row, form, reply_files=chosen)
    if form.way is Way.FULL and row.matter and tells_video_link(row.matter, form.parsed()):
        form.add_error("words", _("ビデオ通話のリンクは、メールでは送れません。消してください。"))
        return _again(request, row, form, reply_files=chosen)
    sent = reply_by(actor=actor, pen=pen, words=form.parsed(), way=form.way, at=timezone.now())
    held = _("返信を、ふたり目の確認に出しました。確かめられると、相談者へ送られます。")
    messages.success(request, _SENT[form.way] if sent else held)
    return redirect("workbench:matter", number=row.number)


def _noted(request: HttpRequest, form: NoteForm, pen: Pen, finish_call: FinishCall) -> HttpResponse:
    """Record a call, in the matter that was named."""
    actor = user_of(request).actor
    number = form.cleaned_data.get("number")
    known = numbered(actor, number) if number else None
    if number and known is None:
        form.add_error("number", _("この受付番号の相談はありません。番号を確かめてください。"))
        row = draft_of(actor, pen.draft)
        return _again(request, row, form) if row else _gone(request)
    done = finish_call(
        actor=actor,
        pen=pen,
        matter=known.pk if known else None,
        note=form.parsed(),
        at=timezone.now(),
    )
    request.session[_RECORDED] = (str(pen.draft), done.matter.number)
    said = _("%(number)sに記録しました。") % {"number": done.matter.number}
    messages.success(request, said)
    if was_passed_over(done, form.parsed()):
        kept = _(
            "分類（侵害種別・状況・年代）は、さきに保存されたものを残しました。見くらべてください。"
        )
        messages.warning(request, kept)
    if finish_call is not record_call:
        return redirect("workbench:inbox")
    return redirect("workbench:matter", number=done.matter.number)


def _again(
    request: HttpRequest,
    row: OpenedDraft,
    form: Form,
    refusal: RefusedError | IllegalStepError | None = None,
    **beside: Any,
) -> HttpResponse:
    """Show the page again with the posted words in it, and why they were not taken."""
    if refusal:
        messages.error(request, sentence_for(refusal))
    is_newer = isinstance(refusal, RefusedError) and refusal.code == "draft-newer"
    posted: dict[str, Any] = {
        "form": form,
        "page": request.POST.get("page", ""),
        "seen": request.POST.get("seen", ""),
        "clash": row if is_newer else None,
        "takes_focus": not form.errors,
    }
    on = held(request, row, **posted)
    status = 409 if refusal else 400
    consultation = numbered(user_of(request).actor, row.number) if row.number else None
    if consultation is None:
        return call_page(request, on, status)
    return matter_page(request, consultation, again=on, status=status, **beside)


def _gone(request: HttpRequest) -> HttpResponse:
    """Give the posted words back: the draft they belong to is no more, or never was one's own."""
    words = words_in(request.POST)
    if not words:
        raise Http404
    return show(request, "workbench/gone.html", {"words": words}, status=404)
