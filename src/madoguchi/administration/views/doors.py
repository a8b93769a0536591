"""The frame in which the settings stand, and what a refusal says there."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madoguchi.consultations import queries
from madoguchi.consultations.queries.talks import calls_for
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.queries.words import drafts_of
from madoguchi.desks.doors import user_of
from madoguchi.rules.access import RefusedError, check_may_read_figures, passes

_SENTENCES = {
    "username-taken": gettext_lazy("そのサインイン名は使われています。別のものにしてください。"),
    "not-oneself": gettext_lazy("自分の分は、ほかの責任者に頼んでください。"),
    "mail-in-the-clear": gettext_lazy("暗号化しないでよいのは、同じ機械の中のサーバーだけです。"),
    "mail-password-missing": gettext_lazy("パスワードを入れてください。"),
    "mail-password-anew": gettext_lazy(
        "サーバーか利用者名を変えるときは、パスワードも入れ直してください。"
    ),
    "has-left": gettext_lazy("この人は、もう退いています。"),
    "last-supervisor": gettext_lazy("最後の責任者です。さきに、ほかの人を責任者にしてください。"),
    "no-codes": gettext_lazy("区分を1つ以上、残してください。"),
    "bad-label": gettext_lazy("区分の名前は、1文字から60文字までで、; は使えません。"),
    "label-twice": gettext_lazy("同じ名前の区分が2つあります。別の名前にしてください。"),
    "unknown-stays": gettext_lazy("「不明」は外せません。書いていない欄を数えるためです。"),
    "one-usual-class": gettext_lazy("ふだんの区分を1つ選んでください。"),
    "class-in-use": gettext_lazy("使っている区分は消せません。年数だけを変えてください。"),
    "held": gettext_lazy("保留中です。保留を解いてから消してください。"),
    "still-open": gettext_lazy("まだ終結していません。終結してから消してください。"),
    "unclassified-contacts": gettext_lazy(
        "対応がまだ選ばれていない受付があります。分類してから消してください。"
    ),
    "not-due": gettext_lazy("まだ期限が来ていません。"),
    "erased": gettext_lazy("この相談は、もう消してあります。"),
    "list-changed": gettext_lazy("一覧が変わりました。見直してから承認してください。"),
    "sheet-begun": gettext_lazy("もう取り込みが始まっています。"),
    "takes-two": gettext_lazy("求めた人とは別の職員が開いてください。"),
    "opening-over": gettext_lazy("1時間がすぎたか、もう開かれています。求め直してください。"),
    "not-an-adviser": gettext_lazy("その人は担当になれません。ほかの人を選んでください。"),
}


def show(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Show a page of the settings in the frame of the desk."""
    user = user_of(request)
    drafts = drafts_of(user.actor)
    frame = {
        "actor": user.actor,
        "load": queries.load(user.actor),
        "calls": calls_for(user.actor),
        "is_demo": user.desk.is_demonstration,
        "reads_figures": passes(check_may_read_figures, user.actor, user.desk_id),
        "call": next((draft for draft in drafts if draft.kind is Kind.NOTE), None),
        "room": "settings",
        "desk": user.desk,
        "now": timezone.now(),
    }
    return render(request, f"administration/{template}.html", {**frame, **context}, status=status)


def attempt(request: HttpRequest, done: str, deed: Callable[[], Any]) -> bool:
    """Do `deed` and say `done`, or say in a sentence why not; tell whether it was done."""
    try:
        deed()
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
        return False
    messages.success(request, done)
    return True


def sentence_for(refusal: RefusedError) -> str:
    """Return one clear sentence for `refusal`, without a personal word."""
    return str(_SENTENCES.get(refusal.code, _("この操作はできません。画面を開き直してください。")))
