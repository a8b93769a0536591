"""The inbox reads an index and not one row: also where nobody has ever told SQLite to ANALYZE."""

import pytest
from django.db import connection

from madoguchi.consultations.queries import closed, inbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(aoi):
    """Return what the database says it will do for the first page of a list."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole, whatever indexes it has")

    def of(rows, *columns):
        sql, given = rows.values_list(*columns)[:50].query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", given)
            return " ".join(row[-1] for row in cursor.fetchall())

    return of


def test_which_matters_are_open_is_read_from_one_index(aoi, plan):
    for whose in (inbox(aoi.actor), inbox(aoi.actor).filter(adviser=None)):
        assert "consultations_consultation USING COVERING INDEX what_is_open" in plan(whose, "pk")


def test_what_is_closed_comes_in_the_order_of_its_index(aoi, plan):
    said = plan(closed(aoi.actor), "pk")

    assert "USING INDEX closed_last" in said or "USING COVERING INDEX closed_last" in said
    assert "TEMP B-TREE" not in said
