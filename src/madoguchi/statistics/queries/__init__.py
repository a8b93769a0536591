"""A desk's figures, read for those who may read them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from madoguchi.consultations.models import Contact, InfringementMark
from madoguchi.consultations.queries import COUNTED, LANDED
from madoguchi.consultations.queries.linking import Together, together_under
from madoguchi.desks.queries import books_of, opening_days
from madoguchi.rules.access import Actor, check_may_read_figures
from madoguchi.rules.calendar import FiscalYear, Period, in_japan
from madoguchi.rules.codebooks import UNKNOWN
from madoguchi.rules.counting import Basis, ContactFact, Return, default_basis, divided, returned
from madoguchi.statistics.queries.keeping import tally_of


def return_for(actor: Actor, *, period: Period, basis: Basis | None = None) -> Return:
    """Return the figures of the actor's own desk, or refuse."""
    check_may_read_figures(actor, actor.desk)
    return return_of(actor.desk, period=period, basis=basis)


def return_of(desk: UUID, *, period: Period, basis: Basis | None = None) -> Return:
    """Return the figures of `desk` for whoever runs the installation.

    Without a basis, the one that the prefecture itself used in `period`.
    """
    on, books = basis or default_basis(period), books_of(desk)

    def figures_of(days: Period) -> Return:
        return returned(
            tally_of(desk, days),
            period=days,
            basis=on,
            books=books,
            opening_days=opening_days(desk, days),
        )

    return divided(figures_of(period), figures_of)


def years_of(desk: UUID, today: dt.date) -> list[FiscalYear]:
    """Return the fiscal years from the desk's first contact to that of `today`, newest first.

    The year before is among them even for a desk without contacts: it may gather others'.
    """
    # Two looks at an index; Min and Max would walk through all of it.
    times = Contact.objects.filter(LANDED, desk=desk).values_list("at", flat=True)
    ends = times.order_by("at").first(), times.order_by("-at").first()
    days = [today, *(in_japan(time).date() for time in ends if time)]
    years = [FiscalYear.of(day).year for day in days]
    before = FiscalYear.of(today).year - 1
    return [FiscalYear(year) for year in range(max(years), min(*years, before) - 1, -1)]


def facts_for(desk: UUID, period: Period) -> Iterator[ContactFact]:
    """Return every contact of `desk` in `period`, with what its consultation is known to be.

    Counted by `rules.counting`, they say what `return_of` must say: the reference, row by row.
    """
    contacts = Contact.objects.filter(
        COUNTED, desk=desk, at__gte=period.starts_at, at__lt=period.ends_before
    )
    kinds: dict[UUID, set[str]] = defaultdict(set)
    marks = InfringementMark.objects.filter(consultation__in=contacts.values("consultation"))
    for consultation, kind in marks.values_list("consultation", "kind"):
        kinds[consultation].add(kind)
    sets = {consultation: frozenset(found) for consultation, found in kinds.items()}
    rows = contacts.values_list(
        "consultation__help_seeker",
        "consultation",
        "at",
        "consultation__first_contact_at",
        "channel",
        "action",
        "consultation__age_group",
        "consultation__standing",
        "consultation__counted_with",
    )
    heads = set(contacts.values_list("consultation__counted_with", flat=True)) - {None}
    groups = together_under(head for head in heads if head)
    nothing = frozenset({UNKNOWN})
    for row in rows.iterator(chunk_size=5000):
        fact = ContactFact(*row[:-1], kinds=sets.get(row[1], nothing))
        head = row[-1]
        yield _linked(fact, head, groups[head]) if head and head in groups else fact


def _linked(fact: ContactFact, head: UUID, group: Together) -> ContactFact:
    """Return a contact of a linked consultation as it counts: with all of them, as one."""
    return replace(
        fact,
        person=group.person,
        matter=head,
        first_at=group.first_at or fact.first_at,
        age_group=group.said.age_group,
        standing=group.said.standing,
        kinds=group.said.kinds,
    )
