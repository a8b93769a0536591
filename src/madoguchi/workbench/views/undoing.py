"""A reply taken back in the short while before the person can see it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.consultations.operations import undoing
from madoguchi.correspondence.models import Kind
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.rules.access import RefusedError
from madoguchi.workbench.views.doors import found, when_pressed
from madoguchi.workbench.views.pages import to_write
from madoguchi.workbench.views.refusals import sentence_for


@for_advisers
@when_pressed
def take_back(request: HttpRequest, number: str, message: UUID) -> HttpResponse:
    """取りやめて、下書きにもどす."""
    row, actor = found(request, number), user_of(request).actor
    try:
        undoing.take_back(matter=row.pk, message=message, actor=actor, at=timezone.now())
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
        return redirect("workbench:matter", number=number)
    messages.success(
        request, _("返信を取りやめました。文とファイルは、書いた人の下書きにもどしました。")
    )
    return redirect(to_write(number, Kind.REPLY))
