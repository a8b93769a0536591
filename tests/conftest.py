"""What every test rests on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from madoguchi.rules.access import Role
from tests import busy_desk, people

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


@pytest.fixture
def desk(db):
    """The desk where Aoi, Beni and Daichi work."""
    return people.found("osaka", "ネットハーモニー")


@pytest.fixture
def other_desk(db):
    """Chika's desk."""
    return people.found("kobe", "となりの相談窓口")


@pytest.fixture
def aoi(desk):
    """An adviser (相談員)."""
    return people.hire(desk.pk, "aoi", "あおい", Role.ADVISER)


@pytest.fixture
def beni(desk):
    """The supervisor (責任者)."""
    return people.hire(desk.pk, "beni", "べに", Role.SUPERVISOR)


@pytest.fixture
def chika(other_desk):
    """An adviser of another desk: must see nothing."""
    return people.hire(other_desk.pk, "chika", "ちか", Role.ADVISER)


@pytest.fixture
def fumi(desk):
    """An expert (専門家), a lawyer: sees what is asked of her, and nothing beside."""
    return people.hire(desk.pk, "fumi", "ふみ", Role.EXPERT)


@pytest.fixture
def daichi(desk):
    """The statistician (統計担当): figures only."""
    return people.hire(desk.pk, "daichi", "だいち", Role.STATISTICIAN)


@pytest.fixture
def busy(desk, other_desk, aoi, beni):
    """Aoi's desk, where everything that is counted has happened."""
    busy_desk.fill(desk, aoi, beni)
    return desk
