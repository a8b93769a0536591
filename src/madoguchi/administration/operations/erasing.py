"""Erasing (消去): the words, the people, the files go; deeds, ids and figures stay.

The matter's key goes first: by it alone nothing sealed in the matter opens again, here or in
a backup that is made later. The rows are taken away or emptied besides.
"""

import datetime as dt
from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.db import models, transaction

from madoguchi.administration.queries.belonging import (
    OUTLIVES,
    Model,
    Rows,
    belonging,
    below,
    in_order,
    label_of,
    named_by_id,
)
from madoguchi.administration.queries.retention import kept
from madoguchi.consultations.models import Consultation, HelpSeeker, Keeping
from madoguchi.correspondence.models import Attachment
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.operations import lock
from madoguchi.rules.access import Actor, check_may_supervise
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.retention import check_may_erase
from madoguchi.vault import contents, sealing
from madoguchi.vault.ids import new_id


def erase(*, matter: UUID, actor: Actor, at: dt.datetime) -> bool:
    """Erase what the desk knows of a matter and, with their last one, of the person.

    False where it was erased before. Refused while it is open, held, unclassified, or
    neither due nor asked for by the person.
    """
    with transaction.atomic():
        locked = lock(matter)
        check_may_supervise(actor, locked.desk_id)
        row = Consultation.objects.select_for_update().get(pk=matter)
        keeping, _made = Keeping.objects.get_or_create(
            consultation=row, defaults={"desk_id": locked.desk_id}
        )
        if keeping.erased_at:
            return False
        facts = kept(row)
        check_may_erase(facts, in_japan(at).date())
        _erase(row, keeping, at)
        record(
            Deed.ERASED,
            desk=row.desk_id,
            matter=matter,
            actor=actor.user,
            at=at,
            detail={"asked": facts.is_asked, "closed": str(row.closed_at)},
        )
    return True


def erase_again(*, matters: Iterable[UUID], at: dt.datetime) -> int:
    """Erase what came back from a backup (控えから戻った事案) though it had been erased since.

    Nobody is asked: that it is to go was decided then. Returns how many matters there were.
    """
    there = Consultation.objects.filter(pk__in=list(matters)).values_list("pk", flat=True)
    return sum(_erased_again(matter, at) for matter in sorted(there))


def _erased_again(matter: UUID, at: dt.datetime) -> bool:
    with transaction.atomic():
        locked = lock(matter)
        row = Consultation.objects.select_for_update().get(pk=matter)
        keeping, _made = Keeping.objects.get_or_create(
            consultation=row, defaults={"desk_id": locked.desk_id}
        )
        if keeping.erased_at:
            return False
        _erase(row, keeping, at)
        record(Deed.ERASED, desk=row.desk_id, matter=matter, at=at, detail={"again": True})
    return True


def _erase(row: Consultation, keeping: Keeping, at: dt.datetime) -> None:
    rows = _merged(belonging(row.pk), named_by_id([row.pk]), _of_person(row))
    _forget_files(rows)
    _take_away(rows)
    _blank(row)
    keeping.refresh_from_db()
    keeping.erased_at = at
    keeping.save(update_fields=["erased_at"])


def _merged(*found: Rows) -> Rows:
    rows: Rows = {}
    for part in found:
        for table, keys in part.items():
            rows[table] = rows.get(table, set()) | keys
    return rows


def _of_person(row: Consultation) -> Rows:
    """Return what hangs on the person alone, where nothing else of theirs is kept."""
    others = Consultation.objects.filter(help_seeker=row.help_seeker_id).exclude(pk=row.pk)
    if others.exclude(keeping__erased_at__isnull=False).exists():
        return {}
    found = below(HelpSeeker, {row.help_seeker_id})
    own = {row.pk, *others.values_list("pk", flat=True)}
    return {table: keys for table, keys in found.items() if table is HelpSeeker or not keys & own}


def _forget_files(rows: Rows) -> None:
    """Let the sealed contents of files be deleted once this is committed."""
    files = Attachment.objects.filter(pk__in=rows.get(Attachment, ()))
    addresses = [address for file in files for address in file.contents]
    transaction.on_commit(partial(contents.forget, addresses))


def _take_away(rows: Rows) -> None:
    """Erase the keys, empty what outlives, delete the rest."""
    sealing.erase_all(key for keys in rows.values() for key in keys)
    gone = {table: keys for table, keys in rows.items() if _goes(table)}
    for table, keys in rows.items():
        if not _goes(table):
            _empty(table, keys, set(gone))
    for table in in_order(gone):
        table._base_manager.filter(pk__in=gone[table]).delete()  # noqa: SLF001


def _goes(table: Model) -> bool:
    return label_of(table) not in OUTLIVES and table is not HelpSeeker


def _empty(table: Model, keys: set[UUID], gone: set[Model]) -> None:
    """Empty every sealed field of rows that stay, and what points at rows that go."""
    fields = table._meta.concrete_fields  # noqa: SLF001
    sealed = {it.name: b"" for it in fields if isinstance(it, models.BinaryField)}
    lost = {
        it.name: None
        for it in fields
        if isinstance(it, models.ForeignKey) and it.related_model in gone and it.null
    }
    if changes := {**sealed, **lost}:
        table._base_manager.filter(pk__in=keys).update(**changes)  # noqa: SLF001
    if table is HelpSeeker:
        for key in keys:
            # No longer found by the name; still one row that its consultations point at.
            HelpSeeker.objects.filter(pk=key).update(pseudonym_hash=f"erased {new_id().hex}")


def _blank(row: Consultation) -> None:
    """Let the consultation no longer be found by its mark; nobody waits for it any more."""
    Consultation.objects.filter(pk=row.pk).update(
        mark_hash=f"erased {new_id().hex}",
        unread=False,
        safety_check_due=False,
        alarms=[],
        alarmed_at=None,
    )
