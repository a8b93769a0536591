"""The expert's own page: what they are asked, what the person lets them see, and no more."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.desks.doors import for_experts, user_of
from madoguchi.experts.forms import ResultForm
from madoguchi.experts.models import ExpertConsultation
from madoguchi.experts.operations.booking import note_seen
from madoguchi.experts.operations.hearing import hear
from madoguchi.experts.queries.showing import own_questions, own_row, page_for, question_for
from madoguchi.rules.access import RefusedError
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.ui.answers import as_picture


def _show(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    frame = {"is_demo": user_of(request).desk.is_demonstration, "now": timezone.now()}
    return render(request, f"experts/{name}.html", {**frame, **context}, status=status)


def _own(request: HttpRequest, asked: UUID) -> ExpertConsultation:
    """Return a question to whoever asks; to anybody else it does not exist."""
    row = own_row(user_of(request).actor, asked)
    if row is None:
        raise Http404
    return row


@for_experts
def questions(request: HttpRequest) -> HttpResponse:
    """Show the dates to come, and the results still to be written."""
    return _show(request, "questions", {"asked": own_questions(user_of(request).actor)})


@for_experts
def question(request: HttpRequest, asked: UUID) -> HttpResponse:
    """Show what is asked; that it was opened is noted."""
    row = _own(request, asked)
    note_seen(asked=asked, actor=user_of(request).actor, at=timezone.now())
    told = question_for(row).asked
    written = {"result": told.result, "words": told.answer, "minutes": told.minutes}
    return _page(request, row, ResultForm(initial=written))


def _page(
    request: HttpRequest, row: ExpertConsultation, form: ResultForm, status: int = 200
) -> HttpResponse:
    return _show(request, "question", {"question": question_for(row), "form": form}, status)


@for_experts
def result(request: HttpRequest, asked: UUID) -> HttpResponse:
    """結果を書く."""
    row = _own(request, asked)
    if request.method != "POST":
        return redirect("experts:question", asked=asked)
    form = ResultForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, 400)
    heard, actor = form.parsed(), user_of(request).actor
    try:
        hear(asked=asked, heard=heard, actor=actor, at=timezone.now())
    except (RefusedError, IllegalStepError):
        form.add_error(None, _("この質問は、もう窓口が終わらせています。"))
        return _page(request, row, form, 409)
    messages.success(request, _("結果を書きとめました。相談員が読みます。"))
    return redirect("experts:questions")


@for_experts
def file_page(request: HttpRequest, asked: UUID, file: UUID, page: int) -> HttpResponse:
    """Show one page of a file that the person lets the expert see."""
    drawn = page_for(_own(request, asked), file, page)
    if drawn is None:
        raise Http404
    return as_picture(drawn)
