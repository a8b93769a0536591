"""専門家連携 of a matter: asked, agreed to, booked, heard, settled."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madoguchi.consultations.models import Consultation
from madoguchi.correspondence.queries.words import receipt_made_at
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.experts.forms import KINDS, WAYS
from madoguchi.experts.models import ExpertConsultation
from madoguchi.experts.operations import asking, booking, consenting, hearing
from madoguchi.experts.queries.asked import asked_at, conflicts, houterasu_used, opened
from madoguchi.experts.queries.calendar import OpenedSlot, free_slots, opened_slots
from madoguchi.experts.queries.showing import may_be_shown
from madoguchi.matters.models import Matter
from madoguchi.rules.access import Actor, RefusedError, Role
from madoguchi.rules.experts import HOUTERASU_TIMES, Shown, Step
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.rules.referral import How
from madoguchi.workbench.forms.experts import (
    AskExpertForm,
    BookForm,
    ChosenForm,
    HeardForm,
    MissedForm,
)
from madoguchi.workbench.queries import day_and_time
from madoguchi.workbench.views.doors import attempt, found, keeps_words, when_pressed
from madoguchi.workbench.views.pages import show
from madoguchi.workbench.views.refusals import sentence_for

_SLOTS = 12
_WORDS = 40
_STEPS = {
    Step.MEET_EXPERT: (booking.note_met, gettext_lazy("行われたことを記録しました。")),
    Step.CANCEL_EXPERT: (booking.cancel, gettext_lazy("取りやめました。")),
    Step.SETTLE_EXPERT: (booking.settle, gettext_lazy("済みにしました。")),
}


def _say_slot(it: OpenedSlot) -> str:
    what = f"{day_and_time(it.starts_at)} {it.minutes}{_('分')}・{WAYS[it.way]}"
    return f"{what}　{it.expert.name}（{KINDS[it.expert.kind]}）"


def _free(actor: Actor, row: ExpertConsultation | None = None) -> list[tuple[str, str]]:
    """Return the hours to choose from; one whose expert advises the other side says so.

    Who ticked at my-page that a lawyer may see it is offered no hour of anybody else's.
    """
    hours = free_slots(actor, timezone.now())
    if row and row.agreed_how == How.MY_PAGE:
        hours = hours.filter(expert__kind=row.kind)
    slots = opened_slots(actor.desk, hours[:_SLOTS])
    experts = {it.expert.pk: it.expert for it in slots}
    against = {key for key, it in experts.items() if row and conflicts(row, it)}
    warning = _("　※ 利益相反のおそれ")
    return [
        (str(it.id), _say_slot(it) + (warning if it.expert.pk in against else "")) for it in slots
    ]


def _to_show(matter: Matter) -> dict[str, list[tuple[str, str]]]:
    """Return what of the matter can be shown, as a form offers it."""
    said, files = may_be_shown(matter, shown_by=timezone.now())
    who = {True: _("窓口"), False: _("相談者")}
    return {
        "told": [
            (
                str(it.id),
                f"{day_and_time(it.at)} {who[it.kind == 'REPLY']}：{(it.words or '')[:_WORDS]}",
            )
            for it in said
        ],
        "papers": [(str(it.id), f"{day_and_time(it.at)} {it.kind}") for it in files],
    }


# -- asking ---------------------------------------------------------------------------------


@keeps_words
@for_advisers
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """GET: the form. POST: write down the question; book the hour where one was chosen."""
    row, actor = found(request, number), user_of(request).actor
    form = AskExpertForm(
        request.POST or None,
        slots=_free(actor),
        initial={"slot": request.GET.get("slot", ""), "kind": "LAWYER"},
        **_to_show(row.matter),
    )
    if request.method != "POST" or not form.is_valid():
        return _ask_page(request, row, form, 400 if form.errors else 200)
    plan, slot = form.parsed()
    at = timezone.now()
    try:
        asked = asking.ask(matter=row.pk, plan=plan, actor=actor, at=at)
    except RefusedError as refusal:
        form.add_error(None, sentence_for(refusal))
        return _ask_page(request, row, form, 409)
    if form.cleaned_data["on_page"]:
        _ask_person(request, asked.pk, plan.chosen)
    elif slot is None:
        messages.success(request, _("聞きたいことを書きとめました。日程をさがしてください。"))
    else:
        attempt(
            request,
            _("予約しました。"),
            lambda: booking.book(asked=asked.pk, slot=slot, actor=actor, at=at),
        )
    return redirect("workbench:asked-expert", asked=asked.pk)


def _ask_page(
    request: HttpRequest, row: Consultation, form: AskExpertForm, status: int
) -> HttpResponse:
    context = {
        "form": form,
        "number": row.matter.number,
        "houterasu": houterasu_used(row.pk),
        "houterasu_times": HOUTERASU_TIMES,
        "room": "experts",
    }
    return show(request, "workbench/expert_ask.html", context, status)


# -- one question ---------------------------------------------------------------------------


def _own(request: HttpRequest, asked: UUID) -> ExpertConsultation:
    row = asked_at(user_of(request).actor).filter(pk=asked).first()
    if row is None:
        raise Http404
    return row


@for_advisers
def asked(request: HttpRequest, asked: UUID) -> HttpResponse:
    """Show a question to an expert, and what can be done next."""
    return _page(request, _own(request, asked))


def _page(
    request: HttpRequest,
    row: ExpertConsultation,
    heard: HeardForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = user_of(request).actor
    told = opened(actor.desk, [row])[0]
    written = {"result": told.result, "words": told.answer, "minutes": told.minutes}
    shown = {"name": Shown.NAME in told.shown, "told": told.messages, "papers": told.files}
    may_overrule = actor.role is Role.SUPERVISOR
    context = {
        "asked": told,
        "steps": [str(it) for it in told.steps],
        "choose": ChosenForm(initial=shown, auto_id="choose-%s", **_to_show(row.matter)),
        "book": BookForm(slots=_free(actor, row), may_overrule=may_overrule),
        "heard": heard or HeardForm(initial={**written, "fee": told.fee}),
        "has_my_page": receipt_made_at(row.matter_id) is not None,
        "missed": MissedForm(initial={"fee": told.slot.expert.missed_fee if told.slot else None}),
        "houterasu": houterasu_used(row.matter_id),
        "houterasu_times": HOUTERASU_TIMES,
        "room": "experts",
    }
    return show(request, "workbench/expert_asked.html", context, status)


@for_advisers
@when_pressed
def agree(request: HttpRequest, asked: UUID) -> HttpResponse:
    """同意を書きとめる; or ask the person at my-page."""
    row, actor = _own(request, asked), user_of(request).actor
    form = ChosenForm(request.POST, **_to_show(row.matter))
    if form.is_valid() and request.POST.get("do") == "ask":
        _ask_person(request, row.pk, form.chosen())
    elif form.is_valid():
        attempt(
            request,
            _("同意を書きとめました。"),
            lambda: asking.agree(
                asked=row.pk, chosen=form.chosen(), actor=actor, at=timezone.now()
            ),
        )
    else:
        messages.error(request, _("画面を開き直して、もう一度選んでください。"))
    return redirect("workbench:asked-expert", asked=asked)


def _ask_person(request: HttpRequest, asked: UUID, chosen: asking.Chosen) -> None:
    """マイページで、本人に聞く."""
    actor = user_of(request).actor
    attempt(
        request,
        _("マイページで、本人に聞いています。答えると、ここに出ます。"),
        lambda: consenting.ask_person(asked=asked, chosen=chosen, actor=actor, at=timezone.now()),
    )


@for_advisers
@when_pressed
def book(request: HttpRequest, asked: UUID) -> HttpResponse:
    """予約する."""
    row, actor = _own(request, asked), user_of(request).actor
    may_overrule = actor.role is Role.SUPERVISOR
    form = BookForm(request.POST, slots=_free(actor), may_overrule=may_overrule)
    if form.is_valid():
        slot, why = form.parsed()
        attempt(
            request,
            _("予約しました。"),
            lambda: booking.book(
                asked=row.pk, slot=slot, actor=actor, at=timezone.now(), overrule=why
            ),
        )
    else:
        messages.error(request, _("空いている時間を選んでください。"))
    return redirect("workbench:asked-expert", asked=asked)


@for_advisers
@when_pressed
def step(request: HttpRequest, asked: UUID) -> HttpResponse:
    """行われた・取りやめる・済みにする."""
    row, actor = _own(request, asked), user_of(request).actor
    deed, done = next(
        (it for key, it in _STEPS.items() if str(key) == request.POST.get("do")), (None, "")
    )
    if deed is None:
        raise Http404
    attempt(request, str(done), lambda: deed(asked=row.pk, actor=actor, at=timezone.now()))
    return redirect("workbench:asked-expert", asked=asked)


@for_advisers
@when_pressed
def missed(request: HttpRequest, asked: UUID) -> HttpResponse:
    """来られなかった: what is paid for the hour all the same is written down with it."""
    row, actor = _own(request, asked), user_of(request).actor
    form = MissedForm(request.POST)
    if form.is_valid():
        attempt(
            request,
            _("来られなかったことを記録しました。"),
            lambda: booking.note_missed(
                asked=row.pk, actor=actor, at=timezone.now(), fee=form.parsed()
            ),
        )
    else:
        messages.error(request, _("謝金は、円の数で入れてください。払わないときは、空にします。"))
    return redirect("workbench:asked-expert", asked=asked)


@keeps_words
@for_advisers
@when_pressed
def result(request: HttpRequest, asked: UUID) -> HttpResponse:
    """結果を書きとめる."""
    row, actor = _own(request, asked), user_of(request).actor
    form = HeardForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, 400)
    try:
        hearing.hear(asked=row.pk, heard=form.parsed(), actor=actor, at=timezone.now())
    except (RefusedError, IllegalStepError) as refusal:
        form.add_error(None, sentence_for(refusal))
        return _page(request, row, form, 409)
    messages.success(request, _("結果を書きとめました。"))
    return redirect("workbench:asked-expert", asked=asked)
