"""The person is asked at my-page what an expert may see, and ticks it herself (本人の同意)."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from madoguchi.correspondence.operations.line import notify_by_line
from madoguchi.correspondence.queries.words import receipt_made_at
from madoguchi.experts.models import ExpertConsultation
from madoguchi.experts.operations.asking import (
    Chosen,
    await_until,
    check_chosen,
    listed,
    locked,
    note_consent,
    write_down,
)
from madoguchi.ledger.chain import Deed
from madoguchi.matters.queries import working_of
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.deadlines import reply_due
from madoguchi.rules.experts import LIFECYCLE, Status, Step, check_may_answer
from madoguchi.vault.ids import new_id


def ask_person(*, asked: UUID, chosen: Chosen, actor: Actor, at: dt.datetime) -> None:
    """Ask the person at my-page whether an expert may see `chosen` (マイページで聞く).

    What she has agreed to holds until she answers. Refused where she has no way to my-page.
    """
    with transaction.atomic():
        row = locked(asked)
        check_may_work_on(actor, row.desk_id)
        was_seen = row.seen_at is not None
        check_may_answer(Status(row.status), was_asked=True, was_seen=was_seen)
        if receipt_made_at(row.matter_id) is None:
            raise RefusedError("no-my-page")
        check_chosen(row.matter, chosen)
        row.proposed = {
            "items": listed(chosen.items),
            "messages": list(chosen.messages),
            "files": list(chosen.files),
        }
        row.person_asked_at, row.refused_at = at, None
        row.save()
        notify_by_line(matter=row.matter_id, message=new_id(), at=at)
        items = ",".join(row.proposed["items"])
        write_down(Deed.EXPERT_CONSENT_ASKED, row, actor, at, items=items)


def answer(*, asked: UUID, chosen: Chosen | None, at: dt.datetime) -> None:
    """Take down what the person ticked; None: she does not want it, or takes it back.

    A date that was booked falls with her consent: the hour is free again, and the desk is to
    see to it today.
    """
    with transaction.atomic():
        row = locked(asked)
        check_may_answer(
            Status(row.status),
            was_asked=row.person_asked_at is not None,
            was_seen=row.seen_at is not None,
        )
        if chosen is None:
            _withhold(row, at)
            return
        _check_proposed(row, chosen)
        note_consent(row, chosen, at, None)
        row.save()
        items = ",".join(row.shown)
        write_down(Deed.EXPERT_AGREED, row, None, at, items=items, how=row.agreed_how)


def _check_proposed(row: ExpertConsultation, chosen: Chosen) -> None:
    """Refuse what she was not asked."""
    check_chosen(row.matter, chosen)
    for name, said in (
        ("items", listed(chosen.items)),
        ("messages", chosen.messages),
        ("files", chosen.files),
    ):
        if not set(said) <= set(row.proposed.get(name, ())):
            raise RefusedError("another-matter")


def _withhold(row: ExpertConsultation, at: dt.datetime) -> None:
    was_booked = row.status == Status.BOOKED
    row.status = LIFECYCLE.after(Status(row.status), Step.WITHHOLD_CONSENT)
    row.shown, row.messages, row.files = [], [], []
    row.agreed_at, row.agreed_how, row.agreement_noted_by = None, "", None
    row.slot, row.booked_at = None, None
    row.overruled_by, row.overruled = None, b""
    row.refused_at = at
    await_until(row, reply_due(at, 0, working_of(row.desk_id)), None)
    row.save()
    write_down(Step.WITHHOLD_CONSENT, row, None, at, booked=was_booked)
