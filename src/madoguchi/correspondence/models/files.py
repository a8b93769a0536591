"""Files that came or went with a message, and letters that go by post or FAX."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from django.db import models

from madoguchi.correspondence.models.words import Draft, Message
from madoguchi.desks.models import Desk, User
from madoguchi.matters.models import Approval, Matter
from madoguchi.rules.files import Media
from madoguchi.vault.ids import new_id


class Origin(StrEnum):
    """ファイルの出どころ."""

    PERSON = "PERSON"  # 相談者のファイル
    DESK = "DESK"  # 窓口のファイル
    SCAN = "SCAN"  # FAX・手紙の読み取り


class Verdict(StrEnum):
    """ウイルス検査の結果."""

    CLEAN = "CLEAN"  # 検査ずみ
    INFECTED = "INFECTED"  # ウイルスのうたがい
    UNSCANNED = "UNSCANNED"  # 検査していない


class Attachment(models.Model):
    """添付: a file of a matter, or a scan in the tray that no matter has yet.

    The original is sealed unchanged, outside the database, under a key of its own; that
    key is in `told`, sealed under the key of the matter (in the tray: of the scan itself).
    What people look at is drawn anew, page by page, without the file's metadata.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    # Null: in the tray (トレイ).
    matter = models.ForeignKey(
        Matter, null=True, on_delete=models.PROTECT, related_name="attachments"
    )
    message = models.ForeignKey(
        Message, null=True, on_delete=models.PROTECT, related_name="attachments"
    )
    # Not sent yet: beside the words of a draft, or of a reply held for its second reader.
    draft = models.ForeignKey(
        Draft, null=True, on_delete=models.PROTECT, related_name="attachments"
    )
    approval = models.ForeignKey(
        Approval, null=True, on_delete=models.PROTECT, related_name="attachments"
    )
    origin = models.CharField(max_length=12, choices=[(it, it) for it in Origin])
    media = models.CharField(max_length=20, choices=[(it, it) for it in Media])
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    at = models.DateTimeField()
    # Null: the person who consults.
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=12, choices=[(it, it) for it in Verdict])
    # 隔離: kept sealed, opened for nobody.
    set_aside_at = models.DateTimeField(null=True)
    # Sealed: name, digest of the original, key of the contents.
    told = models.BinaryField()
    # Where the sealed contents are; empty where they were deleted (消去).
    address = models.CharField(max_length=64)
    previews = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="attachment_of_a_message_has_a_matter",
                condition=models.Q(message=None) | models.Q(matter__isnull=False),
            ),
            models.CheckConstraint(
                name="attachment_is_in_one_place",
                condition=models.Q(message=None, draft=None)
                | models.Q(message=None, approval=None)
                | models.Q(draft=None, approval=None),
            ),
            models.CheckConstraint(
                name="attachment_infected_is_set_aside",
                condition=~models.Q(verdict=Verdict.INFECTED)
                | models.Q(set_aside_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["desk", "at"],
                condition=models.Q(matter=None),
                name="attachment_in_the_tray",
            )
        ]

    def __str__(self) -> str:
        return f"{self.media} of {self.matter_id}"

    @property
    def holder(self) -> UUID:
        """Whose key seals what is known of the file."""
        return self.matter_id or self.pk

    @property
    def contents(self) -> list[str]:
        """The addresses of all that is kept of the file."""
        return [it for it in (self.address, *self.previews) if it]


class Posting(models.Model):
    """発送: a reply that goes on paper. The address is for this letter alone, and sealed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="posting")
    channel = models.CharField(max_length=40)
    address = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.channel} of {self.message_id}"
