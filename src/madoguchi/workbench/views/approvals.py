"""供覧・決裁 and the second reader: asked and answered in one press each."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madoguchi.consultations.operations.seconding import decide
from madoguchi.correspondence.models import Kind
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.desks.operations.reading import set_second_reader
from madoguchi.desks.queries import advisers_of
from madoguchi.matters.operations import asking
from madoguchi.matters.queries import approvals_at
from madoguchi.rules.access import RefusedError
from madoguchi.rules.approval import Ask, Outcome
from madoguchi.workbench.forms.approvals import AnswerForm, AskForm
from madoguchi.workbench.views.doors import attempt, found, when_pressed
from madoguchi.workbench.views.pages import matter_page, to_write
from madoguchi.workbench.views.refusals import sentence_for

_ANSWERED = gettext_lazy("答えました。")
_HELD = {
    Outcome.APPROVED: gettext_lazy(
        "返信を送りました。相談者が読めるのは、10秒後からです。それまでは、取りやめられます。"
    ),
    Outcome.RETURNED: gettext_lazy("書いた人の下書きにもどしました。"),
    Outcome.WITHDRAWN: gettext_lazy("取り下げました。文とファイルは、下書きに残っています。"),
    Outcome.REWRITTEN: gettext_lazy("下書きにもどしました。直して、もう一度出してください。"),
}


@for_advisers
@when_pressed
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """供覧・決裁をたのむ."""
    row, actor = found(request, number), user_of(request).actor
    form = AskForm(request.POST, people=advisers_of(row.desk_id).exclude(pk=actor.user))
    if not form.is_valid():
        return matter_page(request, row, ask_form=form, status=400)
    try:
        asking.ask(matter=row.pk, question=form.parsed(), actor=actor, at=timezone.now())
    except RefusedError as refusal:
        form.add_error(None, sentence_for(refusal))
        return matter_page(request, row, ask_form=form, status=409)
    messages.success(request, _("たのみました。相手の「期限」のページに出ます。"))
    return redirect("workbench:matter", number=number)


@for_advisers
@when_pressed
def answer(request: HttpRequest, approval: UUID) -> HttpResponse:
    """読んだ, よい, もどす, 取り下げる."""
    actor = user_of(request).actor
    row = approvals_at(actor).filter(pk=approval).first()
    form = AnswerForm(request.POST)
    if row is None or not form.is_valid():
        raise Http404
    outcome, comment = form.parsed()
    is_held = row.kind == Ask.SECOND_READING
    attempt(
        request,
        str(_HELD.get(outcome, _ANSWERED) if is_held else _ANSWERED),
        lambda: decide(
            approval=approval, actor=actor, outcome=outcome, at=timezone.now(), comment=comment
        ),
    )
    if outcome is Outcome.REWRITTEN:
        return redirect(to_write(row.matter.number, Kind.REPLY))
    return redirect("workbench:matter", number=row.matter.number)


@for_advisers
@when_pressed
def second_reader(request: HttpRequest) -> HttpResponse:
    """ふたり目の確認を、する・しない."""
    actor, wanted = user_of(request).actor, request.POST.get("wanted") == "yes"
    attempt(
        request,
        _("返信は、ふたり目が確かめてから送ります。")
        if wanted
        else _("返信は、書いた人がそのまま送ります。"),
        lambda: set_second_reader(actor=actor, wanted=wanted, at=timezone.now()),
    )
    if wanted:
        messages.info(request, _("いま書きかけの返信も、送るときから変わります。"))
    return redirect("workbench:board")
