"""Tables of keys, sealed sessions and attempts."""

from typing import ClassVar

from django.db import models

from madoguchi.vault.ids import new_id


class Key(models.Model):
    """鍵: the key of one matter (or desk, or draft), wrapped by its desk's key.

    Deleting the row erases, for good, every word sealed under it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    holder = models.UUIDField(unique=True)
    desk = models.UUIDField(db_index=True)
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return f"key of {self.holder}"


class FirstMaster(models.Model):
    """はじめの鍵: the installation's first master key, sealed by the current one.

    Lookups are hashed under it for ever. There is no row until a newer key took its place.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="first_master_is_one", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return "the first key"


class SealedSession(models.Model):
    """セッション: a short server session; the key to its payload is only in the cookie."""

    lookup = models.CharField(primary_key=True, max_length=64)
    payload = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return "session"


class Attempt(models.Model):
    """試行: how often one thing was tried lately, under a keyed hash that names nobody."""

    subject = models.CharField(max_length=64)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject"], name="attempt_once_per_subject")
        ]

    def __str__(self) -> str:
        return f"{self.count} attempts"
