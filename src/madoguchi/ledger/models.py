"""The ledger's tables: entries, and where each chain ends."""

from typing import ClassVar

from django.db import models


class Head(models.Model):
    """台帳の先頭: where each chain ends, kept apart from the chain and sealed by the key.

    `chain` is a desk's id, or INSTALLATION.
    """

    chain = models.CharField(primary_key=True, max_length=40)
    seq = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.chain}: {self.seq}"


class Entry(models.Model):
    """台帳: one deed. Deeds and ids only, never words, names or addresses.

    Triggers in the database refuse to change or delete a row.
    """

    id = models.BigAutoField(primary_key=True)
    chain = models.CharField(max_length=40)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    # Ids, not foreign keys: an entry outlives what it speaks of.
    desk = models.UUIDField(null=True)
    matter = models.UUIDField(null=True)
    # Null: the person who consults, or the installation itself.
    actor = models.UUIDField(null=True)
    deed = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "seq"], name="ledger_seq_once")
        ]
        indexes: ClassVar = [models.Index(fields=["matter", "at"], name="ledger_of_a_matter")]

    def __str__(self) -> str:
        return f"{self.seq} {self.deed}"
