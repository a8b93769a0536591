"""Gathering the figures of other desks (とりまとめ). Their files are read and forgotten."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.operations.reading import (
    UnableToImportError,
    read_records,
    rows_in,
)
from madoguchi.desks.models import Desk
from madoguchi.desks.queries import books_of
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules import returns
from madoguchi.rules.access import Actor, RefusedError, check_may_supervise
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import CodeBook, Table, folded
from madoguchi.rules.contact_records import WINDOWS, ContactRecord, Reader, reconciled
from madoguchi.rules.counting import Basis, ContactFact, Return, count
from madoguchi.rules.exchange import (
    UnreadableFiguresError,
    check_sent,
    is_contact_file,
    is_report_file,
    is_table_file,
    read_tables,
    widened,
)
from madoguchi.statistics.models import Reading, Sender, Submission


@dataclass(frozen=True)
class Asked:
    """What is gathered: one period, on one basis."""

    period: Period
    basis: Basis


def expect(*, actor: Actor, name: str, at: dt.datetime) -> UUID:
    """Write down whose figures are expected (提出元)."""
    check_may_supervise(actor, actor.desk)
    with transaction.atomic():
        Desk.objects.select_for_update().get(pk=actor.desk)
        row, is_new = Sender.objects.get_or_create(desk_id=actor.desk, name=name)
        if not is_new and row.is_expected:
            raise RefusedError("name-taken")
        _set_expected(row, actor, at, is_expected=True)
    return row.pk


def rename(*, sender: UUID, name: str, actor: Actor, at: dt.datetime) -> None:
    """Call a sender by another name; what was frozen keeps the old one."""
    with transaction.atomic():
        row = Sender.objects.select_for_update().get(pk=sender)
        check_may_supervise(actor, row.desk_id)
        if Sender.objects.filter(desk=row.desk_id, name=name).exclude(pk=row.pk).exists():
            raise RefusedError("name-taken")
        row.name = name
        row.save(update_fields=["name"])
        record(
            Deed.SENDER_RENAMED,
            desk=row.desk_id,
            actor=actor.user,
            at=at,
            detail={"sender": str(sender)},
        )


def stop_expecting(*, sender: UUID, actor: Actor, at: dt.datetime) -> None:
    """Expect no more figures of a sender; what came stays."""
    with transaction.atomic():
        row = Sender.objects.select_for_update().get(pk=sender)
        check_may_supervise(actor, row.desk_id)
        _set_expected(row, actor, at, is_expected=False)


def _set_expected(row: Sender, actor: Actor, at: dt.datetime, *, is_expected: bool) -> None:
    row.is_expected = is_expected
    row.save(update_fields=["is_expected"])
    record(
        Deed.SENDER_SET,
        desk=row.desk_id,
        actor=actor.user,
        at=at,
        detail={"sender": str(row.pk), "expected": is_expected},
    )


def take(*, sender: UUID, asked: Asked, content: bytes, actor: Actor, at: dt.datetime) -> UUID:
    """Take a sender's file: contact records, or finished tables. Only its figures are kept.

    What the sender sent before for the period gives way. Raises `UnreadableFiguresError` or
    `UnableToImportError` where the file cannot be read or does not fit.
    """
    row = Sender.objects.get(pk=sender)
    check_may_supervise(actor, row.desk_id)
    books = books_of(row.desk_id)
    figures, is_counted_here = _figures_in(content, asked, books)
    check_sent(figures, period=asked.period, basis=asked.basis, books=books)
    with transaction.atomic():
        Sender.objects.select_for_update().get(pk=sender)
        kept, _is_new = Submission.objects.update_or_create(
            sender=row,
            first=asked.period.first,
            last=asked.period.last,
            defaults={
                "desk_id": row.desk_id,
                "basis": str(asked.basis),
                "figures": returns.as_values(figures),
                "is_counted_here": is_counted_here,
                "digest": hashlib.sha256(content).hexdigest(),
                "taken_by_id": actor.user,
                "taken_at": at,
            },
        )
        record(
            Deed.FIGURES_GATHERED,
            desk=row.desk_id,
            actor=actor.user,
            at=at,
            detail={"sender": str(sender), "digest": kept.digest},
        )
    return kept.pk


def read_as(
    *, sender: UUID, keys: Mapping[tuple[Table, str], str | None], actor: Actor, at: dt.datetime
) -> None:
    """Keep which of our codes a sender's labels stand for (読みかえ); None: nobody says so.

    It holds for every file of the sender, those that came before too. What was frozen keeps
    how it was read.
    """
    with transaction.atomic():
        row = Sender.objects.select_for_update().get(pk=sender)
        check_may_supervise(actor, row.desk_id)
        for (table, label), key in keys.items():
            if key is None:
                Reading.objects.filter(sender=row, table=str(table), label=label).delete()
                continue
            Reading.objects.update_or_create(
                sender=row,
                table=str(table),
                label=label,
                defaults={"desk_id": row.desk_id, "key": key},
            )
        record(
            Deed.READINGS_SET,
            desk=row.desk_id,
            actor=actor.user,
            at=at,
            detail={"sender": str(sender), "labels": len(keys)},
        )


def _figures_in(content: bytes, asked: Asked, books: Sequence[CodeBook]) -> tuple[Return, bool]:
    """Return the figures of a file, and whether they were counted here from contacts."""
    rows = rows_in(content)
    header = next(rows, [])
    if is_contact_file(header):
        return _counted(content, asked, books), True
    if is_table_file(header):
        return read_tables(header, rows), False
    if is_report_file(header):
        raise UnreadableFiguresError(
            "報告書のファイルです。確定した報告書のページの「提出用データ」を送ってもらってください。"
        )
    raise UnreadableFiguresError(
        "1行目の列の名前が、受付記録のものでも、集計のデータのものでもありません。"
    )


def _counted(content: bytes, asked: Asked, books: Sequence[CodeBook]) -> Return:
    """Count a file of contact records, under the sender's own labels."""
    wide = widened(books, _labels_in(content))
    read = read_records(content, Reader(books=wide, windows=WINDOWS))
    if read.faults:
        raise UnableToImportError("\n".join(map(str, read.faults[:5])))
    together: dict[tuple[str, str], list[ContactRecord]] = defaultdict(list)
    for it in read.records:
        together[it.person, it.matter].append(it)
    facts = [fact for own in together.values() for fact in _facts(own)]
    figures = count(facts, period=asked.period, basis=asked.basis, books=wide)
    if facts and not figures.contacts:
        raise UnreadableFiguresError(
            "この期間の受付が、ファイルに1件もありません。期間を選び直すか、相手にたしかめてください。"
        )
    return figures


def _labels_in(content: bytes) -> dict[Table, list[str]]:
    """Return which words stand in the coded columns."""
    rows = rows_in(content)
    header = [folded(name) for name in next(rows, [])]
    places = {table: header.index(table.column) for table in Table if table.column in header}
    found: dict[Table, dict[str, None]] = {table: {} for table in places}
    for row in rows:
        for table, place in places.items():
            cell = row[place] if place < len(row) else ""
            found[table].update(dict.fromkeys(filter(None, map(folded, _parts(cell)))))
    return {table: list(labels) for table, labels in found.items()}


def _parts(cell: str) -> list[str]:
    return cell.replace("；", ";").split(";")


def _facts(own: Sequence[ContactRecord]) -> list[ContactFact]:
    """Return one consultation's contacts as they are counted."""
    known, first = reconciled(own), min(it.at for it in own)
    return [
        ContactFact(
            person=it.person,
            matter=it.matter,
            at=it.at,
            first_at=first,
            channel=it.channel,
            action=it.action,
            age_group=known.age_group,
            standing=known.standing,
            kinds=known.kinds,
        )
        for it in own
    ]
