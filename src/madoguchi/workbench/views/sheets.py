"""The handbook beside what one writes: texts put in by `/`, and cases like this one."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.consultations.queries import numbered
from madoguchi.correspondence.operations.words import save_draft
from madoguchi.correspondence.queries.words import OpenedDraft, draft_of
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.handbook.queries import alike, called
from madoguchi.rules.access import RefusedError
from madoguchi.workbench.forms import PenForm
from madoguchi.workbench.presenting import filled_texts, places_for
from madoguchi.workbench.views.pages import address_of, show
from madoguchi.workbench.views.refusals import sentence_for


@for_advisers
def texts(request: HttpRequest, draft: UUID) -> HttpResponse:
    """GET: the texts that some letters bring. POST, without scripts: one goes into the draft."""
    row = _draft(request, draft)
    actor = user_of(request).actor
    asked = request.GET.get("q", "")[:20]
    matter = numbered(actor, row.number) if row.number else None
    places = places_for(user_of(request), matter, timezone.now())
    found = filled_texts(called(actor, asked), places)
    if request.method == "POST":
        return _inserted(request, row, dict(filled_texts(called(actor, ""), places)))
    context = {"draft": row, "asked": asked, "texts": found, "room": "call"}
    if request.headers.get("HX-Request"):
        return render(request, "workbench/texts_found.html", {**context, "is_fragment": True})
    return show(request, "workbench/texts.html", context)


@for_advisers
def similar(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Show past cases and answers like what is written so far (似た事例)."""
    row = _draft(request, draft)
    context = {"draft": row, "found": alike(user_of(request).actor, row.words), "room": "call"}
    if request.headers.get("HX-Request"):
        return render(request, "workbench/similar_found.html", {**context, "is_fragment": True})
    return show(request, "workbench/similar.html", context)


def _draft(request: HttpRequest, draft: UUID) -> OpenedDraft:
    row = draft_of(user_of(request).actor, draft)
    if row is None:
        raise Http404
    return row


def _inserted(request: HttpRequest, row: OpenedDraft, texts: dict[str, str]) -> HttpResponse:
    """Write a text below what is saved, and go back to the draft."""
    text = texts.get(request.POST.get("text", ""))
    if text is None:
        messages.error(request, _("定型文を選べませんでした。もういちど選んでください。"))
        return redirect("workbench:texts", draft=row.id)
    before = row.words if row.words.endswith("\n") or not row.words else f"{row.words}\n"
    try:
        save_draft(
            actor=user_of(request).actor,
            pen=PenForm(request.POST).pen(row.id),
            words=before + text,
            choices=row.choices,
            at=timezone.now(),
        )
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
    else:
        messages.success(request, _("定型文を入れました。"))
    return redirect(address_of(row))
