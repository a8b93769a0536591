"""The desk's mailbox: set, tried, stopped."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from madoguchi.administration.forms.mailbox import MailboxForm, initial_of
from madoguchi.administration.views.doors import attempt, sentence_for, show
from madoguchi.correspondence.adapter.mail import failing
from madoguchi.correspondence.operations.mailbox import (
    MailboxSettings,
    note_tried,
    server_to_try,
    set_mailbox,
    stop_mailbox,
)
from madoguchi.correspondence.queries.mailbox import mailbox_of
from madoguchi.desks.doors import actor_of, for_supervisors
from madoguchi.rules.access import RefusedError

_SIDES = {"imap": gettext_lazy("受信（IMAP）"), "smtp": gettext_lazy("送信（SMTP）")}
_WHY: dict[str, Promise] = {
    "unreachable": gettext_lazy("サーバーにつながりません。名前とポートを確かめてください。"),
    "tls": gettext_lazy("サーバーの証明書を確かめられません。名前と守り方を確かめてください。"),
    "login": gettext_lazy("サーバーに入れません。利用者名とパスワードを確かめてください。"),
    "folder": gettext_lazy("受信箱を開けません。"),
    "server": gettext_lazy("サーバーが受け付けません。守り方とポートを確かめてください。"),
}


@for_supervisors
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show and set the mailbox; or try, without saving, whether its servers let us in."""
    actor = actor_of(request)
    if request.method != "POST":
        return _page(request, MailboxForm(initial=initial_of(mailbox_of(actor.desk))))
    form = MailboxForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 400)
    try:
        if request.POST.get("do") == "try":
            return _page(request, form, tried=_tried(request, form.parsed()))
        set_mailbox(desk=actor.desk, said=form.parsed(), at=timezone.now(), actor=actor)
    except RefusedError as refusal:
        form.add_error(None, sentence_for(refusal))
        return _page(request, form, 400)
    messages.success(request, _("メール箱を設定しました。1分ごとに取り込みます。"))
    return redirect("administration:mailbox")


def _page(
    request: HttpRequest, form: MailboxForm, status: int = 200, **said: object
) -> HttpResponse:
    row = mailbox_of(actor_of(request).desk)
    context = {"here": "mailbox", "form": form, "row": row, **said}
    return show(request, "mailbox", context, status)


def _tried(request: HttpRequest, said: MailboxSettings) -> tuple[bool, str]:
    """Go to both servers, take nothing and send nothing; say in one sentence what came of it."""
    actor = actor_of(request)
    failed = failing(server_to_try(said=said, actor=actor), settings.MAIL_CA_FILE)
    note_tried(actor=actor, trouble=" ".join(failed or ()), at=timezone.now())
    if failed is None:
        return True, _("受信と送信のサーバーに入れました。何も取り込まず、何も送っていません。")
    side, why = failed
    return False, f"{_SIDES[side]}：{_WHY[why]}"


@for_supervisors
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Stop using the mailbox; what came stays."""
    actor = actor_of(request)
    attempt(
        request,
        _("メール箱を止めました。取り込んだメールは、そのままです。"),
        lambda: stop_mailbox(desk=actor.desk, at=timezone.now(), actor=actor),
    )
    return redirect("administration:mailbox")
