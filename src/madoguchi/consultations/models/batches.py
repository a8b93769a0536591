"""Rows that came from a file, and months whose figures changed."""

from django.db import models

from madoguchi.desks.models import Desk
from madoguchi.vault.ids import new_id


class Batch(models.Model):
    """取り込み: the rows of one imported file.

    They are written in small pieces and count for nothing until `landed_at` is set, in
    one short transaction: all or nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    landed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.rows} rows"


class TouchedMonth(models.Model):
    """触れた月: a month of which something changed that is counted; `statistics` counts it anew.

    Rows are only added here, so that no two deeds ever wait for each other.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    # Null: the whole month. Not a key to it: the matter may be gone before the month is counted.
    matter = models.UUIDField(null=True)
