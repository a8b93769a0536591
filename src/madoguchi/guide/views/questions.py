"""The questions, the result, the sheet to print."""

from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.correspondence.queries.chat import is_open_now
from madoguchi.desks.queries import public_desk
from madoguchi.directory.clocks import running
from madoguchi.directory.editions import advice_in, current
from madoguchi.directory.questions import all_questions, fact_texts
from madoguchi.directory.windows import all_windows
from madoguchi.guide.forms import GuideForm
from madoguchi.guide.operations import with_page
from madoguchi.guide.queries import flow
from madoguchi.guide.queries import windows as found_windows
from madoguchi.guide.queries.places import place_for
from madoguchi.guide.queries.refining import guidance_for, refined_by
from madoguchi.guide.views.common import answers_of, keep, own_of, say
from madoguchi.rules.guidance import Answers
from madoguchi.rules.guidance.deciding import BEFORE_THE_FOLD

# Advice that the result shows in a box of its own, before the windows.
KEEP_PROOF, KEEP_URL = "preserve-first", "url-only"


@login_not_required
@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """Show help first, then the first question."""
    at = timezone.now()
    lines = found_windows.lines_of_the_first_page(at)
    desk = public_desk()
    return say(
        request,
        "first",
        desk=desk,
        has_chat=desk is not None and is_open_now(desk.pk, at),
        question=all_questions()["q1"],
        danger=fact_texts()["danger_now"],
        lines=lines,
        state=[it.state for it in lines],
        windows=len(found_windows.reached_by("")),
        at=at,
        checked_on=min(it.checked_on for it in all_windows().values()),
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Take the first answer and lead on."""
    if request.method != "POST":
        return redirect("guide:first")
    said = GuideForm(
        request.POST, questions=(all_questions()["q1"],), facts=("danger_now",)
    ).parsed()
    said["danger_now"] = True if request.POST.get("danger_now") == "yes" else None
    # Who skips the first question gets the others, as who does not know.
    said["happened"] = said["happened"] or "g"
    answers = with_page(answers_of(request), said)
    keep(request, answers)
    return _onward(1, answers)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, number: int) -> HttpResponse:
    """Ask the questions of page 2, 3 or 4; every one may be skipped."""
    answers = answers_of(request)
    page = flow.page_of(number, answers)
    if request.method == "POST":
        form = GuideForm(request.POST, questions=page.questions, facts=page.facts)
        if "skip" in request.POST:
            form = GuideForm({}, questions=page.questions, facts=page.facts)
        answers = with_page(answers, form.parsed())
        keep(request, answers)
        return _onward(number, answers)
    form = GuideForm(questions=page.questions, facts=page.facts, answers=answers)
    return say(request, "question", form=form, page=page, back=number - 1)


def _onward(number: int, answers: Answers) -> HttpResponse:
    after = flow.page_after(number, answers)
    return redirect(f"guide:page-{after}") if after else redirect("guide:result")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest) -> HttpResponse:
    """Show the windows that fit; POST makes the answers more exact."""
    answers = answers_of(request)
    if request.method == "POST":
        said = GuideForm(request.POST, facts=refined_by(answers)).parsed()
        keep(request, with_page(answers, said))
        return redirect("guide:result")
    if answers == Answers():
        return redirect("guide:first")
    asked = refined_by(answers)
    return say(
        request,
        "result",
        **_found(answers),
        # Drawn once for each way of having answered: a form is slow to make.
        form=SimpleLazyObject(partial(GuideForm, facts=asked, answers=answers)),
        refined=[(key, getattr(answers, key)) for key in asked],
        answered=list(flow.answered(answers)),
        back=flow.last_page(answers),
        goes_on=answers.happened in {"b", "g"} and not answers.kinds,
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Show the result as an A4 sheet, without the answers unless they are asked for."""
    answers = answers_of(request)
    if answers == Answers():
        return redirect("guide:first")
    with_answers = request.method == "POST" and "answers" in request.POST
    return say(
        request,
        "print",
        **_found(answers),
        answered=list(flow.answered(answers)) if with_answers else [],
    )


def _found(answers: Answers) -> dict[str, object]:
    """Return what the guide says to these answers, for a page."""
    at = timezone.now()
    edition = current()
    desk = public_desk()
    own = own_of(desk)
    said = guidance_for(answers, own)
    there = answers.prefecture or (own.prefecture if own else None)
    situation = edition.facts(answers, there)
    found = found_windows.cards(said, answers, at, there)
    return {
        "urgent_lines": found_windows.emergency_lines(at, said.numbers) if said.urgent else [],
        "first_cards": found[:1],
        "more_cards": found[1:BEFORE_THE_FOLD],
        "other_cards": found[BEFORE_THE_FOLD:],
        "count": min(len(found), BEFORE_THE_FOLD),
        "not_for_you": [(all_windows()[it.id].shown, it.why) for it in said.not_for_you],
        "keep_proof": KEEP_PROOF in said.advice,
        "keep_url": KEEP_URL in said.advice,
        "of_a_child": situation["child"] == ("yes",),
        "of_fraud": answers.happened == "c",
        "advice": [
            text
            for name, text in advice_in(situation, said.advice)
            if name not in {KEEP_PROOF, KEEP_URL}
        ],
        "clocks": running(situation),
        "place": None if any(it.place for it in found) else place_for(answers, at),
        "edition": edition,
        "at": at,
        "desk": desk,
    }
