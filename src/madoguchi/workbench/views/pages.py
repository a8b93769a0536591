"""Putting pages together: the frame of the desk, the matter's page, the call's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, prefetch_related_objects
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from madoguchi.consultations import queries
from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.queries.alarms import raised_in
from madoguchi.consultations.queries.board import busy
from madoguchi.consultations.queries.people import clues_offered
from madoguchi.consultations.queries.talks import calls_for
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.models.mail import Way
from madoguchi.correspondence.queries.files import OpenedFile, files_beside
from madoguchi.correspondence.queries.mail import can_be_read, ways_offered
from madoguchi.correspondence.queries.words import OpenedDraft, drafts_of
from madoguchi.desks.doors import user_of
from madoguchi.desks.queries import advisers_of, books_on
from madoguchi.rules.access import Actor, Role, check_may_read_figures, passes
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.codebooks import UNKNOWN, Table
from madoguchi.rules.codebooks import books_on as in_force
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe
from madoguchi.workbench.forms import (
    AssignForm,
    CallForm,
    ClassifyForm,
    NoteForm,
    SafetyForm,
    WordsForm,
)
from madoguchi.workbench.forms.files import ReplyFilesForm
from madoguchi.workbench.forms.replies import ReplyForm
from madoguchi.workbench.panels import drawn
from madoguchi.workbench.presenting import REFERRED
from madoguchi.workbench.queries import (
    Labels,
    begun,
    contact_lines,
    dangers_beside,
    day_and_time,
    events_in,
    leaving,
    months_of,
    steps_of,
)
from madoguchi.workbench.queries.frame import waiting_for

LISTS = ("mine", "unassigned", "all", "closed")
_ON_A_PAGE = 50
_BESIDE_A_MATTER = 30
_MOST_TURNED = 1_000
# After so long, a note begun is no longer a call that goes on.
_LONGEST_CALL_SECONDS = 3 * 60 * 60
# Fields of a note in which several are ticked.
_SEVERAL = {"kinds", "referred_to", "explained", "agreed"}


@dataclass(frozen=True)
class Held:
    """A draft on the table: its form, which page writes, and other words that stand in the way."""

    draft: OpenedDraft
    form: Form
    page: str
    seen: str
    clash: OpenedDraft | None = None
    is_live: bool = False
    takes_focus: bool = False
    # The 対応 that is proposed once a window is in the note.
    referred: str = REFERRED
    # What lies beside the words of a reply, and goes out with them.
    files: Sequence[OpenedFile] = ()


def show(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Show a page in the frame of the desk."""
    user = user_of(request)
    actor = user.actor
    # What a view has asked for itself is not asked again.
    drafts = begun(context["drafts"] if "drafts" in context else drafts_of(actor))
    now = timezone.now()
    there = waiting_for(actor, now)
    load = context["load"] if "load" in context else queries.load(actor)
    frame = {
        "actor": actor,
        "load": load,
        "dangers": dangers_beside(load, context.get("chosen", "all")),
        "is_demo": user.desk.is_demonstration,
        "reads_figures": passes(check_may_read_figures, actor, actor.desk),
        "begun": drafts,
        "call": next((draft for draft in drafts if draft.kind is Kind.NOTE), None),
        "room": "inbox",
        "mail": there,
        "calls": calls_for(actor),
        "pressing": there.pressing,
        "busy": [it for it in busy(actor, now) if it.who != actor.user],
        "supervises": actor.role is Role.SUPERVISOR,
        "now": now,
        "in_tray": there.scans,
        "handed_over_to_us": there.handovers,
    }
    return render(request, template, {**frame, **context}, status=status)


class _Pages(Paginator):  # type: ignore[type-arg]  # it takes none when it runs
    """Pages of a list in the inbox: as many as somebody may turn; all matters are in 一覧."""

    known: int | None = None  # how many there are, where that was asked already

    @cached_property
    def count(self) -> int:
        """How many matters there are, a thousand at most."""
        rows = self.object_list
        assert isinstance(rows, QuerySet)
        known = int(rows[:_MOST_TURNED].count()) if self.known is None else self.known
        return min(known, _MOST_TURNED)


# -- lists ------------------------------------------------------------------------------


def chosen_list(request: HttpRequest, load: queries.Load) -> str:
    """Return the list asked for; else one's own, or where the next is to be taken from."""
    asked = request.GET.get("list", "")
    if asked in LISTS:
        return asked
    return "mine" if load.mine else "unassigned"


