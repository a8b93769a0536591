"""How long records are kept, what holds them, what is erased."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madoguchi.administration.forms.retention import ClassesForm, KeepForm, SeenForm
from madoguchi.administration.operations import listing
from madoguchi.administration.operations.erasing import erase
from madoguchi.administration.queries import retention as queries
from madoguchi.administration.views.doors import attempt, show
from madoguchi.consultations.operations import keeping
from madoguchi.consultations.queries import numbered
from madoguchi.desks.doors import actor_of, for_supervisors
from madoguchi.vault.sealing import scrub

_HERE = "administration:retention"


@for_supervisors
def retention(request: HttpRequest) -> HttpResponse:
    """Show classes, holds, wishes and lists."""
    return _page(request)


@for_supervisors
@require_POST
def classes(request: HttpRequest) -> HttpResponse:
    """Set the desk's classes of keeping."""
    actor = actor_of(request)
    form = ClassesForm(request.POST, kinds=_kinds(actor.desk))
    if not form.is_valid():
        return _page(request, classes_form=form)
    deed = partial(keeping.set_classes, desk=actor.desk, kinds=form.parsed())
    _attempt(request, _("保存区分を保存しました。"), deed)
    return redirect(_HERE)


@for_supervisors
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Put one matter under a class of its own; hold it where a reason is given."""
    actor = actor_of(request)
    form = KeepForm(request.POST, classes=queries.classes_of(actor.desk))
    row = numbered(actor, form.cleaned_data["number"]) if form.is_valid() else None
    if form.is_valid() and row is None:
        form.add_error("number", _("この番号の相談は見つかりません。"))
    if row is None:
        return _page(request, keep_form=form)
    chosen, reason = form.parsed()
    deed = partial(keeping.keep_under, matter=row.pk, retention_class=chosen)
    if _attempt(request, _("保存のしかたを決めました。"), deed) and reason:
        _attempt(
            request, _("保留にしました。"), partial(keeping.hold, matter=row.pk, reason=reason)
        )
    return redirect(_HERE)


@for_supervisors
@require_POST
def end_hold(request: HttpRequest, matter: UUID) -> HttpResponse:
    """End a hold."""
    _own(request, matter)
    _attempt(request, _("保留を解きました。"), partial(keeping.end_hold, matter=matter))
    return redirect(_HERE)


@for_supervisors
@require_POST
def follow(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Erase what the person asked to be erased."""
    _own(request, matter)
    _attempt(request, _("消しました。件数と台帳だけが残ります。"), partial(erase, matter=matter))
    scrub()
    return redirect(_HERE)


@for_supervisors
@require_POST
def decline(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Note that a wish is not followed."""
    _own(request, matter)
    done = _("消さないことにしました。理由を、返信で本人に伝えてください。")
    _attempt(request, done, partial(keeping.decline_erasure, matter=matter))
    return redirect(_HERE)


@for_supervisors
@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """Approve the list that waits."""
    form, waiting = SeenForm(request.POST), queries.open_list(actor_of(request).desk)
    if waiting is None or not form.is_valid():
        raise Http404
    done = _("承認しました。まもなく消えます。")
    deed = partial(listing.approve, erasure_list=waiting.pk, seen=form.parsed())
    _attempt(request, done, deed)
    return redirect(_HERE)


def _own(request: HttpRequest, matter: UUID) -> None:
    """Let nobody touch a matter of another desk: it does not exist."""
    if not queries.is_of(actor_of(request), matter):
        raise Http404


def _attempt(request: HttpRequest, done: str, deed: Callable[..., object]) -> bool:
    return attempt(request, done, partial(deed, actor=actor_of(request), at=timezone.now()))


def _kinds(desk: UUID) -> list[keeping.Kind]:
    known = [keeping.Kind(it.name, it.years, it.is_usual) for it in queries.classes_of(desk)]
    return known or keeping.standard_kinds()


def _page(
    request: HttpRequest,
    classes_form: ClassesForm | None = None,
    keep_form: KeepForm | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    waiting = queries.open_list(actor.desk)
    due = queries.as_kept(waiting.consultations.order_by("closed_at")) if waiting else []
    wrong = classes_form or keep_form
    context = {
        "here": "retention",
        "is_decided": queries.usual_years(actor.desk) is not None,
        "classes": classes_form or ClassesForm(kinds=_kinds(actor.desk), auto_id="class-%s"),
        "keep": keep_form or KeepForm(classes=queries.classes_of(actor.desk)),
        "wrong": wrong,
        "asked": queries.as_kept(queries.asked(actor)),
        "held": queries.as_kept(queries.held(actor)),
        "waiting": waiting,
        "due": due,
        "lists": queries.lists_of(actor)[:10],
    }
    return show(request, "retention", context, 400 if wrong else 200)
