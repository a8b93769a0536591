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

from madoguchi.correspondence.previewing import UnreadableFileError
from madoguchi.correspondence.scanning import scanner
from madoguchi.intake.forms.letter import WEB
from madoguchi.intake.forms.my_page import FilesForm
from madoguchi.intake.operations import Sending, SentAlreadyError, open_my_page, send_files
from madoguchi.intake.queries import own_page, own_paper, talk_of
from madoguchi.intake.views.my_page import MESSAGES_AN_HOUR, MINE, closed, is_over, say, stay
from madoguchi.rules.access import RefusedError
from madoguchi.rules.triage import needs_safety_check
from madoguchi.ui.answers import as_download, as_picture
from madoguchi.ui.uploads import SENTENCES, takes_files
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
    if talk_of(matter).has_new_reply:
        open_my_page(matter=matter, at=at)
    return _page(request, matter, FilesForm(initial={"once": new_id().hex}))


def _page(
    request: HttpRequest, matter: UUID, form: FilesForm, status: int = 200, **said: object
) -> HttpResponse:
    care = request.session[MINE].pop("care", False)
    request.session.modified = True
    return say(request, "files", status, talk=talk_of(matter), form=form, care=care, **said)


def _take(request: HttpRequest, matter: UUID, form: FilesForm, at: dt.datetime) -> HttpResponse:
    """Take files as one more message, or say what stands in the way."""
    if not form.is_valid():
        return _page(request, matter, form)
    if not try_once("messages", str(matter), limit=MESSAGES_AN_HOUR, at=at):
        return _page(request, matter, form, 429, must_wait=True)
    told = form.parsed()
    sending = Sending(files=told.files, words=told.words, signals=told.signals, once=told.once)
    try:
        infected = send_files(matter=matter, sending=sending, channel=WEB, at=at, scan=scanner())
    except SentAlreadyError:
        return redirect("intake:files")
    except (RefusedError, UnreadableFileError) as refusal:
        why = refusal.code if isinstance(refusal, RefusedError) else "file-unreadable"
        form.add_error("chosen", str(SENTENCES[why]))
        return _page(request, matter, form)
    _say_so(request, infected=infected)
    if needs_safety_check(told.signals):
        request.session[MINE] = {**request.session[MINE], "care": True}
    return redirect("intake:files")


def _say_so(request: HttpRequest, *, infected: bool) -> None:
    messages.success(request, _("届きました。相談員が見ます。"))
    if infected:
        messages.success(
            request,
            _(
                "ウイルスのうたがいがあるファイルがありました。"
                "それは、だれも開けないようにしました。"
                "あなたのせいではありません。画面の写真をとって、送りなおせます。"
            ),
        )


def _own(request: HttpRequest) -> UUID:
    """Return whose page is open; to anybody else there is nothing here."""
    if not _is_inside(request):
        raise Http404
    return stay(request, timezone.now())


@login_not_required
@require_safe
def file_page(request: HttpRequest, file: UUID, page: int) -> HttpResponse:
    """Show one page of a file, as it was drawn anew."""
    drawn = own_page(_own(request), file, page)
    if drawn is None:
        raise Http404
    return as_picture(drawn)


@login_not_required
@require_safe
def paper(request: HttpRequest, file: UUID) -> HttpResponse:
    """Hand out a paper of the desk, to be kept under a name that tells nothing."""
    found = own_paper(_own(request), file)
    if found is None:
        raise Http404
    return as_download(found, "document.pdf")
