"""Founding a desk."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from madoguchi.desks.models import Code, CodeBook, Desk
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.codebooks import STANDARD, Coding


def create_desk(
    *, slug: str, name: str, prefecture: str, at: dt.datetime, is_demonstration: bool = False
) -> Desk:
    """Found a desk with the standard code books. The first runs the public pages, and goes on."""
    with transaction.atomic():
        desk = Desk.objects.create(
            slug=slug,
            name=name,
            prefecture=prefecture,
            is_demonstration=is_demonstration,
            is_public=not Desk.objects.exists(),
        )
        for book in STANDARD:
            row = CodeBook.objects.create(
                desk=desk,
                table=book.table,
                valid_from=book.valid_from,
                valid_to=book.valid_to,
                multiple=book.coding is Coding.MULTIPLE,
            )
            Code.objects.bulk_create(
                Code(book=row, position=position, key=code.key, label=code.label_ja)
                for position, code in enumerate(book.codes)
            )
        record(Deed.DESK_CREATED, desk=desk.pk, at=at)
        # The installation's chain says which desks there are: none can vanish unseen.
        record(Deed.DESK_CREATED, desk=None, at=at, detail={"desk": str(desk.pk)})
        return desk


def make_public(*, desk: UUID, at: dt.datetime) -> None:
    """Let guide and intake speak for `desk` from now on; what others received stays theirs."""
    with transaction.atomic():
        rows = {row.pk: row for row in Desk.objects.select_for_update().order_by("pk")}
        before = next((row for row in rows.values() if row.is_public), None)
        if before and before.pk == desk:
            return
        if before:
            before.is_public = False
            before.save(update_fields=["is_public"])
        rows[desk].is_public = True
        rows[desk].save(update_fields=["is_public"])
        detail = {"desk": str(desk), "before": str(before.pk) if before else None}
        record(Deed.PUBLIC_DESK_SET, desk=None, at=at, detail=detail)
