"""Where this storey's words are sealed."""

from uuid import UUID

from madoguchi.vault.sealing import Place


def opening_place(opening: UUID) -> Place:
    """Return where the reason for an emergency opening is sealed."""
    return Place("administration_emergencyopening", opening, "reason")
