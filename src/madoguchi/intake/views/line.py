"""LINE, for which we are only a signpost: its webhook, and the notice that a person wishes."""

import json
import re
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.correspondence.adapter.line import is_from_line
from madoguchi.correspondence.operations.line import (
    ask_line_notice,
    forget_line_user,
    link_line,
    stop_line_notice,
)
from madoguchi.correspondence.places import line_user_code
from madoguchi.correspondence.queries.line import is_linked, language_chosen_by
from madoguchi.intake.views.my_page import open_matter, say, tells_by_line
from madoguchi.jobs.operations import put
from madoguchi.rules.numbering import typed_digits
from madoguchi.vault.throttling import try_once

_CODES_AN_HOUR = 10
_CODE_DIGITS = 8
# Seconds for which LINE lets one answer a message.
_ANSWER_WITHIN = 60
_AN_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)


@csrf_exempt
@login_not_required
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Take what LINE sends, signed; what people wrote there is neither kept nor passed on."""
    if not tells_by_line():
        raise Http404
    signature = request.headers.get("X-Line-Signature", "")
    if not is_from_line(request.body, signature, secret=settings.LINE_CHANNEL_SECRET):
        return HttpResponse(status=403)
    try:
        events = json.loads(request.body)["events"]
        for event in events:
            _take(event)
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponse(status=400)
    return HttpResponse(status=200)


def _take(event: dict[str, Any]) -> None:
    """Do the little there is to do at one event."""
    user = str(event.get("source", {}).get("userId", ""))
    if event["type"] == "unfollow" and user:
        forget_line_user(user=user, at=timezone.now())
        return
    token, mark = str(event.get("replyToken", "")), str(event.get("webhookEventId", ""))
    if not _AN_ID.fullmatch(token):
        return
    answer = _linked(user, event) if event["type"] == "message" else "LINK"
    at, chosen = timezone.now(), language_chosen_by(user) if user else ""
    with transaction.atomic():
        put(
            name="line.answer",
            key=f"line answer {mark if _AN_ID.fullmatch(mark) else token}",
            at=at,
            args={
                "token": token,
                "say": answer,
                "until": int(at.timestamp()) + _ANSWER_WITHIN,
                # What they chose at my-page; else LINE is asked, by an id that nobody can read.
                "language": chosen,
                "who": "" if chosen else line_user_code(user),
            },
        )


def _linked(user: str, event: dict[str, Any]) -> str:
    """Return what is answered to a message: by a code it links, everything else is not for us."""
    digits = typed_digits(str(event["message"].get("text", "")))
    if not user or digits is None or len(digits) != _CODE_DIGITS:
        return "LINK"
    at = timezone.now()
    # Both are always asked: who is locked out learns nothing.
    may_try = try_once("line-codes", user, limit=_CODES_AN_HOUR, at=at)
    return "LINKED" if may_try and link_line(user=user, code=digits, at=at) else "NO_CODE"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest) -> HttpResponse:
    """Let a person say, from their own page, whether LINE tells them of a reply."""
    matter = open_matter(request)
    if matter is None or not tells_by_line():
        return redirect("intake:enter")
    if request.method == "POST" and request.POST.get("do") == "stop":
        stop_line_notice(matter=matter, at=timezone.now())
    elif request.method == "POST":
        language = get_language() or "ja"
        code = ask_line_notice(matter=matter, at=timezone.now(), language=language)
        return say(request, "line", code=code, account=settings.LINE_ACCOUNT_URL)
    return say(request, "line", linked=is_linked(matter))
