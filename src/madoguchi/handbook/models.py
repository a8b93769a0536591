"""The sheets of a desk's handbook. None of them holds a word of a person who consulted."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from madoguchi.desks.models import Desk, User
from madoguchi.vault.ids import new_id


class Sort(StrEnum):
    """手引きの種類."""

    TEMPLATE = "TEMPLATE"  # 定型文
    FAQ = "FAQ"  # よくある質問
    CASE = "CASE"  # 過去の事例


class Sheet(models.Model):
    """手引きの一枚: written anew by an adviser, in use once a supervisor has approved it.

    A past case has no link to the matter it was learnt from: nobody finds the way back.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="sheets")
    sort = models.CharField(max_length=8, choices=[(sort, sort) for sort in Sort])
    title = models.CharField(max_length=100)
    # 呼び出し: the letters after `/` that bring a text.
    call = models.CharField(max_length=20, default="")
    # The text; the question; what was asked.
    words = models.TextField()
    # The answer; what was advised. Empty for a text to send.
    advice = models.TextField(default="")
    source = models.CharField(max_length=200, default="")
    checked_on = models.DateField(null=True)
    # Null: it came with the installation.
    written_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="sheet_approved_says_who_and_when",
                condition=models.Q(approved_by=None, approved_at=None)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="sheet_not_approved_by_its_writer",
                condition=models.Q(approved_by=None)
                | models.Q(written_by=None)
                | ~models.Q(approved_by=models.F("written_by")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["desk", "sort", "title"], name="handbook")]

    def __str__(self) -> str:
        return f"{self.sort} {self.id}"
