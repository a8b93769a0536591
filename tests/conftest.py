"""What every test rests on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

# A slow machine is no fault of the code, and a run in CI must be the same twice.
settings.register_profile(
    "madoguchi", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("ci", settings.get_profile("madoguchi"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "madoguchi")


@contextmanager
def _triggers_lifted() -> Iterator[None]:
    """Let the tables be emptied: the ledger's own triggers refuse that, as they must."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            try:
                yield
            finally:
                cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            yield
        finally:
            for _, sql in triggers:
                cursor.execute(sql)


_empty = TransactionTestCase._fixture_teardown


def _empty_with_the_ledger(case: TransactionTestCase) -> None:
    with _triggers_lifted():
        _empty(case)


# Tests that see real commits (transaction=True) empty every table when they end.
TransactionTestCase._fixture_teardown = _empty_with_the_ledger
