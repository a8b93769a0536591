"""The tray (トレイ): FAXes and letters as scans, until somebody says whose they are."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.consultations.operations.delivering import deliver
from madoguchi.consultations.queries import numbered
from madoguchi.correspondence.operations.files import drop_scan, made_ready, put_in_tray
from madoguchi.correspondence.previewing import UnreadableFileError
from madoguchi.correspondence.queries.files import in_tray, page_of
from madoguchi.correspondence.scanning import is_scanning, scanner
from madoguchi.desks.doors import for_advisers, opens_for, user_of
from madoguchi.rules.access import RefusedError, check_may_work_on
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.ui.answers import as_picture
from madoguchi.ui.uploads import SENTENCES, takes_files
from madoguchi.workbench.forms import folded_number
from madoguchi.workbench.forms.files import DeliverForm, ScansForm
from madoguchi.workbench.views.doors import attempt, when_pressed
from madoguchi.workbench.views.pages import show
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
    try:
        with made_ready(form.parsed(), scanner()) as ready:
            put_in_tray(actor=user_of(request).actor, ready=ready, at=timezone.now())
    except UnreadableFileError:
        form.add_error("chosen", str(SENTENCES["file-unreadable"]))
        return _page(request, 400, scans_form=form)
    messages.success(request, _("トレイに入れました。"))
    return redirect("workbench:tray")


def _page(request: HttpRequest, status: int = 200, **said: Any) -> HttpResponse:
    scans = in_tray(user_of(request).actor)
    now = in_japan(timezone.now())
    initial = {"day": now.date(), "time": now.strftime("%H:%M")}
    context = {
        "scans": scans,
        "scans_form": ScansForm(),
        "deliver_form": DeliverForm(scans=[it.id for it in scans], initial=initial),
        "chosen_scans": request.POST.getlist("scans"),
        "is_scanning": is_scanning(),
        "room": "tray",
        **said,
    }
    return show(request, "workbench/tray.html", context, status)


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
    try:
        row = deliver(actor=actor, matter=matter, parcel=form.parsed(), at=timezone.now())
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
