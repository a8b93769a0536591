"""Whose figures are gathered (提出元): written down, renamed, and what their words stand for."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madoguchi.desks.queries import books_on
from madoguchi.statistics.forms.gathering import ReadingForm, SenderForm
from madoguchi.statistics.models import Sender
from madoguchi.statistics.operations import gathering as operations
from madoguchi.statistics.operations.gathering import Asked
from madoguchi.statistics.presenting import both_calendars
from madoguchi.statistics.queries import gathering as queries
from madoguchi.statistics.views.doors import around, question, supervisor
from madoguchi.statistics.views.gathering import (
    after,
    asked_of,
    back,
    period_form,
    query_of,
    sender_of,
)


@require_POST
def expect(request: HttpRequest) -> HttpResponse:
    """Write down a further sender."""
    user, form = supervisor(request), SenderForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("提出元の名前を書いてください。"))
        return back(request)
    deed = partial(operations.expect, actor=user.actor, name=form.parsed(), at=timezone.now())
    return after(request, deed, _("提出元を書きました。"))


def sender(request: HttpRequest, sender: UUID) -> HttpResponse:
    """Show one sender: its name, and what each of its words is added to."""
    user = supervisor(request)
    row, form = sender_of(user, sender), question(request, user)
    if not form.is_valid():
        raise Http404
    context = around(user, "gathering") | {
        "row": row,
        "name_form": SenderForm(initial={"name": row.name}),
        "words": _reading_form(row, asked_of(form)),
        "period": both_calendars(form.parsed().period),
        "query": query_of(form.data),
    }
    return render(request, "statistics/sender.html", context)


@require_POST
def rename(request: HttpRequest, sender: UUID) -> HttpResponse:
    """Call a sender by another name."""
    user, form = supervisor(request), SenderForm(request.POST)
    row = sender_of(user, sender)
    if not form.is_valid():
        messages.error(request, _("提出元の名前を書いてください。"))
        return back(request)
    deed = partial(operations.rename, sender=row.pk, name=form.parsed(), actor=user.actor)
    return after(request, partial(deed, at=timezone.now()), _("名前を変えました。"))


@require_POST
def stop_expecting(request: HttpRequest, sender: UUID) -> HttpResponse:
    """Expect no more of a sender."""
    user = supervisor(request)
    row = sender_of(user, sender)
    deed = partial(operations.stop_expecting, sender=row.pk, actor=user.actor, at=timezone.now())
    return after(request, deed, _("この提出元を、待つ一覧から外しました。"))


@require_POST
def read_as(request: HttpRequest, sender: UUID) -> HttpResponse:
    """Keep what a sender's labels stand for: those that were asked about, new or again."""
    user = supervisor(request)
    row, asked = sender_of(user, sender), asked_of(period_form(request, user))
    form = _reading_form(row, asked, request.POST)
    if not form.is_valid():
        messages.error(request, _("読みかえ先を、一覧から選んでください。"))
        return back(request)
    deed = partial(operations.read_as, sender=row.pk, keys=form.parsed(), actor=user.actor)
    return after(request, partial(deed, at=timezone.now()), _("読みかえを保存しました。"))


def _reading_form(row: Sender, asked: Asked, data: Mapping[str, Any] | None = None) -> ReadingForm:
    """Return the form of a sender's labels, with what stands for them now."""
    return ReadingForm(
        data,
        labels=queries.labels_of(row, asked.period),
        books=books_on(row.desk_id, asked.period.last),
        decided=queries.readings_of(row.desk_id).get(row.pk, {}),
    )
