"""Inserting many rows while others write: the work first, then the lock, then the pause.

`bulk_create` builds its SQL while it holds SQLite's one write lock; here everything is
prepared before, so that the lock is held for milliseconds.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# Of these both databases take what a model holds.
_AS_THEY_ARE = (models.CharField, models.TextField, models.BooleanField)


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
        self._values: list[tuple[Any, ...]] = []
        if not rows:
            return
        meta = rows[0]._meta  # noqa: SLF001 (Django's documented name)
        fields = meta.concrete_fields
        quote = connection.ops.quote_name
        names = ", ".join(quote(str(field.column)) for field in fields)
        marks = ", ".join(["%s"] * len(fields))
        # Names are the models' own; no value is ever part of the statement.
        self._sql = f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608
        # The proxy `connection` asks the thread for its connection at every single use.
        database = connections[connection.alias]
        columns = [_prepared(field, rows, database) for field in fields]
        self._values = list(zip(*columns, strict=True))

    def write(self) -> None:
        """Write the rows, in the caller's transaction."""
        assert connection.in_atomic_block
        if self._values:
            with connection.cursor() as cursor:
                cursor.executemany(self._sql, self._values)


def _prepared(
    field: "models.Field[Any, Any]", rows: Sequence[models.Model], database: BaseDatabaseWrapper
) -> list[Any]:
    """Return one column of `rows` as `database` wants it."""
    values = [getattr(row, field.attname) for row in rows]
    if isinstance(field, _AS_THEY_ARE):
        return values
    return list(_each_prepared(field, values, database))


def _each_prepared(
    field: "models.Field[Any, Any]", values: Sequence[Any], database: BaseDatabaseWrapper
) -> Iterator[Any]:
    """Yield what each of `values` becomes; the same one again (desk, batch) is not asked twice."""
    last = prepared = None
    for value in values:
        if value is not last:
            last, prepared = value, field.get_db_prep_save(value, database)
        yield prepared
