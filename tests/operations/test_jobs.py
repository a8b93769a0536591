"""Jobs: put down with the deed, done at least once, tried again, given up at last."""

import datetime as dt
from collections.abc import Iterator
from threading import Thread

import pytest
from django.db import connection, transaction

from madoguchi.jobs import registry
from madoguchi.jobs.models import Job, Worker
from madoguchi.jobs.operations import (
    MOST_ATTEMPTS,
    beat,
    claim,
    delay_after,
    finish,
    forget,
    leave,
    put,
    put_rounds,
    run_due,
    try_again,
)
from madoguchi.jobs.queries import due, given_up, is_a_worker_alive
from madoguchi.vault.ids import new_id

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def done(monkeypatch) -> Iterator[list[str]]:
    """What the jobs of these tests did. Nothing else is registered meanwhile."""
    monkeypatch.setattr(registry, "_known", {})
    did: list[str] = []

    @registry.handler("test.note")
    def note(args, at) -> None:
        did.append(args["what"])

    @registry.handler("test.fail")
    def fail(args, at) -> None:
        did.append("tried")
        raise ConnectionError("花子さんの電話は090-0000-0000")

    @registry.every("test.round", seconds=600)
    def turn(at) -> None:
        did.append(f"round {at:%H:%M}")

    return did


def ask(key: str = "a", *, name: str = "test.note", at: dt.datetime = NOW) -> None:
    with transaction.atomic():
        put(name=name, key=key, at=at, args={"what": key})


@pytest.mark.django_db
def test_a_job_is_done_when_its_time_has_come_and_only_once(done) -> None:
    ask(at=NOW + MINUTE)
    assert run_due(at=NOW) == 0
    assert run_due(at=NOW + MINUTE) == 1
    assert run_due(at=NOW + 2 * MINUTE) == 0
    assert done == ["a"]


@pytest.mark.django_db
def test_the_same_thing_asked_for_twice_is_one_job_even_when_it_is_done(done) -> None:
    ask()
    ask()
    run_due(at=NOW)
    ask()
    run_due(at=NOW)
    assert done == ["a"]


@pytest.mark.django_db(transaction=True)
def test_a_job_goes_with_the_deed_that_asked_for_it(done) -> None:
    def deed() -> None:
        with transaction.atomic():
            put(name="test.note", key="a", at=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        deed()
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_job_is_not_put_down_without_a_deed(done) -> None:
    with pytest.raises(AssertionError):
        put(name="test.note", key="a", at=NOW)


@pytest.mark.parametrize("words", ["花子", "two words", "a@example.com", "x" * 65])
def test_a_job_carries_no_words(done, words, db) -> None:
    with pytest.raises(ValueError, match=r"ids and codes: test\.note"):
        put(name="test.note", key="a", at=NOW, args={"what": words})


@pytest.mark.django_db
def test_a_job_whose_worker_was_killed_is_anybodys_again_when_its_lease_ends(done) -> None:
    ask()
    killed = claim(at=NOW)
    assert killed
    assert claim(at=NOW + MINUTE) is None
    assert run_due(at=NOW + registry.LEASE) == 1
    assert done == ["a"]


@pytest.mark.django_db
def test_who_comes_back_after_the_lease_does_not_disturb_the_next(done) -> None:
    ask()
    late = claim(at=NOW)
    later = NOW + registry.LEASE
    other = claim(at=later)
    assert late
    assert other
    assert finish(job=late, at=later) is False
    assert Job.objects.get().done_at is None
    assert finish(job=other, at=later) is True


@pytest.mark.django_db
def test_a_job_that_fails_rests_longer_each_time_and_keeps_no_words_of_its_error(
    done, caplog
) -> None:
    ask(name="test.fail")
    assert run_due(at=NOW) == 0
    job = Job.objects.get()
    assert (job.error, job.failed_at, job.run_at) == ("ConnectionError", NOW, NOW + MINUTE / 2)
    run_due(at=job.run_at)
    assert Job.objects.get().run_at == job.run_at + MINUTE
    assert "090" not in caplog.text + str(Job.objects.values())


@pytest.mark.django_db
def test_a_job_that_fails_too_often_waits_for_a_person_and_can_be_tried_again(done) -> None:
    ask(name="test.fail")
    for _attempt in range(MOST_ATTEMPTS + 5):
        run_due(at=Job.objects.get().run_at)
    assert done == ["tried"] * MOST_ATTEMPTS
    job = given_up().get()
    assert try_again(job=job.pk, at=NOW) is True
    assert try_again(job=job.pk, at=NOW) is False
    run_due(at=NOW)
    assert len(done) == MOST_ATTEMPTS + 1


def test_a_job_is_tried_for_more_than_a_day_and_never_rests_longer_than_six_hours() -> None:
    rests = [delay_after(attempts) for attempts in range(1, MOST_ATTEMPTS)]
    assert rests == sorted(rests)
    assert rests[-1] == dt.timedelta(hours=6)
    assert sum(rests, dt.timedelta()) > dt.timedelta(days=1)


@pytest.mark.django_db
def test_a_job_that_nobody_knows_is_not_lost(done) -> None:
    ask(name="test.of_the_next_version")
    run_due(at=NOW)
    assert Job.objects.get().error == "UnknownJobError"
    assert due(NOW + MINUTE).count() == 1


@pytest.mark.django_db
def test_one_failing_job_does_not_stop_the_others(done) -> None:
    ask("a", name="test.fail")
    ask("b")
    assert run_due(at=NOW) == 1
    assert done == ["tried", "b"]


@pytest.mark.django_db
def test_what_comes_round_comes_again_and_there_is_one_of_it(done) -> None:
    for _worker in range(2):
        put_rounds(at=NOW)
    for minutes in (0, 5, 10, 20):
        run_due(at=NOW + minutes * MINUTE)
    assert done == ["round 12:00", "round 12:10", "round 12:20"]


@pytest.mark.django_db
def test_what_comes_round_is_never_given_up(done, monkeypatch) -> None:
    @registry.every("test.broken", seconds=60)
    def broken(at) -> None:
        raise ConnectionError

    put_rounds(at=NOW)
    row = Job.objects.filter(name="test.broken")
    for _attempt in range(MOST_ATTEMPTS + 5):
        run_due(at=row.get().run_at)
    assert row.get().given_up_at is None


@pytest.mark.django_db
def test_done_jobs_are_forgotten_after_a_month_and_open_ones_never(done) -> None:
    ask("a")
    ask("b", at=NOW + dt.timedelta(days=60))
    run_due(at=NOW)
    forget(at=NOW + dt.timedelta(days=31))
    assert Job.objects.get().key == "b"


@pytest.mark.django_db
def test_a_worker_is_alive_while_it_is_heard_of_or_within_its_lease() -> None:
    assert not is_a_worker_alive(NOW)
    worker = new_id()
    beat(worker=worker, at=NOW)
    assert is_a_worker_alive(NOW + MINUTE)
    assert not is_a_worker_alive(NOW + 2 * MINUTE)
    beat(worker=worker, at=NOW, busy_until=NOW + 10 * MINUTE)
    assert is_a_worker_alive(NOW + 10 * MINUTE)
    assert not is_a_worker_alive(NOW + 11 * MINUTE)
    leave(worker=worker)
    assert not Worker.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_do_every_job_once(done) -> None:
    for number in range(40):
        ask(str(number))

    def work() -> None:
        try:
            run_due(at=NOW)
        finally:
            connection.close()

    workers = [Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(done, key=int) == [str(number) for number in range(40)]
