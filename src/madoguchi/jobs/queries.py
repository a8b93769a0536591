"""Reading the table of jobs."""

import datetime as dt

from django.db.models import Q, QuerySet

from madoguchi.jobs.models import Job, Worker

# A worker that has said nothing for longer stands still.
SILENCE = dt.timedelta(seconds=60)


def unfinished() -> QuerySet[Job]:
    """Return the jobs that are still to be done, in the order in which they will be."""
    return Job.objects.filter(done_at=None, given_up_at=None).order_by("run_at", "id")


def due(at: dt.datetime) -> QuerySet[Job]:
    """Return the jobs that may be begun: their time has come and nobody is at them."""
    free = Q(lease_until=None) | Q(lease_until__lte=at)
    return unfinished().filter(free, run_at__lte=at)


def given_up() -> QuerySet[Job]:
    """Return the jobs that were tried too often (打ち切った仕事), the latest first."""
    return Job.objects.exclude(given_up_at=None).order_by("-given_up_at", "-id")


def is_a_worker_alive(at: dt.datetime) -> bool:
    """Tell whether some worker was heard of lately, or is within the lease of its job."""
    heard = Q(beat_at__gte=at - SILENCE) | Q(busy_until__gte=at)
    return Worker.objects.filter(heard).exists()
