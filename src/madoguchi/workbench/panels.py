"""What other storeys show on a matter's page: each panel is asked, and may have nothing to say.

A panel is a function of the reader and the consultation. It returns which template is drawn
and what the template knows as `panel`; None where it has nothing for this reader. To add
one: write the function beside its queries, name it here in its place; if it has nothing to say
without rows of its own, name them in _LIVES_ON.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db.models import Model

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.queries import classified
from madoguchi.consultations.queries.dues import deadlines_in
from madoguchi.consultations.queries.linking import of_same_person
from madoguchi.consultations.queries.people import people_in, suggestions_for
from madoguchi.correspondence.models.chat import Talk
from madoguchi.correspondence.models.mail import MailAddress, MailIn, MailOut
from madoguchi.correspondence.queries.chat import talks_of
from madoguchi.correspondence.queries.files import files_held
from madoguchi.correspondence.queries.mail import came_in, sent_in, ways_of
from madoguchi.correspondence.queries.words import receipt_made_at
from madoguchi.desks.queries import advisers_of
from madoguchi.directory.checklists import checklists_for
from madoguchi.experts.queries.asked import asked_in, houterasu_in
from madoguchi.matters.models import Approval
from madoguchi.matters.queries import approvals_at, opened_approvals, ticks_in
from madoguchi.referrals.models import Arrival
from madoguchi.referrals.queries.lists import arrival_in, referrals_in
from madoguchi.rules.access import Actor
from madoguchi.rules.approval import Ask
from madoguchi.rules.consultation import LIFECYCLE, Status, Step
from madoguchi.rules.experts import HOUTERASU_TIMES
from madoguchi.workbench.forms.approvals import AskForm
from madoguchi.workbench.forms.deadlines import DeadlineForm
from madoguchi.workbench.forms.handovers import SayForm
from madoguchi.workbench.queries.frame import held_in

# So many answers stay in sight.
_ANSWERS = 2


@dataclass(frozen=True)
class Panel:
    """A part of a matter's page."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Draw = Callable[[Actor, Consultation], Panel | None]


def deadlines(actor: Actor, row: Consultation) -> Panel:
    """期限: what is still to be done in the matter, and the way to add to it."""
    running = deadlines_in(actor, row.pk)
    return Panel("workbench/deadlines.html", {"running": running, "form": DeadlineForm()})


def talks(actor: Actor, row: Consultation) -> Panel | None:
    """チャット: the talks of the matter, to be read line by line."""
    found = list(talks_of(actor).filter(matter=row.pk).order_by("-opened_at"))
    return Panel("workbench/chat_panel.html", {"talks": found}) if found else None


def approvals(actor: Actor, row: Consultation) -> Panel | None:
    """供覧・決裁: what is asked in the matter, and the last answers."""
    asked = list(approvals_at(actor).filter(matter=row.pk).order_by("asked_at"))
    running = [it for it in asked if it.decided_at is None]
    decided = sorted(
        (it for it in asked if it.decided_at), key=attrgetter("decided_at"), reverse=True
    )
    shown = opened_approvals(actor, [*running, *decided[:_ANSWERS]])
    files = files_held(actor, [it.pk for it in running if it.kind == Ask.SECOND_READING])
    told = [(it, files.get(it.id, [])) for it in shown]
    context = {"approvals": told, "number": row.matter.number}
    return Panel("workbench/approvals.html", context) if shown else None


def asking(actor: Actor, row: Consultation) -> Panel:
    """供覧・決裁をたのむ: the way to ask a colleague."""
    people = advisers_of(row.desk_id).exclude(pk=actor.user)
    return Panel("workbench/asking.html", {"form": AskForm(people=people)})


def handing(actor: Actor, row: Consultation) -> Panel:
    """渡すもの: the receipt code, a reply on paper."""
    may_reply = Step.REPLY in LIFECYCLE.steps_from(Status(row.status))
    context = {
        "number": row.matter.number,
        "made_at": receipt_made_at(row.pk),
        "may_reply": may_reply and row.desk_id == actor.desk,
    }
    return Panel("workbench/handing.html", context)


