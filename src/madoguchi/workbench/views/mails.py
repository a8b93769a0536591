"""Mail: what waits for an eye, what did not arrive, and one mail as it came."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.consultations.operations.mailing import accept_mail, call_spam, open_mail
from madoguchi.correspondence.operations.mail import (
    cancel_mail,
    files_ready,
    note_seen,
    send_again,
)
from madoguchi.correspondence.queries.mail import (
    came,
    machines_mail,
    mails_in,
    mails_out,
    not_arrived,
    opened,
    sent,
    set_aside,
)
from madoguchi.correspondence.queries.mailbox import mailbox_of
from madoguchi.correspondence.scanning import scanner
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.rules.access import RefusedError
from madoguchi.workbench.views.doors import attempt, when_pressed
from madoguchi.workbench.views.pages import show
from madoguchi.workbench.views.refusals import sentence_for

_ON_A_PAGE = 30
# What did not arrive is shown for so many; older ones stand on their matters' pages.
_SHOWN = 50


@for_advisers
def mails(request: HttpRequest) -> HttpResponse:
    """Show what waits for an eye."""
    actor = user_of(request).actor
    page = Paginator(machines_mail(actor), _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "box": mailbox_of(actor.desk),
        "aside": [came(row) for row in set_aside(actor)[:_SHOWN]],
        "lost": [sent(row) for row in not_arrived(actor)[:_SHOWN]],
        "machines": [came(row) for row in page.object_list],
        "page": page,
        "room": "mail",
    }
    return show(request, "workbench/mails.html", context)


@for_advisers
def mail(request: HttpRequest, mail: UUID) -> HttpResponse:
    """Show one mail as it came, with the earlier talk below it."""
    actor = user_of(request).actor
    row = get_object_or_404(mails_in(actor), pk=mail)
    open_mail(mail=row, actor=actor, at=timezone.now())
    context = {"row": row, "read": opened(row), "told": came(row), "room": "mail"}
    return show(request, "workbench/mail.html", context)


@for_advisers
@when_pressed
def accept(request: HttpRequest, mail: UUID) -> HttpResponse:
    """相談として受け付ける."""
    actor = user_of(request).actor
    row = get_object_or_404(mails_in(actor), pk=mail)
    try:
        with files_ready(opened(row), scanner()) as files:
            accept_mail(mail=row.pk, actor=actor, at=timezone.now(), files=files)
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
        return redirect("workbench:mails")
    messages.success(request, _("相談として受け付けました。"))
    row.refresh_from_db()
    assert row.matter
    return redirect("workbench:matter", number=row.matter.number)


@for_advisers
@when_pressed
def spam(request: HttpRequest, mail: UUID) -> HttpResponse:
    """迷惑メールとして片づける."""
    actor = user_of(request).actor
    row = get_object_or_404(mails_in(actor), pk=mail)
    attempt(
        request,
        _("迷惑メールとして片づけました。消えてはいません。"),
        lambda: call_spam(mail=row.pk, actor=actor, at=timezone.now()),
    )
    return redirect("workbench:mails")


@for_advisers
@when_pressed
def cancel(request: HttpRequest, mail: UUID) -> HttpResponse:
    """送るのを取りやめる."""
    actor = user_of(request).actor
    row = get_object_or_404(mails_out(actor), pk=mail)
    attempt(
        request,
        _("メールを取りやめました。返信の文は、マイページに残っています。"),
        lambda: cancel_mail(mail=row.pk, actor=actor, at=timezone.now()),
    )
    return redirect("workbench:matter", number=row.matter.number)


@for_advisers
@when_pressed
def again(request: HttpRequest, mail: UUID) -> HttpResponse:
    """もう一度送る."""
    actor = user_of(request).actor
    row = get_object_or_404(mails_out(actor), pk=mail)
    attempt(
        request,
        _("もう一度送ります。"),
        lambda: send_again(mail=row.pk, actor=actor, at=timezone.now()),
    )
    return redirect("workbench:matter", number=row.matter.number)


@for_advisers
@when_pressed
def seen(request: HttpRequest, mail: UUID) -> HttpResponse:
    """届かなかったことを確かめた."""
    actor = user_of(request).actor
    row = get_object_or_404(mails_out(actor), pk=mail)
    attempt(
        request,
        _("確かめたことを記録しました。ほかの届け方を考えてください。"),
        lambda: note_seen(mail=row.pk, actor=actor, at=timezone.now()),
    )
    return redirect("workbench:matter", number=row.matter.number)
