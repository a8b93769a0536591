"""The tray (トレイ): FAXes and letters as scans, until somebody says whose they are."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.consultations.operations.delivering import deliver
from madoguchi.consultations.queries import numbered
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.operations.files import drop_scan, made_ready, put_in_tray
from madoguchi.correspondence.operations.words import begin_draft
from madoguchi.correspondence.queries.files import in_tray, page_of
from madoguchi.correspondence.queries.words import OpenedDraft, drafts_of
from madoguchi.correspondence.scanning import is_scanning, scanner
from madoguchi.desks.doors import for_advisers, opens_for, user_of
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.ui.answers import as_picture
from madoguchi.ui.uploads import takes_files, turned_away
from madoguchi.workbench.forms import PenForm, folded_number
from madoguchi.workbench.forms.files import DeliverForm, ScansForm
from madoguchi.workbench.views.doors import attempt, when_pressed
from madoguchi.workbench.views.pages import held, show
from madoguchi.workbench.views.refusals import sentence_for


@takes_files(opens_for(check_may_work_on))
@for_advisers
def tray(request: HttpRequest) -> HttpResponse:
    """GET: show what lies in the tray. POST: put scans into it."""
    if request.method != "POST":
        return _page(request)
    form = ScansForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, 400, scans_form=form)
    chosen = form.parsed()
    with made_ready(chosen.taken, scanner()) as ready:
        put_in_tray(actor=user_of(request).actor, ready=ready, at=timezone.now())
    undrawn = [it.name for it in ready if it.is_undrawn]
    if chosen.turned or undrawn:
        # Names are for this answer alone: nothing keeps them to be said on the next page.
        turned = [turned_away(it) for it in chosen.turned]
        return _page(request, turned=turned, undrawn=undrawn, came=len(ready))
    messages.success(request, _("トレイに入れました。"))
    return redirect("workbench:tray")


def _page(request: HttpRequest, status: int = 200, **said: Any) -> HttpResponse:
    """Show the tray; what is typed of the next letter saves itself (下書き)."""
    actor = user_of(request).actor
    scans = in_tray(actor)
    context = {
        "scans": scans,
        "scans_form": ScansForm(),
        "is_scanning": is_scanning(),
        "room": "tray",
        **(_letter(request, actor, [it.id for it in scans], said) if scans else {}),
        **said,
    }
    return show(request, "workbench/tray.html", context, status)


def _letter(
    request: HttpRequest, actor: Actor, scans: list[UUID], said: dict[str, Any]
) -> dict[str, Any]:
    """Return the form of the next letter, as it was posted or as its draft holds it."""
    begin_draft(actor=actor, kind=Kind.GIST, matter=None, at=timezone.now())
    draft = _draft_of(actor)
    assert draft
    now = in_japan(timezone.now())
    saved = {name: values[0] for name, values in draft.choices.items() if name != "scans"}
    initial = {"day": now.date(), "time": now.strftime("%H:%M"), "words": draft.words, **saved}
    form = said.get("deliver_form") or DeliverForm(scans=scans, initial=initial)
    posted = {"page": request.POST["page"]} if request.POST.get("page") else {}
    return {
        "deliver_form": form,
        "chosen_scans": request.POST.getlist("scans") or draft.choices.get("scans", []),
        "on": held(request, draft, form=form, **posted),
        "address": reverse("workbench:assign-scans"),
    }


def _draft_of(actor: Actor) -> OpenedDraft | None:
    """Return what the actor has typed of a letter in the tray."""
    return next((it for it in drafts_of(actor) if it.kind is Kind.GIST), None)


@for_advisers
@when_pressed
def assign_scans(request: HttpRequest) -> HttpResponse:
    """Give scans to a matter, as one letter."""
    actor = user_of(request).actor
    form = DeliverForm(request.POST, scans=[it.id for it in in_tray(actor)])
    known = None
    if form.is_valid() and (typed := form.cleaned_data["number"]).strip():
        known = numbered(actor, folded_number(typed))
        if known is None:
            said = _("この受付番号の相談はありません。番号を確かめてください。")
            form.add_error("number", said)
    if not form.is_valid():
        return _page(request, 400, deliver_form=form)
    matter = known.pk if known else None
    draft = _draft_of(actor)
    pen = PenForm(request.POST).pen(draft.id) if draft else None
    parcel = form.parsed()
    try:
        row = deliver(actor=actor, matter=matter, parcel=parcel, at=timezone.now(), pen=pen)
    except (RefusedError, IllegalStepError) as refusal:
        form.add_error(None, sentence_for(refusal))
        return _page(request, 409, deliver_form=form)
    messages.success(request, _("%(number)sに受け付けました。") % {"number": row.matter.number})
    return redirect("workbench:matter", number=row.matter.number)


@for_advisers
def scan_page(request: HttpRequest, scan: UUID, page: int) -> HttpResponse:
    """Show one page of a scan in the tray."""
    drawn = page_of(None, scan, page, desk=user_of(request).actor.desk)
    if drawn is None:
        raise Http404
    return as_picture(drawn)


@for_advisers
@when_pressed
def drop(request: HttpRequest, scan: UUID) -> HttpResponse:
    """Throw a scan out of the tray."""
    actor = user_of(request).actor
    attempt(
        request,
        _("トレイから消しました。"),
        lambda: drop_scan(actor=actor, scan=scan, at=timezone.now()),
    )
    return redirect("workbench:tray")
