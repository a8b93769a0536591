"""The desk's own chat: whether it is open, who talks with whom, and every line, sealed."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from madoguchi.desks.models import Desk, User
from madoguchi.matters.models import Matter
from madoguchi.rules.chat import EndedBy, Status
from madoguchi.vault.ids import new_id


class Side(StrEnum):
    """どちらの文か."""

    PERSON = "PERSON"  # 相談者
    STAFF = "STAFF"  # 相談員


class ChatRoom(models.Model):
    """チャットの部屋: whether a desk takes people by chat at all, and when."""

    desk = models.OneToOneField(Desk, primary_key=True, on_delete=models.PROTECT)
    is_open = models.BooleanField(default=False)
    # Within the desk's hours (受付時間); else round the clock, as some chats are.
    by_hours = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"chat of {self.desk_id}"


class Talk(models.Model):
    """チャット: one conversation, from the first words to its summary.

    It is one contact (受付) and carries that contact's id.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="talks")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="talks")
    status = models.CharField(max_length=12, choices=[(status, status) for status in Status])
    # Somebody's life may be in danger: first in the queue, numbers on the screen.
    is_urgent = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    adviser = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="talks")
    # Handed over (代わる), and not opened yet by who is to go on.
    is_unopened = models.BooleanField(default=False)
    taken_at = models.DateTimeField(null=True)
    # The adviser's first line: how long people wait is measured to here.
    first_answer_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(
        max_length=8, default="", blank=True, choices=[(how, how) for how in EndedBy]
    )
    last_line_at = models.DateTimeField()
    # When the person's page was last heard of, and when either side last typed.
    person_seen_at = models.DateTimeField()
    person_typing_at = models.DateTimeField(null=True)
    staff_typing_at = models.DateTimeField(null=True)
    # What the adviser has typed and not sent: JSON by field, sealed under the matter's key.
    typed = models.BinaryField(default=b"")
    # Goes up with everything that can be seen: by it a page knows that nothing is new.
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="talk_has_somebody_who_talks",
                condition=~models.Q(status=Status.TALKING) | models.Q(adviser__isnull=False),
            ),
            models.CheckConstraint(
                name="talk_over_says_when",
                condition=models.Q(
                    status__in=[Status.ENDED, Status.SUMMED_UP], ended_at__isnull=False
                )
                | models.Q(status__in=[Status.WAITING, Status.TALKING], ended_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["desk", "status", "opened_at"], name="talks_of_a_desk"),
            models.Index(fields=["desk", "opened_at"], name="talks_of_a_period"),
        ]

    def __str__(self) -> str:
        return f"talk {self.id}"


class Line(models.Model):
    """チャットの一文: what one side said, sealed under the matter's key."""

    id = models.UUIDField(primary_key=True, default=new_id)
    talk = models.ForeignKey(Talk, on_delete=models.PROTECT, related_name="lines")
    side = models.CharField(max_length=6, choices=[(side, side) for side in Side])
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()
    words = models.BinaryField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["talk", "at", "id"], name="lines_of_a_talk")]

    def __str__(self) -> str:
        return f"line of {self.talk_id}"
