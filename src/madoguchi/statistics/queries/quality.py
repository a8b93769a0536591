"""Contradictions in a desk's records, each a list of what is to be looked at (記録の確かめ)."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from madoguchi.consultations.models import Consultation, Contact, InfringementMark
from madoguchi.consultations.queries import COUNTED, LANDED
from madoguchi.desks.queries import books_of, opening_days_in
from madoguchi.rules import periods
from madoguchi.rules.calendar import JAPAN, Month, Period
from madoguchi.rules.codebooks import UNKNOWN, CodeBook, Table
from madoguchi.rules.consultation import Status
from madoguchi.rules.quality import ATTENDED, OF, OUTSIDE_HUMAN_RIGHTS, REFERRED, Finding, Of

_OF_CONSULTATIONS = (Table.AGE_GROUP, Table.STANDING, Table.INFRINGEMENT_KIND)


@dataclass(frozen=True)
class Examined:
    """The records of `desk` that lie in `period`; days after `today` are not looked at."""

    desk: UUID
    period: Period
    today: dt.date

    @property
    def contacts(self) -> QuerySet[Contact]:
        """Its contacts that count."""
        period = self.period
        return Contact.objects.filter(
            COUNTED, desk=self.desk, at__gte=period.starts_at, at__lt=period.ends_before
        )

    @property
    def consultations(self) -> QuerySet[Consultation]:
        """Its consultations that have such a contact."""
        heard = self.contacts.filter(consultation=OuterRef("pk"))
        return Consultation.objects.filter(Exists(heard), desk=self.desk)


def contacts_found(examined: Examined, finding: Finding) -> QuerySet[Contact]:
    """Return the contacts that `finding` is about, oldest first."""
    return _CONTACTS[finding](examined).order_by("at", "id")


def consultations_found(examined: Examined, finding: Finding) -> QuerySet[Consultation]:
    """Return the consultations that `finding` is about, oldest first."""
    return _CONSULTATIONS[finding](examined).order_by("first_contact_at", "pk")


def days_found(examined: Examined, finding: Finding) -> list[dt.date]:
    """Return the days that `finding` is about, in order."""
    return sorted(_DAYS[finding](examined))


def number_found(examined: Examined, finding: Finding) -> int:
    """Return how much `finding` is about."""
    match OF[finding]:
        case Of.CONTACTS:
            return contacts_found(examined, finding).count()
        case Of.CONSULTATIONS:
            return consultations_found(examined, finding).count()
        case Of.DAYS:
            return len(days_found(examined, finding))


def _unclassified(examined: Examined) -> QuerySet[Contact]:
    return examined.contacts.filter(Q(action=None) | Q(action=""))


def _strange_label(examined: Examined) -> QuerySet[Contact]:
    books = books_of(examined.desk)
    channel = _in_book(books, Table.CHANNEL, "channel", "at", examined.period)
    action = _in_book(books, Table.ACTION_TAKEN, "action", "at", examined.period)
    return examined.contacts.exclude(channel & (action | Q(action=None) | Q(action="")))


def _strange_mark(examined: Examined) -> QuerySet[Consultation]:
    books, ever = books_of(examined.desk), Period(dt.date.min, examined.period.last)
    known = Q()
    for table in (Table.AGE_GROUP, Table.STANDING):
        name = table.name.lower()
        in_book = _in_book(books, table, name, "first_contact_at", ever)
        known &= in_book | Q(**{f"{name}__in": [UNKNOWN, ""]})
    kinds = InfringementMark.objects.filter(consultation=OuterRef("pk")).exclude(kind=UNKNOWN)
    at = "consultation__first_contact_at"
    strange = kinds.exclude(_in_book(books, Table.INFRINGEMENT_KIND, "kind", at, ever))
    return examined.consultations.filter(~known | Q(Exists(strange)))


def _in_book(books: tuple[CodeBook, ...], table: Table, field: str, at: str, within: Period) -> Q:
    """Return the condition that the code in `field` stands in the book in force `at` its time."""
    found = Q(pk__in=[])
    for book, days in _in_force(books, table, within):
        during = Q(**{f"{at}__gte": days.starts_at, f"{at}__lt": days.ends_before})
        found |= during & Q(**{f"{field}__in": [code.key for code in book.codes]})
    return found


def _in_force(
    books: tuple[CodeBook, ...], table: Table, within: Period
) -> Iterator[tuple[CodeBook, Period]]:
    """Return the books of `table`, each with the days of `within` on which it is in force."""
    for book in books:
        first = max(book.valid_from, within.first)
        last = min(book.valid_to or within.last, within.last)
        if book.table is table and first <= last:
            yield book, Period(first, last)


def _with_kind(examined: Examined, kind: str) -> QuerySet[Consultation]:
    """Return the consultations that bear `kind`, and another beside it."""
    marks = InfringementMark.objects.filter(consultation=OuterRef("pk"))
    bears, more = Exists(marks.filter(kind=kind)), Exists(marks.exclude(kind=kind))
    return examined.consultations.filter(bears, more)


def _outside_and_more(examined: Examined) -> QuerySet[Consultation]:
    return _with_kind(examined, OUTSIDE_HUMAN_RIGHTS)


def _unknown_and_more(examined: Examined) -> QuerySet[Consultation]:
    return _with_kind(examined, UNKNOWN)


def _referred_nowhere(examined: Examined) -> QuerySet[Contact]:
    return examined.contacts.filter(action=REFERRED, referred_to=[])


def _closed_day(examined: Examined) -> QuerySet[Contact]:
    """Return calls and visits on other days, in the months whose opening days are recorded."""
    opening = opening_days_in(examined.desk, _whole_months(examined.period))
    inside = Q(pk__in=[])
    for month in {Month(day.year, day.month) for day in opening}:
        days = periods.month(month.year, month.month)
        inside |= Q(at__gte=days.starts_at, at__lt=days.ends_before)
    rows = examined.contacts.filter(inside, channel__in=ATTENDED)
    return rows.alias(day=TruncDate("at", tzinfo=JAPAN)).exclude(day__in=opening)


def _empty_day(examined: Examined) -> set[dt.date]:
    opening = opening_days_in(examined.desk, examined.period)
    return {day for day in opening if day < examined.today} - _days_with_contacts(examined)


def _no_days(examined: Examined) -> set[dt.date]:
    opening = opening_days_in(examined.desk, _whole_months(examined.period))
    recorded = {(day.year, day.month) for day in opening}
    days = _days_with_contacts(examined)
    return {day for day in days if (day.year, day.month) not in recorded}


def _days_with_contacts(examined: Examined) -> set[dt.date]:
    days = examined.contacts.order_by().values_list(TruncDate("at", tzinfo=JAPAN), flat=True)
    return set(days.distinct())


def _whole_months(period: Period) -> Period:
    last = periods.month(period.last.year, period.last.month).last
    return Period(period.first.replace(day=1), last)


def _closed_unclassified(examined: Examined) -> QuerySet[Consultation]:
    open_ = Contact.objects.filter(COUNTED, consultation=OuterRef("pk"), action=None)
    return examined.consultations.filter(Exists(open_), status=Status.CLOSED)


def _closed_too_early(examined: Examined) -> QuerySet[Consultation]:
    return examined.consultations.filter(closed_at__lt=F("first_contact_at"))


def _wrong_first(examined: Examined) -> QuerySet[Consultation]:
    own = Contact.objects.filter(LANDED, consultation=OuterRef("pk")).order_by()
    first = own.values("consultation").annotate(first=Min("at")).values("first")
    rows = examined.consultations.alias(first=Subquery(first))
    wrong = ~Q(first_contact_at=F("first")) | Q(first_contact_at__gt=F("last_contact_at"))
    return rows.filter(wrong)


_CONTACTS: dict[Finding, Callable[[Examined], QuerySet[Contact]]] = {
    Finding.UNCLASSIFIED: _unclassified,
    Finding.STRANGE_LABEL: _strange_label,
    Finding.REFERRED_NOWHERE: _referred_nowhere,
    Finding.CLOSED_DAY: _closed_day,
}
_CONSULTATIONS: dict[Finding, Callable[[Examined], QuerySet[Consultation]]] = {
    Finding.STRANGE_MARK: _strange_mark,
    Finding.OUTSIDE_AND_MORE: _outside_and_more,
    Finding.UNKNOWN_AND_MORE: _unknown_and_more,
    Finding.CLOSED_UNCLASSIFIED: _closed_unclassified,
    Finding.CLOSED_TOO_EARLY: _closed_too_early,
    Finding.WRONG_FIRST: _wrong_first,
}
_DAYS: dict[Finding, Callable[[Examined], set[dt.date]]] = {
    Finding.EMPTY_DAY: _empty_day,
    Finding.NO_DAYS: _no_days,
}
