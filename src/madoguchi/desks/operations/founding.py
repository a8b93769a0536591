"""Founding a desk."""

import datetime as dt

from django.db import transaction

from madoguchi.desks.models import Code, CodeBook, Desk
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.codebooks import STANDARD, Coding


def create_desk(
    *, slug: str, name: str, prefecture: str, at: dt.datetime, is_demonstration: bool = False
) -> Desk:
    """Found a desk with the standard code books."""
    with transaction.atomic():
        desk = Desk.objects.create(
            slug=slug, name=name, prefecture=prefecture, is_demonstration=is_demonstration
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
