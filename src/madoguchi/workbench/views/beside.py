"""Files beside what one writes: they wait with the draft until it is sent."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.correspondence.models import Verdict
from madoguchi.correspondence.operations.files import drop_beside, lay_beside, made_ready
from madoguchi.correspondence.queries.words import draft_of
from madoguchi.correspondence.scanning import scanner
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.rules.access import RefusedError
from madoguchi.rules.files import Chosen
from madoguchi.ui.uploads import turned_away
from madoguchi.workbench.views.doors import attempt, keeps_words, when_pressed
from madoguchi.workbench.views.pages import address_of
from madoguchi.workbench.views.refusals import sentence_for
from madoguchi.workbench.views.saving import keep


def lay(request: HttpRequest, draft: UUID, chosen: Chosen) -> list[str]:
    """Lay what was chosen beside a draft; return what is to be known before it is sent."""
    if not chosen.taken:
        return [turned_away(it) for it in chosen.turned]
    with made_ready(chosen.taken, scanner()) as ready:
        actor = user_of(request).actor
        lay_beside(actor=actor, draft=draft, ready=ready, at=timezone.now())
    said = _("「%(name)s」：開けないファイルです。相談者も、見られないことがあります。")
    undrawn = [said % {"name": it.name} for it in ready if it.is_undrawn]
    said = _("「%(name)s」：ウイルスのうたがいがあります。はずしてください。")
    infected = [said % {"name": it.name} for it in ready if it.verdict is Verdict.INFECTED]
    return [*(turned_away(it) for it in chosen.turned), *undrawn, *infected]


@keeps_words
@for_advisers
@when_pressed
def drop(request: HttpRequest, draft: UUID, file: UUID) -> HttpResponse:
    """はずす: take a file away again; what was typed meanwhile is saved."""
    actor = user_of(request).actor
    row = draft_of(actor, draft)
    if row is None:
        raise Http404
    try:
        keep(request, draft)
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
        return redirect(address_of(row))
    attempt(
        request,
        _("ファイルをはずしました。"),
        lambda: drop_beside(actor=actor, draft=draft, attachment=file),
    )
    return redirect(address_of(row))
