"""Inserting many rows while others write: the work first, then the lock, then the pause.

`bulk_create` builds its SQL while it holds SQLite's one write lock, and wants an object for each
row; here everything is prepared before, so that the lock is held for milliseconds.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

from django.db import connection, connections, models, transaction


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


class Wanted:
    """Values as the database wants them: made once, however many columns hold them."""

    def __init__(self) -> None:
        """Ask the thread's database."""
        # The proxy `connection` asks the thread for its connection at every single use.
        database = connections[connection.alias]
        self.id = partial(models.UUIDField().get_db_prep_value, connection=database)
        self.time = partial(models.DateTimeField().get_db_prep_value, connection=database)
        json = partial(models.JSONField().get_db_prep_value, connection=database)
        self.json = lru_cache(lambda several: json(list(several)))


class Insert:
    """Rows of one table, ready to be written: what they share is prepared once."""

    def __init__(self, alike: models.Model, *differing: str) -> None:
        """Begin with no rows; each will be as `alike` but for the columns `differing`."""
        meta = alike._meta  # noqa: SLF001 (Django's documented name)
        shared = {
            field.column: field.get_db_prep_save(getattr(alike, field.attname), connection)
            for field in meta.concrete_fields
            if field.column not in differing
        }
        quote = connection.ops.quote_name
        names = ", ".join(quote(str(name)) for name in (*differing, *shared))
        marks = ", ".join(["%s"] * (len(differing) + len(shared)))
        # Names are the models' own; no value is ever part of the statement.
        self._into = f"{quote(meta.db_table)} ({names})"
        self._sql = f"INSERT INTO {self._into} VALUES ({marks})"  # noqa: S608
        self._shared = tuple(shared.values())
        self._rows: list[tuple[Any, ...]] = []

    def add(self, *values: Any) -> None:
        """Add a row: what the differing columns hold, as the database wants it (`Wanted`)."""
        self._rows.append(values + self._shared)

    def write(self) -> None:
        """Write the rows, in the caller's transaction."""
        assert connection.in_atomic_block
        if not self._rows:
            return
        with connection.cursor() as cursor:
            if connection.vendor != "postgresql":
                cursor.executemany(self._sql, self._rows)
                return
            with cursor.copy(f"COPY {self._into} FROM STDIN") as copy:  # no statement for each row
                for row in self._rows:
                    copy.write_row(row)

    def clear(self) -> None:
        """Forget the rows."""
        self._rows.clear()
