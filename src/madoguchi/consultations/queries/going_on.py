"""Which contact goes on: to which one belongs what a person adds a little later."""

import datetime as dt
from uuid import UUID

from django.db.models import Max

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.queries import COUNTED
from madoguchi.correspondence.models import Kind, Line, Message, Side
from madoguchi.rules.consultation import Status, belongs_to_last


def contact_going_on(row: Consultation, at: dt.datetime) -> UUID | None:
    """Return the contact to which files belong that come at `at`; None: they are one of their own.

    Who asks holds the lock of the matter.
    """
    said = Message.objects.filter(matter=row.pk, kind=Kind.FROM_PERSON)
    last = said.order_by("-at", "-id").first()
    contact = Contact.objects.filter(COUNTED, consultation=row).order_by("-at", "-id").first()
    if last is None or contact is None or contact.message is None:
        return None
    goes_on = contact.message.kind == Kind.FROM_PERSON and belongs_to_last(
        said_at=last.at, others_at=_answered_at(row), at=at, status=Status(row.status)
    )
    return contact.pk if goes_on else None


def _answered_at(row: Consultation) -> dt.datetime | None:
    """Return when the desk last said something to the person, or wrote down a talk with them."""
    ours = Message.objects.filter(matter=row.pk, kind__in=(Kind.REPLY, Kind.NOTE))
    typed = Line.objects.filter(talk__matter=row.pk, side=Side.STAFF)
    times = [rows.aggregate(at=Max("at"))["at"] for rows in (ours, typed)]
    return max((time for time in times if time), default=None)
