"""The spine on which everything about one trouble hangs."""

from typing import ClassVar

from django.db import models

from madoguchi.desks.models import Desk
from madoguchi.vault.ids import new_id


class Matter(models.Model):
    """事案: the spine. Whatever belongs to one trouble hangs on this row."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="matters")
    number = models.CharField(max_length=20)
    opened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["desk", "number"], name="matter_number_once")
        ]

    def __str__(self) -> str:
        return self.number


class Sequence(models.Model):
    """連番: the last number given to a matter of one desk in one fiscal year."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="sequences")
    fiscal_year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["desk", "fiscal_year"], name="sequence_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}: {self.last}"
