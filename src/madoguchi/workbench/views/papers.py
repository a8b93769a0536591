"""What is handed over on paper: a reply to be posted or sent by FAX, a receipt code."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations.delivering import hand_code
from madoguchi.consultations.operations.drafting import post_reply
from madoguchi.consultations.queries import contacts_of
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.operations.words import begin_draft
from madoguchi.correspondence.queries.files import postings_in
from madoguchi.correspondence.queries.words import (
    OpenedDraft,
    drafts_of,
    messages_in,
    receipt_made_at,
)
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.desks.queries import public_desk
from madoguchi.rules.access import RefusedError
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.ui.answers import as_download
from madoguchi.ui.printing import UnableToPrintError
from madoguchi.workbench.formats.letter import LetterSheet, letter_pdf
from madoguchi.workbench.forms import PenForm
from madoguchi.workbench.forms.files import ON_PAPER, PaperForm
from madoguchi.workbench.views.doors import found, keeps_words
from madoguchi.workbench.views.pages import column, held, show
from madoguchi.workbench.views.refusals import sentence_for


@keeps_words
@for_advisers
def write_paper(request: HttpRequest, number: str) -> HttpResponse:
    """GET: write a reply that is printed. POST: keep it as sent, and lead to its PDF."""
    row, actor = found(request, number), user_of(request).actor
    if request.method != "POST":
        return _paper_page(request, row)
    form, draft = PaperForm(request.POST), _draft_in(request, row)
    if not form.is_valid():
        return _paper_page(request, row, form, 400)
    pen = PenForm(request.POST).pen(draft.id) if draft else None
    words, paper = form.parsed()
    try:
        sent = post_reply(
            actor=actor, pen=pen, matter=row.pk, words=words, paper=paper, at=timezone.now()
        )
    except (RefusedError, IllegalStepError) as refusal:
        form.add_error(None, sentence_for(refusal))
        return _paper_page(request, row, form, 409)
    messages.success(request, _("返信を記録しました。PDFを開いて、印刷してください。"))
    return redirect("workbench:paper-sent", number=number, paper=sent.posting.pk)


def _last_paper(row: Consultation) -> str:
    """Return how the person wrote last, where that was on paper."""
    channels = [it.channel for it in contacts_of(row)]
    papers = {key for key, _label in ON_PAPER}
    return next((it for it in reversed(channels) if it in papers), "LETTER")


def _draft_in(request: HttpRequest, row: Consultation) -> OpenedDraft | None:
    """Return what the actor has begun to write to the person, on paper or not."""
    drafts = drafts_of(user_of(request).actor)
    return next((it for it in drafts if it.matter == row.pk and it.kind is Kind.REPLY), None)


def _paper_page(
    request: HttpRequest, row: Consultation, form: PaperForm | None = None, status: int = 200
) -> HttpResponse:
    """Show the form, which saves its words as one types: the draft of a reply, wherever it goes."""
    actor = user_of(request).actor
    begin_draft(actor=actor, kind=Kind.REPLY, matter=row.pk, at=timezone.now())
    draft = _draft_in(request, row)
    assert draft
    channel = next(iter(draft.choices.get("channel", ())), None) or _last_paper(row)
    initial = {"channel": channel, "words": draft.words, "address": draft.address}
    form = form or PaperForm(initial=initial)
    posted = {"page": request.POST["page"]} if request.POST.get("page") else {}
    on = held(request, draft, form=form, **posted)
    address = reverse("workbench:paper", kwargs={"number": row.matter.number})
    context = {
        **column(request),
        "form": form,
        "number": row.matter.number,
        "on": on,
        "address": address,
    }
    return show(request, "workbench/paper.html", context, status)


@for_advisers
def paper_sent(request: HttpRequest, number: str, paper: UUID) -> HttpResponse:
    """Lead to the PDF of a letter, and say what to do with it."""
    row = found(request, number)
    posting = next((it for it in postings_in(row.matter).values() if it.id == paper), None)
    if posting is None:
        raise Http404
    context = {**column(request), "posting": posting, "number": number}
    return show(request, "workbench/paper_sent.html", context)


@for_advisers
def paper_pdf(request: HttpRequest, number: str, paper: UUID) -> HttpResponse:
    """Return a letter as PDF: the address sheet, then the reply."""
    row = found(request, number)
    posting = next((it for it in postings_in(row.matter).values() if it.id == paper), None)
    sent = posting and next(
        (it for it in messages_in(row.matter) if it.id == posting.message), None
    )
    if not posting or not sent or posting.address is None or sent.words is None:
        raise Http404
    sheet = LetterSheet(
        desk=row.desk.name,
        number=number,
        channel=posting.channel,
        address=posting.address,
        words=sent.words,
        at=sent.at,
    )
    try:
        return as_download(letter_pdf(sheet), f"{number}.pdf")
    except UnableToPrintError as refusal:
        messages.error(request, str(refusal))
        return redirect("workbench:matter", number=number)


@for_advisers
def code(request: HttpRequest, number: str) -> HttpResponse:
    """GET: say what handing over a code means. POST: make one and show it, this once."""
    row, actor = found(request, number), user_of(request).actor
    context = {**column(request), "number": number, "made_at": receipt_made_at(row.pk)}
    if request.method != "POST":
        return show(request, "workbench/code.html", context)
    try:
        seen = request.POST.get("seen", "")
        made = hand_code(actor=actor, matter=row.pk, seen=seen, at=timezone.now())
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
        return show(request, "workbench/code.html", context, 409)
    desk = public_desk()
    said = {"code": made, "is_public": bool(desk and desk.pk == row.desk_id)}
    return show(request, "workbench/code_made.html", {**context, **said})
