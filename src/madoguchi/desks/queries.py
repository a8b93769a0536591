"""What is known of desks: their books, their days, the one that runs the public pages."""

import datetime as dt
from itertools import groupby
from uuid import UUID

import jpholiday
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from madoguchi.desks.models import (
    ClosingDay,
    CodeBook,
    Desk,
    OpeningDay,
    OpeningHours,
    User,
)
from madoguchi.rules import codebooks
from madoguchi.rules.access import Role
from madoguchi.rules.calendar import Period
from madoguchi.rules.hours import Hours, Opening


def public_desk() -> Desk | None:
    """Return the desk that runs this installation's public pages; None where none does."""
    return Desk.objects.filter(is_public=True).first()


def any_desk() -> bool:
    """Tell whether there is any desk yet."""
    return Desk.objects.exists()


def desk_called(slug: str) -> Desk | None:
    """Return the desk with this slug."""
    return Desk.objects.filter(slug=slug).first()


def all_desks() -> QuerySet[Desk]:
    """Return every desk of this installation."""
    return Desk.objects.order_by("slug")


def is_username_taken(username: str) -> bool:
    """Tell whether somebody signs in as `username`, in whatever case."""
    return User.objects.filter(username__iexact=username).exists()


def member_called(desk: UUID, username: str) -> User | None:
    """Return who signs in as `username` at `desk`."""
    return User.objects.filter(desk=desk, username=username).first()


def books_of(desk: UUID) -> tuple[codebooks.CodeBook, ...]:
    """Return all code books of `desk`, as the rules know them."""
    rows = CodeBook.objects.filter(desk=desk).order_by("valid_from", "pk", "codes__position")
    asked = ("pk", "table", "valid_from", "valid_to", "multiple", "codes__key", "codes__label")
    # One question and no objects: almost every page of the desk asks this.
    found = groupby(rows.values_list(*asked), key=lambda row: row[:5])
    return tuple(
        codebooks.CodeBook(
            table=codebooks.Table(table),
            valid_from=valid_from,
            valid_to=valid_to,
            coding=codebooks.Coding.MULTIPLE if multiple else codebooks.Coding.SINGLE,
            # A book without codes comes with one that is none.
            codes=tuple(codebooks.Code(row[5], row[6]) for row in codes if row[5] is not None),
        )
        for (_id, table, valid_from, valid_to, multiple), codes in found
    )


def books_on(desk: UUID, day: dt.date) -> dict[codebooks.Table, codebooks.CodeBook]:
    """Return the books of `desk` in force on `day`, by table."""
    return codebooks.books_on(books_of(desk), day)


def opening_days(desk: UUID, period: Period) -> int:
    """Return on how many days of `period` the desk was open, as recorded."""
    return OpeningDay.objects.filter(desk=desk, day__range=(period.first, period.last)).count()


def count_of(user: UUID, kind: str) -> int:
    """Return how many proofs of a kind (apps, passkeys) somebody has set up."""
    found: int = Authenticator.objects.filter(user=user, type=kind).count()
    return found


def advisers_of(desk: UUID) -> QuerySet[User]:
    """Return who may be put in charge of a matter at `desk`."""
    return User.objects.filter(
        desk=desk, is_active=True, role__in=[Role.ADVISER, Role.SUPERVISOR]
    ).order_by("username")


def is_holiday(day: dt.date) -> bool:
    """Tell whether `day` is a national holiday in Japan (国民の祝日・休日)."""
    return bool(jpholiday.is_holiday(day))


def hours_of(desk: UUID) -> Hours:
    """Return the hours of `desk` (受付時間) with its closing days; no lines: none were entered."""
    rows = OpeningHours.objects.filter(desk=desk)
    lines = sorted(rows, key=lambda line: (line.weekdays, line.opens))
    closed = ClosingDay.objects.filter(desk=desk).values_list("day", flat=True)
    return Hours(tuple(_opening(line) for line in lines), frozenset(closed))


def _opening(line: OpeningHours) -> Opening:
    return Opening(
        weekdays=tuple(line.weekdays),
        opens=line.opens,
        until=line.until,
        nth=tuple(line.nth),
        closed_on_holidays=line.closed_on_holidays,
        closed_at_new_year=line.closed_at_new_year,
        last_call=line.last_call,
    )


def is_open(desk: UUID, at: dt.datetime) -> bool:
    """Tell whether `desk` takes somebody who comes at the aware instant `at`.

    Never, where no hours were entered.
    """
    return hours_of(desk).is_open(at, is_holiday)


def next_opening(desk: UUID, at: dt.datetime) -> dt.datetime | None:
    """Return when `desk` next opens after `at`; None where nobody knows."""
    return hours_of(desk).next_opening(at, is_holiday)


def opening_days_in(desk: UUID, period: Period) -> set[dt.date]:
    """Return the days of `period` on which the desk was open, as recorded."""
    days = OpeningDay.objects.filter(desk=desk, day__range=(period.first, period.last))
    return set(days.values_list("day", flat=True))


def wants_second_reader(desk: UUID) -> bool:
    """Tell whether a reply of `desk` goes out only once a colleague has read it."""
    return Desk.objects.filter(pk=desk, second_reader=True).exists()


def accounts_of_experts(desk: UUID) -> QuerySet[User]:
    """Return who signs in at `desk` as an expert (専門家)."""
    rows = User.objects.filter(desk=desk, is_active=True, role=Role.EXPERT)
    return rows.order_by("username")
