"""Where this storey's words are sealed."""

from uuid import UUID

from madoguchi.vault.sealing import Place


def words_place(message: UUID) -> Place:
    """Return where a message's words are sealed."""
    return Place("correspondence_message", message, "words")


def draft_place(draft: UUID) -> Place:
    """Return where a draft's words are sealed."""
    return Place("correspondence_draft", draft, "words")


def line_place(line: UUID) -> Place:
    """Return where a line of a chat is sealed."""
    return Place("correspondence_line", line, "words")


def typed_place(talk: UUID) -> Place:
    """Return where what an adviser types in a chat is sealed."""
    return Place("correspondence_talk", talk, "typed")
