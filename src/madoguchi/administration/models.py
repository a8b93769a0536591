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
