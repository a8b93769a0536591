"""The rows of one month, read as columns."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler

from madoguchi.consultations.models import Contact, InfringementMark
from madoguchi.consultations.queries import COUNTED
from madoguchi.consultations.queries.linking import Together, together_under
from madoguchi.rules.calendar import Period
from madoguchi.statistics.queries.columns import Came, Columns, columns_of
from madoguchi.vault.keys import keyed_hash

_IDS_TO_A_QUERY = 5000


class _Minutes(models.Func):
    """Whole minutes from `began` (minutes since 1970, UTC) to a time.

    A number costs less to read than a time. The field is of no kind in particular, so that
    nothing is converted: both databases give an int.
    """

    output_field = models.Field()

    def __init__(self, time: str, began: int) -> None:
        super().__init__(time, began=began)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        context["template"] = "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER) / 60 - %(began)d"
        return self.as_sql(compiler, connection, **context)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        context["template"] = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / 60)::bigint - %(began)d"
        return self.as_sql(compiler, connection, **context)


def key_of(desk: UUID, month: Period) -> bytes:
    """Return the key of the tags (`tags_of`) of one month."""
    return bytes.fromhex(keyed_hash("case of a month", str(desk), month.first.isoformat()))


def columns_from_rows(desk: UUID, month: Period, only: Collection[UUID] | None = None) -> Columns:
    """Read one month from the rows; of `only` these consultations where they are given.

    Those that are counted with one of them must be among them.
    """
    began = int(month.starts_at.timestamp()) // 60
    contacts = Contact.objects.filter(
        COUNTED, desk=desk, at__gte=month.starts_at, at__lt=month.ends_before
    )
    if only is not None:
        contacts = contacts.filter(consultation__in=only)
    # As text: an id is only compared here.
    rows = contacts.annotate(of=Cast("consultation", models.CharField())).values_list(
        "of",
        _Minutes("at", began),
        "channel",
        "action",
        "consultation__age_group",
        "consultation__standing",
        _Minutes("consultation__first_contact_at", began),
        "consultation__counted_with",
    )
    found = list(rows)
    kinds = _kinds_of([UUID(matter) for matter in {row[0] for row in found}])
    heads = {row[-1] for row in found if row[-1]}
    if not heads:  # hardly ever is anything linked
        *columns, _heads = zip(*found, strict=True) if found else [()]
        return columns_of(Came(*columns), kinds, key_of(desk, month))
    came, marked = _linked(found, kinds, together_under(heads), began)
    return columns_of(came, marked, key_of(desk, month))


def _kinds_of(matters: Sequence[UUID]) -> list[tuple[str, str]]:
    """Return pairs of a consultation and one of its 侵害種別.

    Asked for by their ids: of a subquery over a whole month PostgreSQL thinks so ill that it
    reads the marks of all years.
    """
    found: list[tuple[str, str]] = []
    for at in range(0, len(matters), _IDS_TO_A_QUERY):
        some = matters[at : at + _IDS_TO_A_QUERY]
        marks = InfringementMark.objects.filter(consultation__in=some)
        of = Cast("consultation", models.CharField())
        found += marks.annotate(of=of).values_list("of", "kind")
    return found


def _linked(
    rows: Sequence[tuple[Any, ...]],
    kinds: Sequence[tuple[str, str]],
    groups: Mapping[UUID, Together],
    began: int,
) -> tuple[Came, list[tuple[str, str]]]:
    """Return contacts and kinds of a month in which several consultations are counted as one."""
    # An id as the database wrote it: with hyphens or without.
    written = {UUID(matter): matter for matter, *_rest in rows}
    head_of = {member: head for head, group in groups.items() for member in group.members}

    def one(matter: str, minute: int, *rest: Any) -> tuple[Any, ...]:
        channel, action, age_group, standing, first, head = rest
        group = groups.get(head) if head else None
        if group is None:  # not linked, or just now no longer: then its month is touched again
            return matter, minute, channel, action, age_group, standing, first
        if group.first_at:
            first = int(group.first_at.timestamp()) // 60 - began
        said = group.said
        return str(head), minute, channel, action, said.age_group, said.standing, first

    linked = {matter for member, matter in written.items() if member in head_of}
    marks = [pair for pair in kinds if pair[0] not in linked]
    marks += [(str(head), kind) for head, group in groups.items() for kind in group.said.kinds]
    return Came(*zip(*(one(*row) for row in rows), strict=True)), marks
