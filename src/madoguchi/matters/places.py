"""Where this storey's words are sealed."""

from uuid import UUID

from madoguchi.vault.sealing import Place


def deadline_place(deadline: UUID) -> Place:
    """Return where the note on a deadline is sealed."""
    return Place("matters_deadline", deadline, "note")