def handed_over(actor: Actor, row: Consultation) -> Panel | None:
    """引き継いだ内容: what another desk told of the person, who need not tell it again."""
    came = arrival_in(actor, row.pk)
    said = SayForm(auto_id="answer-%s")
    return Panel("workbench/handed_over.html", {"came": came, "say": said}) if came else None


def handing_over(actor: Actor, row: Consultation) -> Panel:
    """引き継ぎ: where the person is being handed over, and the way to do so."""
    return Panel("workbench/handing_over.html", {"referrals": referrals_in(actor, row.pk)})


def people(actor: Actor, row: Consultation) -> Panel:
    """人とつながり: who is concerned, what else is theirs, and who may be the same person."""
    context = {
        "people": people_in(row),
        "same": of_same_person(actor, row),
        "suggestions": suggestions_for(actor, row, by_words=False),
    }
    return Panel("workbench/people_panel.html", context)


def mail_trouble(actor: Actor, row: Consultation) -> Panel | None:
    """不着: mails of ours in the matter that came back or did not go, and those that wait."""
    pressing = [it for it in sent_in(actor, row.pk) if it.is_pressing]
    return Panel("workbench/mail_trouble.html", {"mails": pressing}) if pressing else None


def mail(actor: Actor, row: Consultation) -> Panel | None:
    """メール: what came and went in the matter."""
    came, sent = came_in(actor, row.pk), sent_in(actor, row.pk)
    ways = ways_of(row.pk)
    if not (came or sent or ways):
        return None
    told = {"came": came, "sent": sent, "ways": ways.items()}
    return Panel("workbench/mail_beside.html", told)


def checklists(_actor: Actor, row: Consultation) -> Panel | None:
    """点検表: what the documents tell to think of in a matter of this kind."""
    lists = checklists_for(classified(row))
    ticks = ticks_in(row.pk)
    drawn_lists = [(it, [(item, ticks.get(item.id)) for item in it.items]) for it in lists]
    return Panel("workbench/checklists.html", {"lists": drawn_lists}) if lists else None


def experts(actor: Actor, row: Consultation) -> Panel:
    """専門家に聞く: what experts were asked in the matter, and the way to ask."""
    asked = asked_in(actor, row.pk)
    context = {
        "number": row.matter.number,
        "asked": asked,
        "houterasu": houterasu_in(asked),
        "houterasu_times": HOUTERASU_TIMES,
    }
    return Panel("workbench/expert_panel.html", context)


# Between the buttons and what happened: what the adviser must see before writing.
ABOVE: tuple[Draw, ...] = (mail_trouble, approvals, handed_over, talks)
# Beside it, first of all.
FIRST: tuple[Draw, ...] = (deadlines,)
# Beside it, between the person and the record.
BESIDE: tuple[Draw, ...] = (checklists, people, mail, experts, asking, handing, handing_over)


# What a panel lives on: where the matter holds none of it, the panel has nothing to say.
_LIVES_ON: Mapping[Draw, tuple[type[Model], ...]] = {
    approvals: (Approval,),
    handed_over: (Arrival,),
    mail: (MailIn, MailOut, MailAddress),
    mail_trouble: (MailOut,),
    talks: (Talk,),
}


def drawn(actor: Actor, row: Consultation) -> dict[str, list[Panel]]:
    """Return the panels that have something to say, by where they stand."""
    there = held_in(row.pk, dict.fromkeys(it for need in _LIVES_ON.values() for it in need))
    places = {"above": ABOVE, "first": FIRST, "beside": BESIDE}
    return {
        place: [
            panel
            for draw in panels
            if draw not in _LIVES_ON or not there.isdisjoint(_LIVES_ON[draw])
            if (panel := draw(actor, row))
        ]
        for place, panels in places.items()
    }
