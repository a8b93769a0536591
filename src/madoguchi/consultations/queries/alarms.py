"""Why somebody must ask whether a person is safe, and which words said so."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from madoguchi.consultations.models import Consultation
from madoguchi.correspondence.models import Kind, Line, Message, Side
from madoguchi.matters.models import Deadline
from madoguchi.rules.deadlines import Named


@dataclass(frozen=True)
class Raised:
    """安全確認がいる: since when, why, and where the words stand.

    `is_due` False: somebody has asked, and wanted to ask again.
    """

    is_due: bool
    at: dt.datetime | None
    why: tuple[str, ...]
    message: UUID | None = None
    talk: UUID | None = None
    line: UUID | None = None


def raised_in(row: Consultation) -> Raised | None:
    """Return what raised the alarm in a consultation; None where nobody has to ask."""
    if not row.safety_check_due:
        again = Deadline.objects.filter(matter=row.pk, name=Named.SAFETY, done_at=None).exists()
        if not again:
            return None
    message, line = _words_of(row.pk, row.alarmed_at) if row.alarmed_at else (None, None)
    return Raised(
        is_due=row.safety_check_due,
        at=row.alarmed_at,
        why=tuple(row.alarms),
        message=message,
        talk=line.talk_id if line else None,
        line=line.pk if line else None,
    )


def _words_of(matter: UUID, at: dt.datetime) -> tuple[UUID | None, Line | None]:
    """Return the message and the line of a chat that came at the instant the alarm names."""
    said = Message.objects.filter(matter=matter, kind=Kind.FROM_PERSON, at=at)
    line = Line.objects.filter(talk__matter=matter, side=Side.PERSON, at=at).first()
    return said.values_list("pk", flat=True).first(), line
