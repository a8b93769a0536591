"""Experts, the hours they offer, and what they are asked."""

from typing import ClassVar

from django.db import models

from madoguchi.desks.models import Desk, User
from madoguchi.matters.models import Deadline, Matter
from madoguchi.rules.experts import TAKEN, Kind, Result, Status, Way
from madoguchi.rules.referral import How
from madoguchi.vault.ids import new_id

_WITHOUT_A_DATE = (Status.ASKED, Status.CANCELLED)


class Expert(models.Model):
    """専門家: a lawyer, a psychologist, a group; whom a desk asks. May sign in as `user`."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="experts")
    user = models.OneToOneField(User, null=True, on_delete=models.PROTECT, related_name="expert")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in Kind])
    # 事務所: two of one office never advise both sides.
    office = models.CharField(max_length=100, default="", blank=True)
    # 1回の謝金 in yen; 1か月の回数 (null: no limit).
    fee = models.PositiveIntegerField(default=0)
    # 来られなかったときの謝金 in yen; null: nothing is paid for an hour kept in vain.
    missed_fee = models.PositiveIntegerField(null=True)
    quota = models.PositiveSmallIntegerField(null=True)
    is_active = models.BooleanField(default=True)
    # Sealed under a key of the expert's own: how they are reached.
    contact = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"expert {self.id}"


class Slot(models.Model):
    """空き: an hour that an expert offers. Its place, or its link, is sealed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=30)
    way = models.CharField(max_length=12, choices=[(way, way) for way in Way])
    place = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["expert", "starts_at"], name="slot_once")
        ]
        indexes: ClassVar = [models.Index(fields=["starts_at"], name="slots_to_come")]

    def __str__(self) -> str:
        return f"slot {self.id}"


class ExpertConsultation(models.Model):
    """専門家連携: a question goes out, the person stays.

    Sealed under the key of the matter: the question, the names, the answer, the reason for
    which the other side's expert was asked all the same.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="asked_experts")
    status = models.CharField(max_length=12, choices=[(it, it) for it in Status])
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in Kind])
    slot = models.ForeignKey(Slot, null=True, on_delete=models.PROTECT, related_name="asked")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True)
    # One of the three free times of 法テラス.
    is_houterasu = models.BooleanField(default=False)

    # マイページで聞く: what the person was asked there, and when. Keys: items, messages, files.
    proposed = models.JSONField(default=dict)
    person_asked_at = models.DateTimeField(null=True)
    # 同意: what may be shown, since when, how, written down by whom (null: she ticked it herself).
    shown = models.JSONField(default=list)
    messages = models.JSONField(default=list)  # ids of the chosen messages
    files = models.JSONField(default=list)  # ids of the chosen files
    agreed_at = models.DateTimeField(null=True)
    agreed_how = models.CharField(
        max_length=8, default="", blank=True, choices=[(how, how) for how in How]
    )
    # She did not want it, or took it back.
    refused_at = models.DateTimeField(null=True)
    agreement_noted_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    overruled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)  # the expert opened it
    deadline = models.ForeignKey(Deadline, null=True, on_delete=models.PROTECT, related_name="+")

    result = models.CharField(
        max_length=12, default="", blank=True, choices=[(it, it) for it in Result]
    )
    minutes = models.PositiveSmallIntegerField(null=True)
    fee = models.PositiveIntegerField(null=True)
    heard_at = models.DateTimeField(null=True)
    heard_from = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    question = models.BinaryField()
    names = models.BinaryField(default=b"")
    answer = models.BinaryField(default=b"")
    overruled = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="expert_is_booked_only_with_consent",
                condition=models.Q(status__in=_WITHOUT_A_DATE)
                | models.Q(agreed_at__isnull=False, slot__isnull=False),
            ),
            models.CheckConstraint(
                name="expert_consent_says_how",
                condition=models.Q(agreed_at__isnull=True, agreed_how="")
                | models.Q(agreed_at__isnull=False, agreed_how__in=sorted(How)),
            ),
            models.UniqueConstraint(
                fields=["slot"],
                condition=models.Q(status__in=TAKEN),
                name="expert_slot_taken_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["desk", "status", "asked_at"], name="asked_experts_of_a_desk")
        ]

    def __str__(self) -> str:
        return f"expert consultation {self.id}"


class Party(models.Model):
    """当事者の照合: who stands on which side, as keyed hashes of the names that were typed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    asked = models.ForeignKey(ExpertConsultation, on_delete=models.CASCADE, related_name="parties")
    is_ours = models.BooleanField()
    mark = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asked", "is_ours", "mark"], name="party_once")
        ]
        indexes: ClassVar = [models.Index(fields=["mark"], name="parties_by_mark")]

    def __str__(self) -> str:
        return f"party of {self.asked_id}"
