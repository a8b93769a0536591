"""What is known of desks: their books, their days, the one that runs the public pages."""

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from madoguchi.desks.models import CodeBook, Desk, OpeningDay, User
from madoguchi.rules import codebooks
from madoguchi.rules.calendar import Period


def public_desk() -> Desk | None:
    """Return the desk that runs this installation's public pages; None where no or several do."""
    desks = list(Desk.objects.all()[:2])
    return desks[0] if len(desks) == 1 else None


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
    rows = CodeBook.objects.filter(desk=desk).prefetch_related("codes").order_by("valid_from")
    return tuple(
        codebooks.CodeBook(
            table=codebooks.Table(row.table),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            coding=codebooks.Coding.MULTIPLE if row.multiple else codebooks.Coding.SINGLE,
            codes=tuple(
                codebooks.Code(code.key, code.label)
                for code in sorted(row.codes.all(), key=lambda code: code.position)
            ),
        )
        for row in rows
    )


def books_on(desk: UUID, day: dt.date) -> dict[codebooks.Table, codebooks.CodeBook]:
    """Return the books of `desk` in force on `day`, by table."""
    books = books_of(desk)
    found = {table: codebooks.book_on(books, table, day) for table in codebooks.Table}
    return {table: book for table, book in found.items() if book is not None}


def opening_days(desk: UUID, period: Period) -> int:
    """Return on how many days of `period` the desk was open, as recorded."""
    return OpeningDay.objects.filter(desk=desk, day__range=(period.first, period.last)).count()


def advisers_of(desk: UUID) -> QuerySet[User]:
    """Return who may be put in charge of a matter at `desk`."""
    return User.objects.filter(
        desk=desk, is_active=True, role__in=["ADVISER", "SUPERVISOR"]
    ).order_by("username")
