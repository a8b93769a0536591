"""What other desks sent: figures only. The files themselves are read in memory and forgotten."""

from typing import ClassVar

from django.db import models

from madoguchi.desks.models import Desk, User
from madoguchi.vault.ids import new_id


class Sender(models.Model):
    """提出元: a municipality (市町村) whose figures are expected."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    is_expected = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["desk", "name"], name="sender_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """届いた集計: the figures of one sender for one period, as it counted and named them.

    `figures` holds totals and tables by the sender's own labels; `digest` is that of the file.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="submissions")
    first = models.DateField()
    last = models.DateField()
    basis = models.CharField(max_length=12)
    figures = models.JSONField()
    is_counted_here = models.BooleanField()
    digest = models.CharField(max_length=64)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sender", "first", "last"], name="submission_once_per_period"
            )
        ]


class Reading(models.Model):
    """読みかえ: which of our codes a sender's label stands for; decided by a person, kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="readings")
    table = models.CharField(max_length=20)
    label = models.CharField(max_length=60)
    key = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "table", "label"], name="reading_once")
        ]
