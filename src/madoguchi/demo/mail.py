"""A little mail for the demonstration desk: one laid aside, one automatic, one that came back.

Its mailbox is switched off: nothing is fetched and nothing goes out.
"""

import datetime as dt
from email.message import EmailMessage
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.operations.mailing import take_in
from madoguchi.consultations.queries import inbox
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.models.mail import Way
from madoguchi.correspondence.operations.mail import (
    Arrival,
    know_address,
    note_bounced,
    note_sent,
    queue_mail,
)
from madoguchi.correspondence.operations.mailbox import (
    Host,
    MailboxSettings,
    set_mailbox,
    stop_mailbox,
)
from madoguchi.rules.access import Actor
from madoguchi.rules.consultation import Status
from madoguchi.rules.mail.reading import read_mail

_ADDRESS = "kokoro@mail.example.jp"
_HOST = Host("mail.example.jp", 993)


def post(*, desk: UUID, staff: Actor, at: dt.datetime) -> None:
    """Let some mail come and go."""
    said = MailboxSettings(
        address=_ADDRESS,
        imap=_HOST,
        smtp=_HOST,
        username=_ADDRESS,
        password="demonstration",  # noqa: S106 (opens nothing)
        my_page="https://www.example.jp/my/",
    )
    set_mailbox(desk=desk, said=said, at=at)
    stop_mailbox(desk=desk, at=at)
    ad = "副業のご案内です。くわしくは、こちらをごらんください。"
    away = "このメールは、自動で送っています。"
    _comes(desk, _mail("特別なお知らせ", ad, "X-Spam-Flag", "YES"), at)
    _comes(desk, _mail("自動返信", away, "Auto-Submitted", "auto-replied"), at)
    _came_back(staff, at)


def _mail(subject: str, words: str, header: str, said: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "news@example.com", _ADDRESS, subject
    mail["Message-ID"], mail[header] = f"<{len(words)}@example.com>", said
    mail.set_content(words)
    return mail.as_bytes()


def _comes(desk: UUID, raw: bytes, at: dt.datetime) -> None:
    arrival = Arrival(raw=raw, mail=read_mail(raw), arrived_at=at - dt.timedelta(hours=2))
    take_in(desk=desk, own=_ADDRESS, arrival=arrival, at=at)


def _came_back(staff: Actor, at: dt.datetime) -> None:
    """Let the notice of a reply come back: the person mistyped their address."""
    unread = {"kind": Kind.REPLY, "read_at": None}
    waiting = inbox(staff).filter(status=Status.WAITING)
    replies = (row.matter.messages.filter(**unread).order_by("-at").first() for row in waiting)
    reply = next(filter(None, replies), None)
    if reply is None or reply.author_id is None:
        return
    with transaction.atomic():
        address = "yuki@example.con"
        know_address(matter=reply.matter, address=address, way=Way.NOTICE, at=reply.at)
        mail = queue_mail(
            matter=reply.matter, message=reply, way=Way.NOTICE, author=reply.author_id, at=reply.at
        )
        note_sent(mail=mail.pk, at=reply.at)
        note_bounced(mail=mail, code="5.1.2", at=at)
