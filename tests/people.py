"""The cast: Aoi, Beni, Daichi and Fumi of one desk, Chika of another. Emi has no account.

Each is a fixture of the same name (tests/conftest.py): who is not asked for does not
exist, and where only one desk exists, it runs the public pages.
"""

import datetime as dt
from uuid import UUID

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db.models import F
from django.test import Client

from madoguchi.correspondence.models import Kind, Message
from madoguchi.desks.models import Desk, User
from madoguchi.desks.operations import NewUser, add_user, create_desk
from madoguchi.rules.access import Role
from madoguchi.rules.replies import PAUSE

JAPAN = dt.timezone(dt.timedelta(hours=9))
# A Thursday afternoon of fiscal year 2025, long before any test runs.
AT = dt.datetime(2025, 5, 15, 14, 0, tzinfo=JAPAN)
# A moment after which nobody can take back what was sent at AT.
AFTER_THE_PAUSE = AT + PAUSE
PASSWORD = "correct horse battery staple"


def found(slug: str, name: str, *, is_demonstration: bool = False) -> Desk:
    """Return a new desk in Osaka."""
    return create_desk(
        slug=slug, name=name, prefecture="大阪府", at=AT, is_demonstration=is_demonstration
    )


def hire(desk: UUID, username: str, name: str, role: Role) -> User:
    """Return somebody new at `desk`, with a second factor set up."""
    new = NewUser(username, name, role, PASSWORD, is_own_password=True)
    user = add_user(desk=desk, new=new, at=AT)
    TOTP.activate(user, generate_totp_secret())
    return user


def the_pause_passes() -> None:
    """Let every reply that was sent be one that the person can see."""
    Message.objects.filter(kind=Kind.REPLY).update(shown_at=F("at"))


def at_the_desk(user: User) -> Client:
    """Return a browser in which `user` has signed in (without the sign-in page)."""
    client = Client()
    client.force_login(user)
    return client
