"""What happens to desks themselves: founding, people, hours, books."""

from madoguchi.desks.operations.founding import create_desk, make_public
from madoguchi.desks.operations.hours import record_opening_days
from madoguchi.desks.operations.people import (
    NewUser,
    add_user,
    note_credentials,
    note_sign_in,
    renew_user,
)

__all__ = [
    "NewUser",
    "add_user",
    "create_desk",
    "make_public",
    "note_credentials",
    "note_sign_in",
    "record_opening_days",
    "renew_user",
]
