"""Saying which months are to be counted anew, in the transaction of the deed itself."""

import datetime as dt
from collections.abc import Iterable
from itertools import product
from uuid import UUID

from django.db import connection
from django.db.models import Q

from madoguchi.consultations.models import Consultation, Contact, TouchedMonth
from madoguchi.rules.calendar import Month


def touch(
    desk: UUID, instants: Iterable[dt.datetime], matters: Iterable[UUID] | None = None
) -> None:
    """Touch the months (触れた月) of `desk` in which `instants` fall in Japan.

    Where only something of `matters` changed, they are named: nothing else is counted anew.
    Whoever changes which of them are counted as one names all of them.
    """
    assert connection.in_atomic_block
    touch_months(desk, {Month.of(instant) for instant in instants}, matters)


def touch_months(
    desk: UUID, months: Iterable[Month], matters: Iterable[UUID] | None = None
) -> None:
    """Touch `months` of `desk`, whole or as far as `matters` are concerned."""
    concerned = [None] if matters is None else sorted(matters)
    TouchedMonth.objects.bulk_create(
        TouchedMonth(desk_id=desk, year=month.year, month=month.month, matter=matter)
        for month, matter in product(sorted(months), concerned)
    )


def touch_all(row: Consultation) -> None:
    """Touch every month in which it, or what is counted with it, has contacts.

    What is said of it changed; whoever calls holds the lock of its matter.
    """
    own = Q(consultation=row)
    if row.counted_with_id:
        own |= Q(consultation__counted_with=row.counted_with_id)
    times = Contact.objects.filter(own).values_list("at", flat=True)
    touch(row.desk_id, [row.first_contact_at, *times], [row.pk])


def months_between(first: dt.datetime, last: dt.datetime) -> set[Month]:
    """Return the months from `first` to `last`, both included."""
    begin, end = Month.of(first), Month.of(last)
    counted = range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month)
    return {Month(number // 12, number % 12 + 1) for number in counted}
