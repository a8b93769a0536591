"""Code books by fiscal year (年度ごとの分類表).

A year that has begun keeps its codes: its figures rest on them. The next year's book is made
from this year's, and may be changed until it begins. Of a book in force only the wording of a
label may be corrected; its key, by which everything is counted, stays.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from madoguchi.desks.models import Code, CodeBook, Desk
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.access import Actor, RefusedError, check_may_supervise
from madoguchi.rules.calendar import FiscalYear, in_japan
from madoguchi.rules.codebooks import Code as Label
from madoguchi.rules.codebooks import Table, check_plan


def plan_book(
    *, desk: UUID, table: Table, codes: Sequence[Label], actor: Actor, at: dt.datetime
) -> None:
    """Let `codes` be the book of `table` from the next fiscal year on.

    Refused where the book of that year would not do: see `check_plan`.
    """
    with transaction.atomic():
        _lock(desk, actor)
        today = in_japan(at).date()
        begins = FiscalYear(FiscalYear.of(today).year + 1).first
        now = _in_force(desk, table, today)
        check_plan(codes, known=dict(now.codes.values_list("key", "label")))
        CodeBook.objects.filter(desk=desk, table=table, valid_from__gte=begins).delete()
        now.valid_to = begins - dt.timedelta(days=1)
        now.save(update_fields=["valid_to"])
        book = CodeBook.objects.create(
            desk_id=desk, table=table, valid_from=begins, multiple=now.multiple
        )
        Code.objects.bulk_create(
            Code(book=book, position=position, key=code.key, label=code.label_ja)
            for position, code in enumerate(codes)
        )
        record(
            Deed.CODE_BOOK_PLANNED,
            desk=desk,
            actor=actor.user,
            at=at,
            detail={"table": str(table), "from": begins.isoformat(), "codes": len(codes)},
        )


def drop_plan(*, desk: UUID, table: Table, actor: Actor, at: dt.datetime) -> None:
    """Let the present book of `table` go on after all."""
    with transaction.atomic():
        _lock(desk, actor)
        today = in_japan(at).date()
        now = _in_force(desk, table, today)
        CodeBook.objects.filter(desk=desk, table=table, valid_from__gt=today).delete()
        now.valid_to = None
        now.save(update_fields=["valid_to"])
        detail = {"table": str(table)}
        record(Deed.CODE_BOOK_DROPPED, desk=desk, actor=actor.user, at=at, detail=detail)


def correct_label(*, desk: UUID, table: Table, code: Label, actor: Actor, at: dt.datetime) -> None:
    """Correct how a code of the present book is written; what it stands for must stay."""
    with transaction.atomic():
        _lock(desk, actor)
        now = _in_force(desk, table, in_japan(at).date())
        labels = dict(now.codes.order_by("position").values_list("key", "label"))
        if code.key not in labels:
            raise RefusedError("unknown-code")
        labels[code.key] = code.label_ja
        check_plan([Label(key, label) for key, label in labels.items()], known=labels)
        now.codes.filter(key=code.key).update(label=code.label_ja)
        detail = {"table": str(table), "code": code.key}
        record(Deed.CODE_LABEL_CORRECTED, desk=desk, actor=actor.user, at=at, detail=detail)


def _lock(desk: UUID, actor: Actor) -> None:
    Desk.objects.select_for_update().get(pk=desk)
    check_may_supervise(actor, desk)


def _in_force(desk: UUID, table: Table, day: dt.date) -> CodeBook:
    begun = CodeBook.objects.filter(desk=desk, table=table, valid_from__lte=day)
    book = begun.order_by("-valid_from").first()
    if book is None:
        raise RefusedError("no-book")
    return book
