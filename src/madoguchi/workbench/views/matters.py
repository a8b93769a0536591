"""The matter's page, and the buttons on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import noting, working
from madoguchi.consultations.queries import contacts_of
from madoguchi.desks.queries import advisers_of
from madoguchi.rules.access import RefusedError
from madoguchi.rules.codebooks import Table
from madoguchi.workbench.forms import AssignForm
from madoguchi.workbench.queries import Labels, day_and_time
from madoguchi.workbench.views.doors import attempt, for_advisers, found, user_of, when_pressed
from madoguchi.workbench.views.pages import classify_form, matter_page
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
    attempt(
        request,
        _("担当になりました。"),
        lambda: working.take_charge(matter=row.pk, actor=actor, at=timezone.now()),
    )
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
    return redirect("workbench:matter", number=number)


@for_advisers
@when_pressed
def check_safety(request: HttpRequest, number: str) -> HttpResponse:
    """安全確認を記録する."""
    row, actor = found(request, number), user_of(request).actor
    attempt(
        request,
        _("安全を確認したことを記録しました。"),
        lambda: working.check_safety(matter=row.pk, actor=actor, at=timezone.now()),
    )
    return redirect("workbench:matter", number=number)


@for_advisers
@when_pressed
def close(request: HttpRequest, number: str) -> HttpResponse:
    """終結する."""
    row, actor = found(request, number), user_of(request).actor
    attempt(
        request,
        _("終結しました。"),
        lambda: working.close(matter=row.pk, actor=actor, at=timezone.now()),
        lambda refusal: _why_not_closed(row, refusal),
    )
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
    form = classify_form(row, request.POST)
    if not form.is_valid():
        return matter_page(request, row, classify=form, status=400)
    attempt(
        request,
        _("分類を保存しました。"),
        lambda: noting.classify(
            matter=row.pk, actor=actor, classification=form.parsed(), at=timezone.now()
        ),
    )
    return redirect("workbench:matter", number=number)
