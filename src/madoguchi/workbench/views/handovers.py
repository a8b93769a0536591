"""引き継ぎ: prepared, agreed to, sent; taken up or returned; what came of it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.queries import contacts_of
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.correspondence.scanning import scanner
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.desks.queries import books_on
from madoguchi.referrals.models import Arrival, Referral
from madoguchi.referrals.operations import arriving, delivering, preparing, sending
from madoguchi.referrals.operations.delivering import UnableToDeliverError
from madoguchi.referrals.queries import lists
from madoguchi.referrals.queries.contents import files_to_choose
from madoguchi.rules.access import RefusedError
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.codebooks import Table
from madoguchi.rules.referral import Status, Way
from madoguchi.ui.answers import as_download
from madoguchi.ui.printing import UnableToPrintError
from madoguchi.workbench.forms.handovers import (
    AcceptForm,
    AgreeForm,
    HeardForm,
    PrepareForm,
    SayForm,
)
from madoguchi.workbench.queries import Labels, contact_lines, day_and_time
from madoguchi.workbench.views.doors import attempt, found, when_pressed
from madoguchi.workbench.views.pages import show
from madoguchi.workbench.views.refusals import sentence_for

_SHOWN = 200
_GIST = 30


@for_advisers
def handovers(request: HttpRequest) -> HttpResponse:
    """Show what came, and what went."""
    actor = user_of(request).actor
    came = lists.arrivals_of(actor)
    context = {
        "waiting": came.filter(status=Status.SENT)[:_SHOWN],
        "taken": came.exclude(status=Status.SENT).order_by("-arrived_at")[:_SHOWN],
        "sent": lists.open_of(actor)[:_SHOWN],
        "over": lists.referrals_of(actor).filter(status__in=[Status.SETTLED, Status.WITHDRAWN])[
            :_SHOWN
        ],
        "room": "handovers",
    }
    return show(request, "workbench/handovers.html", context)


# -- preparing ----------------------------------------------------------------------------


def _prepare_form(request: HttpRequest, row: Consultation) -> PrepareForm:
    labels = Labels(row.desk_id)
    contacts = contact_lines(contacts_of(row), labels)[::-1]
    contacts.sort(key=lambda line: line.action is not None)
    notes = messages_in(row.matter, Kind.NOTE)
    # What a colleague has classified already is not changed unless somebody chooses it.
    unsaid = next((str(line.id) for line in contacts if line.action is None), "")
    return PrepareForm(
        request.POST if request.method == "POST" else None,
        receivers=lists.receivers_for(user_of(request).actor),
        notes=[
            (str(it.id), f"{day_and_time(it.at)} {(it.words or '')[:_GIST]}…")
            for it in notes
            if it.words
        ],
        files=[(str(it.id), f"{it.name}") for it in files_to_choose(row, timezone.now())],
        contacts=[
            (
                str(line.id),
                f"{day_and_time(line.at)}・{line.channel}・{line.action_word or _('未分類')}",
            )
            for line in contacts
        ],
        initial={"counted_on": unsaid},
    )


@for_advisers
def prepare(request: HttpRequest, number: str) -> HttpResponse:
    """Prepare a hand-over of a matter."""
    row = found(request, number)
    form = _prepare_form(request, row)
    if form.is_valid():
        try:
            made = preparing.prepare(
                matter=row.pk,
                actor=user_of(request).actor,
                plan=form.parsed(),
                at=timezone.now(),
            )
        except RefusedError as refusal:
            form.add_error(None, sentence_for(refusal))
        else:
            return redirect("workbench:handover", referral=made.pk)
    status = 400 if form.is_bound else 200
    context = {"row": row, "form": form, "room": "handovers"}
    return show(request, "workbench/handover_new.html", context, status)


# -- what goes ------------------------------------------------------------------------------


def _own(request: HttpRequest, referral: UUID) -> Referral:
    row = lists.referral_of(user_of(request).actor, referral)
    if row is None:
        raise Http404
    return row


@for_advisers
def handover(request: HttpRequest, referral: UUID) -> HttpResponse:
    """Show a hand-over of ours: what goes or went, to what she agreed, what came of it."""
    row = _own(request, referral)
    opened = lists.opened(row)
    context = {
        "opened": opened,
        "row": row,
        "sections": opened.sections or lists.foretold(row, timezone.now()),
        "agree": AgreeForm(asked=row.asked, initial={"items": row.agreed}),
        "heard": HeardForm(auto_id="heard-%s"),
        "notes_heard": row.way in (Way.FILE, Way.PERSON),
        "room": "handovers",
    }
    return show(request, "workbench/handover.html", context)


def _do(
    request: HttpRequest, referral: UUID, done: str, deed: Callable[[Referral], object]
) -> HttpResponse:
    """Do something with a hand-over of ours, and show it again."""
    row = _own(request, referral)
    attempt(request, done, lambda: deed(row))
    return redirect("workbench:handover", referral=referral)


@for_advisers
@when_pressed
def agree(request: HttpRequest, referral: UUID) -> HttpResponse:
    """同意を記録する."""
    form = AgreeForm(request.POST, asked=_own(request, referral).asked)
    if not form.is_valid():
        raise Http404
    actor = user_of(request).actor
    return _do(
        request,
        referral,
        _("本人の返事を記録しました。"),
        lambda row: preparing.agree(
            referral=row.pk, items=form.parsed(), actor=actor, at=timezone.now()
        ),
    )


@for_advisers
@when_pressed
def send(request: HttpRequest, referral: UUID) -> HttpResponse:
    """引き継ぐ."""
    return _do(request, referral, _("引き継ぎました。"), lambda row: _send(request, row))


def _send(request: HttpRequest, row: Referral) -> None:
    at = timezone.now()
    sending.send(referral=row.pk, actor=user_of(request).actor, at=at)
    if row.way == Way.DESK:
        # At once, for whoever waits; the job finds it done.
        try:
            delivering.deliver(referral=row.pk, scan=scanner(), at=at)
        except UnableToPrintError as trouble:
            messages.warning(request, str(trouble))


@for_advisers
@when_pressed
def withdraw(request: HttpRequest, referral: UUID) -> HttpResponse:
    """引き継ぎをやめる."""

    def deed(row: Referral) -> None:
        delivering.recall(referral=row, at=timezone.now())
        actor = user_of(request).actor
        sending.withdraw(referral=row.pk, actor=actor, at=timezone.now())

    return _do(request, referral, _("引き継ぎをやめました。"), deed)


@for_advisers
@when_pressed
def heard(request: HttpRequest, referral: UUID) -> HttpResponse:
    """相手の窓口から聞いたことを記録する."""
    _own(request, referral)
    form = HeardForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("相手の窓口がどうしたか、選んでください。"))
        return redirect("workbench:handover", referral=referral)
    step, words = form.parsed()
    actor = user_of(request).actor
    return _do(
        request,
        referral,
        _("記録しました。"),
        lambda row: sending.note_heard(
            referral=row.pk, actor=actor, step=step, words=words, at=timezone.now()
        ),
    )


@for_advisers
@when_pressed
def settle(request: HttpRequest, referral: UUID) -> HttpResponse:
    """済みにする."""
    actor = user_of(request).actor
    return _do(
        request,
        referral,
        _("済みにしました。"),
        lambda row: sending.settle(referral=row.pk, actor=actor, at=timezone.now()),
    )


@for_advisers
@when_pressed
def take_file(request: HttpRequest, referral: UUID) -> HttpResponse:
    """Give out the locked file for an outside window."""
    row = _own(request, referral)
    try:
        parcel = delivering.parcel_for(
            referral=row, actor=user_of(request).actor, at=timezone.now()
        )
    except RefusedError as refusal:
        messages.error(request, sentence_for(refusal))
    except UnableToPrintError as trouble:
        messages.error(request, str(trouble))
    else:
        return as_download(parcel.content, parcel.name, parcel.media)
    return redirect("workbench:handover", referral=referral)


# -- what came ------------------------------------------------------------------------------


def _came(request: HttpRequest, arrival: UUID) -> Arrival:
    row = lists.arrival_of(user_of(request).actor, arrival)
    if row is None:
        raise Http404
    return row


def _accept_form(request: HttpRequest, row: Arrival) -> AcceptForm:
    books = books_on(row.desk_id, in_japan(row.arrived_at).date())
    codes = books[Table.CHANNEL].codes if Table.CHANNEL in books else ()
    data = request.POST if request.method == "POST" else None
    return AcceptForm(data, channels=[(code.key, code.label_ja) for code in codes])


@for_advisers
def arrival(request: HttpRequest, arrival: UUID) -> HttpResponse:
    """Show what came: it waits to be taken up."""
    row = _came(request, arrival)
    context = {
        "row": row,
        "came": lists.opened_arrival(row),
        "accept": _accept_form(request, row),
        "say": SayForm(auto_id="return-%s"),
        "room": "handovers",
    }
    return show(request, "workbench/arrival.html", context)


@for_advisers
@when_pressed
def accept(request: HttpRequest, arrival: UUID) -> HttpResponse:
    """引き継ぎを受ける."""
    row, at = _came(request, arrival), timezone.now()
    form = _accept_form(request, row)
    if not form.is_valid():
        raise Http404
    attempt(
        request,
        _("引き継ぎを受けました。新しい相談になりました。"),
        lambda: arriving.accept(
            arrival=row.pk, actor=user_of(request).actor, channel=form.parsed(), at=at
        ),
    )
    _tell_at_once(row, Status.ACCEPTED)
    row.refresh_from_db()
    if row.matter:
        return redirect("workbench:matter", number=row.matter.number)
    return redirect("workbench:arrival", arrival=arrival)


def _tell_at_once(row: Arrival, status: Status) -> None:
    """Tell a desk of this installation now; one elsewhere is told by a job."""
    if row.from_desk_id:
        try:
            delivering.tell(arrival=row.pk, status=status, at=timezone.now())
        except (RefusedError, UnableToDeliverError):
            return  # the job says so to who looks after the machine


@for_advisers
@when_pressed
def return_(request: HttpRequest, arrival: UUID) -> HttpResponse:
    """引き継ぎを戻す."""
    row = _came(request, arrival)
    form = SayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("戻すわけを書いてください。相手の窓口と本人が困らないためです。"))
        return redirect("workbench:arrival", arrival=arrival)
    actor = user_of(request).actor
    attempt(
        request,
        _("引き継ぎを戻しました。届いた内容は、消しました。"),
        lambda: arriving.return_(
            arrival=row.pk, actor=actor, words=form.parsed(), at=timezone.now()
        ),
    )
    _tell_at_once(row, Status.RETURNED)
    return redirect("workbench:handovers")


@for_advisers
@when_pressed
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """引き継いだ窓口に答える."""
    row = found(request, number)
    form = SayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("伝えることを書いてください。"))
        return redirect("workbench:matter", number=number)
    actor = user_of(request).actor
    attempt(
        request,
        _("引き継いだ窓口に答えました。"),
        lambda: arriving.answer(matter=row.pk, actor=actor, words=form.parsed(), at=timezone.now()),
    )
    came = lists.arrival_in(actor, row.pk)
    if came:
        _tell_at_once(came.row, Status.ANSWERED)
    return redirect("workbench:matter", number=number)