def listed(
    request: HttpRequest,
    load: queries.Load,
    size: int = _ON_A_PAGE,
    labels: Labels | None = None,
    safe: Safe | None = None,
) -> tuple[Page[UUID], dict[str, Any]]:
    """Return one page of a list, and what the templates need to draw it."""
    actor, chosen = user_of(request).actor, chosen_list(request, load)
    rows = queries.closed(actor) if chosen == "closed" else queries.inbox(actor)
    if chosen == "mine":
        rows = rows.filter(adviser=actor.user)
    if chosen == "unassigned":
        rows = rows.filter(adviser=None)
    # First which: an index knows it. Only the rows of this page are fetched.
    pages = _Pages(rows.values_list("pk", flat=True), size)
    pages.known = {"mine": load.mine, "unassigned": load.unassigned, "all": load.everything}.get(
        chosen
    )
    page = pages.get_page(request.GET.get("page"))
    labels = labels or Labels(actor.desk)
    lines = [
        (line, labels.say(Table.CHANNEL, line.channel))
        for line in queries.lines_of(actor, page.object_list, safe)
    ]
    return page, {"lines": lines, "chosen": chosen, "load": load}


def column(
    request: HttpRequest, labels: Labels | None = None, safe: Safe | None = None
) -> dict[str, Any]:
    """Return the inbox as it stands beside a matter."""
    load = queries.load(user_of(request).actor)
    return listed(request, load, _BESIDE_A_MATTER, labels, safe)[1]


# -- drafts -----------------------------------------------------------------------------


def _defaults(row: Consultation | None, channels: list[str]) -> dict[str, Any]:
    """Return what a new note starts with: by telephone, and what is known of the matter."""
    return {
        "kinds": sorted(queries.kinds_of(row)) if row else [],
        "action": "",
        "channel": "TELEPHONE" if "TELEPHONE" in channels else next(iter(channels), ""),
        "age_group": row.age_group if row else UNKNOWN,
        "standing": row.standing if row else UNKNOWN,
        "described": queries.description_digest(row),
    }


def _words_form(draft: OpenedDraft, actor: Actor, data: Any) -> WordsForm:
    """Return the form of a memo, or of a reply with the ways it may go."""
    name, written = draft.kind.lower(), {"words": draft.words}
    if draft.kind is not Kind.REPLY:
        return WordsForm(data, label=_("メモ"), initial=written, auto_id=f"{name}-%s")
    ways = ways_offered(actor.desk, draft.matter) if draft.matter else {}
    chosen = {field: values[0] for field, values in draft.choices.items() if values}
    reaches = Way.FULL in ways or (
        draft.matter is not None and can_be_read(draft.matter, Way.MY_PAGE)
    )
    initial = {**chosen, **written}
    return ReplyForm(data, ways=ways, can_be_read=reaches, initial=initial, auto_id=f"{name}-%s")


def form_for(
    draft: OpenedDraft, actor: Actor, data: Any = None, *, may_be_empty: bool = False
) -> Form:
    """Return the form of `draft`, holding what was saved, or bound to `data`."""
    name = draft.kind.lower()
    if draft.kind is not Kind.NOTE:
        return _words_form(draft, actor, data)
    books = books_on(actor.desk, in_japan(draft.started_at).date())
    row = queries.numbered(actor, draft.number) if draft.number else None
    channels = [code.key for code in books[Table.CHANNEL].codes] if Table.CHANNEL in books else []
    initial = _defaults(row, channels)
    for field, values in draft.choices.items():
        initial[field] = values if field in _SEVERAL else next(iter(values), "")
    if draft.choices and "kinds" not in draft.choices:
        initial["kinds"] = []
    kind_of_form = NoteForm if draft.matter else CallForm
    return kind_of_form(
        data,
        books=books,
        may_be_empty=may_be_empty,
        initial={**initial, "words": draft.words},
        auto_id=f"{name}-%s",
    )


def address_of(draft: OpenedDraft) -> str:
    """Return where `draft` is written."""
    if draft.kind is Kind.GIST:
        return reverse("workbench:tray")
    if draft.number is None:
        return reverse("workbench:draft", kwargs={"draft": draft.id})
    return to_write(draft.number, draft.kind)


def to_write(number: str, kind: Kind) -> str:
    """Return where one goes on writing what was begun in a matter."""
    matter = reverse("workbench:matter", kwargs={"number": number})
    return f"{matter}?{urlencode({'write': kind})}"


def held(request: HttpRequest, draft: OpenedDraft, **said: Any) -> Held:
    """Return `draft` on the table of a page just opened."""
    age, actor = timezone.now() - draft.started_at, user_of(request).actor
    return Held(
        **{
            "draft": draft,
            "form": form_for(draft, actor) if "form" not in said else None,
            "files": files_beside(actor, draft.id) if draft.kind is Kind.REPLY else (),
            "page": new_id().hex,
            "seen": draft.saved_at.isoformat(),
            "is_live": age.total_seconds() < _LONGEST_CALL_SECONDS,
            "takes_focus": request.GET.get("write") == draft.kind,
            **said,
        }
    )


