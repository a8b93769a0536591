"""窓口を探す: looking for a window while on the telephone, and putting it into the note."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.operations.words import save_draft
from madoguchi.correspondence.queries.words import OpenedDraft, draft_of
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.rules.access import RefusedError
from madoguchi.workbench.forms import PenForm
from madoguchi.workbench.presenting import found_windows, way_at, with_window
from madoguchi.workbench.views.pages import address_of, show
from madoguchi.workbench.views.refusals import sentence_for


@for_advisers
def windows(request: HttpRequest, draft: UUID) -> HttpResponse:
    """GET: the windows that fit some letters. POST, without scripts: one goes into the note."""
    row = draft_of(user_of(request).actor, draft)
    if row is None or row.kind is not Kind.NOTE:
        raise Http404
    if request.method == "POST":
        return _inserted(request, row)
    asked = request.GET.get("q", "")[:40]
    context = {
        "draft": row,
        "asked": asked,
        "found": found_windows(asked, timezone.now()),
        "room": "call",
    }
    if request.headers.get("HX-Request"):
        return render(request, "workbench/windows_found.html", {**context, "is_fragment": True})
    return show(request, "workbench/windows.html", context)


def _inserted(request: HttpRequest, row: OpenedDraft) -> HttpResponse:
    """Write the window into the draft as it is saved, and go back to the note."""
    way = way_at(request.POST.get("way", ""))
    if way is None:
        messages.error(request, _("窓口を選べませんでした。もういちど探してください。"))
        return redirect("workbench:windows", draft=row.id)
    words, choices = with_window(row, *way)
    try:
        save_draft(
            actor=user_of(request).actor,
            pen=PenForm(request.POST).pen(row.id),
            words=words,
            choices=choices,
            at=timezone.now(),
        )
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
    else:
        said = _("%(name)sをメモに入れました。") % {"name": way[0].name.ja}
        messages.success(request, said)
    return redirect(address_of(row))
