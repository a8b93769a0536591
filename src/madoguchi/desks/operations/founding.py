"""Founding a desk, and the people who work there."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from madoguchi.desks.models import Code, CodeBook, Desk, User
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.access import Role
from madoguchi.rules.codebooks import STANDARD, Coding


def create_desk(
    *, slug: str, name: str, prefecture: str, at: dt.datetime, is_demonstration: bool = False
) -> Desk:
    """Found a desk with the standard code books."""
    with transaction.atomic():
        desk = Desk.objects.create(
            slug=slug, name=name, prefecture=prefecture, is_demonstration=is_demonstration
        )
        for book in STANDARD:
            row = CodeBook.objects.create(
                desk=desk,
                table=book.table,
                valid_from=book.valid_from,
                valid_to=book.valid_to,
                multiple=book.coding is Coding.MULTIPLE,
            )
            Code.objects.bulk_create(
                Code(book=row, position=position, key=code.key, label=code.label_ja)
                for position, code in enumerate(book.codes)
            )
        record(Deed.DESK_CREATED, desk=desk.pk, at=at)
        # The installation's chain says which desks there are: none can vanish unseen.
        record(Deed.DESK_CREATED, desk=None, at=at, detail={"desk": str(desk.pk)})
        return desk


@dataclass(frozen=True)
class NewUser:
    """Somebody to be added to a desk's staff."""

    username: str
    name: str
    role: Role
    password: str


def add_user(*, desk: UUID, new: NewUser, at: dt.datetime) -> User:
    """Add somebody to the staff of `desk`."""
    with transaction.atomic():
        user = User(desk_id=desk, username=new.username, name=new.name, role=new.role)
        user.set_password(new.password)
        user.save()
        detail = {"user": str(user.pk), "role": str(new.role)}
        record(Deed.USER_ADDED, desk=desk, at=at, detail=detail)
        return user


def renew_user(*, user: UUID, password: str, at: dt.datetime) -> None:
    """Give somebody a first password again and forget their second factor.

    Whoever was signed in under the old password no longer is.
    """
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user)
        row.set_password(password)
        row.save(update_fields=["password"])
        Authenticator.objects.filter(user=row).delete()
        record(Deed.USER_RENEWED, desk=row.desk_id, at=at, detail={"user": str(row.pk)})


def note_sign_in(*, user: UUID, desk: UUID, at: dt.datetime) -> None:
    """Write down that somebody signed in."""
    with transaction.atomic():
        record(Deed.SIGNED_IN, desk=desk, actor=user, at=at)


def note_credentials(*, user: UUID, desk: UUID, deed: Deed, at: dt.datetime) -> None:
    """Write down what somebody did to the proofs by which they sign in."""
    with transaction.atomic():
        record(deed, desk=desk, actor=user, at=at)
