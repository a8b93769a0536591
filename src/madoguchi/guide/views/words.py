"""The box for a person's own words: what was understood is asked back, the words are not kept."""

from django.contrib.auth.decorators import login_not_required
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.directory.danger import tells_danger
from madoguchi.directory.editions import current
from madoguchi.directory.questions import Question, all_questions
from madoguchi.directory.words import answers_in
from madoguchi.guide.forms import GuideForm
from madoguchi.guide.operations import with_page
from madoguchi.guide.queries import flow
from madoguchi.guide.queries.windows import LESS_PRESSING, emergency_lines, note_of_the_open_line
from madoguchi.guide.views.common import answers_of, keep, say
from madoguchi.rules.guidance import Answers, windows_for

MOST_LETTERS = 1000
_SECOND = {"d": "q2d", "e": "q2e"}
_FACTS = (
    *("danger_now", "under18", "service", "prefecture"),
    *("asked_platform", "poster_known", "identifiable"),
)


@login_not_required
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    """Take somebody's own words, or show what was understood of them, to be put right."""
    if request.method == "POST":
        return _understand(request, request.POST.get("text", "")[:MOST_LETTERS])
    answers = answers_of(request)
    form = _form(answers)
    outright = {"happened", *_asked_outright(answers)}
    read = [field for field in form if field.initial or field.name in outright]
    return say(
        request,
        "words",
        read=[(field, _chosen(field)) for field in read],
        unsaid=[field for field in form if field not in read],
        understood=answers != Answers(),
    )


def _chosen(field: BoundField) -> list[str]:
    """Return in words what is filled in."""
    said = field.initial if isinstance(field.initial, list) else [field.initial]
    choices = getattr(field.field, "choices", ())
    return [str(text) for value, text in choices if value and value in said]


def _understand(request: HttpRequest, text: str) -> HttpResponse:
    """Keep the answers only. Danger sees the numbers before anything else."""
    if not text.strip():
        return redirect("guide:first")
    answers = answers_in(text)
    keep(request, answers)
    urgent = windows_for(answers, current()).urgent or tells_danger(text)
    return redirect("guide:words-numbers" if urgent else "guide:words")


@login_not_required
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Show the emergency numbers; nothing is blocked, one press leads on."""
    lines = emergency_lines(timezone.now(), LESS_PRESSING)
    return say(request, "words_numbers", lines=lines, note=note_of_the_open_line())


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Take the answers as the person put them right, and lead on."""
    before = answers_of(request)
    if request.method != "POST":
        return redirect("guide:words")
    form = _form(before, request.POST)
    answers = with_page(before, form.parsed())
    if answers == Answers():  # "not sure" is an answer, too
        answers = with_page(answers, {"happened": "g"})
    keep(request, answers)
    if before.happened is not None and answers.happened == before.happened:
        return redirect("guide:result")
    after = flow.page_after(1, answers)
    return redirect(f"guide:page-{after}") if after else redirect("guide:result")


def _form(answers: Answers, sent: object = None) -> GuideForm:
    """Return the questions of the way that was understood, with the answers filled in."""
    asked = _asked_outright(answers)
    facts = tuple(fact for fact in _FACTS if fact in {*answers.told(), *asked})
    return GuideForm(sent, questions=tuple(_asked(answers)), facts=facts, answers=answers)


def _asked_outright(answers: Answers) -> set[str]:
    """Return the facts to ask openly: danger where nothing was understood, age with images."""
    if answers == Answers():
        return {"danger_now"}
    return {"under18"} if "a5" in answers.kinds else set()


def _asked(answers: Answers) -> list[Question]:
    names = ["q1"]
    if answers.happened in {"a", "b", "d", "e", "g"}:
        names.append(_SECOND.get(answers.happened or "", "q2a"))
    if answers.happened in {"a", "b", "g"}:
        names += ["q3a", *(["q3a-removal"] if "w2" in answers.wants else []), "q4a"]
    questions = all_questions()
    return [questions[name] for name in names]
