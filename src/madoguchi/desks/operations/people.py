"""The people who work at a desk: who comes, what they may do, who leaves."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from madoguchi.desks.models import User
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.access import Actor, RefusedError, Role, check_may_supervise


@dataclass(frozen=True)
class NewUser:
    """Somebody to be added to a desk's staff.

    `is_own_password`: the person chose it, so that it need not be changed at the first sign-in.
    """

    username: str
    name: str
    role: Role
    password: str
    is_own_password: bool = False


def add_user(*, desk: UUID, new: NewUser, at: dt.datetime, actor: Actor | None = None) -> User:
    """Add somebody to the staff of `desk`; `actor` None runs the installation."""
    with transaction.atomic():
        if actor:
            check_may_supervise(actor, desk)
            if User.objects.filter(username__iexact=new.username).exists():
                raise RefusedError("username-taken")
        user = User(desk_id=desk, username=new.username, name=new.name, role=new.role)
        user.must_change_password = not new.is_own_password
        user.set_password(new.password)
        user.save()
        detail = {"user": str(user.pk), "role": str(new.role)}
        record(Deed.USER_ADDED, desk=desk, at=at, actor=_who(actor), detail=detail)
        return user


def renew_user(*, user: UUID, password: str, at: dt.datetime, actor: Actor | None = None) -> None:
    """Give somebody a first password again and forget their second factor.

    Whoever was signed in under the old password no longer is. Nobody does it to themselves:
    a stolen session must not be able to cast off the second factor.
    """
    with transaction.atomic():
        row = _locked(user, actor)
        if actor and actor.user == user:
            raise RefusedError("not-oneself")
        if not row.is_active:
            raise RefusedError("has-left")
        _give(row, password)
        row.save(update_fields=["password", "must_change_password"])
        detail = {"user": str(row.pk)}
        record(Deed.USER_RENEWED, desk=row.desk_id, at=at, actor=_who(actor), detail=detail)


def change_role(*, user: UUID, role: Role, actor: Actor, at: dt.datetime) -> None:
    """Give somebody another role (役割). A desk always keeps a supervisor."""
    with transaction.atomic():
        row = _locked(user, actor)
        if role is not Role.SUPERVISOR:
            _check_stays_supervised(row)
        row.role = role
        row.save(update_fields=["role"])
        detail = {"user": str(row.pk), "role": str(role)}
        record(Deed.ROLE_CHANGED, desk=row.desk_id, at=at, actor=actor.user, detail=detail)


def leave(*, user: UUID, actor: Actor, at: dt.datetime) -> None:
    """Close somebody's account (退職・異動): every session of theirs ends with it.

    What they did stays under their name; what was in their charge waits for somebody else.
    """
    with transaction.atomic():
        row = _locked(user, actor)
        _check_stays_supervised(row)
        row.is_active = False
        # A session holds only as long as the password that it was opened under.
        row.set_unusable_password()
        row.save(update_fields=["is_active", "password"])
        Authenticator.objects.filter(user=row).delete()
        detail = {"user": str(row.pk)}
        record(Deed.USER_LEFT, desk=row.desk_id, at=at, actor=actor.user, detail=detail)


def come_back(*, user: UUID, password: str, actor: Actor, at: dt.datetime) -> None:
    """Open the account of somebody who left again, under a first password."""
    with transaction.atomic():
        row = _locked(user, actor)
        row.is_active = True
        _give(row, password)
        row.save(update_fields=["is_active", "password", "must_change_password"])
        detail = {"user": str(row.pk)}
        record(Deed.USER_CAME_BACK, desk=row.desk_id, at=at, actor=actor.user, detail=detail)


def note_sign_in(*, user: UUID, desk: UUID, at: dt.datetime) -> None:
    """Write down that somebody signed in."""
    with transaction.atomic():
        record(Deed.SIGNED_IN, desk=desk, actor=user, at=at)


def note_credentials(*, user: UUID, desk: UUID, deed: Deed, at: dt.datetime) -> None:
    """Write down what somebody did to the proofs by which they sign in."""
    with transaction.atomic():
        record(deed, desk=desk, actor=user, at=at)


def _who(actor: Actor | None) -> UUID | None:
    return actor.user if actor else None


def _locked(user: UUID, actor: Actor | None) -> User:
    """Lock somebody's row; refuse who does not supervise their desk."""
    row = User.objects.select_for_update().get(pk=user)
    if actor:
        check_may_supervise(actor, row.desk_id)
    return row


def _give(row: User, password: str) -> None:
    """Let `row` sign in by `password`, once, and forget the second factor."""
    row.set_password(password)
    row.must_change_password = True
    Authenticator.objects.filter(user=row).delete()


def _check_stays_supervised(row: User) -> None:
    """Refuse to take the last supervisor away: nobody could let anybody in again."""
    others = User.objects.select_for_update().filter(
        desk=row.desk_id, role=Role.SUPERVISOR, is_active=True
    )
    if row.role == Role.SUPERVISOR and not others.exclude(pk=row.pk).exists():
        raise RefusedError("last-supervisor")
