"""Which rows belong to one matter, in whatever storey they stand.

They are found by following the foreign keys down from the matter, so that a table added
tomorrow is erased, too: what outlives an erasure has to be named in OUTLIVES.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

Model = type[models.Model]
Rows = dict[Model, set[UUID]]

# Tables whose rows stay as the bones of the figures, with every sealed field emptied.
# All other tables that hang on a matter lose their rows.
OUTLIVES = frozenset(
    {
        "matters.Matter",  # its number, its day
        "matters.Deadline",  # what was promised and kept
        "consultations.Consultation",  # what is counted
        "consultations.Contact",  # what is counted
        "consultations.InfringementMark",  # what is counted
        "consultations.Keeping",  # that it was erased, and when
        "consultations.ErasureList_consultations",  # that it was approved
        "consultations.Link",  # what counts as one; ids only
        "correspondence.Talk",  # how long people waited
        "experts.ExpertConsultation",  # sessions, results, fees
        "referrals.UrlReport",  # how many were reported, and what came of them
        "referrals.UrlReportStep",
    }
)
# Foreign keys by which a row of one matter names a row of another: it does not belong there.
_SIDEWAYS = frozenset(
    {
        "consultations.Consultation.counted_with",
        "consultations.Contact.duplicated_by",
    }
)
# An entry outlives what it speaks of: ids and deeds only.
_NEVER = frozenset({"ledger.Entry"})


class LeadsElsewhereError(RuntimeError):
    """A foreign key leads from one matter into another and is not named in _SIDEWAYS."""


def label_of(model: Model) -> str:
    """Return how a table is named in OUTLIVES."""
    return str(model._meta.label)  # noqa: SLF001 (Django's public way to ask a model)


def links_below(model: Model) -> Iterator[Any]:
    """Return the foreign keys that point at `model`, hidden ones and many-to-many included."""
    for field in model._meta.get_fields(include_hidden=True):  # noqa: SLF001
        if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one):
            link = field.remote_field
            if str(link) not in _SIDEWAYS:
                yield link


def belonging(matter: UUID) -> Rows:
    """Return the ids of all rows that belong to `matter`, by table.

    Raises `LeadsElsewhereError` where a foreign key leads into another matter.
    """
    found = below(apps.get_model("matters", "Matter"), {matter})
    consultation = apps.get_model("consultations", "Consultation")
    if found.get(consultation, set()) - {matter}:
        raise LeadsElsewhereError
    return found


def below(model: Model, ids: set[UUID]) -> Rows:
    """Return the ids of `ids` of `model` and of every row that hangs on them."""
    found: Rows = defaultdict(set, {model: set(ids)})
    waiting = [(model, set(ids))]
    while waiting:
        parent, keys = waiting.pop()
        for link in links_below(parent):
            child = link.model
            rows = child._base_manager.filter(**{f"{link.name}__in": keys})  # noqa: SLF001
            new = set(rows.values_list("pk", flat=True)) - found[child]
            if new:
                found[child] |= new
                waiting.append((child, new))
    return {table: keys for table, keys in found.items() if keys}


def named_by_id(ids: Iterable[UUID]) -> Rows:
    """Return the rows of tables that name a matter by its bare id, without a foreign key."""
    wanted = list(ids)
    found: Rows = {}
    for model in apps.get_models():
        names = {field.name: field for field in model._meta.concrete_fields}  # noqa: SLF001
        field = names.get("matter")
        if label_of(model) in _NEVER or not isinstance(field, models.UUIDField):
            continue
        rows = model._base_manager.filter(matter__in=wanted)  # noqa: SLF001
        found[model] = set(rows.values_list("pk", flat=True))
    return {table: keys for table, keys in found.items() if keys}


def in_order(tables: Iterable[Model]) -> list[Model]:
    """Return `tables` so that each comes before those it points at."""
    left, ordered = list(tables), []
    while left:
        free = next(
            (it for it in left if not any(o is not it and _points(o, it) for o in left)), left[0]
        )
        left.remove(free)
        ordered.append(free)
    return ordered


def _points(one: Model, at: Model) -> bool:
    return any(field.related_model is at for field in one._meta.concrete_fields)  # noqa: SLF001
