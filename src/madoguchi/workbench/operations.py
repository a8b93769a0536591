"""What the desk does across rooms that do not know each other."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.operations import working
from madoguchi.experts.operations.booking import end_with_matter
from madoguchi.rules.access import Actor


def close_matter(
    *, matter: UUID, actor: Actor, at: dt.datetime, left: frozenset[str] = frozenset()
) -> None:
    """Close a matter with all that hangs on it (終結): dates with experts are called off.

    `left`: the keys of what is still open, as whoever closes was shown it.
    """
    with transaction.atomic():
        working.close(matter=matter, actor=actor, at=at, left=left)
        end_with_matter(matter=matter, actor=actor, at=at)
