"""My-page (マイページ): in by the code, read the replies, write again, out."""

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from madoguchi.consultations.queries import erasures_of
from madoguchi.correspondence.queries.words import matter_of_code, receipt_made_at
from madoguchi.desks.queries import public_desk
from madoguchi.experts.queries.own import own_questions_in
from madoguchi.experts.queries.showing import appointments_of
from madoguchi.intake.forms.letter import WEB
from madoguchi.intake.forms.my_page import CodeForm, Message, MessageForm
from madoguchi.intake.operations import open_my_page, write_again
from madoguchi.intake.queries import Talk, chat_door, talk_of
from madoguchi.referrals.queries.lists import own_referrals
from madoguchi.rules.triage import needs_safety_check
from madoguchi.vault.ids import new_id
from madoguchi.vault.throttling import network_of, take_back, try_once

MINE = "my"
# Why so many: docs/decisions/0021.
MESSAGES_AN_HOUR = 60
WRONG_CODES_AN_HOUR = 10
_IDLE = dt.timedelta(minutes=15)


def say(request: HttpRequest, template: str, status: int = 200, **said: object) -> HttpResponse:
    """Answer with a page of this storey."""
    desk = public_desk()
    context = {"desk_name": desk.name if desk else None, **said}
    return render(request, f"intake/{template}.html", context, status=status)


def tells_by_line() -> bool:
    """Tell whether this installation can tell people by LINE that a reply has come."""
    return bool(
        settings.LINE_CHANNEL_SECRET and settings.LINE_CHANNEL_TOKEN and settings.PUBLIC_URL
    )


def open_matter(request: HttpRequest) -> UUID | None:
    """Return the matter whose page is open in this session, and keep it so; None: none is."""
    at = timezone.now()
    if MINE not in request.session or is_over(request, at):
        return None
    return stay(request, at)


def is_over(request: HttpRequest, at: dt.datetime) -> bool:
    """Tell whether the page was left alone too long, or its code replaced since."""
    mine = request.session[MINE]
    if at - dt.datetime.fromisoformat(mine["used_at"]) > _IDLE:
        return True
    made_at = receipt_made_at(UUID(mine["matter"]))
    return made_at is None or made_at > dt.datetime.fromisoformat(mine["opened_at"])


def _open(request: HttpRequest, matter: UUID, at: dt.datetime) -> None:
    """Keep in the session whose page is open, and since when."""
    said = at.isoformat()
    request.session[MINE] = {"matter": str(matter), "opened_at": said, "used_at": said}


def stay(request: HttpRequest, at: dt.datetime) -> UUID:
    """Keep the page open for a while longer; return whose it is."""
    request.session[MINE] = {**request.session[MINE], "used_at": at.isoformat()}
    return UUID(request.session[MINE]["matter"])


def closed(request: HttpRequest, written: str) -> HttpResponse:
    """Say that the page is closed; what was just typed is on this person's screen anyway."""
    mine = request.session.pop(MINE, None)
    if mine is None and not written:
        return redirect("intake:enter")
    is_erased = bool(mine and erasures_of([UUID(mine["matter"])]))
    return say(request, "closed", written=written, is_erased=is_erased)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the code; a right one opens the page."""
    at = timezone.now()
    if request.method != "POST":
        if MINE in request.session and not is_over(request, at):
            return redirect("intake:messages")
        return say(request, "enter", form=CodeForm())
    form = CodeForm(request.POST)
    if not form.is_valid():
        return say(request, "enter", form=form)
    # Both are always asked, the slow one first: whoever is locked out learns nothing by
    # words or by time. A mistyped code does not come this far and counts for nothing.
    found = matter_of_code(form.parsed())
    may_try = try_once("codes", network_of(request), limit=WRONG_CODES_AN_HOUR, at=at)
    if found is None or not may_try:
        form.add_error("code", _("この番号では、開けませんでした。"))
        return say(request, "enter", form=form, is_refused=True)
    take_back("codes", network_of(request))
    open_my_page(matter=found.pk, at=at)
    request.session.cycle_key()
    _open(request, found.pk, at)
    return redirect("intake:messages")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest) -> HttpResponse:
    """Show what was written and answered; take one more message."""
    at = timezone.now()
    form = MessageForm(request.POST) if request.method == "POST" else None
    if MINE not in request.session or is_over(request, at):
        return closed(request, form["words"].value() if form else "")
    matter = stay(request, at)
    if form is not None:
        return _take(request, matter, form, at)
    found = talk_of(matter, at)
    if found.has_new_reply:
        open_my_page(matter=matter, at=at)
    return _talk_page(request, found, _fresh())


def _fresh(words: str = "") -> MessageForm:
    return MessageForm(initial={"once": new_id().hex, "words": words})


def _talk_page(
    request: HttpRequest, found: Talk, form: MessageForm, status: int = 200, **said: object
) -> HttpResponse:
    matter = UUID(request.session[MINE]["matter"])
    context = {
        "talk": found,
        "form": form,
        "has_line": tells_by_line(),
        "handovers": own_referrals(matter),
        "appointments": appointments_of(matter, timezone.now()),
        "questions": own_questions_in(matter),
        "chat": chat_door(matter, timezone.now()),
    }
    return say(request, "talk", status, **context, **said)


def _take(request: HttpRequest, matter: UUID, form: MessageForm, at: dt.datetime) -> HttpResponse:
    """Take one more message, or say what stands in the way; the text is kept on the page."""
    if not form.is_valid():
        return _talk_page(request, talk_of(matter, at), form)
    message = form.parsed()
    if request.POST.get("do") == "edit":
        return _talk_page(request, talk_of(matter, at), _fresh(message.words))
    if needs_safety_check(message.signals) and not message.confirmed:
        return say(request, "talk_first", form=form, talk=talk_of(matter, at))
    if not try_once("messages", str(matter), limit=MESSAGES_AN_HOUR, at=at):
        return _talk_page(request, talk_of(matter, at), _fresh(message.words), 429, must_wait=True)
    _write(request, matter, message, at)
    return redirect("intake:messages")


def _write(request: HttpRequest, matter: UUID, message: Message, at: dt.datetime) -> None:
    write_again(
        matter=matter,
        words=message.words,
        signals=message.signals,
        channel=WEB,
        once=message.once,
        at=at,
    )
    messages.success(request, _("届きました。相談員が読みます。"))
