"""A person's record on request; where somebody can be reached, in danger, by two people."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madoguchi.administration.formats import as_zip
from madoguchi.administration.forms.giving import AskedForm, DangerForm, GiveForm
from madoguchi.administration.operations import giving as operations
from madoguchi.administration.queries import danger as dangers
from madoguchi.administration.queries.record import person_of
from madoguchi.administration.views.doors import attempt, sentence_for, show
from madoguchi.consultations.models import Consultation
from madoguchi.consultations.queries import numbered
from madoguchi.desks.doors import actor_of, for_advisers, for_supervisors, user_of
from madoguchi.rules.access import RefusedError
from madoguchi.rules.calendar import in_japan, wareki


@for_supervisors
def records(request: HttpRequest) -> HttpResponse:
    """Ask whose record it is."""
    form = AskedForm(request.GET if "number" in request.GET else None)
    if form.is_valid():
        if row := numbered(actor_of(request), form.parsed()):
            return redirect("administration:record", row.matter.number)
        form.add_error("number", _("この番号の相談は見つかりません。"))
    return show(request, "records", {"here": "records", "form": form})


@for_supervisors
def record(request: HttpRequest, number: str) -> HttpResponseBase:
    """Show what would be given; after the second confirmation, give it."""
    row, user = _found(request, number), user_of(request)
    form = GiveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        given = operations.give_record(
            matter=row.pk, actor=user.actor, with_memos=form.parsed(), at=at
        )
        made = wareki(in_japan(at).date())
        return StreamingHttpResponse(
            as_zip(given, desk=user.desk.name, made=made),
            content_type="application/zip",
            headers={"Content-Disposition": 'attachment; filename="record.zip"'},
        )
    numbers = [it.matter.number for it in person_of(user.actor, row)]
    context = {"here": "records", "number": number, "numbers": numbers, "form": form}
    return show(request, "record_confirm", context, 400 if form.errors else 200)


@for_advisers
def danger(request: HttpRequest) -> HttpResponse:
    """List what waits for a second person; ask for an opening."""
    actor, at = actor_of(request), timezone.now()
    form = DangerForm(
        request.POST if request.method == "POST" else None,
        initial={"number": request.GET.get("number", "")},
    )
    if request.method == "POST" and form.is_valid():
        asked = form.parsed()
        if row := numbered(actor, asked.number):
            done = _("もう1人の職員に、この画面で「開く」を押してもらってください。")
            attempt(
                request,
                done,
                lambda: operations.ask_opening(
                    matter=row.pk, reason=asked.reason, actor=actor, at=at
                ),
            )
            return redirect("administration:danger")
        form.add_error("number", _("この番号の相談は見つかりません。"))
    context = {
        "here": "danger",
        "form": form,
        "waiting": dangers.waiting(actor, at - operations.OPEN_FOR),
        "made": dangers.made(actor),
    }
    return show(request, "danger", context, 400 if form.errors else 200)


@for_advisers
@require_POST
def open_danger(request: HttpRequest, opening: UUID) -> HttpResponse:
    """Open, as the second person; what is found is shown on this page alone."""
    actor = actor_of(request)
    if not dangers.openings(actor).filter(pk=opening).exists():
        raise Http404
    try:
        found = operations.open_in_danger(opening=opening, actor=actor, at=timezone.now())
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
        return redirect("administration:danger")
    return show(request, "opened", {"here": "danger", "found": found})


def _found(request: HttpRequest, number: str) -> Consultation:
    row = numbered(actor_of(request), number)
    if row is None:
        raise Http404
    return row
