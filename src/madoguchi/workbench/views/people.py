"""人とつながり: who is concerned in a matter, and which other matters are theirs."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import identifying, linking
from madoguchi.consultations.queries import as_lines, numbered
from madoguchi.consultations.queries.linking import links_of, of_same_person
from madoguchi.consultations.queries.people import clues_offered, people_in, suggestions_for
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.desks.queries import books_on
from madoguchi.rules.access import Actor
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.codebooks import Table
from madoguchi.workbench.forms import folded_number
from madoguchi.workbench.forms.people import AffectedForm, ClueForm, LinkForm, ProxyForm
from madoguchi.workbench.queries import Labels, months_of
from madoguchi.workbench.views.doors import attempt, found, when_pressed
from madoguchi.workbench.views.pages import show

Deed = Callable[[], Any]


@for_advisers
def people(request: HttpRequest, number: str) -> HttpResponse:
    """Show who is concerned, what they are known by, and what else is theirs."""
    return _page(request, found(request, number))


def _page(
    request: HttpRequest, row: Consultation, status: int = 200, **posted: Form
) -> HttpResponse:
    actor = user_of(request).actor
    known = people_in(row)
    context = {
        "row": row,
        "line": as_lines(actor, [row])[0],
        "people": known,
        "offered": clues_offered(row, (it.words or "" for it in messages_in(row.matter))),
        "links": [(it, it.other if it.one_id == row.pk else it.one) for it in links_of(row)],
        "same": as_lines(actor, of_same_person(actor, row)),
        "suggestions": suggestions_for(actor, row, by_words=True),
        "months": months_of(row),
        "standing": Labels(row.desk_id).say(Table.STANDING, row.standing),
        "affected": _affected_form(row, known=known.affected),
        "proxy": ProxyForm(),
        "clue": ClueForm(),
        "linked": LinkForm(),
        **posted,
    }
    return show(request, "workbench/people.html", context, status)


def _affected_form(row: Consultation, data: Any = None, known: Any = None) -> AffectedForm:
    books = books_on(row.desk_id, in_japan(timezone.now()).date())
    ages = [(it.key, it.label_ja) for it in books[Table.AGE_GROUP].codes] if books else []
    return AffectedForm(data, ages=ages, initial=vars(known) if known else None)


def _do(
    request: HttpRequest, number: str, done: str, deed: Callable[[UUID, Actor], Any]
) -> HttpResponse:
    """Do a deed in the matter with this number and show its people again."""
    row = found(request, number)
    attempt(request, done, lambda: deed(row.pk, user_of(request).actor))
    return redirect("workbench:people", number=number)


@for_advisers
@when_pressed
def affected(request: HttpRequest, number: str) -> HttpResponse:
    """被害者・本人を書きとめる."""
    row = found(request, number)
    form = _affected_form(row, request.POST)
    if not form.is_valid():
        return _page(request, row, 400, affected=form)
    return _do(
        request,
        number,
        _("被害者・本人を書きとめました。"),
        lambda matter, actor: identifying.describe_affected(
            matter=matter, actor=actor, affected=form.parsed(), at=timezone.now()
        ),
    )


@for_advisers
@when_pressed
def add_proxy(request: HttpRequest, number: str) -> HttpResponse:
    """代わりに動く人を加える."""
    form = ProxyForm(request.POST)
    if not form.is_valid():
        return _page(request, found(request, number), 400, proxy=form)
    return _do(
        request,
        number,
        _("代わりに動く人を加えました。"),
        lambda matter, actor: identifying.add_proxy(
            matter=matter, actor=actor, proxy=form.parsed(), at=timezone.now()
        ),
    )


@for_advisers
@when_pressed
def drop_proxy(request: HttpRequest, number: str, proxy: UUID) -> HttpResponse:
    """代わりに動く人を外す."""
    return _do(
        request,
        number,
        _("代わりに動く人を外しました。"),
        lambda matter, actor: identifying.drop_proxy(
            matter=matter, actor=actor, proxy=proxy, at=timezone.now()
        ),
    )


@for_advisers
@when_pressed
def add_clue(request: HttpRequest, number: str) -> HttpResponse:
    """手がかりを加える."""
    form = ClueForm(request.POST)
    if not form.is_valid():
        return _page(request, found(request, number), 400, clue=form)
    return _do(
        request,
        number,
        _("手がかりを加えました。"),
        lambda matter, actor: identifying.add_clue(
            matter=matter, actor=actor, clue=form.parsed(), at=timezone.now()
        ),
    )


@for_advisers
@when_pressed
def drop_clue(request: HttpRequest, number: str, clue: UUID) -> HttpResponse:
    """手がかりを消す."""
    return _do(
        request,
        number,
        _("手がかりを消しました。"),
        lambda matter, actor: identifying.drop_clue(
            matter=matter, actor=actor, clue=clue, at=timezone.now()
        ),
    )


@for_advisers
@when_pressed
def link(request: HttpRequest, number: str) -> HttpResponse:
    """ほかの相談とつなぐ."""
    row, actor = found(request, number), user_of(request).actor
    form = LinkForm(request.POST)
    other = None
    if form.is_valid():
        typed = folded_number(form.parsed()[0])
        other = numbered(actor, typed)
        if other is None:
            form.add_error("number", _("この番号の相談はありません。番号を確かめてください。"))
    if other is None:
        return _page(request, row, 400, linked=form)
    return _linked(request, row, other, form)


def _linked(
    request: HttpRequest, row: Consultation, other: Consultation, form: LinkForm
) -> HttpResponse:
    actor = user_of(request).actor
    suggested = suggestions_for(actor, row, by_words=False)
    why = next((it.reasons for it in suggested if it.line.matter == other.pk), ())
    return _do(
        request,
        row.matter.number,
        _("つながりを記録しました。いつでも外せます。"),
        lambda matter, actor: linking.link(
            matters=(matter, other.pk),
            tie=form.parsed()[1],
            actor=actor,
            at=timezone.now(),
            reasons=why,
        ),
    )


@for_advisers
@when_pressed
def undo_link(request: HttpRequest, number: str, link: UUID) -> HttpResponse:
    """つなぎを外す."""
    return _do(
        request,
        number,
        _("つなぎを外しました。件数も、つなぐ前にもどりました。"),
        lambda _matter, actor: linking.undo_link(link=link, actor=actor, at=timezone.now()),
    )
