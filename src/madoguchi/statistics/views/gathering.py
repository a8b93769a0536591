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
from madoguchi.statistics.forms.gathering import ReadingForm, SenderForm, SentForm
from madoguchi.statistics.models import Sender
from madoguchi.statistics.operations import gathering as operations
from madoguchi.statistics.operations.gathering import Asked
from madoguchi.statistics.presenting import Sheet
from madoguchi.statistics.queries import gathering as queries
from madoguchi.statistics.queries import years_of
from madoguchi.statistics.views.doors import around, question, supervisor
from madoguchi.statistics.views.figures import Shown
from madoguchi.statistics.views.refusals import sentence_for
from madoguchi.ui.answers import as_download
from madoguchi.ui.printing import UnableToPrintError
from madoguchi.ui.uploads import takes_files


def gathering(request: HttpRequest) -> HttpResponse:
    """Show who has sent and who has not, what has to be decided, and the sum."""
    user = supervisor(request)
    form = question(request, user)
    context = around(user, "gathering", form) | {"sender_form": SenderForm()}
    if form.is_valid():
        context |= _gathered(user, _asked(form), _query(form.data))
    return render(request, "statistics/gathering.html", context)


def _gathered(user: User, asked: Asked, query: str) -> dict[str, Any]:
    found = queries.gathered(user.actor, period=asked.period, basis=asked.basis)
    sheet = Sheet(_name(user), found.figures) if found.figures else None
    senders = [(str(it.sender.pk), it.sender.name) for it in found.arrived]
    return {
        "found": found,
        "sheet": sheet,
        "tables": [Shown(it, asked.period) for it in found.figures.tables] if found.figures else [],
        "sent_form": SentForm(senders=senders),
        "readings": [(it, _reading_form(user, asked, it)) for it in found.arrived if it.undecided],
        "files": [(kind.upper(), kind) for kind in FORMATS],
        "query": query,
    }


def _name(user: User) -> str:
    return _("%(desk)s とりまとめ") % {"desk": user.desk.name}


def _reading_form(user: User, asked: Asked, it: queries.Arrived, data: Any = None) -> ReadingForm:
    books = books_on(user.desk_id, asked.period.last)
    return ReadingForm(data, labels=it.undecided, books=books)


@require_POST
def expect(request: HttpRequest) -> HttpResponse:
    """Write down a further sender."""
    user, form = supervisor(request), SenderForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("提出元の名前を書いてください。"))
        return _back(request)
    deed = partial(operations.expect, actor=user.actor, name=form.parsed(), at=timezone.now())
    return _after(request, deed, _("提出元を書きました。"))


@require_POST
def stop_expecting(request: HttpRequest, sender: UUID) -> HttpResponse:
    """Expect no more of a sender."""
    user = supervisor(request)
    row = _sender(user, sender)
    deed = partial(operations.stop_expecting, sender=row.pk, actor=user.actor, at=timezone.now())
    return _after(request, deed, _("この提出元を、待つ一覧から外しました。"))


@takes_files(opens_for(check_may_supervise))
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Take a sender's file."""
    user = supervisor(request)
    names = [(str(it.pk), it.name) for it in queries.senders_of(user.actor)]
    form = SentForm(request.POST, request.FILES, senders=names)
    if not form.is_valid():
        messages.error(request, _("提出元とファイルを選んでください。"))
        return _back(request)
    sender, content = form.parsed()
    deed = partial(
        operations.take,
        sender=UUID(sender),
        asked=_asked(_period_form(request, user)),
        content=content,
        actor=user.actor,
        at=timezone.now(),
    )
    return _after(request, deed, _("数字を受け取りました。ファイルは残していません。"))


@require_POST
def read_as(request: HttpRequest, sender: UUID) -> HttpResponse:
    """Keep what a sender's labels stand for."""
    user = supervisor(request)
    row, asked = _sender(user, sender), _asked(_period_form(request, user))
    found = queries.gathered(user.actor, period=asked.period, basis=asked.basis)
    one = next((it for it in found.arrived if it.sender.pk == row.pk), None)
    form = _reading_form(user, asked, one, request.POST) if one else None
    if form is None or not form.is_valid():
        raise Http404
    deed = partial(operations.read_as, sender=row.pk, keys=form.parsed())
    return _after(
        request, partial(deed, actor=user.actor, at=timezone.now()), _("読みかえを保存しました。")
    )


def gathered_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the sum as a file."""
    user = supervisor(request)
    asked = _asked(_period_form(request, user))
    found = queries.gathered(user.actor, period=asked.period, basis=asked.basis)
    if kind not in FORMATS or found.figures is None:
        raise Http404
    sheet = Sheet(_name(user), found.figures)
    try:
        content = FORMATS[kind].make(sheet, timezone.now())
    except UnableToPrintError as refusal:
        messages.error(request, str(refusal))
        return _back(request)
    return as_download(content, f"gathered-{sheet.file_name}.{kind}", FORMATS[kind].content_type)


def _period_form(request: HttpRequest, user: User) -> Question:
    form = Question(request.GET, years=years_of(user.desk_id, in_japan(timezone.now()).date()))
    if not form.is_valid():
        raise Http404
    return form


def _asked(form: Question) -> Asked:
    parsed = form.parsed()
    return Asked(parsed.period, parsed.basis or default_basis(parsed.period))


def _sender(user: User, sender: UUID) -> Sender:
    row = queries.senders_of(user.actor).filter(pk=sender).first()
    if row is None:
        raise Http404
    return row


def _after(request: HttpRequest, deed: Callable[[], object], done: str) -> HttpResponse:
    """Do it, say what came of it, and go back to the page of the same period."""
    try:
        deed()
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
    except (UnreadableFiguresError, UnableToImportError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('statistics:gathering')}?{_query(request.GET)}")


def _query(data: Mapping[str, Any]) -> str:
    """Return what is asked, for the addresses of the page."""
    return urlencode({name: data.get(name) or "" for name in Question.base_fields})
