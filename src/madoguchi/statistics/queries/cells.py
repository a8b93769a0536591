"""What stands behind a number: the contacts or consultations that a cell counts."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from madoguchi.consultations.models import Consultation, Contact, InfringementMark
from madoguchi.consultations.queries import COUNTED
from madoguchi.consultations.queries.linking import Together, together_under
from madoguchi.rules.access import Actor, check_may_supervise
from madoguchi.rules.calendar import JAPAN, Period
from madoguchi.rules.codebooks import UNKNOWN, Table
from madoguchi.rules.counting import Total
from madoguchi.statistics.queries.crossing import Clock, Side, is_said_of
from madoguchi.statistics.queries.keeping import keep_in_step, pieces_of, within_figures

Mark = tuple[Side, str]


@dataclass(frozen=True)
class Cell:
    """One number: what is counted, when, and under which labels ("": unclassified)."""

    period: Period
    counts: Total
    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a cell that no table has (ValueError)."""
        if not all(is_said_of(self.counts, side) for side, _key in self.marks):
            raise ValueError(f"{self.counts} are not told apart so")


@dataclass(frozen=True)
class Piece:
    """The days of a month that lie in the period, and the consultations that count in them."""

    days: Period
    rows: QuerySet[Consultation]


def contacts_behind(actor: Actor, cell: Cell) -> QuerySet[Contact]:
    """Return the contacts that `cell` counts, oldest first, or refuse."""
    check_may_supervise(actor, actor.desk)
    rows = Contact.objects.filter(
        COUNTED,
        desk=actor.desk,
        at__gte=cell.period.starts_at,
        at__lt=cell.period.ends_before,
    )
    groups = _groups(rows)
    for side, key in cell.marks:
        rows = _with_mark(rows, side, key, groups)
    return rows.order_by("at", "id")


def consultations_behind(actor: Actor, cell: Cell) -> Iterator[Piece]:
    """Return the consultations that `cell` counts, month by month, or refuse.

    Of consultations linked as one, the one under which all are counted stands for them. As a
    case-month, one consultation stands in every month in which it had a contact.
    """
    check_may_supervise(actor, actor.desk)
    keep_in_step(actor.desk, cell.period)
    counted = within_figures(actor.desk, cell.period)
    for month, first, last in pieces_of(counted) if counted else ():
        days = Period(month.replace(day=first), _last_day(month, last))
        if all(key == f"{month:%Y-%m}" for side, key in cell.marks if side is Clock.MONTH):
            yield Piece(days, _units(actor.desk, cell, days))


def _last_day(month: dt.date, last: int) -> dt.date:
    following = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return min(following - dt.timedelta(days=1), month + dt.timedelta(days=last - 1))


def _units(desk: UUID, cell: Cell, days: Period) -> QuerySet[Consultation]:
    heard = Contact.objects.filter(
        COUNTED, desk=desk, at__gte=days.starts_at, at__lt=days.ends_before
    )
    alone = Q(Exists(heard.filter(consultation=OuterRef("pk"))), counted_with=None)
    if cell.counts is Total.NEW:
        alone &= Q(first_contact_at__gte=days.starts_at, first_contact_at__lt=days.ends_before)
    tables = [(side, key) for side, key in cell.marks if isinstance(side, Table)]
    for table, key in tables:
        alone &= _said(table, key)
    heads = [
        head
        for head, group in _groups(heard).items()
        if all(_group_says(group, *mark) for mark in tables)
        and (cell.counts is Total.CASE_MONTHS or (group.first_at and group.first_at in days))
    ]
    return Consultation.objects.filter(alone | Q(pk__in=heads), desk=desk).order_by(
        "first_contact_at", "pk"
    )


def _groups(contacts: QuerySet[Contact]) -> dict[UUID, Together]:
    """Return the consultations linked as one that have any of `contacts`."""
    heads = contacts.filter(consultation__counted_with__isnull=False).order_by()
    found = heads.values_list("consultation__counted_with", flat=True).distinct()
    return together_under(head for head in found if head)


def _with_mark(
    rows: QuerySet[Contact], side: Side, key: str, groups: dict[UUID, Together]
) -> QuerySet[Contact]:
    match side:
        case Table.CHANNEL:
            return rows.filter(channel=key)
        case Table.ACTION_TAKEN:
            return rows.filter(action=key) if key else rows.filter(Q(action=None) | Q(action=""))
        case Clock.MONTH:
            year, month = (int(part) for part in key.split("-"))
            days = Period(dt.date(year, month, 1), _last_day(dt.date(year, month, 1), 31))
            return rows.filter(at__gte=days.starts_at, at__lt=days.ends_before)
        case Clock.WEEKDAY:
            weekday = ExtractIsoWeekDay("at", tzinfo=JAPAN)
            return rows.alias(weekday=weekday).filter(weekday=int(key) + 1)
        case Clock.HOUR:
            return rows.alias(hour=ExtractHour("at", tzinfo=JAPAN)).filter(hour=int(key))
        case _:
            alone = _said(side, key, "consultation__") & Q(consultation__counted_with=None)
            heads = [head for head, group in groups.items() if _group_says(group, side, key)]
            return rows.filter(alone | Q(consultation__counted_with__in=heads))


def _said(table: Table, key: str, of: str = "") -> Q:
    """Return the condition that `key` is said of a consultation, reached by way of `of`."""
    if table is Table.INFRINGEMENT_KIND:
        marks = InfringementMark.objects.filter(consultation=OuterRef(f"{of}pk"))
        bears = Q(Exists(marks.filter(kind=key)))
        return bears | ~Q(Exists(marks)) if key == UNKNOWN else bears
    name = of + table.name.lower()
    return Q(**{f"{name}__in": ["", UNKNOWN] if key == UNKNOWN else [key]})


def _group_says(group: Together, table: Table, key: str) -> bool:
    match table:
        case Table.AGE_GROUP:
            return group.said.age_group == key
        case Table.STANDING:
            return group.said.standing == key
        case _:
            return key in (group.said.kinds or {UNKNOWN})
