"""A mail of ours: its subject tells nothing, and whoever answers it is found again."""

import datetime as dt
import re
from dataclasses import dataclass
from email.charset import BASE64, Charset
from email.header import Header
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import format_datetime

# ux.md: no desk's name, no word on harm. Whoever looks over a shoulder learns nothing.
SUBJECT = "お知らせがあります"
_TOKEN = re.compile(r"[a-z2-7]{26}")


@dataclass(frozen=True)
class Writing:
    """出すメール. `token` leads an answer back to its matter, and says nothing of it."""

    sender: str
    to: str
    words: str
    token: str
    answers: str = ""  # the Message-ID of theirs that this answers
    takes_plus: bool = True
    is_automatic: bool = False


def return_address(writing: Writing) -> str:
    """Return the address to which answers and delivery reports come."""
    local, _at, domain = writing.sender.partition("@")
    return f"{local}+{writing.token}@{domain}" if writing.takes_plus else writing.sender


def message_id(writing: Writing) -> str:
    """Return the Message-ID: the token, and the domain we send from."""
    return f"<{writing.token}@{writing.sender.partition('@')[2]}>"


def written(writing: Writing, at: dt.datetime) -> bytes:
    """Return the mail as it goes out. Plain text; no name beside the address."""
    letters = Charset("utf-8")
    letters.body_encoding = BASE64
    mail = MIMENonMultipart("text", "plain", charset="utf-8")
    mail.set_payload(writing.words.replace("\r\n", "\n").replace("\n", "\r\n"), letters)
    mail["From"] = writing.sender
    mail["To"] = writing.to
    mail["Subject"] = Header(SUBJECT, "utf-8").encode()
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id(writing)
    mail["Reply-To"] = return_address(writing)
    if writing.answers:
        mail["In-Reply-To"] = mail["References"] = writing.answers
    if writing.is_automatic:
        mail["Auto-Submitted"] = "auto-generated"
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def tokens_in(addresses: tuple[str, ...], message_ids: tuple[str, ...], own: str) -> list[str]:
    """Return the tokens that a mail brings back: after the + of our address, or in our ids."""
    local, _at, domain = own.partition("@")
    brought = [
        address.removeprefix(f"{local}+").removesuffix(f"@{domain}")
        for address in addresses
        if address.startswith(f"{local}+") and address.endswith(f"@{domain}")
    ]
    brought += [it[1:-1].casefold().partition("@")[0] for it in message_ids]
    return [it for it in dict.fromkeys(brought) if _TOKEN.fullmatch(it)]
