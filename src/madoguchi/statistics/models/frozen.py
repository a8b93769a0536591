"""Figures that were published: written once, signed, never written over."""

import base64
from enum import StrEnum
from typing import ClassVar

from django.db import models

from madoguchi.desks.models import Desk, User
from madoguchi.vault.ids import new_id


class Sort(StrEnum):
    """What was frozen."""

    REPORT = "REPORT"  # 統計分析報告書
    OPEN_DATA = "OPEN_DATA"  # 公開データ
    GATHERED = "GATHERED"  # とりまとめ


class ReturnDraft(models.Model):
    """報告書の下書き: a period that will be reported, and what a supervisor writes about it.

    `words` by chapter; `cases` are ids of sheets of the handbook. All of it will be public.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    basis = models.CharField(max_length=12)
    words = models.JSONField(default=dict)
    cases = models.JSONField(default=list)
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["desk", "first", "last", "basis"], name="return_draft_once"
            )
        ]


class FrozenReturn(models.Model):
    """確定した報告: what was printed, with its digest (SHA-256) and the desk's signature.

    `content` is the text that was signed, byte for byte. The database refuses to change a row;
    a later version stands beside it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=10, choices=[(sort, sort) for sort in Sort])
    first = models.DateField()
    last = models.DateField()
    version = models.PositiveSmallIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=100)
    rules = models.CharField(max_length=40)
    frozen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["desk", "sort", "first", "last", "version"], name="frozen_return_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.first} to {self.last}, version {self.version}"

    @property
    def signature_bytes(self) -> bytes:
        """The signature as programs check it."""
        return base64.b64decode(self.signature)
