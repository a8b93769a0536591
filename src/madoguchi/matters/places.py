"""Where this storey's words are sealed."""

from uuid import UUID

from madoguchi.vault.sealing import Place


def deadline_place(deadline: UUID) -> Place:
    """Return where the note on a deadline is sealed."""
    return Place("matters_deadline", deadline, "note")


def subject_place(approval: UUID) -> Place:
    """Return where what a colleague is asked is sealed."""
    return Place("matters_approval", approval, "subject")


def comment_place(approval: UUID) -> Place:
    """Return where a colleague's answer is sealed."""
    return Place("matters_approval", approval, "comment")
