"""Who a mail is from: a person, or a machine. Only a person's counts as a contact."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum


class Nature(StrEnum):
    """メールの素性."""

    PERSON = "PERSON"  # 人から
    AUTOMATIC = "AUTOMATIC"  # 自動返信
    BOUNCE = "BOUNCE"  # 配達不能の知らせ
    LIST = "LIST"  # 一斉配信


@dataclass(frozen=True)
class Bounce:
    """不着: why a mail of ours did not arrive. `code` is the server's, like 5.1.1."""

    code: str = ""
    message_ids: tuple[str, ...] = ()


Says = Callable[[str], str]

_MACHINES = re.compile(r"^(?:mailer-daemon|postmaster)@|^$", re.IGNORECASE)
_BOUNCED = re.compile(
    r"undeliver|returned mail|delivery (?:status|failure|has failed)|failure notice|"
    r"mail delivery failed|配信不能|配信できません|不着|送信できません|エラーメール",
    re.IGNORECASE,
)
_AUTOMATIC_SUBJECT = re.compile(
    r"^\W*(?:自動返信|自動応答|不在通知|不在のお知らせ|"
    r"auto(?:matic)?[- ]?reply\b|out of (?:the )?office\b)",
    re.IGNORECASE,
)
_MESSAGE_ID = re.compile(
    r"^(?:Message-ID|In-Reply-To):\s*(<[^<>\s]{3,300}>)", re.IGNORECASE | re.MULTILINE
)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


def nature_of(says: Says, sender: str, subject: str) -> Nature:
    """Return who a mail is from, by its headers (`says` gives one by its name, lower case)."""
    kind = says("content-type").casefold()
    if "multipart/report" in kind:
        return Nature.BOUNCE if "delivery-status" in kind else Nature.AUTOMATIC
    if _MACHINES.match(sender) and _BOUNCED.search(subject):
        return Nature.BOUNCE
    if says("list-id") or says("list-unsubscribe") or says("precedence").casefold() == "list":
        return Nature.LIST
    return Nature.AUTOMATIC if _is_automatic(says, sender, subject) else Nature.PERSON


def _is_automatic(says: Says, sender: str, subject: str) -> bool:
    submitted = says("auto-submitted").casefold().split(";")[0].strip()
    return bool(
        submitted not in ("", "no")
        or says("x-autoreply")
        or says("x-autorespond")
        or says("precedence").casefold() in {"bulk", "junk", "auto_reply"}
        or _AUTOMATIC_SUBJECT.search(subject)
        or (sender and _MACHINES.match(sender))
    )


def bounce_in(mail: Message, text: str) -> Bounce | None:
    """Return what a delivery report tells; None where it reports a delay, or an arrival."""
    blocks = [
        block
        for part in mail.walk()
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}
        for block in _blocks(part)
    ]
    actions = {block["action"] for block in blocks if block.get("action")}
    if actions and "failed" not in actions:
        return None
    status = next((block["status"] for block in blocks if block.get("status")), "")
    found = _STATUS.search(status or text)
    told = "\n".join([text, *(_original(part) for part in mail.walk())])
    ids = tuple(dict.fromkeys(_MESSAGE_ID.findall(told)))[:20]
    return Bounce(code=found[1] if found else "", message_ids=ids)


def _blocks(part: Message) -> list[dict[str, str]]:
    """Return the blocks of a delivery report, one for each recipient."""
    payload = part.get_payload()
    blocks = payload if isinstance(payload, list) else []
    return [
        {key.casefold(): str(value).strip().casefold() for key, value in block.items()}
        for block in blocks
        if isinstance(block, Message)
    ]


def _original(part: Message) -> str:
    """Return the headers of the mail that came back, where `part` holds them."""
    if part.get_content_type() not in {"message/rfc822", "text/rfc822-headers"}:
        return ""
    payload = part.get_payload()
    if not isinstance(payload, list):
        return str(payload)
    return "\n".join(
        f"{name}: {value}"
        for inner in payload
        if isinstance(inner, Message)
        for name, value in inner.items()
    )
