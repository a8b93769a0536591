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


def told_place(attachment: UUID) -> Place:
    """Return where what is known of a file is sealed: its name, its digest, its key."""
    return Place("correspondence_attachment", attachment, "told")


def original_place(attachment: UUID) -> Place:
    """Return where a file itself is sealed, under its own key."""
    return Place("correspondence_attachment", attachment, "original")


def preview_place(attachment: UUID, page: int) -> Place:
    """Return where a page of a file, drawn anew, is sealed; the first is 1."""
    return Place("correspondence_attachment", attachment, f"page-{page}")


def address_place(posting: UUID) -> Place:
    """Return where the address of a letter is sealed."""
    return Place("correspondence_posting", posting, "address")
