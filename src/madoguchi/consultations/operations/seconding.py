"""A reply held for its second reader (ふたり目の確認), and what comes of asking a colleague."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.operations.working import locked_for, reply
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.models.mail import Way
from madoguchi.correspondence.operations.mail import queue_mail
from madoguchi.correspondence.operations.words import Pen, begin_draft, save_draft
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
    """Answer a colleague's question. A held reply goes out, or back to who wrote it."""
    with transaction.atomic():
        row = answer(approval=approval, actor=actor, outcome=outcome, comment=comment, at=at)
        if row.kind == Ask.SECOND_READING:
            words = words_asked(row) or ""
            author = row.asked_by.actor
            if outcome is Outcome.APPROVED:
                _send(row, author, words, at)
            else:
                _give_back(row.matter_id, author, words, at)
        return row


def _send(row: Approval, author: Actor, words: str, at: dt.datetime) -> None:
    """Send a reply in its author's name, the way they chose."""
    sent = reply(matter=row.matter_id, actor=author, words=words, at=at)
    way = Way(row.way)
    if way is not Way.MY_PAGE:
        queue_mail(matter=sent.matter, message=sent, way=way, author=author.user, at=at)


def _give_back(matter: UUID, author: Actor, words: str, at: dt.datetime) -> None:
    """Lay a reply back on its author's table, where nothing newer lies there."""
    draft = begin_draft(actor=author, kind=Kind.REPLY, matter=matter, at=at)
    if not draft.words:
        save_draft(actor=author, pen=Pen(draft=draft.pk), words=words, at=at)
