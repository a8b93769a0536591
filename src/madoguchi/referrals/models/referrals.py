"""Hand-overs as the sender keeps them, and as the receiver keeps them."""

from typing import ClassVar

from django.db import models

from madoguchi.consultations.models import Contact
from madoguchi.desks.models import Desk, User
from madoguchi.matters.models import Deadline, Matter
from madoguchi.referrals.models.peers import Peer
from madoguchi.rules.referral import How, Status, Way
from madoguchi.rules.triage import Urgency
from madoguchi.vault.ids import new_id


class Referral(models.Model):
    """引き継ぎ: a person of our matter goes to another window, with what she agreed to give.

    Sealed under the key of the matter: why, what went exactly, what was answered.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="referrals")
    status = models.CharField(max_length=12, choices=[(it, it) for it in Status])
    way = models.CharField(max_length=12, choices=[(it, it) for it in Way])
    # To whom: a window of the directory, a desk here, a desk elsewhere. Its name as it was.
    window = models.CharField(max_length=20, default="", blank=True)
    to_desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    peer = models.ForeignKey(Peer, null=True, on_delete=models.PROTECT, related_name="+")
    to_name = models.CharField(max_length=100)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    # 同意: what the person is asked for, what she agreed to, when, how, written down by whom.
    asked = models.JSONField(default=list)
    notes = models.JSONField(default=list)  # ids of the chosen notes
    files = models.JSONField(default=list)  # ids of the chosen files
    asked_at = models.DateTimeField(null=True)
    agreed = models.JSONField(default=list)
    consented_at = models.DateTimeField(null=True)
    consented_how = models.CharField(
        max_length=12, default="", blank=True, choices=[(it, it) for it in How]
    )
    consent_noted_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    refused_at = models.DateTimeField(null=True)

    # The contact whose 対応 this is; and by when an answer is expected.
    counted_on = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    deadline = models.ForeignKey(Deadline, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    # SHA-256 of the consultation.json that went.
    digest = models.CharField(max_length=64, default="", blank=True)

    reason = models.BinaryField(default=b"")
    snapshot = models.BinaryField(default=b"")
    passphrase = models.BinaryField(default=b"")
    answer = models.BinaryField(default=b"")
    # How the person comes in at the other desk: shown to her, never to staff.
    entrance = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="referral_goes_only_with_consent",
                condition=models.Q(status__in=[Status.PREPARED, Status.WITHDRAWN])
                | models.Q(consented_at__isnull=False, sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_consent_says_how",
                condition=models.Q(consented_at=None) | ~models.Q(consented_how=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["desk", "status", "prepared_at"], name="referrals_of_a_desk")
        ]

    def __str__(self) -> str:
        return f"referral {self.id}"


class Arrival(models.Model):
    """届いた引き継ぎ: a packet from elsewhere; a matter of ours once it is accepted.

    Until then it is sealed under a key of its own, which is erased where it is returned.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    # The id of the hand-over at the sender's.
    handover = models.UUIDField()
    from_desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    peer = models.ForeignKey(Peer, null=True, on_delete=models.PROTECT, related_name="+")
    from_name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    urgency = models.PositiveSmallIntegerField(default=Urgency.ORDINARY)
    arrived_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=[(it, it) for it in Status])
    matter = models.OneToOneField(
        Matter, null=True, on_delete=models.PROTECT, related_name="arrival"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # What came, and what we say of it to the sender.
    content = models.BinaryField(default=b"")
    said = models.BinaryField(default=b"")
    files = models.JSONField(default=list)  # ids of attachments

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["desk", "handover"], name="arrival_once"),
            models.CheckConstraint(
                name="arrival_comes_from_somebody",
                condition=models.Q(from_desk__isnull=False, peer=None)
                | models.Q(from_desk=None, peer__isnull=False),
            ),
            models.CheckConstraint(
                name="arrival_accepted_has_a_matter",
                condition=~models.Q(status__in=[Status.ACCEPTED, Status.ANSWERED])
                | models.Q(matter__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["desk", "status", "arrived_at"], name="arrivals_of_a_desk")
        ]

    def __str__(self) -> str:
        return f"arrival {self.id}"
