"""What the settings keep for themselves."""

from typing import ClassVar

from django.db import models

from madoguchi.desks.models import Desk, User
from madoguchi.matters.models import Matter
from madoguchi.vault.ids import new_id


class EmergencyOpening(models.Model):
    """緊急の開示: what the desk knows of where somebody can be reached, opened in danger.

    One of the staff asks and says why (sealed under the matter's key); another opens.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.BinaryField()
    opened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="opening_takes_two",
                condition=models.Q(opened_by=None) | ~models.Q(opened_by=models.F("asked_by")),
            )
        ]

    def __str__(self) -> str:
        return f"opening of {self.matter_id}"


class Spreadsheet(models.Model):
    """持ちこみの表: a desk's own file on its way in, sealed under a key of its own.

    It is erased when it was taken, given up, or left lying for a day.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    brought_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    # JSON, sealed: the rows as text; how they are to be read.
    rows = models.BinaryField(default=b"")
    plan = models.BinaryField(default=b"")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    continued = models.PositiveIntegerField(default=0)
    # Why nothing was taken; a sentence without a word of the file.
    trouble = models.CharField(max_length=200, default="", blank=True)

    def __str__(self) -> str:
        return f"spreadsheet {self.id}"


class ColumnMemory(models.Model):
    """列の覚え: how a desk's columns and words were read last time, sealed under its key."""

    desk = models.OneToOneField(Desk, primary_key=True, on_delete=models.PROTECT, related_name="+")
    told = models.BinaryField()

    def __str__(self) -> str:
        return f"columns of {self.desk_id}"
