"""Desks of other installations, and the keys by which they and we are known."""

from typing import ClassVar

from django.db import models

from madoguchi.desks.models import Desk, User
from madoguchi.vault.ids import new_id


class DeskKeys(models.Model):
    """窓口の鍵: a desk's own keys towards others, the secret halves sealed under the desk's key."""

    desk = models.OneToOneField(Desk, primary_key=True, on_delete=models.PROTECT)
    # Ed25519 for signing requests, X25519 (age) for opening packets.
    signing = models.BinaryField()
    identity = models.BinaryField()
    verify_key = models.CharField(max_length=44)
    recipient = models.CharField(max_length=80)
    # Under which others reach this installation: https://…
    address = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"keys of {self.desk_id}"


class Peer(models.Model):
    """相手の窓口: a desk of another installation, or an office that gave us a key.

    Without an `address` we can only encrypt for it; the file then goes by its own way.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    # Which window of the directory it is; empty: none of them.
    window = models.CharField(max_length=20, default="", blank=True)
    # https://…/ and the slug of the desk there.
    address = models.CharField(max_length=200, default="", blank=True)
    slug = models.CharField(max_length=50, default="", blank=True)
    verify_key = models.CharField(max_length=44, default="", blank=True)
    recipient = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["desk", "recipient"],
                condition=models.Q(removed_at=None),
                name="peer_once_per_key",
            ),
            models.CheckConstraint(
                name="peer_with_an_address_signs",
                condition=models.Q(address="") | ~models.Q(verify_key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"peer {self.id}"


class Nonce(models.Model):
    """一度かぎりの印: of a signed request, so that nobody sends it a second time."""

    id = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id
