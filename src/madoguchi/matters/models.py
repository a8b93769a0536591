"""The spine on which everything about one trouble hangs."""

from typing import ClassVar

from django.db import models

from madoguchi.desks.models import Desk, User
from madoguchi.rules.approval import BY_ASKER, Ask, Outcome
from madoguchi.rules.deadlines import KEPT_BY_DEEDS, Named
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


class Deadline(models.Model):
    """期限: by when something is to be done in a matter. Over once `done_at` is set."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="deadlines")
    name = models.CharField(max_length=12, choices=[(name, name) for name in Named])
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    # Who set it, who did what was due; null: a deed of the person did.
    set_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # Sealed: what is to be done, and how a person wants to be called back.
    note = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter", "name"],
                condition=models.Q(done_at=None, name__in=sorted(KEPT_BY_DEEDS)),
                name="deadline_kept_by_deeds_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["desk", "due_at"],
                condition=models.Q(done_at=None),
                name="deadlines_to_come",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.matter_id}"


class Approval(models.Model):
    """決裁・供覧: what a colleague is asked to read or to approve, and what came of it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="approvals")
    kind = models.CharField(max_length=16, choices=[(ask, ask) for ask in Ask])
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # Null: of whoever may answer it.
    asked_of = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, default="")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # Of a reply held: how it goes out then (返信の届け方), as correspondence calls it.
    way = models.CharField(max_length=12, default="")
    # Sealed: what is asked (of a second reading, the reply itself), and the answer's words.
    subject = models.BinaryField()
    comment = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="approval_decided_says_who_and_when",
                condition=models.Q(outcome="", decided_by=None, decided_at=None)
                | models.Q(
                    outcome__in=sorted(Outcome), decided_by__isnull=False, decided_at__isnull=False
                ),
            ),
            models.CheckConstraint(
                name="approval_never_by_oneself",
                condition=models.Q(decided_by=None)
                | models.Q(outcome__in=sorted(BY_ASKER))
                | ~models.Q(decided_by=models.F("asked_by")),
            ),
            models.UniqueConstraint(
                fields=["matter"],
                condition=models.Q(kind=Ask.SECOND_READING, decided_at=None),
                name="approval_one_reply_held",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["desk", "asked_at"],
                condition=models.Q(decided_at=None),
                name="approvals_to_come",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.matter_id}"


class Tick(models.Model):
    """点検のしるし: an item of a checklist that somebody has seen to in a matter."""

    id = models.UUIDField(primary_key=True, default=new_id)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="ticks")
    item = models.CharField(max_length=40)
    ticked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ticked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "item"], name="tick_once")
        ]

    def __str__(self) -> str:
        return self.item
