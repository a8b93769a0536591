"""My-page: an expert may see what the person ticks herself, and nothing else."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from madoguchi.experts.operations.consenting import answer
from madoguchi.experts.queries.own import OwnQuestion, own_question
from madoguchi.intake.forms.expert import WHO, ShowForm, choices_of
from madoguchi.intake.views.my_handovers import in_my_page
from madoguchi.intake.views.my_page import say
from madoguchi.rules.access import RefusedError


def _mine(matter: UUID, asked: UUID) -> OwnQuestion:
    found = own_question(matter, asked)
    if found is None:
        raise Http404
    return found


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@in_my_page
def question(request: HttpRequest, matter: UUID, asked: UUID) -> HttpResponse:
    """Show what an expert is to be asked; take down what she lets them see."""
    found = _mine(matter, asked)
    if request.method == "POST":
        return _answered(request, found)
    return _page(request, found, ShowForm(initial={"items": found.chosen}))


def _page(
    request: HttpRequest, found: OwnQuestion, form: ShowForm, status: int = 200, **said: object
) -> HttpResponse:
    context = {
        "it": found,
        "asked": found.asked,
        "who": WHO[found.asked.kind],
        "form": form.of(found),
        "shown": [label for key, label in choices_of(found) if key in found.chosen],
        **said,
    }
    return say(request, "expert", status, **context)


def _answered(request: HttpRequest, found: OwnQuestion) -> HttpResponse:
    """Take down yes to what is ticked, or no to everything."""
    form = ShowForm(request.POST).of(found)
    form.full_clean()
    chosen = form.chosen(found) if request.POST.get("do") == "agree" else None
    try:
        answer(asked=found.asked.id, chosen=chosen, at=timezone.now())
    except RefusedError:
        late = _mine(found.asked.matter, found.asked.id)
        return _page(request, late, form, 409, is_late=True)
    messages.success(request, _("あなたの返事を、相談員に伝えました。"))
    return redirect("intake:expert", asked=found.asked.id)
