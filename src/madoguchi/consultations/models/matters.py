"""Consultations, and every contact that counts."""

from typing import ClassVar

from django.db import models

from madoguchi.consultations.models.batches import Batch
from madoguchi.consultations.models.people import HelpSeeker
from madoguchi.correspondence.models import Message
from madoguchi.desks.models import Desk, User
from madoguchi.matters.models import Matter
from madoguchi.rules.consultation import Status
from madoguchi.rules.triage import Urgency
from madoguchi.vault.ids import new_id

UNKNOWN = "UNKNOWN"


class Consultation(models.Model):
    """相談: one trouble of one person. The unit of 新規; with its months, of 実件数."""

    matter = models.OneToOneField(
        Matter, primary_key=True, on_delete=models.PROTECT, related_name="consultation"
    )
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="consultations")
    help_seeker = models.ForeignKey(
        HelpSeeker, on_delete=models.PROTECT, related_name="consultations"
    )
    # 内容: the desk's mark for the matter, unique within the person.
    mark = models.BinaryField()
    mark_hash = models.CharField(max_length=64)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT)
    # Of consultations linked as one matter, the one under which all are counted (itself, too);
    # null: counted alone. Only worked out from the links that hold (operations.linking).
    counted_with = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="counted_here"
    )

    status = models.CharField(max_length=12, choices=[(status, status) for status in Status])
    adviser = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="consultations"
    )
    urgency = models.PositiveSmallIntegerField(default=Urgency.ORDINARY)
    # 安全確認: somebody must ask whether the person is safe.
    safety_check_due = models.BooleanField(default=False)
    # Why (`Alarm`), and the instant of the words that said so last.
    alarms = models.JSONField(default=list)
    alarmed_at = models.DateTimeField(null=True)
    # 新しい返信: the person wrote and nobody of the desk has opened it.
    unread = models.BooleanField(default=False)
    first_contact_at = models.DateTimeField()
    last_contact_at = models.DateTimeField()
    # Since when the person waits for us: their oldest message we have not answered.
    waiting_since = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    # Keys of the desk's code books; current values (a frozen report keeps its own).
    age_group = models.CharField(max_length=40, default=UNKNOWN)
    standing = models.CharField(max_length=40, default=UNKNOWN)

    # Sealed: one line that says what it is about, and what the person told in the form.
    headline = models.BinaryField(default=b"")
    particulars = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["help_seeker", "mark_hash"], name="consultation_once_per_person_and_mark"
            ),
            models.CheckConstraint(
                name="consultation_in_hand_has_adviser",
                condition=models.Q(status__in=[Status.RECEIVED, Status.CLOSED])
                | models.Q(adviser__isnull=False),
            ),
            models.CheckConstraint(
                name="consultation_closed_says_when",
                condition=models.Q(status=Status.CLOSED, closed_at__isnull=False)
                | (~models.Q(status=Status.CLOSED) & models.Q(closed_at__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["desk", "status", "urgency", "last_contact_at"], name="inbox"),
            # Holds all that the lists of what is open choose, order and count by: few rows of a
            # big table, of which not one has to be fetched.
            models.Index(
                fields=[
                    "desk",
                    "closed_at",
                    "urgency",
                    "unread",
                    "status",
                    "waiting_since",
                    "last_contact_at",
                    "adviser",
                    "safety_check_due",
                    "batch",
                    "matter",
                ],
                condition=models.Q(closed_at__isnull=True),
                name="what_is_open",
            ),
            models.Index(fields=["desk", "last_contact_at"], name="latest_first"),
            models.Index(
                fields=["desk", "closed_at", "last_contact_at"],
                condition=models.Q(closed_at__isnull=False),
                name="closed_last",
            ),
            models.Index(fields=["desk", "first_contact_at"], name="new_of_a_period"),
        ]

    def __str__(self) -> str:
        return f"consultation {self.matter_id}"


class InfringementMark(models.Model):
    """侵害種別: one of the kinds a consultation is about; several may hold."""

    id = models.UUIDField(primary_key=True, default=new_id)
    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="infringement_marks"
    )
    kind = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consultation", "kind"], name="infringement_mark_once")
        ]

    def __str__(self) -> str:
        return self.kind


class Contact(models.Model):
    """受付: one inbound call, message, letter or visit. The unit of 延べ件数."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="contacts")
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="contacts"
    )
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()
    channel = models.CharField(max_length=40)
    # 対応: exactly one; null until an adviser says (unclassified).
    action = models.CharField(max_length=40, null=True)  # noqa: DJ001 (null is "not yet said")
    minutes = models.PositiveSmallIntegerField(null=True)
    # Window ids to which the person was pointed.
    referred_to = models.JSONField(default=list)
    # 同意: what was explained before, and when the person agreed, as the adviser ticked it.
    explained = models.JSONField(default=list)
    consented_at = models.DateTimeField(null=True)
    message = models.OneToOneField(Message, null=True, on_delete=models.PROTECT)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    # Received twice by mistake, as this link says: it counts for nothing while the link holds.
    duplicated_by = models.ForeignKey(
        "Link", null=True, on_delete=models.PROTECT, related_name="duplicates"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["desk", "at"], name="contacts_of_a_period"),
            models.Index(
                fields=["consultation"],
                condition=models.Q(action__isnull=True),
                name="unclassified_contacts",
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.id}"
