"""What is still open in a consultation that somebody wants to close."""

from django.db.models import Q

from madoguchi.consultations.models import Consultation
from madoguchi.correspondence.models import Talk
from madoguchi.matters.models import Deadline
from madoguchi.rules.chat import LIVE
from madoguchi.rules.chat import Status as Talking
from madoguchi.rules.consultation import Left, Unfinished
from madoguchi.rules.deadlines import Named

# A reply owed is the adviser's to weigh: a prank is closed without one.
_NOT_NAMED = (Named.FIRST_REPLY, Named.REPLY, Named.SAFETY)


def unfinished_in(row: Consultation) -> list[Left]:
    """Return what closing would leave undone, the most pressing first."""
    return [*_talks(row), *_safety(row), *_promised(row)]


def _talks(row: Consultation) -> list[Left]:
    waits = Q(status__in=LIVE) | Q(status=Talking.ENDED, adviser__isnull=False)
    talks = Talk.objects.filter(waits, matter=row.pk).order_by("opened_at", "id")
    return [
        Left(Unfinished.TALK if it.status in LIVE else Unfinished.SUMMARY, it.pk) for it in talks
    ]


def _safety(row: Consultation) -> list[Left]:
    again = Deadline.objects.filter(matter=row.pk, name=Named.SAFETY, done_at=None).first()
    if not (row.safety_check_due or again):
        return []
    return [Left(Unfinished.SAFETY, row.pk, again.due_at if again else None)]


def _promised(row: Consultation) -> list[Left]:
    running = Deadline.objects.filter(matter=row.pk, done_at=None).exclude(name__in=_NOT_NAMED)
    rows = running.order_by("due_at", "id")
    return [Left(Unfinished(it.name), it.pk, it.due_at) for it in rows]
