"""The matter's page, and the buttons on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import noting, working
from madoguchi.consultations.operations.working import Checked
from madoguchi.consultations.queries import contacts_of
from madoguchi.consultations.queries.unfinished import unfinished_in
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.desks.queries import advisers_of
from madoguchi.rules.access import RefusedError
from madoguchi.rules.codebooks import Table
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.workbench.forms import AssignForm, SafetyForm
from madoguchi.workbench.operations import close_matter
from madoguchi.workbench.queries import Labels, day_and_time
from madoguchi.workbench.views.doors import attempt, found, when_pressed
from madoguchi.workbench.views.pages import classify_form, matter_page, saved_classification
from madoguchi.workbench.views.refusals import Refusal, sentence_for


@for_advisers
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """Show a consultation; its messages count as read."""
    row = found(request, number)
    working.read(matter=row.pk, actor=user_of(request).actor, at=timezone.now())
    return matter_page(request, row)


@for_advisers
@when_pressed
def take_charge(request: HttpRequest, number: str) -> HttpResponse:
    """担当になる."""
    row, actor = found(request, number), user_of(request).actor
    seen = request.POST.get("seen")
    try:
        working.take_charge(matter=row.pk, actor=actor, at=timezone.now(), seen=seen)
    except RefusedError as refusal:
        if refusal.code == "taken-meanwhile":
            now = found(request, number)
            return matter_page(request, now, status=409, overtaken_by=now.adviser)
        messages.error(request, sentence_for(refusal))
    except IllegalStepError as refusal:
        messages.error(request, sentence_for(refusal))
    else:
        messages.success(request, _("担当になりました。"))
    return redirect("workbench:matter", number=number)


@for_advisers
@when_pressed
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """担当を決める."""
    row, actor = found(request, number), user_of(request).actor
    form = AssignForm(request.POST, people=advisers_of(row.desk_id))
    if not form.is_valid():
        messages.error(request, _("担当にする人を、一覧から選んでください。"))
        return redirect("workbench:matter", number=number)
    attempt(
        request,
        _("担当を決めました。"),
        lambda: working.assign(
            matter=row.pk, actor=actor, adviser=form.parsed(), at=timezone.now()
        ),
    )
    if request.POST.get("from") == "board":
        return redirect("workbench:board")
    return redirect("workbench:matter", number=number)


@for_advisers
@when_pressed
def check_safety(request: HttpRequest, number: str) -> HttpResponse:
    """安全確認を記録する."""
    row, actor = found(request, number), user_of(request).actor
    form = SafetyForm(request.POST, auto_id="safety-%s")
    if not form.is_valid():
        return matter_page(request, row, safety=form, status=400)
    check = form.parsed()
    is_over = check.how is not Checked.UNREACHED
    attempt(
        request,
        _("安全を確認したことを記録しました。")
        if is_over
        else _("連絡がつかなかったことを記録しました。安全確認は、まだいります。"),
        lambda: working.check_safety(matter=row.pk, actor=actor, at=timezone.now(), check=check),
    )
    return redirect("workbench:matter", number=number)


@for_advisers
@when_pressed
def close(request: HttpRequest, number: str) -> HttpResponse:
    """終結する: what is still open is named and asked about first."""
    row, actor = found(request, number), user_of(request).actor
    left = frozenset(request.POST.getlist("left"))
    try:
        close_matter(matter=row.pk, actor=actor, at=timezone.now(), left=left)
    except (RefusedError, IllegalStepError) as refusal:
        if isinstance(refusal, RefusedError) and refusal.code == "left-open":
            return matter_page(request, row, status=409, closing=unfinished_in(row))
        messages.error(request, _why_not_closed(row, refusal))
    else:
        messages.success(request, _("終結しました。"))
    return redirect("workbench:matter", number=number)


def _why_not_closed(row: Consultation, refusal: Refusal) -> str:
    """Say which contacts are to be classified first, where that is why."""
    if not isinstance(refusal, RefusedError) or refusal.code != "unclassified-contacts":
        return sentence_for(refusal)
    labels = Labels(row.desk_id)
    which = "、".join(
        f"{day_and_time(contact.at)}の{labels.say(Table.CHANNEL, contact.channel)}"
        for contact in contacts_of(row)
        if contact.action is None
    )
    said = _(
        "対応がまだ選ばれていない受付があります（%(which)s）。分類で選んでから終結してください。"
    )
    return said % {"which": which}


@for_advisers
@when_pressed
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """再開する."""
    row, actor = found(request, number), user_of(request).actor
    attempt(
        request,
        _("再開しました。"),
        lambda: working.reopen(matter=row.pk, actor=actor, at=timezone.now()),
    )
    return redirect("workbench:matter", number=number)


@for_advisers
@when_pressed
def classify(request: HttpRequest, number: str) -> HttpResponse:
    """分類を保存する."""
    row, actor = found(request, number), user_of(request).actor
    seen = request.POST.get("seen")
    form = classify_form(row, request.POST, seen)
    if not form.is_valid():
        return matter_page(request, row, classify=form, status=400)
    said = form.parsed()
    try:
        noting.classify(
            matter=row.pk, actor=actor, classification=said, at=timezone.now(), seen=seen
        )
    except RefusedError as refusal:
        if refusal.code == "classified-meanwhile":
            return _compared(request, number)
        messages.error(request, sentence_for(refusal))
    else:
        messages.success(request, _("分類を保存しました。"))
    return redirect("workbench:matter", number=number)


def _compared(request: HttpRequest, number: str) -> HttpResponse:
    """Show what was ticked beside what a colleague saved; saving again then overwrites it."""
    row = found(request, number)
    form = classify_form(row, request.POST)
    saved = saved_classification(row)
    return matter_page(request, row, classify=form, saved=saved, status=409)
