"""What happens to desks themselves: founding, people, hours, books."""

from madoguchi.desks.operations.founding import (
    NewUser,
    add_user,
    create_desk,
    note_credentials,
    note_sign_in,
    renew_user,
)
from madoguchi.desks.operations.hours import record_opening_days

__all__ = [
    "NewUser",
    "add_user",
    "create_desk",
    "note_credentials",
    "note_sign_in",
    "record_opening_days",
    "renew_user",
]
