"""The inbox reads an index and not one row, and fetches what it shows by its ids."""

import pytest
from django.db import connection

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import receiving
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.queries import closed, inbox, visible_to
from madoguchi.jobs.tasks import survey_tables
from tests.people import AT

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


def test_lines_are_fetched_by_their_ids_once_the_tables_were_surveyed(desk, aoi, plan):
    for number in range(40):
        letter = Letter(words=f"書きこみ{number}", channel="EMAIL")
        receiving.receive(desk=desk.pk, letter=letter, at=AT)
    some = list(Consultation.objects.values_list("pk", flat=True)[:20])

    survey_tables(AT)

    # Not surveyed, SQLite goes through all of the desk: it would say (desk_id=?).
    plan_of_lines = plan(visible_to(aoi.actor).filter(pk__in=some), "headline")
    assert "consultations_consultation USING INDEX sqlite_autoindex" in plan_of_lines
    assert "(desk_id=?)" not in plan_of_lines
