"""A reply held for its second reader (ふたり目の確認), and what comes of asking a colleague."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.operations.working import locked_for, reply
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.models.mail import Way
from madoguchi.correspondence.operations.files import give_back
from madoguchi.correspondence.operations.mail import queue_mail
from madoguchi.correspondence.operations.words import Written, begin_draft, lay_back
from madoguchi.matters.models import Approval
from madoguchi.matters.operations.asking import Question, answer, ask
from madoguchi.matters.queries import words_asked
from madoguchi.rules.access import Actor
from madoguchi.rules.approval import Ask, Outcome
from madoguchi.rules.consultation import Step


def hold_reply(
    *, matter: UUID, actor: Actor, words: str, at: dt.datetime, way: Way = Way.MY_PAGE
) -> Approval:
    """Hold a reply until a colleague has read it. Refused where it could not be sent at all."""
    with transaction.atomic():
        locked_for(actor, matter, Step.REPLY)
        question = Question(Ask.SECOND_READING, words, way=str(way))
        return ask(matter=matter, question=question, actor=actor, at=at)


def decide(
    *, approval: UUID, actor: Actor, outcome: Outcome, at: dt.datetime, comment: str = ""
) -> Approval:
    """Answer a colleague's question. A held reply goes out, or back to who wrote it.

    Its writer may answer, too: withdraw it, or take it back to write it anew (書き直す).
    Either way it is sent only after it was read as it then is.
    """
    with transaction.atomic():
        row = answer(approval=approval, actor=actor, outcome=outcome, comment=comment, at=at)
        if row.kind == Ask.SECOND_READING:
            words = words_asked(row) or ""
            author = row.asked_by.actor
            if outcome is Outcome.APPROVED:
                _send(row, author, words, at)
            else:
                _give_back(row, author, words, at)
        return row


def _send(row: Approval, author: Actor, words: str, at: dt.datetime) -> None:
    """Send a reply in its author's name, the way they chose."""
    files = list(row.attachments.order_by("at", "pk"))
    sent = reply(matter=row.matter_id, actor=author, words=words, at=at, files=files)
    way = Way(row.way)
    if way is not Way.MY_PAGE:
        queue_mail(matter=sent.matter, message=sent, way=way, author=author.user, at=at)


def _give_back(row: Approval, author: Actor, words: str, at: dt.datetime) -> None:
    """Lay a reply and its files back on its author's table; newer words there stay alone."""
    draft = begin_draft(actor=author, kind=Kind.REPLY, matter=row.matter_id, at=at)
    if not draft.words:
        written = Written(words=words, choices={"way": [row.way]})
        lay_back(actor=author, matter=row.matter_id, written=written, at=at)
    give_back(draft=draft, approval=row.pk)
