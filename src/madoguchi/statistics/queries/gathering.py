"""What senders sent for a period, what is missing, and the sum."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from madoguchi.desks.queries import books_of
from madoguchi.rules import exchange, returns
from madoguchi.rules.access import Actor, RefusedError, check_may_supervise
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import CodeBook, Table
from madoguchi.rules.counting import Basis, Return
from madoguchi.statistics.models import Reading, Sender, Submission


@dataclass(frozen=True)
class Arrived:
    """One sender: its figures, where they came, and the labels nobody has read yet.

    `counted`: the figures under our codes, as they are in the sum; None where they are not.
    """

    sender: Sender
    submission: Submission | None
    figures: Return | None
    undecided: list[tuple[Table, str]]
    is_other_basis: bool
    counted: Return | None

    @property
    def counts(self) -> bool:
        """Whether it is in the sum."""
        return self.counted is not None


@dataclass(frozen=True)
class Gathered:
    """All senders of a period, and the sum of those that count; None where none does."""

    arrived: list[Arrived]
    figures: Return | None

    @property
    def missing(self) -> list[Sender]:
        """Who is expected and has not sent."""
        return [it.sender for it in self.arrived if it.submission is None]

    @property
    def waiting(self) -> list[Sender]:
        """Whose figures are here and cannot be added: words nobody has read, another basis."""
        return [it.sender for it in self.arrived if it.submission and not it.counts]


def senders_of(actor: Actor) -> QuerySet[Sender]:
    """Return whose figures the actor's desk gathers: for its supervisors."""
    try:
        check_may_supervise(actor, actor.desk)
    except RefusedError:
        return Sender.objects.none()
    return Sender.objects.filter(desk=actor.desk).order_by("name")


def gathered(actor: Actor, *, period: Period, basis: Basis) -> Gathered:
    """Return what came for `period`, and the sum on `basis`: for supervisors."""
    return _gathered(list(senders_of(actor)), actor.desk, period, basis)


def gathered_by(desk: UUID, *, period: Period, basis: Basis) -> Gathered:
    """Return the same for whoever runs the installation, or compares with what was frozen."""
    senders = Sender.objects.filter(desk=desk).order_by("name")
    return _gathered(list(senders), desk, period, basis)


def _gathered(senders: Sequence[Sender], desk: UUID, period: Period, basis: Basis) -> Gathered:
    rows = Submission.objects.filter(sender__in=senders, first=period.first, last=period.last)
    came = {it.sender_id: it for it in rows}
    books, readings = books_of(desk), readings_of(desk)
    arrived = [
        _arrived(sender, came.get(sender.pk), basis, books, readings[sender.pk])
        for sender in senders
        if sender.pk in came or sender.is_expected
    ]
    ready = [(it.figures, readings[it.sender.pk]) for it in arrived if it.figures and it.counts]
    figures = exchange.added(ready, period=period, basis=basis, books=books) if ready else None
    return Gathered(arrived, figures)


def _arrived(
    sender: Sender,
    row: Submission | None,
    basis: Basis,
    books: Sequence[CodeBook],
    readings: exchange.Readings,
) -> Arrived:
    if row is None:
        return Arrived(sender, None, None, [], is_other_basis=False, counted=None)
    figures = returns.from_values(row.figures)
    strange = exchange.undecided(figures, books, readings)
    is_other = row.basis != str(basis)
    counted = None
    if not strange and not is_other:
        counted = exchange.added(
            [(figures, readings)], period=figures.period, basis=basis, books=books
        )
    return Arrived(sender, row, figures, strange, is_other, counted)


def labels_of(sender: Sender, period: Period) -> list[tuple[Table, str]]:
    """Return the labels that a sender used in `period`, and those somebody has read before."""
    found: dict[tuple[Table, str], None] = {}
    row = Submission.objects.filter(sender=sender, first=period.first, last=period.last).first()
    if row:
        figures = returns.from_values(row.figures)
        found |= dict.fromkeys(
            (table.table, it.code.label_ja)
            for table in figures.tables
            for it in table.rows
            if it.number
        )
    return list(found | dict.fromkeys(sorted(readings_of(sender.desk_id)[sender.pk])))


def readings_of(desk: UUID) -> Mapping[UUID, dict[tuple[Table, str], str]]:
    """Return what each sender's labels stand for, as a person decided."""
    found: dict[UUID, dict[tuple[Table, str], str]] = defaultdict(dict)
    for row in Reading.objects.filter(desk=desk):
        found[row.sender_id][Table(row.table), row.label] = row.key
    return found
