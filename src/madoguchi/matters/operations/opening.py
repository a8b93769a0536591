"""Opening matters. Numbers are given by the database, never by reading a maximum."""

import datetime as dt
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from madoguchi.matters.models import Matter, Sequence
from madoguchi.rules.calendar import FiscalYear, in_japan
from madoguchi.rules.numbering import matter_number


def reserve_numbers(*, desk: UUID, year: FiscalYear, count: int) -> list[str]:
    """Reserve the next `count` matter numbers of `desk` in `year`."""
    assert connection.in_atomic_block
    row, _made = Sequence.objects.get_or_create(desk_id=desk, fiscal_year=year.year)
    Sequence.objects.filter(pk=row.pk).update(last=F("last") + count)
    row.refresh_from_db()
    return [matter_number(year, n) for n in range(row.last - count + 1, row.last + 1)]


def open_matter(*, desk: UUID, at: dt.datetime) -> Matter:
    """Open a matter at `desk` with the next number of its fiscal year."""
    with transaction.atomic():
        year = FiscalYear.of(in_japan(at).date())
        [number] = reserve_numbers(desk=desk, year=year, count=1)
        return Matter.objects.create(desk_id=desk, number=number, opened_at=at)


def lock(matter: UUID) -> Matter:
    """Lock the matter's row until the transaction ends. First of all locks."""
    return Matter.objects.select_for_update().get(pk=matter)
