"""Who sent figures, who has not, what still has to be decided, and the sum."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from madoguchi.desks.queries import books_of
from madoguchi.rules import exchange, returns
from madoguchi.rules.access import Actor, RefusedError, check_may_supervise
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import Table
from madoguchi.rules.counting import Basis, Return
from madoguchi.statistics.models import Reading, Sender, Submission


@dataclass(frozen=True)
class Arrived:
    """One sender: its figures, where they came, and the labels nobody has read yet."""

    sender: Sender
    submission: Submission | None
    figures: Return | None
    undecided: list[tuple[Table, str]]
    is_other_basis: bool

    @property
    def counts(self) -> bool:
        """Whether it is in the sum."""
        return self.figures is not None and not self.undecided and not self.is_other_basis


@dataclass(frozen=True)
class Gathered:
    """All senders of a period, and the sum of those that count; None where none does."""

    arrived: list[Arrived]
    figures: Return | None

    @property
    def missing(self) -> list[Sender]:
        """Who is expected and has not sent."""
        return [it.sender for it in self.arrived if it.submission is None]


def senders_of(actor: Actor) -> QuerySet[Sender]:
    """Return whose figures the actor's desk gathers: for its supervisors."""
    try:
        check_may_supervise(actor, actor.desk)
    except RefusedError:
        return Sender.objects.none()
    return Sender.objects.filter(desk=actor.desk).order_by("name")


def gathered(actor: Actor, *, period: Period, basis: Basis) -> Gathered:
    """Return what came for `period`, and the sum on `basis`."""
    senders = list(senders_of(actor))
    came = {
        it.sender_id: it
        for it in Submission.objects.filter(
            sender__in=senders, first=period.first, last=period.last
        )
    }
    books, readings = books_of(actor.desk), readings_of(actor.desk)
    arrived = []
    for sender in senders:
        row = came.get(sender.pk)
        if row is None and not sender.is_expected:
            continue
        figures = returns.from_values(row.figures) if row else None
        strange = exchange.undecided(figures, books, readings[sender.pk]) if figures else []
        is_other = row is not None and row.basis != str(basis)
        arrived.append(Arrived(sender, row, figures, strange, is_other))
    ready = [(it.figures, readings[it.sender.pk]) for it in arrived if it.figures and it.counts]
    figures = exchange.added(ready, period=period, basis=basis, books=books) if ready else None
    return Gathered(arrived, figures)


def readings_of(desk: UUID) -> dict[UUID, dict[tuple[Table, str], str]]:
    """Return what each sender's labels stand for, as a person decided."""
    found: dict[UUID, dict[tuple[Table, str], str]] = defaultdict(dict)
    for row in Reading.objects.filter(desk=desk):
        found[row.sender_id][Table(row.table), row.label] = row.key
    return found
