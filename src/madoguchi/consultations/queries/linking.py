"""Which consultations belong together, and what those counted as one are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min, Q, QuerySet

from madoguchi.consultations.models import Consultation, Contact, InfringementMark, Link
from madoguchi.consultations.queries import COUNTED, visible_to
from madoguchi.rules.access import Actor
from madoguchi.rules.linking import OF_ONE_PERSON, AsOne, Member, Tie, as_one

_IDS_TO_A_QUERY = 500


@dataclass(frozen=True)
class Together:
    """Consultations counted as one: what they are, whose, and when the first contact came.

    `first_at` is None where nothing of them counts.
    """

    said: AsOne
    person: UUID
    first_at: datetime | None
    members: frozenset[UUID]


def holding(matters: Collection[UUID], ties: Iterable[Tie]) -> QuerySet[Link]:
    """Return the links of `ties` that hold at `matters`, on either side."""
    touching = Q(one__in=matters) | Q(other__in=matters)
    return Link.objects.filter(touching, tie__in=list(ties), undone_at=None)


def reached_from(matters: Iterable[UUID], ties: Iterable[Tie]) -> set[UUID]:
    """Return `matters` and all that are held together with them by `ties`, however far."""
    reached, fresh = set(matters), set(matters)
    kinds = list(ties)
    while fresh:
        pairs = holding(fresh, kinds).values_list("one", "other")
        fresh = {it for pair in pairs for it in pair} - reached
        reached |= fresh
    return reached


def counted_together(row: Consultation) -> list[UUID]:
    """Return the consultations that are counted with `row`, itself included."""
    if row.counted_with_id is None:
        return [row.pk]
    return list(
        Consultation.objects.filter(counted_with=row.counted_with_id).values_list("pk", flat=True)
    )


def _slices(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    wanted = sorted(ids)
    for at in range(0, len(wanted), _IDS_TO_A_QUERY):
        yield wanted[at : at + _IDS_TO_A_QUERY]


def together_under(heads: Iterable[UUID]) -> dict[UUID, Together]:
    """Return what the consultations counted under each of `heads` are, as one."""
    found: dict[UUID, Together] = {}
    for some in _slices(heads):
        rows = list(Consultation.objects.filter(counted_with__in=some))
        kinds: dict[UUID, set[str]] = defaultdict(set)
        marks = InfringementMark.objects.filter(consultation__counted_with__in=some)
        for matter, kind in marks.values_list("consultation", "kind"):
            kinds[matter].add(kind)
        contacts = Contact.objects.filter(COUNTED, consultation__counted_with__in=some)
        first = dict(
            contacts.values("consultation__counted_with")
            .annotate(first=Min("at"))
            .order_by()
            .values_list("consultation__counted_with", "first")
        )
        groups: dict[UUID, list[Consultation]] = defaultdict(list)
        for row in rows:
            groups[row.counted_with_id or row.pk].append(row)
        for head, members in groups.items():
            found[head] = Together(
                said=as_one(_member(row, kinds[row.pk]) for row in members),
                person=next((it.help_seeker_id for it in members if it.pk == head), head),
                first_at=first.get(head),
                members=frozenset(row.pk for row in members),
            )
    return found


def _member(row: Consultation, kinds: set[str]) -> Member:
    return Member(
        matter=row.pk,
        opened_at=row.first_contact_at,
        age_group=row.age_group,
        standing=row.standing,
        kinds=frozenset(kinds),
    )


def counted_contacts_of(row: Consultation) -> QuerySet[Contact]:
    """Return the contacts that count with `row`: its own, and of all counted with it."""
    own = Q(consultation=row)
    if row.counted_with_id:
        own = Q(consultation__counted_with=row.counted_with_id)
    return Contact.objects.filter(COUNTED, own).order_by("at", "id")


def of_same_person(actor: Actor, row: Consultation) -> list[Consultation]:
    """Return the other consultations of the person of `row` that `actor` may open, latest first.

    Of one person are those under one pseudonym, and those that links say are.
    """
    reached = reached_from([row.pk], OF_ONE_PERSON)
    same = Q(help_seeker=row.help_seeker_id) | Q(pk__in=reached)
    if len(reached) > 1:
        same |= Q(help_seeker__consultations__in=reached)
    rows = visible_to(actor).filter(same).exclude(pk=row.pk).distinct()
    return list(rows.order_by("-last_contact_at"))


def links_of(row: Consultation) -> list[Link]:
    """Return the links that hold at `row`, the latest first."""
    rows = holding([row.pk], Tie).select_related("one__matter", "other__matter", "made_by")
    return list(rows.order_by("-made_at"))
