"""A mail as it lies on the server, read into what an adviser needs. Nothing is refused."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses

from madoguchi.rules.mail.letters import header_words, letters_in
from madoguchi.rules.mail.natures import Bounce, Nature, bounce_in, nature_of
from madoguchi.rules.mail.plain import text_of_html, unflowed
from madoguchi.rules.mail.quoting import parted

# An adviser reads so many letters of one mail; the raw mail is kept whole beside them.
LONGEST = 60_000
_DEEPEST = 20
_MOST_PARTS = 300
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?")
_ID = re.compile(r"<[^<>\s]{3,300}>")
_RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


@dataclass(frozen=True)
class Attachment:
    """添付: something that came with a mail. `name` is the sender's own."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """メール. `new` is what was written now, `history` the earlier talk below it."""

    message_id: str = ""
    sender: str = ""  # "" where it names no address
    sender_name: str = ""
    subject: str = ""
    recipients: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    new: str = ""
    history: str = ""
    attachments: tuple[Attachment, ...] = ()
    nature: Nature = Nature.PERSON
    bounce: Bounce | None = None
    is_marked_spam: bool = False


@dataclass(frozen=True)
class _Leaf:
    """One part that holds no other: its words, or what is attached."""

    text: str = ""
    attachment: Attachment | None = None


def address_in(text: str) -> str:
    """Return the first address that `text` holds, in lower case; "" where there is none."""
    found = _ADDRESS.search(text.strip().casefold())
    return found[0] if found else ""


def read_mail(raw: bytes) -> Mail:
    """Read a mail. What cannot be taken apart is read as plain letters."""
    try:
        return _read(message_from_bytes(raw), raw)
    except (RecursionError, MessageError, ValueError, LookupError, TypeError, AttributeError):
        # Broken beyond the library's patience: the person's words are in it all the same.
        return Mail(new=letters_in(raw)[:LONGEST])


def _read(mail: Message, raw: bytes) -> Mail:
    headers: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in mail.raw_items():
        headers[name.casefold()].append(str(value))

    def says(name: str) -> str:
        return next(iter(headers[name]), "")

    leaves = list(_leaves(mail))[:_MOST_PARTS]
    text = "\n\n".join(leaf.text for leaf in leaves if leaf.text.strip()).strip()
    name, sender = _sender(says("from"))
    subject = header_words(says("subject"))[:500]
    nature = nature_of(says, sender, subject)
    bounce = bounce_in(mail, text) if nature is Nature.BOUNCE else None
    if nature is Nature.BOUNCE and bounce is None:
        nature = Nature.AUTOMATIC
    new, history = parted(text[:LONGEST])
    return Mail(
        message_id=next(iter(_ID.findall(says("message-id"))), ""),
        sender=sender,
        sender_name=name,
        subject=subject,
        recipients=_recipients(headers),
        refers_to=_references(headers),
        new=new if text else ("" if leaves else letters_in(raw)[:LONGEST]),
        history=history,
        attachments=tuple(leaf.attachment for leaf in leaves if leaf.attachment),
        nature=nature,
        bounce=bounce,
        is_marked_spam=says("x-spam-flag").strip().casefold() in {"yes", "true"},
    )


def _sender(said: str) -> tuple[str, str]:
    """Return name and address of a From header, however broken it is."""
    words = header_words(said)
    bracketed = re.search(r"<([^<>]*)>\s*$", words)
    address = address_in(bracketed[1] if bracketed else words)
    name = words[: bracketed.start()] if bracketed else ""
    return name.strip().strip('"').strip()[:100], address


def _recipients(headers: dict[str, list[str]]) -> tuple[str, ...]:
    said = [value for name in _RECIPIENTS for value in headers.get(name, ())]
    found = (address_in(address) for _name, address in getaddresses(said[:50]))
    return tuple(dict.fromkeys(it for it in found if it))


def _references(headers: dict[str, list[str]]) -> tuple[str, ...]:
    said = " ".join(headers.get("in-reply-to", [])[:1] + headers.get("references", [])[:1])
    return tuple(dict.fromkeys(_ID.findall(said)))[:50]


def _leaves(part: Message, depth: int = 0) -> Iterator[_Leaf]:
    """Give the parts that hold no others; of alternatives, the plain one."""
    if not part.is_multipart() or part.get_content_maintype() == "message":
        yield _leaf(part)
        return
    if depth >= _DEEPEST:
        yield _Leaf(attachment=_attached(part))
        return
    groups = [
        list(_leaves(child, depth + 1))
        for child in part.get_payload()
        if isinstance(child, Message)
    ]
    if part.get_content_subtype() != "alternative":
        yield from (leaf for group in groups for leaf in group)
        return
    worded = next((it for it in groups if any(leaf.text.strip() for leaf in it)), None)
    yield from worded or ()
    for group in groups:
        if group is not worded:
            yield from (leaf for leaf in group if leaf.attachment)


def _leaf(part: Message) -> _Leaf:
    is_text = part.get_content_maintype() == "text" and not part.is_multipart()
    if not is_text or part.get_content_disposition() == "attachment" or _name(part):
        is_report = part.get_content_type() in {"message/delivery-status", "text/rfc822-headers"}
        return _Leaf() if is_report else _Leaf(attachment=_attached(part))
    text = letters_in(_bytes_of(part), _parameter(part, "charset"))
    if part.get_content_subtype() == "html":
        return _Leaf(text=text_of_html(text))
    if _parameter(part, "format").casefold() == "flowed":
        text = unflowed(text, without_space=_parameter(part, "delsp").casefold() == "yes")
    return _Leaf(text=text)


def _bytes_of(part: Message) -> bytes:
    if part.is_multipart():
        return b"\n".join(it.as_bytes() for it in part.get_payload() if isinstance(it, Message))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _attached(part: Message) -> Attachment:
    kind = part.get_content_type()
    return Attachment(name=_name(part) or "", content_type=kind, content=_bytes_of(part))


def _parameter(part: Message, name: str) -> str:
    found = part.get_param(name)
    if isinstance(found, tuple):
        return found[2]
    return str(found or "")


def _name(part: Message) -> str:
    """Return the file's name as its sender wrote it, without any path."""
    words = header_words(part.get_filename() or "")
    return re.split(r"[/\\]", words)[-1][:200]
