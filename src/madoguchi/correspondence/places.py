"""Where this storey's words are sealed."""

from uuid import UUID

from madoguchi.vault.sealing import Place


def words_place(message: UUID) -> Place:
    """Return where a message's words are sealed."""
    return Place("correspondence_message", message, "words")


def draft_place(draft: UUID) -> Place:
    """Return where a draft's words are sealed."""
    return Place("correspondence_draft", draft, "words")
