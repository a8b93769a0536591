"""Gathering the figures of other desks: who has sent, what they say, the sum."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madoguchi.consultations.operations.reading import UnableToImportError
from madoguchi.desks.doors import opens_for
from madoguchi.desks.models import User
from madoguchi.desks.queries import books_on
from madoguchi.rules.access import RefusedError, check_may_supervise
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.counting import default_basis
from madoguchi.rules.exchange import UnreadableFiguresError
from madoguchi.statistics.formats import FORMATS
from madoguchi.statistics.forms import Question
from madoguchi.statistics.forms.gathering import FreezeSumForm, ReadingForm, SenderForm, SentForm
from madoguchi.statistics.models import Sender, Sort
from madoguchi.statistics.operations import gathering as operations
from madoguchi.statistics.operations.gathering import Asked
from madoguchi.statistics.operations.summing import freeze_sum
from madoguchi.statistics.presenting import Sheet
from madoguchi.statistics.presenting.gathered import sum_document_of
from madoguchi.statistics.queries import gathering as queries
from madoguchi.statistics.queries import years_of
from madoguchi.statistics.queries.frozen import frozen_of
from madoguchi.statistics.queries.summing import sum_from
from madoguchi.statistics.views.doors import around, question, supervisor
from madoguchi.statistics.views.refusals import sentence_for
from madoguchi.statistics.views.reports import label_of, shown
from madoguchi.ui.answers import as_download
from madoguchi.ui.printing import UnableToPrintError
from madoguchi.ui.uploads import takes_files


def gathering(request: HttpRequest) -> HttpResponse:
    """Show who has sent and who has not, what has to be decided, and the sum."""
    user = supervisor(request)
    form = question(request, user)
    context = around(user, "gathering", form) | {"sender_form": SenderForm()}
    if form.is_valid():
        context |= _gathered(user, asked_of(form), query_of(form.data))
    return render(request, "statistics/gathering.html", context)


def _gathered(user: User, asked: Asked, query: str) -> dict[str, Any]:
    found = queries.gathered(user.actor, period=asked.period, basis=asked.basis)
    content = sum_from(found, user.desk_id)
    senders = [(str(it.sender.pk), it.sender.name) for it in found.arrived]
    books = books_on(user.desk_id, asked.period.last)
    ends = {"first": asked.period.first, "last": asked.period.last}
    return {
        "found": found,
        "sent_form": SentForm(senders=senders),
        "freeze_form": FreezeSumForm(),
        "is_over": asked.period.last < in_japan(timezone.now()).date(),
        "readings": [
            (it, ReadingForm(labels=it.undecided, books=books))
            for it in found.arrived
            if it.undecided
        ],
        "frozen": [
            (row, label_of(row)) for row in frozen_of(user.actor, Sort.GATHERED).filter(**ends)
        ],
        "files": [(kind.upper(), kind) for kind in FORMATS],
        "query": query,
        **(shown(sum_document_of(content)) if content else {}),
    }


def _name(user: User) -> str:
    return _("%(desk)s とりまとめ") % {"desk": user.desk.name}


@takes_files(opens_for(check_may_supervise))
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Take a sender's file."""
    user = supervisor(request)
    names = [(str(it.pk), it.name) for it in queries.senders_of(user.actor)]
    form = SentForm(request.POST, request.FILES, senders=names)
    if not form.is_valid():
        messages.error(request, _("提出元とファイルを選んでください。"))
        return back(request)
    sender, content = form.parsed()
    deed = partial(
        operations.take,
        sender=UUID(sender),
        asked=asked_of(period_form(request, user)),
        content=content,
        actor=user.actor,
        at=timezone.now(),
    )
    return after(request, deed, _("数字を受け取りました。ファイルは残していません。"))


@require_POST
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze the sum of a period."""
    user = supervisor(request)
    form = FreezeSumForm(request.POST)
    form.full_clean()
    asked = asked_of(period_form(request, user))
    try:
        frozen = freeze_sum(
            asked=asked, actor=user.actor, at=timezone.now(), is_short=form.parsed()
        )
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
        return back(request)
    messages.success(request, _("確定しました。この版の数字は、もう変わりません。"))
    return redirect("statistics:frozen", frozen)


def gathered_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the sum as a file."""
    user = supervisor(request)
    asked = asked_of(period_form(request, user))
    found = queries.gathered(user.actor, period=asked.period, basis=asked.basis)
    if kind not in FORMATS or found.figures is None:
        raise Http404
    sheet = Sheet(_name(user), found.figures)
    try:
        content = FORMATS[kind].make(sheet, timezone.now())
    except UnableToPrintError as refusal:
        messages.error(request, str(refusal))
        return back(request)
    return as_download(content, f"gathered-{sheet.file_name}.{kind}", FORMATS[kind].content_type)


def period_form(request: HttpRequest, user: User) -> Question:
    """Return the period that the address asks for; none is not found."""
    form = Question(request.GET, years=years_of(user.desk_id, in_japan(timezone.now()).date()))
    if not form.is_valid():
        raise Http404
    return form


def asked_of(form: Question) -> Asked:
    """Return what is gathered."""
    parsed = form.parsed()
    return Asked(parsed.period, parsed.basis or default_basis(parsed.period))


def sender_of(user: User, sender: UUID) -> Sender:
    """Return a sender of the desk of `user`; another one is not found."""
    row = queries.senders_of(user.actor).filter(pk=sender).first()
    if row is None:
        raise Http404
    return row


def after(request: HttpRequest, deed: Callable[[], object], done: str) -> HttpResponse:
    """Do it, say what came of it, and go back to the page of the same period."""
    try:
        deed()
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
    except (UnreadableFiguresError, UnableToImportError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return back(request)


def back(request: HttpRequest) -> HttpResponse:
    """Go back to the page of the same period."""
    return redirect(f"{reverse('statistics:gathering')}?{query_of(request.GET)}")


def query_of(data: Mapping[str, Any]) -> str:
    """Return what is asked, for the addresses of the page."""
    return urlencode({name: data.get(name) or "" for name in Question.base_fields})
