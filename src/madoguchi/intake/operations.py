"""What a person does from outside: sends a letter, opens their page, writes again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.operations import chatting
from madoguchi.consultations.operations.receiving import Letter, Received, hear, receive
from madoguchi.correspondence.models import Kind, Verdict
from madoguchi.correspondence.operations.files import made_ready
from madoguchi.correspondence.operations.words import mark_read
from madoguchi.correspondence.scanning import Scanner
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.operations import lock
from madoguchi.rules.files import Given
from madoguchi.rules.triage import Signals
from madoguchi.vault.throttling import try_once


def send_letter(*, desk: UUID, letter: Letter, once: str, at: dt.datetime) -> Received | None:
    """Open a consultation; None where the letter marked `once` was sent already.

    The mark is taken in the same transaction: a letter that fails can be sent again.
    """
    with transaction.atomic():
        if not try_once("letter", once, limit=1, at=at):
            return None
        return receive(desk=desk, letter=letter, at=at)


def open_my_page(*, matter: UUID, at: dt.datetime) -> None:
    """Note that the person looks at their page; the replies that are there count as read."""
    with transaction.atomic():
        locked = lock(matter)
        new = mark_read(matter=matter, kind=Kind.REPLY, at=at)
        detail = {"replies": new}
        record(Deed.MY_PAGE_OPENED, desk=locked.desk_id, matter=matter, at=at, detail=detail)


def write_again(
    *, matter: UUID, words: str, signals: Signals, channel: str, once: str, at: dt.datetime
) -> bool:
    """Take one more message of the person; False where the same was sent from the same form."""
    with transaction.atomic():
        if not try_once("message", f"{matter} {once} {words}", limit=1, at=at):
            return False
        hear(matter=matter, words=words, channel=channel, signals=signals, at=at)
        return True


def begin_talk(
    *, desk: UUID, words: str, signals: Signals, once: str, at: dt.datetime
) -> chatting.Opened | None:
    """Begin a talk in the chat; None where the same was begun from the same form."""
    with transaction.atomic():
        if not try_once("talk", f"{once} {words}", limit=1, at=at):
            return None
        return chatting.open_talk(desk=desk, words=words, signals=signals, at=at)


def begin_own_talk(
    *, matter: UUID, words: str, signals: Signals, once: str, at: dt.datetime
) -> UUID | None:
    """Begin a talk in the person's own consultation; None where the same form was sent before."""
    with transaction.atomic():
        if not try_once("talk", f"{once} {words}", limit=1, at=at):
            return None
        return chatting.talk_again(matter=matter, words=words, signals=signals, at=at)


def say_in_talk(*, talk: UUID, words: str, signals: Signals, once: str, at: dt.datetime) -> bool:
    """Take one more line of a talk; False where the same was sent from the same form."""
    with transaction.atomic():
        if not try_once("chat-line", f"{talk} {once} {words}", limit=1, at=at):
            return False
        chatting.say(talk=talk, words=words, signals=signals, at=at)
        return True


@dataclass(frozen=True)
class Sending:
    """Files as a person sends them. `once` tells a double press from a second sending."""

    files: Sequence[Given]
    words: str
    signals: Signals
    once: str


class SentAlreadyError(Exception):
    """The same sending came twice: a button pressed twice, or a page loaded again."""


@dataclass(frozen=True)
class Sent:
    """What came of files that a person sent: the names of those that nobody can look at."""

    infected: tuple[str, ...]
    undrawn: tuple[str, ...]


def send_files(
    *, matter: UUID, sending: Sending, channel: str, at: dt.datetime, scan: Scanner
) -> Sent:
    """Take files of the person as one more message.

    Raises `SentAlreadyError` or `RefusedError`; nothing new is kept then.
    """
    with made_ready(sending.files, scan) as ready, transaction.atomic():
        if not try_once("files", f"{matter} {sending.once}", limit=1, at=at):
            raise SentAlreadyError
        hear(
            matter=matter,
            words=sending.words,
            channel=channel,
            signals=sending.signals,
            at=at,
            files=ready,
        )
    return Sent(
        infected=tuple(it.name for it in ready if it.verdict is Verdict.INFECTED),
        undrawn=tuple(it.name for it in ready if it.is_undrawn),
    )
