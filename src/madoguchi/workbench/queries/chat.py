"""What the desk's pages of the chat show, put together from the storeys below."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.places import headline_place
from madoguchi.consultations.queries import kinds_of
from madoguchi.correspondence.models import Talk
from madoguchi.correspondence.queries import chat
from madoguchi.correspondence.queries.chat import Busy
from madoguchi.desks.queries import advisers_of, books_on
from madoguchi.rules.access import Actor
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.codebooks import CodeBook, Table
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class TalkLine:
    """One talk in the list: who it is, in their own first words; what is new in it."""

    talk: Talk
    headline: str
    unseen: int = 0
    in_charge: str = ""  # who advises somebody who was here before


@dataclass(frozen=True)
class Overview:
    """The chat of a desk as one adviser sees it."""

    waiting: list[TalkLine]
    mine: list[TalkLine]
    others: list[TalkLine]
    to_sum_up: list[TalkLine]
    busy: list[Busy]


def overview_of(actor: Actor, at: dt.datetime) -> Overview:
    """Return who waits, the actor's talks, their colleagues', and who is busy at `at`."""
    waiting, talking = list(chat.waiting(actor)), list(chat.talking(actor))
    over = list(chat.to_sum_up(actor))
    heads = _headlines(actor, [*waiting, *talking, *over])
    unseen, charges = chat.unseen_in(actor), _in_charge(waiting)
    going = [TalkLine(row, heads[row.matter_id], unseen.get(row.pk, 0)) for row in talking]
    return Overview(
        waiting=[
            TalkLine(row, heads[row.matter_id], in_charge=charges.get(row.matter_id, ""))
            for row in waiting
        ],
        mine=[line for line in going if line.talk.adviser_id == actor.user],
        others=[line for line in going if line.talk.adviser_id != actor.user],
        to_sum_up=[TalkLine(row, heads[row.matter_id]) for row in over],
        busy=chat.busy_at(actor.desk, at),
    )


def _headlines(actor: Actor, rows: list[Talk]) -> dict[UUID, str]:
    """Return the first words of each talk's matter, keys fetched in one query."""
    matters = {row.matter_id for row in rows}
    safe = Safe(actor.desk)
    safe.fetch(matters)
    sealed = Consultation.objects.filter(pk__in=matters).values_list("pk", "headline")
    return {
        matter: safe.open(words, holder=matter, place=headline_place(matter)) or ""
        for matter, words in sealed
    }


def _in_charge(rows: list[Talk]) -> dict[UUID, str]:
    """Return who is in charge already of those who wait."""
    known = Consultation.objects.filter(pk__in=[row.matter_id for row in rows])
    named = known.filter(adviser__isnull=False).values_list("pk", "adviser__name")
    return {matter: name for matter, name in named if name}


def colleagues_of(row: Talk, at: dt.datetime) -> list[tuple[str, str]]:
    """Return who may go on with a talk, each with what they are at just now."""
    busy = {it.name: it for it in chat.busy_at(row.desk_id, at)}
    people = advisers_of(row.desk_id)
    return [
        (str(it.pk), f"{it.name}{_state(busy.get(it.name))}")
        for it in people
        if it.pk != row.adviser_id
    ]


def _state(busy: Busy | None) -> str:
    if busy is None:
        return ""
    calling = _("通話中") if busy.is_calling else ""
    talks = _("チャット%(number)s件") % {"number": busy.talks} if busy.talks else ""
    return f"（{'・'.join(it for it in (calling, talks) if it)}）"


def summary_books(about: Consultation) -> tuple[dict[Table, CodeBook], dict[str, Any]]:
    """Return the books of the day, and what is known of the matter: where a summary starts."""
    known = {
        "kinds": sorted(kinds_of(about)),
        "action": "",
        "age_group": about.age_group,
        "standing": about.standing,
    }
    return books_on(about.desk_id, in_japan(about.first_contact_at).date()), known
