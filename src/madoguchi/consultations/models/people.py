"""Who asks for help."""

from typing import ClassVar

from django.db import models

from madoguchi.consultations.models.batches import Batch
from madoguchi.desks.models import Desk
from madoguchi.vault.ids import new_id


class HelpSeeker(models.Model):
    """相談者: a pseudonym, nothing more. The same person keeps the same one at a desk.

    The pseudonym is sealed under the desk's own key and found by a keyed hash, since a
    desk's spreadsheet may carry a name or a number in that column.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT)
    pseudonym = models.BinaryField()
    pseudonym_hash = models.CharField(max_length=64)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["desk", "pseudonym_hash"], name="help_seeker_once_per_desk"
            )
        ]

    def __str__(self) -> str:
        return f"help-seeker {self.id}"
