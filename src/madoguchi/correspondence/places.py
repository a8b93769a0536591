"""Where this storey's words are sealed, and how mail is found again."""

import base64
import re
from uuid import UUID

from madoguchi.vault.keys import keyed_hash
from madoguchi.vault.sealing import Place, open_code, seal_code

_TOKEN_LETTERS = 26  # 128 bits and two to spare


def words_place(message: UUID) -> Place:
    """Return where a message's words are sealed."""
    return Place("correspondence_message", message, "words")


def draft_place(draft: UUID) -> Place:
    """Return where a draft's words are sealed."""
    return Place("correspondence_draft", draft, "words")


def draft_address_place(draft: UUID) -> Place:
    """Return where the address is sealed that stands beside a draft's words."""
    return Place("correspondence_draft", draft, "address")


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


def mailbox_place(desk: UUID) -> Place:
    """Return where a mailbox's password is sealed (under the desk's own key)."""
    return Place("correspondence_mailbox", desk, "password")


def mail_address_place(address: UUID) -> Place:
    """Return where a person's e-mail address is sealed."""
    return Place("correspondence_mailaddress", address, "address")


def raw_mail_place(mail: UUID) -> Place:
    """Return where a mail is sealed as it came."""
    return Place("correspondence_mailin", mail, "raw")


def address_lookup(desk: UUID, address: str) -> str:
    """Return the keyed hash by which an e-mail address is found again at `desk`."""
    return keyed_hash("mail address", str(desk), address.casefold())


def answer_lookup(token: str) -> str:
    """Return the keyed hash by which a token leads to the mail that carried it."""
    return keyed_hash("mail answer", token)


def thread_lookup(desk: UUID, message_id: str) -> str:
    """Return the keyed hash by which an answer finds the mail it answers."""
    return keyed_hash("mail thread", str(desk), message_id)


def token_of(mail: UUID) -> str:
    """Return the token of a mail of ours: nobody can guess it, and nothing keeps it."""
    digest = bytes.fromhex(keyed_hash("mail token", str(mail)))
    return base64.b32encode(digest).decode().lower()[:_TOKEN_LETTERS]


def line_user_place(matter: UUID) -> Place:
    """Return where a person's LINE user id is sealed."""
    return Place("correspondence_linenotice", matter, "user")


_LINE_USER = re.compile(r"U([0-9a-f]{32})")


def line_user_code(user: str) -> str:
    """Return a LINE user id sealed for a job; "" where it does not look like one."""
    found = _LINE_USER.fullmatch(user)
    return seal_code(bytes.fromhex(found[1]), purpose="line user") if found else ""


def line_user_in(code: str) -> str | None:
    """Return the LINE user id in a job's code; None where there is none."""
    opened = open_code(code, purpose="line user") if code else None
    return f"U{opened.hex()}" if opened else None


def line_user_lookup(user: str) -> str:
    """Return the keyed hash by which a LINE user id is found again."""
    return keyed_hash("line user", user)


def line_code_lookup(code: str) -> str:
    """Return the keyed hash by which a code sent by LINE is found."""
    return keyed_hash("line code", code)
