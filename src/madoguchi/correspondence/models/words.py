"""Words, sealed; and the receipt by which a person comes back."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from madoguchi.desks.models import Desk, User
from madoguchi.matters.models import Matter
from madoguchi.vault.ids import new_id


class Kind(StrEnum):
    """やり取りの種類."""

    FROM_PERSON = "FROM_PERSON"  # 相談者から
    REPLY = "REPLY"  # 返信
    NOTE = "NOTE"  # 電話・面接などの記録
    MEMO = "MEMO"  # 所内メモ
    GIST = "GIST"  # 手紙・FAXの要点 (of a draft only: delivered, it is FROM_PERSON)


class Message(models.Model):
    """文: words that belong to a matter, sealed under the matter's key."""

    id = models.UUIDField(primary_key=True, default=new_id)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in Kind])
    at = models.DateTimeField()
    # Null: written by the person who consults, or brought by an import.
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    words = models.BinaryField()
    read_at = models.DateTimeField(null=True)
    # Of a reply: from when the person sees it. Until then it can be taken back; null: at once.
    shown_at = models.DateTimeField(null=True)
    # Of a reply: how the matter stood before, for taking it back. Codes and instants only.
    before = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="message_is_no_draft", condition=~models.Q(kind=Kind.GIST))
        ]
        indexes: ClassVar = [models.Index(fields=["matter", "at"], name="message_of_a_matter")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.matter_id}"


class Draft(models.Model):
    """下書き: what an adviser is writing just now, on the server while they type.

    Sealed under a key of its own, which goes when the draft is recorded or dropped. Files
    may lie beside the words of a reply (`Attachment.draft`).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="drafts")
    # Null: a call from somebody whose matter is not opened yet.
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in Kind])
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    # Empty: nothing typed yet.
    words = models.BinaryField()
    # Of a reply on paper, sealed like its words: to whom it goes (宛先).
    address = models.BinaryField(default=b"")
    # What was ticked beside the words: codes of the desk's books, by field of the form.
    choices = models.JSONField(default=dict)
    # The open page that saved last: of two tabs, only one may go on without asking.
    pen = models.CharField(max_length=32, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["author", "matter", "kind"],
                condition=models.Q(matter__isnull=False),
                name="draft_once_per_matter",
            ),
            models.UniqueConstraint(
                fields=["author"],
                condition=models.Q(kind=Kind.GIST),
                name="draft_once_for_the_tray",
            ),
        ]

    def __str__(self) -> str:
        return f"draft of {self.author_id}"


class Receipt(models.Model):
    """受付コード: how a person who gave no name comes back to their matter.

    The code itself is nowhere: `lookup` is a keyed hash to find the row, `check` a slow
    hash that proves the code.
    """

    matter = models.OneToOneField(
        Matter, primary_key=True, on_delete=models.PROTECT, related_name="receipt"
    )
    lookup = models.CharField(max_length=64, unique=True)
    check_hash = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"receipt of {self.matter_id}"
