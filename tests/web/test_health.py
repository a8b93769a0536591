"""/healthz: a program that watches is told in a word whether the installation can work."""

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from madoguchi.jobs import views
from madoguchi.jobs.models import Job
from madoguchi.jobs.operations import beat
from madoguchi.vault.ids import new_id

SECOND = dt.timedelta(seconds=1)


def ask() -> tuple[int, dict[str, str]]:
    answer = Client().get("/healthz")
    said = json.loads(answer.content)
    assert said["format"] == "madoguchi.health/1"
    assert said["status"] == ("ok" if answer.status_code == 200 else "failing")
    assert not answer.cookies
    return answer.status_code, said["checks"]


@pytest.fixture
def worker(db) -> None:
    beat(worker=new_id(), at=timezone.now())


def test_all_is_well_where_a_worker_was_just_heard_of(worker) -> None:
    status, said = ask()
    assert status == 200
    assert set(said.values()) == {"ok"}


@pytest.mark.django_db
def test_a_worker_that_stands_still_is_told() -> None:
    beat(worker=new_id(), at=timezone.now() - 90 * SECOND)
    status, said = ask()
    assert status == 503
    assert [name for name, is_so in said.items() if is_so != "ok"] == ["worker"]


@pytest.mark.django_db
def test_a_worker_at_a_long_job_is_not_standing_still() -> None:
    now = timezone.now()
    beat(worker=new_id(), at=now - 90 * SECOND, busy_until=now + 90 * SECOND)
    assert ask()[0] == 200


def test_a_full_disk_is_told(worker, monkeypatch) -> None:
    monkeypatch.setattr(views, "_ROOM", 2**62)
    status, said = ask()
    assert (status, said["disk"]) == (503, "failing")


def test_a_job_that_was_given_up_is_told_but_the_house_stands(worker) -> None:
    now = timezone.now()
    Job.objects.create(name="test.failed", key="a", run_at=now, given_up_at=now)
    status, said = ask()
    assert (status, said["jobs"]) == (200, "failing")


@pytest.mark.django_db(transaction=True)
def test_a_database_of_another_version_is_told() -> None:
    beat(worker=new_id(), at=timezone.now())
    views._see_migrations.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    try:
        assert ask()[1]["migrations"] == "failing"
    finally:
        call_command("migrate", "jobs", fake=True, verbosity=0)
    assert ask()[0] == 200


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_not_there_is_told(monkeypatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", "/nowhere/none.sqlite3")
    connection.close()
    status, said = ask()
    monkeypatch.undo()
    connection.close()
    assert (status, said["database"], said["worker"]) == (503, "failing", "failing")


def test_it_may_be_asked_for_without_tls_and_by_head(worker, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().head("/healthz").status_code == 200
    assert Client().post("/healthz").status_code == 405
