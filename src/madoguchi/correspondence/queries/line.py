"""Where a person's LINE is, for the notice of a reply."""

from uuid import UUID

from madoguchi.correspondence.models.line import LineNotice
from madoguchi.correspondence.places import line_user_lookup, line_user_place
from madoguchi.vault.sealing import Safe


def is_linked(matter: UUID) -> bool:
    """Tell whether a reply in `matter` is told by LINE."""
    return LineNotice.objects.filter(pk=matter, linked_at__isnull=False).exists()


def line_language_of(matter: UUID) -> str:
    """Return in which language LINE speaks to the person; Japanese where nobody said."""
    kept = LineNotice.objects.filter(pk=matter).values_list("language", flat=True).first()
    return kept or "ja"


def language_chosen_by(user: str) -> str:
    """Return the language that a LINE user chose at my-page; "" where they never were there."""
    known = LineNotice.objects.filter(user_hash=line_user_lookup(user), linked_at__isnull=False)
    return known.order_by("-linked_at").values_list("language", flat=True).first() or ""


def line_user_of(matter: UUID) -> str | None:
    """Return the LINE user id to be told; None where it was never linked, or forgotten."""
    row = LineNotice.objects.select_related("matter").filter(pk=matter).first()
    if row is None:
        return None
    desk = row.matter.desk_id
    return Safe(desk).open(row.user, holder=matter, place=line_user_place(matter))
