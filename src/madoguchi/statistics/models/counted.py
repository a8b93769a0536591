"""Counted months: what figures are answered from. All of it can be had again from the rows."""

from typing import ClassVar

from django.db import models

from madoguchi.desks.models import Desk
from madoguchi.vault.ids import new_id


class MonthFact(models.Model):
    """月の集計: how often one label stands in a table of one month. Nothing of a person.

    `month` is its first day. `counts` names the total counted (NEW, CASE_MONTHS, CONTACTS);
    without `table` the number is that total itself; without `key`, what is unclassified.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    counts = models.CharField(max_length=12)
    table = models.CharField(max_length=20)
    key = models.CharField(max_length=40)
    number = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["desk", "month", "counts", "table", "key"], name="month_fact_once"
            )
        ]


class MonthColumns(models.Model):
    """月の受付の列: the contacts of one month, packed by column, with no id of anybody.

    `month` is its first day. A month counted anew is a new row: its id is the revision.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    packed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["desk", "month"], name="month_columns_once")
        ]
