"""A file of a matter: looked at as it was drawn anew; the original only on purpose."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.correspondence.operations import files
from madoguchi.correspondence.queries.files import OpenedFile, file_in, page_of
from madoguchi.correspondence.scanning import is_scanning, scanner
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.rules.access import RefusedError, Role
from madoguchi.ui.answers import as_download, as_picture
from madoguchi.workbench.views.doors import attempt, found, when_pressed
from madoguchi.workbench.views.pages import column, show
from madoguchi.workbench.views.refusals import sentence_for


def _file(request: HttpRequest, number: str, file: UUID) -> OpenedFile:
    opened = file_in(found(request, number).matter, file)
    if opened is None:
        raise Http404
    return opened


@for_advisers
def file(request: HttpRequest, number: str, file: UUID) -> HttpResponse:
    """Show what is known of a file, and its pages."""
    context = {
        **column(request),
        "file": _file(request, number, file),
        "number": number,
        "is_scanning": is_scanning(),
        "may_delete": user_of(request).actor.role is Role.SUPERVISOR,
    }
    return show(request, "workbench/file.html", context)


@for_advisers
def file_page(request: HttpRequest, number: str, file: UUID, page: int) -> HttpResponse:
    """Show one page of a file, as it was drawn anew."""
    row = found(request, number)
    drawn = page_of(row.pk, file, page, desk=row.desk_id)
    if drawn is None:
        raise Http404
    return as_picture(drawn)


@for_advisers
@when_pressed
def original(request: HttpRequest, number: str, file: UUID) -> HttpResponse:
    """Hand out a file as it came: to be kept, never to be shown by the browser."""
    row, opened = found(request, number), _file(request, number, file)
    try:
        content = files.take_original(
            actor=user_of(request).actor,
            matter=row.pk,
            attachment=file,
            at=timezone.now(),
            scan=scanner(),
        )
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
        return redirect("workbench:file", number=number, file=file)
    return as_download(content, f"{number}.{opened.media.ending}")


@for_advisers
@when_pressed
def set_aside(request: HttpRequest, number: str, file: UUID) -> HttpResponse:
    """隔離する."""
    row, actor = found(request, number), user_of(request).actor
    attempt(
        request,
        _("隔離しました。もう誰にも開けません。"),
        lambda: files.set_aside(actor=actor, matter=row.pk, attachment=file, at=timezone.now()),
    )
    return redirect("workbench:file", number=number, file=file)


@for_advisers
@when_pressed
def delete(request: HttpRequest, number: str, file: UUID) -> HttpResponse:
    """消去する."""
    row, actor = found(request, number), user_of(request).actor
    attempt(
        request,
        _("ファイルの中身を消しました。"),
        lambda: files.delete_file(actor=actor, matter=row.pk, attachment=file, at=timezone.now()),
    )
    return redirect("workbench:file", number=number, file=file)
