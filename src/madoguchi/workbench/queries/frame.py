"""What the frame of every desk page counts, and what a matter holds: each in one question.

Django takes ten times as long to write such questions as a database to answer them. So the counts
are written once for each role, with a stand-in for the reader, who is put in his place when asking.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from madoguchi.consultations.queries.dues import end_of_day, own_dues_before
from madoguchi.correspondence.queries.files import scans_waiting
from madoguchi.correspondence.queries.mail import mailboxes_of, not_arrived, set_aside
from madoguchi.matters.queries import asked_of
from madoguchi.referrals.queries.lists import waiting_arrivals
from madoguchi.rules.access import Actor, Role


@dataclass(frozen=True)
class Waiting:
    """How much waits in each room of the desk."""

    deadlines: int  # over, or due today
    asked: int  # 供覧・決裁
    scans: int
    handovers: int
    mailboxes: int
    mail_aside: int
    mail_lost: int

    @property
    def pressing(self) -> int:
        """What stands beside 期限."""
        return self.deadlines + self.asked

    @property
    def is_used(self) -> bool:
        """Whether the desk has mail at all."""
        return self.mailboxes > 0

    @property
    def waiting(self) -> int:
        """How much mail waits for an eye."""
        return self.mail_aside + self.mail_lost if self.is_used else 0


def _counted(actor: Actor, until: dt.datetime) -> Iterable[models.QuerySet[Any]]:
    """Return what is counted, in the order of `Waiting`."""
    return (
        own_dues_before(actor, until),
        asked_of(actor),
        scans_waiting(actor.desk),
        waiting_arrivals(actor),
        mailboxes_of(actor),
        set_aside(actor),
        not_arrived(actor),
    )


_SOMEBODY = Actor(user=UUID(int=1), desk=UUID(int=2), role=Role.ADVISER)
_SOME_DAY = dt.datetime(2001, 2, 3, tzinfo=dt.UTC)


def _as_given(actor: Actor, until: dt.datetime) -> tuple[Any, ...]:
    """Return what a question is put with, as this database takes it."""
    ids = (models.UUIDField().get_db_prep_value(it, connection) for it in (actor.user, actor.desk))
    return (*ids, models.DateTimeField().get_db_prep_value(until, connection))


@cache
def _question(_vendor: str, role: Role) -> tuple[str, tuple[Any, ...]]:
    """Return the question for `role`, and what it is put with for somebody."""
    parts: list[str] = []
    given: list[Any] = []
    for rows in _counted(replace(_SOMEBODY, role=role), _SOME_DAY):
        try:
            sql, put = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:  # not for this role
            parts.append("0")
        else:
            parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS it)")  # noqa: S608 (Django's own words)
            given += put
    return f"SELECT {', '.join(parts)}", tuple(given)


def waiting_for(actor: Actor, now: dt.datetime) -> Waiting:
    """Return how much waits for `actor` at the aware instant `now`."""
    sql, given = _question(connection.vendor, actor.role)
    until = end_of_day(now)
    theirs = dict(zip(_as_given(_SOMEBODY, _SOME_DAY), _as_given(actor, until), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(sql, [theirs.get(it, it) for it in given])
        return Waiting(*cursor.fetchone())


def held_in(matter: UUID, tables: Iterable[type[models.Model]]) -> set[type[models.Model]]:
    """Return those of `tables` that hold a row of `matter`; each has a column for it."""
    asked = list(tables)
    named = connection.ops.quote_name
    parts = [
        f"EXISTS(SELECT 1 FROM {named(it._meta.db_table)} WHERE matter_id = %s)"  # noqa: S608, SLF001 (names of ours)
        for it in asked
    ]
    given = models.UUIDField().get_db_prep_value(matter, connection)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", [given] * len(parts))
        return {table for table, is_there in zip(asked, cursor.fetchone(), strict=True) if is_there}
