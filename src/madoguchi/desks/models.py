"""Desks, their people, their code books, their days."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from madoguchi.rules.access import Actor, Role
from madoguchi.vault.ids import new_id

if TYPE_CHECKING:
    from uuid import UUID


class Desk(models.Model):
    """相談窓口: whoever runs Madoguchi."""

    id = models.UUIDField(primary_key=True, default=new_id)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    prefecture = models.CharField(max_length=10)
    # Days in which a reply is promised on public pages (土日祝をのぞく).
    reply_days = models.PositiveSmallIntegerField(default=3)
    # The number people may call, as public pages print it; empty: none is printed.
    telephone = models.CharField(max_length=30, default="", blank=True)
    # ふたり目の確認: a reply goes to the person only once a colleague has read it.
    second_reader = models.BooleanField(default=False)
    is_demonstration = models.BooleanField(default=False)
    # 公開のページの窓口: the one that guide and intake speak for; the first, until told otherwise.
    is_public = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_public"],
                condition=models.Q(is_public=True),
                name="one_desk_is_public",
            )
        ]

    def __str__(self) -> str:
        return self.slug


class User(AbstractBaseUser):
    """職員: somebody who signs in, with one role at one desk."""

    id = models.UUIDField(primary_key=True, default=new_id)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="users")
    role = models.CharField(max_length=12, choices=[(role, role) for role in Role])
    is_active = models.BooleanField(default=True)
    # 仮パスワード: somebody else knows it, so nothing opens before it is changed.
    must_change_password = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = BaseUserManager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="user_has_a_role", condition=models.Q(role__in=[str(role) for role in Role])
            )
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def actor(self) -> Actor:
        """This person, as the rules see them."""
        desk: UUID = self.desk_id
        return Actor(user=self.id, desk=desk, role=Role(self.role))


class CodeBook(models.Model):
    """分類表: the labels of one official table, for the days it is in force."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="code_books")
    table = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    multiple = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["desk", "table", "valid_from"], name="code_book_starts_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.table} from {self.valid_from}"


class Code(models.Model):
    """分類: one label of a code book, in its order."""

    id = models.UUIDField(primary_key=True, default=new_id)
    book = models.ForeignKey(CodeBook, on_delete=models.CASCADE, related_name="codes")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    label = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "key"], name="code_once_per_book"),
            models.UniqueConstraint(fields=["book", "position"], name="code_position_once"),
        ]

    def __str__(self) -> str:
        return self.key


class OpeningDay(models.Model):
    """開設日: a day on which the desk was open, as recorded (never derived)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="opening_days")
    day = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["desk", "day"], name="opening_day_once")
        ]

    def __str__(self) -> str:
        return str(self.day)


class OpeningHours(models.Model):
    """受付時間: one line of the hours in which a desk is there for people.

    `weekdays` are 0 (Monday) to 6; `nth` limits them to the nth of the month. `until`
    midnight is 24:00. Nobody new is taken in the last `last_call` minutes.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="opening_hours")
    weekdays = models.JSONField()
    nth = models.JSONField(default=list)
    opens = models.TimeField()
    until = models.TimeField()
    closed_on_holidays = models.BooleanField(default=True)
    closed_at_new_year = models.BooleanField(default=True)
    last_call = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.opens} to {self.until}"


class ClosingDay(models.Model):
    """臨時休業日: a day on which a desk stays closed, whatever its hours say."""

    id = models.UUIDField(primary_key=True, default=new_id)
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="closing_days")
    day = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["desk", "day"], name="closing_day_once")
        ]

    def __str__(self) -> str:
        return str(self.day)
