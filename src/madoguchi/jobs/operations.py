"""Jobs: put down with a deed, claimed under a lease, tried again, given up at last.

A job is done at least once. Whoever claims it has it until the lease ends; a worker that
was killed says nothing more, and the job is then anybody's again.
"""

import datetime as dt
import logging
import re
from collections.abc import Mapping
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from madoguchi.jobs.models import Job, Worker
from madoguchi.jobs.queries import due, given_up
from madoguchi.jobs.registry import LEASE, Work, rounds, work_called

logger = logging.getLogger(__name__)

# Tried again after half a minute, then after twice as long each time, up to six hours:
# fifteen times in a day and a half.
MOST_ATTEMPTS = 15
_FIRST_DELAY = dt.timedelta(seconds=30)
_LONGEST_DELAY = dt.timedelta(hours=6)
_FORGET_DONE = dt.timedelta(days=30)
_FORGET_WORKERS = dt.timedelta(days=1)
# Rows of each index that SQLite looks at: some milliseconds, however many there are.
_SAMPLE = 1_000
_AN_ID = re.compile(r"[\w.:-]{0,64}", re.ASCII)

Arguments = Mapping[str, str | int | bool | None]


class UnknownJobError(LookupError):
    """Nothing that is installed does jobs of this name."""


def put(*, name: str, key: str, at: dt.datetime, args: Arguments | None = None) -> None:
    """Put down a job to be done from `at` on, with the deed that is just being written.

    `key` makes it one of a kind: the same key again, done or not, is no second job (for
    the month that a done job is remembered). `args` are ids and codes; a ValueError else.
    """
    assert connection.in_atomic_block
    arguments = dict(args or {})
    if any(isinstance(said, str) and not _AN_ID.fullmatch(said) for said in arguments.values()):
        raise ValueError(f"the arguments of a job are ids and codes: {name}")
    job = Job(name=name, key=key, args=arguments, run_at=at)
    Job.objects.bulk_create([job], ignore_conflicts=True)


def put_rounds(*, at: dt.datetime) -> None:
    """Put down what comes round (定期の仕事) and is not there yet."""
    with transaction.atomic():
        for name in rounds():
            put(name=name, key=f"every {name}", at=at)


def claim(*, at: dt.datetime) -> Job | None:
    """Take the next job that is due, under a lease; None where there is none.

    SQLite lets one writer in at a time (IMMEDIATE); PostgreSQL skips what others hold.
    """
    if not due(at).exists():  # looked at without queueing among those who write
        return None
    with transaction.atomic():
        waiting = due(at)
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        job = waiting.first()
        if job is None:
            return None
        work = work_called(job.name)
        job.lease_until = at + (work.lease if work else LEASE)
        job.attempts += 1
        job.save(update_fields=["lease_until", "attempts"])
    return job


def finish(*, job: Job, at: dt.datetime) -> bool:
    """Write down that a claimed job is done; False where its lease ended and another has it."""
    work = work_called(job.name)
    if work and work.every:
        return _give_back(job, run_at=at + work.every, attempts=0)
    return _give_back(job, done_at=at)


def fail(*, job: Job, error: Exception, at: dt.datetime) -> bool:
    """Write down that a claimed job failed, to be tried again later or given up.

    What comes round is never given up. False where another has the job by now.
    """
    kind = type(error).__name__
    logger.warning("job %s (%s) failed: %s", job.pk, job.name, kind)
    work = work_called(job.name)
    said = {"failed_at": at, "error": kind[:80]}
    is_over = job.attempts >= MOST_ATTEMPTS and not (work and work.every)
    if is_over:
        return _give_back(job, given_up_at=at, **said)
    wait = delay_after(job.attempts)
    if work and work.every:
        wait = max(wait, work.every)
    return _give_back(job, run_at=at + wait, **said)


def delay_after(attempts: int) -> dt.timedelta:
    """Return how long a job rests after so many failures."""
    doubled: int = 2 ** min(attempts - 1, 16)
    return min(_FIRST_DELAY * doubled, _LONGEST_DELAY)


def _give_back(job: Job, **changes: object) -> bool:
    """End a lease. The number of attempts tells whether it is still this one."""
    held = Job.objects.filter(
        pk=job.pk, attempts=job.attempts, lease_until=job.lease_until, done_at=None
    )
    return held.update(lease_until=None, **changes) == 1


def run(*, job: Job, at: dt.datetime) -> bool:
    """Do a claimed job; return whether it is done. What its function raises is kept by kind."""
    try:
        _work_of(job).run(job.args, at)
    except Exception as error:  # noqa: BLE001 (whatever it is, the worker goes on to the next job)
        fail(job=job, error=error, at=at)
        return False
    return finish(job=job, at=at)


def _work_of(job: Job) -> Work:
    work = work_called(job.name)
    if work is None:
        raise UnknownJobError(job.name)
    return work


def run_due(*, at: dt.datetime, most: int = 1000) -> int:
    """Do every job that is due at `at`, in order; return how many were done."""
    done = 0
    for _turn in range(most):
        job = claim(at=at)
        if job is None:
            break
        done += run(job=job, at=at)
    return done


def try_again(*, job: int, at: dt.datetime) -> bool:
    """Let a job that was given up be tried once more from the start; False where it was not."""
    fresh = {"given_up_at": None, "attempts": 0, "run_at": at}
    return given_up().filter(pk=job).order_by().update(**fresh) == 1


def beat(*, worker: UUID, at: dt.datetime, busy_until: dt.datetime | None = None) -> None:
    """Let it be known that `worker` is there (鼓動), and until when it is busy."""
    Worker.objects.update_or_create(
        pk=worker,
        defaults={"beat_at": at, "busy_until": busy_until},
        create_defaults={"started_at": at, "beat_at": at, "busy_until": busy_until},
    )


def leave(*, worker: UUID) -> None:
    """Strike out a worker that ends in good order."""
    Worker.objects.filter(pk=worker).delete()


def forget(*, at: dt.datetime) -> None:
    """Throw away jobs done long ago, and workers that were never heard of again."""
    Job.objects.filter(done_at__lt=at - _FORGET_DONE).delete()
    silent = Q(busy_until=None) | Q(busy_until__lt=at)
    Worker.objects.filter(silent, beat_at__lt=at - _FORGET_WORKERS).delete()


def survey() -> None:
    """Let SQLite see how its tables are filled; PostgreSQL looks by itself (autovacuum).

    Not knowing, it thinks that a desk has ten matters, and goes through all to find fifty.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={_SAMPLE}")
            cursor.execute("ANALYZE")
