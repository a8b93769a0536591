"""Inserting many rows while others write: the work first, then the lock, then the pause.

`bulk_create` builds its SQL while it holds SQLite's one write lock; here everything is
prepared before, so that the lock is held for milliseconds.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction


@contextmanager
def short_transaction() -> Iterator[None]:
    """Run a transaction that no collection of garbage prolongs: it waits until the lock is free.

    With 100,000 records in memory a full collection takes 100 ms, and others would wait for it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        with transaction.atomic():
            yield
    finally:
        if was_enabled:
            gc.enable()


class Insert:
    """Rows of one table, ready to be written."""

    def __init__(self, rows: Sequence[models.Model]) -> None:
        """Prepare `rows`, all of one model, as the database wants them."""
        self._sql = ""
        self._values: list[list[Any]] = []
        if not rows:
            return
        meta = rows[0]._meta  # noqa: SLF001 (Django's documented name)
        fields = meta.concrete_fields
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in fields)
        marks = ", ".join(["%s"] * len(fields))
        # Names are the models' own; no value is ever part of the statement.
        self._sql = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
        self._values = [
            [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
            for row in rows
        ]

    def write(self) -> None:
        """Write the rows, in the caller's transaction."""
        assert connection.in_atomic_block
        if self._values:
            with connection.cursor() as cursor:
                cursor.executemany(self._sql, self._values)