def call_page(request: HttpRequest, note: Held, status: int = 200) -> HttpResponse:
    """Show the note of a call that belongs to no matter yet."""
    context = {**column(request), "note": note, "room": "call"}
    return show(request, "workbench/call.html", context, status)


# -- the matter -------------------------------------------------------------------------


def _held_in(
    request: HttpRequest, matter: UUID, drafts: list[OpenedDraft], again: Held | None
) -> dict[str, Held]:
    """Return those of the actor's `drafts` in `matter`, by kind; `again` as it was posted."""
    there = {
        draft.kind.lower(): held(request, draft)
        for draft in drafts
        if draft.matter == matter
        and (draft.kind is Kind.NOTE or draft.words or request.GET.get("write") == draft.kind)
    }
    return {**there, **({again.draft.kind.lower(): again} if again else {})}


def matter_page(
    request: HttpRequest,
    row: Consultation,
    *,
    again: Held | None = None,
    status: int = 200,
    **posted: Any,
) -> HttpResponse:
    """Show a consultation and all that belongs to it; `posted`: a form that was not taken."""
    actor = user_of(request).actor
    # Asked once for the whole page.
    prefetch_related_objects([row], "infringement_marks")
    contacts, drafts = list(queries.contacts_of(row)), drafts_of(actor)
    labels, safe = Labels(row.desk_id), Safe(row.desk_id)
    steps = steps_of(actor, row, contacts)
    context = {
        **column(request, labels, safe),
        **_held_in(request, row.pk, drafts, again),
        **_story_of(request, row, contacts, labels, safe),
        "drafts": drafts,
        "row": row,
        "steps": steps,
        "classify": classify_form(row, contacts=contacts, labels=labels),
        "reply_files": ReplyFilesForm(auto_id="reply-%s"),
        "raised": raised_in(row),
        "safety": SafetyForm(auto_id="safety-%s"),
        "assign": AssignForm(people=advisers_of(row.desk_id)) if steps.assign else None,
        "deeds": queries.deeds_in(actor, row),
        **drawn(actor, row),
        **posted,
    }
    return show(request, "workbench/matter.html", context, status)


def _story_of(
    request: HttpRequest,
    row: Consultation,
    contacts: Sequence[Contact],
    labels: Labels,
    safe: Safe,
) -> dict[str, Any]:
    """Return what happened in a consultation, what was told, and what it counts."""
    events = events_in(row, contacts, contact_lines(contacts, labels), safe)
    is_oldest_first = request.GET.get("order") == "oldest"
    return {
        "line": queries.as_lines(user_of(request).actor, [row], safe)[0],
        "told": queries.particulars_of(row, safe),
        "offered": clues_offered(row, (it.message.words or "" for it in events if it.message)),
        "events": events if is_oldest_first else events[::-1],
        "leaving": leaving(events, timezone.now()),
        "is_oldest_first": is_oldest_first,
        "age_group": labels.say(Table.AGE_GROUP, row.age_group),
        "standing": labels.say(Table.STANDING, row.standing),
        "months": months_of(row, contacts),
    }


def classify_form(
    row: Consultation,
    data: Any = None,
    seen: str | None = None,
    *,
    contacts: Sequence[Contact] | None = None,
    labels: Labels | None = None,
) -> ClassifyForm:
    """Return the form that says what a consultation is about.

    `seen`: the state that whoever filled it in had before them; None: the present one.
    """
    # The state is that of just what is drawn: a change since is noticed, never passed over.
    rows = list(queries.contacts_of(row)) if contacts is None else contacts
    digest = queries.classification_digest(row, rows)
    labels = labels or Labels(row.desk_id)
    today = in_japan(timezone.now()).date()
    return ClassifyForm(
        data,
        seen=digest if seen is None else seen,
        books=in_force(labels.books, today),
        contacts=[
            (line.id, f"{day_and_time(line.at)}・{line.channel}", line.action)
            for line in contact_lines(rows, labels)
        ],
        initial={
            "kinds": sorted(queries.kinds_of(row)),
            "age_group": row.age_group,
            "standing": row.standing,
        },
        auto_id="classify-%s",
    )


def saved_classification(row: Consultation) -> list[str]:
    """Return in words what is saved of a consultation's classification, contacts included."""
    labels = Labels(row.desk_id)
    kinds = [labels.say(Table.INFRINGEMENT_KIND, kind) for kind in sorted(queries.kinds_of(row))]
    contacts = contact_lines(queries.contacts_of(row), labels)
    return [
        f"{_('侵害種別')}：{'、'.join(kinds) or _('なし')}",
        f"{_('状況')}：{labels.say(Table.STANDING, row.standing)}",
        f"{_('年代')}：{labels.say(Table.AGE_GROUP, row.age_group)}",
        *(
            f"{day_and_time(line.at)}・{line.channel}：{line.action_word}"
            for line in contacts
            if line.action
        ),
    ]
