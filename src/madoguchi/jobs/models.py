"""The tables of jobs and of the workers that do them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """仕事: something to be done later, written in the transaction of the deed that asks for it.

    It belongs to the installation; `args` name rows by id. Never words, names or addresses.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60)
    # The same thing asked for twice is one job.
    key = models.CharField(max_length=200, unique=True)
    args = models.JSONField(default=dict)
    run_at = models.DateTimeField()
    # Somebody is at it, until then at the latest; afterwards it is anybody's again.
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    # The last failure: when, and the kind of error alone, for its text may be words.
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=80, blank=True)
    # Tried too often: it waits for a person.
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="job_done_or_given_up",
                condition=Q(done_at=None) | Q(given_up_at=None),
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["run_at", "id"],
                name="job_open",
                condition=Q(done_at=None, given_up_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class Worker(models.Model):
    """作業係: a process that does jobs, and when it was last heard of."""

    id = models.UUIDField(primary_key=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    # It is at a job and need not be heard of before then.
    busy_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"worker since {self.started_at:%Y-%m-%d %H:%M}"
