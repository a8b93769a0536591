"""How long a consultation is kept, what holds it, who asked to erase it."""

from typing import ClassVar

from django.db import models

from madoguchi.consultations.models.matters import Consultation
from madoguchi.desks.models import Desk, User
from madoguchi.vault.ids import new_id


class RetentionClass(models.Model):
    """保存区分: for how many years the matters of one kind are kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="retention_classes")
    name = models.CharField(max_length=40)
    years = models.PositiveSmallIntegerField()
    # What a matter is kept under where nobody said otherwise.
    is_usual = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["desk", "name"], name="retention_class_once"),
            models.UniqueConstraint(
                fields=["desk"],
                condition=models.Q(is_usual=True),
                name="retention_class_one_usual",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Keeping(models.Model):
    """保存: what was said on keeping or erasing one consultation, where anything was."""

    consultation = models.OneToOneField(
        Consultation, primary_key=True, on_delete=models.CASCADE, related_name="keeping"
    )
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    # Null: the desk's usual class.
    retention_class = models.ForeignKey(
        RetentionClass, null=True, on_delete=models.PROTECT, related_name="keepings"
    )
    # 保留: not to be erased for now; the reason is sealed under the matter's key.
    held_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.BinaryField(default=b"")
    # 本人の求め: the person asked on their page that everything be erased.
    asked_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["desk", "asked_at"],
                condition=models.Q(asked_at__isnull=False),
                name="asked_to_be_erased",
            )
        ]

    def __str__(self) -> str:
        return f"keeping of {self.consultation_id}"


class ErasureList(models.Model):
    """消去の一覧: what is due, for a supervisor to approve as a whole."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    consultations = models.ManyToManyField(Consultation, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["desk"],
                condition=models.Q(approved_at__isnull=True),
                name="erasure_list_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"list of {self.made_at}"
