"""Where a person's LINE is, for the notice of a reply."""

from uuid import UUID

from madoguchi.correspondence.models.line import LineNotice
from madoguchi.correspondence.places import line_user_place
from madoguchi.vault.sealing import Safe


def is_linked(matter: UUID) -> bool:
    """Tell whether a reply in `matter` is told by LINE."""
    return LineNotice.objects.filter(pk=matter, linked_at__isnull=False).exists()


def line_user_of(matter: UUID) -> str | None:
    """Return the LINE user id to be told; None where it was never linked, or forgotten."""
    row = LineNotice.objects.select_related("matter").filter(pk=matter).first()
    if row is None:
        return None
    desk = row.matter.desk_id
    return Safe(desk).open(row.user, holder=matter, place=line_user_place(matter))
