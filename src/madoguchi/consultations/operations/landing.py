"""The landing of an import: one short transaction, after which everything staged counts.

What the file tells of consultations that were there before is worked out beforehand; under the
lock it is only written, and only where nobody has changed the consultation meanwhile. That takes
some 15 microseconds each: a file that continues up to 6,000 consultations keeps others waiting
for less than 100 ms. New consultations cost the landing nothing.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from madoguchi.consultations.models import Batch, Consultation, Contact, InfringementMark
from madoguchi.consultations.operations.inserting import Insert, Wanted, short_transaction
from madoguchi.consultations.operations.staging import Staged, check_not_overtaken, in_slices
from madoguchi.consultations.operations.touching import months_between, touch_months
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.models import Matter
from madoguchi.rules.access import Actor
from madoguchi.rules.calendar import Month
from madoguchi.rules.codebooks import UNKNOWN
from madoguchi.rules.consultation import Status
from madoguchi.rules.contact_records import ContactRecord, Known, reconciled
from madoguchi.vault.ids import new_id

# How often a landing is worked out anew when colleagues change a consultation just then.
_TRIES = 10

_CHANGED = (
    "age_group",
    "standing",
    "first_contact_at",
    "last_contact_at",
    "status",
    "closed_at",
)
# Must still be as read, or what was worked out does not hold.
_COMPARED = _CHANGED[:-1]
# What figures rest on, in every month of the consultation.
_COUNTED = _CHANGED[:3]


class _ChangedMeanwhileError(Exception):
    """Somebody changed a consultation between reading and writing it."""


@dataclass(frozen=True)
class Landing:
    """Who lets a batch land, and when; how many rows of the file were left out of it."""

    actor: Actor | None
    at: dt.datetime
    left_out: int = 0

    def detail(self, batch: Batch) -> dict[str, Any]:
        """Return what the ledger says."""
        left_out = {"left_out": self.left_out} if self.left_out else {}
        return {"digest": batch.digest, "rows": batch.rows, **left_out}


def land(batch: Batch, staged: Staged, landing: Landing) -> None:
    """Switch: everything staged counts from now on. One short transaction, one ledger line."""
    for attempt in range(_TRIES):
        continuing = _Continuing(staged.continued)
        try:
            with short_transaction():
                check_not_overtaken(batch)
                continuing.write()
                staged.messages.write()
                staged.held_back.write()
                Batch.objects.filter(pk=batch.pk).update(landed_at=landing.at)
                touch_months(batch.desk_id, staged.months | continuing.months)
                record(
                    Deed.CONTACTS_IMPORTED,
                    desk=batch.desk_id,
                    actor=landing.actor.user if landing.actor else None,
                    at=landing.at,
                    detail=landing.detail(batch),
                )
        except _ChangedMeanwhileError:
            if attempt == _TRIES - 1:
                raise
        else:
            return


@dataclass(frozen=True)
class _Change:
    """One consultation as it was read, and as it is to be."""

    before: Consultation
    after: dict[str, Any]
    kinds_before: frozenset[str]
    kinds_after: frozenset[str]

    @property
    def months(self) -> set[Month]:
        """The months whose figures change because something else is now said of it."""
        before, after = self.before, self.after
        said = [getattr(before, name) == after[name] for name in _COUNTED]
        if all(said) and self.kinds_before == self.kinds_after:
            return set()
        return months_between(
            min(before.first_contact_at, after["first_contact_at"]), after["last_contact_at"]
        )


class _Continuing:
    """What a file tells of consultations that were there before, ready to be written."""

    def __init__(self, continued: dict[UUID, tuple[ContactRecord, ...]]) -> None:
        """Read the consultations and work out their changes, under no lock."""
        changes = [
            _change(row, kinds.get(row.pk, frozenset()), continued[row.pk])
            for ids in in_slices(sorted(continued))
            for kinds in [_kinds(ids)]
            for row in Consultation.objects.filter(pk__in=ids)
        ]
        self._matters = sorted(continued)
        self._marked = {
            change.before.pk: change
            for change in changes
            if change.kinds_before != change.kinds_after
        }
        self._marks, wanted = Insert(InfringementMark(), "id", "consultation_id", "kind"), Wanted()
        for matter, change in self._marked.items():
            for kind in sorted(change.kinds_after):
                self._marks.add(wanted.id(new_id()), wanted.id(matter), kind)
        # Where nothing that is counted changes, the months of the file's own rows are enough.
        self.months = {month for change in changes for month in change.months}
        self._sql = _update_sql()
        self._values = [_values(change) for change in changes]

    def write(self) -> None:
        """Write the changes, or refuse where one of the consultations was changed since."""
        if not self._values:
            return
        self._lock()
        with connection.cursor() as cursor:
            cursor.executemany(self._sql, self._values)
            if cursor.rowcount != len(self._values):
                raise _ChangedMeanwhileError
        for ids in in_slices(sorted(self._marked)):
            now = _kinds(ids)
            if any(now.get(pk, frozenset()) != self._marked[pk].kinds_before for pk in ids):
                raise _ChangedMeanwhileError
            InfringementMark.objects.filter(consultation__in=ids).delete()
        self._marks.write()
        self.months |= self._months_of_linked()

    def _lock(self) -> None:
        if connection.features.has_select_for_update:  # the matter first, of all locks
            for ids in in_slices(self._matters):
                list(Matter.objects.select_for_update().filter(pk__in=ids).order_by("pk"))

    def _months_of_linked(self) -> set[Month]:
        """Return the months of what is counted with a continued consultation: they may change."""
        found: set[Month] = set()
        for ids in in_slices(self._matters):
            heads = Consultation.objects.filter(pk__in=ids, counted_with__isnull=False)
            linked = Contact.objects.filter(
                consultation__counted_with__in=heads.values("counted_with")
            )
            found |= {Month.of(at) for at in linked.values_list("at", flat=True)}
        return found


def _update_sql() -> str:
    meta = Consultation._meta  # noqa: SLF001 (Django's documented name)
    quote = connection.ops.quote_name
    column = {field.name: quote(str(field.column)) for field in meta.concrete_fields}
    changed = ", ".join(f"{column[name]} = %s" for name in _CHANGED)
    same = " AND ".join(f"{column[name]} = %s" for name in ("matter", *_COMPARED))
    # Names are the model's own; no value is ever part of the statement.
    return f"UPDATE {quote(meta.db_table)} SET {changed} WHERE {same}"  # noqa: S608


def _values(change: _Change) -> list[Any]:
    """Return what fills the statement: what is to be, then what must still be."""
    meta = Consultation._meta  # noqa: SLF001 (Django's documented name)
    fields = {field.name: field for field in meta.concrete_fields}
    row = change.before
    given = [
        *((name, change.after[name]) for name in _CHANGED),
        ("matter", row.pk),
        *((name, getattr(row, name)) for name in _COMPARED),
    ]
    return [fields[name].get_db_prep_save(value, connection) for name, value in given]


def _change(row: Consultation, kinds: frozenset[str], records: Sequence[ContactRecord]) -> _Change:
    known = _known(Known(row.age_group, row.standing, kinds), row.last_contact_at, records)
    last_at = max(row.last_contact_at, records[-1].at)
    after = {
        "age_group": known.age_group,
        "standing": known.standing,
        "first_contact_at": min(row.first_contact_at, records[0].at),
        "last_contact_at": last_at,
        "status": row.status,
        "closed_at": row.closed_at,
    }
    if row.closed_at is not None:
        is_over = all(record.action for record in records)
        after["status"] = Status.CLOSED if is_over else Status.RECEIVED
        after["closed_at"] = max(row.closed_at, last_at) if is_over else None
    return _Change(row, after, kinds, known.kinds)


def _known(before: Known, last_at: dt.datetime, records: Sequence[ContactRecord]) -> Known:
    """Return what holds: a row later than the last contact outranks what was known, no other."""
    earlier = [record for record in records if record.at < last_at]
    known = before.filled_from(reconciled(earlier))
    for later in records[len(earlier) :]:
        known = known.after(later)
    return known


def _kinds(matters: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """Return the known kinds of infringement of each of `matters`."""
    found: dict[UUID, set[str]] = {}
    rows = InfringementMark.objects.filter(consultation__in=matters)
    for matter, kind in rows.values_list("consultation", "kind"):
        found.setdefault(matter, set()).add(kind)
    return {
        matter: frozenset() if kinds == {UNKNOWN} else frozenset(kinds)
        for matter, kinds in found.items()
    }
