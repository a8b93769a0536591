"""E-mail: a desk's mailbox, people's addresses, what came and what went."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from madoguchi.correspondence.models.words import Message
from madoguchi.desks.models import Desk, User
from madoguchi.matters.models import Matter
from madoguchi.vault.ids import new_id


class Security(StrEnum):
    """通信の守り方."""

    TLS = "TLS"  # はじめから暗号化
    STARTTLS = "STARTTLS"  # 途中から暗号化
    NONE = "NONE"  # 暗号化しない（同じ機械の中だけ）


class AfterTaking(StrEnum):
    """取り込んだメールを、サーバーでどうするか."""

    MOVE = "MOVE"  # フォルダーへ移す
    DELETE = "DELETE"  # 消す
    LEAVE = "LEAVE"  # 受信箱に残す


class MailState(StrEnum):
    """届いたメールの行き先."""

    HEARD = "HEARD"  # 相談の受付になった
    AUTOMATIC = "AUTOMATIC"  # 自動返信・一斉配信
    BOUNCE = "BOUNCE"  # 不着の知らせ
    QUARANTINED = "QUARANTINED"  # 取り置き
    SPAM = "SPAM"  # 迷惑メール


class SendState(StrEnum):
    """出すメールの様子."""

    QUEUED = "QUEUED"  # 送信待ち
    SENT = "SENT"  # 送った
    BOUNCED = "BOUNCED"  # 届かなかった
    FAILED = "FAILED"  # 送れなかった
    CANCELLED = "CANCELLED"  # 取りやめた


class Way(StrEnum):
    """返信の届け方."""

    MY_PAGE = "MY_PAGE"  # マイページだけ
    FULL = "FULL"  # メールで全文
    NOTICE = "NOTICE"  # メールでお知らせだけ


def _choices(kinds: type[StrEnum]) -> list[tuple[StrEnum, StrEnum]]:
    return [(kind, kind) for kind in kinds]


class Mailbox(models.Model):
    """メール箱: where a desk's mail comes in and goes out. The password is sealed."""

    desk = models.OneToOneField(
        Desk, primary_key=True, on_delete=models.PROTECT, related_name="mailbox"
    )
    address = models.CharField(max_length=254)
    is_active = models.BooleanField(default=True)
    imap_host = models.CharField(max_length=253)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=8, choices=_choices(Security), default=Security.TLS)
    smtp_host = models.CharField(max_length=253)
    smtp_port = models.PositiveIntegerField(default=465)
    smtp_security = models.CharField(max_length=8, choices=_choices(Security), default=Security.TLS)
    username = models.CharField(max_length=254)
    password = models.BinaryField()
    # Whether soudan+anything@… arrives where soudan@… does.
    takes_plus = models.BooleanField(default=True)
    after_taking = models.CharField(
        max_length=6, choices=_choices(AfterTaking), default=AfterTaking.MOVE
    )
    folder = models.CharField(max_length=60, default="Madoguchi")
    # Where a notice leads; empty: notices are not offered.
    my_page = models.URLField(max_length=200, default="", blank=True)
    # Mail that stays in the inbox is not fetched again: how far we have read.
    uid_validity = models.PositiveBigIntegerField(default=0)
    last_uid = models.PositiveBigIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)
    # A code: why it could not be fetched, and since when.
    trouble = models.CharField(max_length=40, default="", blank=True)
    trouble_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"mailbox of {self.desk_id}"


class MailAddress(models.Model):
    """メールアドレス: a person's, sealed; found again by a keyed hash."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="mail_addresses")
    address = models.BinaryField()
    lookup = models.CharField(max_length=64)
    # How far the person agreed: FULL wrote by mail, NOTICE asked to be told only.
    way = models.CharField(max_length=8, choices=_choices(Way))
    known_at = models.DateTimeField()
    bounced_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "lookup"], name="mail_address_once")
        ]
        indexes: ClassVar = [models.Index(fields=["desk", "lookup"], name="mail_address_lookup")]

    def __str__(self) -> str:
        return f"address of {self.matter_id}"


class MailIn(models.Model):
    """届いたメール, sealed whole under a key of its own."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT)
    # Of the Message-ID and the content: the same mail fetched twice is one.
    fingerprint = models.CharField(max_length=64)
    # Of the Message-ID alone: an answer to it belongs to the same matter.
    lookup = models.CharField(max_length=64, db_index=True)
    # Of the sender's address.
    sender_lookup = models.CharField(max_length=64, default="", blank=True)
    state = models.CharField(max_length=12, choices=_choices(MailState))
    arrived_at = models.DateTimeField()
    taken_at = models.DateTimeField()
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="mails_in")
    message = models.OneToOneField(Message, null=True, on_delete=models.PROTECT)
    raw = models.BinaryField()
    size = models.PositiveIntegerField()
    attachments = models.PositiveSmallIntegerField(default=0)
    # Too large: only its beginning is here, the rest lies on the server.
    is_cut = models.BooleanField(default=False)
    tells_danger = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["desk", "fingerprint"], name="mail_in_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["desk", "state", "taken_at"], name="mail_in_list"),
            models.Index(fields=["desk", "sender_lookup", "taken_at"], name="mail_in_sender"),
        ]

    def __str__(self) -> str:
        return f"mail {self.id}"


class MailOut(models.Model):
    """出したメール: a reply or a notice on its way. What it says is the message's own."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="mails_out")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="mails_out")
    to = models.ForeignKey(MailAddress, on_delete=models.PROTECT, related_name="mails_out")
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    way = models.CharField(max_length=8, choices=_choices(Way))
    state = models.CharField(max_length=10, choices=_choices(SendState), default=SendState.QUEUED)
    # Keyed hash of the token that its answer brings back.
    token = models.CharField(max_length=64, unique=True)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    # When it was known that it did not arrive, and the server's code.
    settled_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=40, default="", blank=True)
    # When an adviser saw that it did not arrive.
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["desk", "state", "queued_at"], name="mail_out_list")
        ]

    def __str__(self) -> str:
        return f"mail {self.id}"
