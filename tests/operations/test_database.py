"""The ground that the other tests of this folder stand on."""

import os

import pytest
from django.db import DatabaseError, connection

from madoguchi.desks.models import Desk
from madoguchi.ledger.models import Entry


@pytest.mark.django_db
def test_the_tests_run_on_the_database_they_were_given() -> None:
    given = os.environ["DATABASE_URL"].split(":")[0]
    assert connection.vendor == given


@pytest.mark.django_db
def test_the_database_speaks_japanese() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT length('相談窓口'), '窓' < '談'")
        assert cursor.fetchone()[0] == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_begins_with_empty_tables_and_a_guarded_ledger(time: str, desk: Desk) -> None:
    assert [row.slug for row in Desk.objects.all()] == ["osaka"]
    assert Entry.objects.exists()
    with pytest.raises(DatabaseError, match="written once"):
        Entry.objects.all().delete()
    with pytest.raises(DatabaseError, match="written once"):
        Entry.objects.update(deed=time)
