"""My-page: another window may be told what the person agrees to, and nothing else."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.intake.forms.handing import ITEMS, AgreeForm
from madoguchi.intake.views.my_page import closed, open_matter, say
from madoguchi.referrals.operations import delivering, hearing, preparing, sending
from madoguchi.referrals.queries import lists
from madoguchi.referrals.queries.lists import OwnReferral
from madoguchi.rules.access import RefusedError
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.rules.referral import Item, Status
from madoguchi.ui.answers import as_download
from madoguchi.ui.printing import UnableToPrintError

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, UUID, P], HttpResponse]


def in_my_page(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let in whose page is open, with the matter it is of."""

    @wraps(view)
    def mine(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        matter = open_matter(request)
        if matter is None:
            return closed(request, "")
        return view(request, matter, *args, **kwargs)

    return mine


def _mine(matter: UUID, referral: UUID) -> OwnReferral:
    found = lists.own_referral(matter, referral)
    if found is None:
        raise Http404
    return found


def _form(found: OwnReferral, request: HttpRequest | None = None) -> AgreeForm:
    asked = [Item(item) for item in found.row.asked]
    first = {"items": found.row.agreed}
    return AgreeForm(request.POST if request else None, initial=first).asking(asked)


@login_not_required
@require_safe
@in_my_page
def handovers(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Show of which windows she was asked, and how it went."""
    return say(request, "handovers", found=lists.own_referrals(matter))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@in_my_page
def handover(request: HttpRequest, matter: UUID, referral: UUID) -> HttpResponse:
    """Show what may go to one window, and take down to what she agrees."""
    found = _mine(matter, referral)
    if request.method == "POST":
        return _agreed(request, found)
    return _page(request, found, _form(found))


def _page(
    request: HttpRequest, found: OwnReferral, form: AgreeForm, status: int = 200, **said: object
) -> HttpResponse:
    row = found.row
    context = {
        "it": found,
        "row": row,
        "form": form,
        "items": [label for item, label in ITEMS if item in found.items],
        "is_open": row.status == Status.PREPARED,
        "told": lists.opened(row).sections or lists.foretold(row, timezone.now()),
        "answer": lists.opened(row).answer,
        **said,
    }
    return say(request, "handover", status, **context)


def _agreed(request: HttpRequest, found: OwnReferral) -> HttpResponse:
    form = _form(found, request)
    form.full_clean()
    items = form.parsed() if request.POST.get("do") == "agree" else frozenset()
    if request.POST.get("do") == "agree" and not items:
        return _page(request, found, form, 400, has_no_choice=True)
    try:
        preparing.agree(referral=found.row.pk, items=items, actor=None, at=timezone.now())
    except RefusedError:
        return _page(request, _mine(found.row.matter_id, found.row.pk), form, 409, is_late=True)
    messages.success(request, _("あなたの返事を、相談員に伝えました。"))
    return redirect("intake:handover", referral=found.row.pk)


@login_not_required
@require_POST
@in_my_page
def stop(request: HttpRequest, matter: UUID, referral: UUID) -> HttpResponse:
    """Call it back, as long as the other window has not taken it up."""
    found, at = _mine(matter, referral), timezone.now()
    try:
        delivering.recall(referral=found.row, at=at)
        sending.withdraw(referral=referral, actor=None, at=at)
    except (RefusedError, IllegalStepError):
        return _page(request, _mine(matter, referral), _form(found), 409, is_late=True)
    messages.success(request, _("取りやめました。"))
    return redirect("intake:handover", referral=referral)


@login_not_required
@require_POST
@in_my_page
def take(request: HttpRequest, matter: UUID, referral: UUID) -> HttpResponse:
    """Give her what she carries herself: the sheet to print, or the whole packet."""
    found, at = _mine(matter, referral), timezone.now()
    try:
        if found.row.status == Status.PREPARED:
            sending.send(referral=referral, actor=None, at=at)
            found.row.refresh_from_db()
        is_sheet = request.POST.get("as") != "packet"
        parcel = delivering.parcel_of_her_own(referral=found.row, is_sheet=is_sheet, at=at)
    except (RefusedError, IllegalStepError):
        return _page(request, _mine(matter, referral), _form(found), 409, is_late=True)
    except UnableToPrintError:
        return _page(request, found, _form(found), 503, cannot_print=True)
    return as_download(parcel.content, parcel.name, parcel.media)


@login_not_required
@require_POST
@in_my_page
def entrance(request: HttpRequest, matter: UUID, referral: UUID) -> HttpResponse:
    """Show the code by which she goes on at the other window; forget it once it is copied."""
    found = _mine(matter, referral)
    if request.POST.get("do") == "copied":
        hearing.forget_entrance(matter=matter, referral=referral)
        return redirect("intake:handover", referral=referral)
    shown = hearing.show_entrance(matter=matter, referral=referral, at=timezone.now())
    if shown is None:
        return redirect("intake:handover", referral=referral)
    return say(request, "entrance", it=found, row=found.row, entrance=shown)
