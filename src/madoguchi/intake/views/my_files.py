"""My-page: files of the person and of the desk, to be sent, looked at and kept."""

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.correspondence.scanning import scanner
from madoguchi.intake.forms.letter import WEB
from madoguchi.intake.forms.my_page import FilesForm
from madoguchi.intake.operations import Sending, SentAlreadyError, open_my_page, send_files
from madoguchi.intake.queries import own_page, own_paper, talk_of
from madoguchi.intake.views.my_page import MESSAGES_AN_HOUR, MINE, closed, is_over, say, stay
from madoguchi.rules.access import RefusedError
from madoguchi.rules.triage import needs_safety_check
from madoguchi.ui.answers import as_download, as_picture
from madoguchi.ui.uploads import SENTENCES, takes_files, turned_away
from madoguchi.vault.ids import new_id
from madoguchi.vault.throttling import try_once


def _is_inside(request: HttpRequest) -> bool:
    """Tell whether somebody sends this whose page is open."""
    return MINE in request.session and not is_over(request, timezone.now())


@takes_files(_is_inside)
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """Show the files of both sides; take more."""
    at = timezone.now()
    form = FilesForm(request.POST, files=request.FILES) if request.method == "POST" else None
    if not _is_inside(request):
        return closed(request, form["words"].value() or "" if form else "")
    matter = stay(request, at)
    if form is not None:
        return _take(request, matter, form, at)
    if talk_of(matter, at).has_new_reply:
        open_my_page(matter=matter, at=at)
    return _page(request, matter, _fresh())


def _fresh() -> FilesForm:
    return FilesForm(initial={"once": new_id().hex})


def _page(
    request: HttpRequest, matter: UUID, form: FilesForm, status: int = 200, **said: object
) -> HttpResponse:
    care = request.session[MINE].pop("care", False)
    request.session.modified = True
    talk = talk_of(matter, timezone.now())
    return say(request, "files", status, talk=talk, form=form, care=care, **said)


def _take(request: HttpRequest, matter: UUID, form: FilesForm, at: dt.datetime) -> HttpResponse:
    """Take files as one more message, or say what stands in the way."""
    if not form.is_valid():
        return _page(request, matter, form)
    if not try_once("messages", str(matter), limit=MESSAGES_AN_HOUR, at=at):
        return _page(request, matter, form, 429, must_wait=True)
    told = form.parsed()
    taken, turned = told.files.taken, told.files.turned
    sending = Sending(files=taken, words=told.words, signals=told.signals, once=told.once)
    try:
        sent = send_files(matter=matter, sending=sending, channel=WEB, at=at, scan=scanner())
    except SentAlreadyError:
        return redirect("intake:files")
    except RefusedError as refusal:
        form.add_error("chosen", str(SENTENCES[refusal.code]))
        return _page(request, matter, form)
    if needs_safety_check(told.signals):
        request.session[MINE] = {**request.session[MINE], "care": True}
    if turned or sent.undrawn or sent.infected:
        # Names are for this answer alone: nothing keeps them to be said on the next page.
        away = [turned_away(it) for it in turned]
        return _page(request, matter, _fresh(), turned=away, sent=sent, came=len(taken))
    messages.success(request, _("届きました。相談員が見ます。"))
    return redirect("intake:files")


def _own(request: HttpRequest) -> UUID:
    """Return whose page is open; to anybody else there is nothing here."""
    if not _is_inside(request):
        raise Http404
    return stay(request, timezone.now())


@login_not_required
@require_safe
def file_page(request: HttpRequest, file: UUID, page: int) -> HttpResponse:
    """Show one page of a file, as it was drawn anew."""
    drawn = own_page(_own(request), file, page, timezone.now())
    if drawn is None:
        raise Http404
    return as_picture(drawn)


@login_not_required
@require_safe
def paper(request: HttpRequest, file: UUID) -> HttpResponse:
    """Hand out a paper of the desk, to be kept under a name that tells nothing."""
    found = own_paper(_own(request), file, timezone.now())
    if found is None:
        raise Http404
    return as_download(found, "document.pdf")
