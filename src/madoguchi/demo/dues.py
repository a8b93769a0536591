"""What the demonstration desk has promised, and what colleagues were asked."""

import datetime as dt

from madoguchi.consultations.queries import inbox
from madoguchi.matters.operations.asking import Question, ask
from madoguchi.matters.operations.timing import Due, set_deadline
from madoguchi.rules.access import Actor
from madoguchi.rules.approval import Ask
from madoguchi.rules.deadlines import Named


def promise(*, adviser: Actor, supervisor: Actor, at: dt.datetime) -> None:
    """Promise a call back and a copy of papers, and ask the supervisor for a decision."""
    mine = list(inbox(adviser).filter(adviser=adviser.user).values_list("pk", flat=True)[:2])
    for matter, due in zip(mine, _dues(at), strict=False):
        set_deadline(matter=matter, due=due, actor=adviser, at=at)
    words = "府への報告の文を見てください。この内容で出してよいですか。"
    question = Question(Ask.APPROVAL, words, of=supervisor.user)
    ask(matter=mine[0], question=question, actor=adviser, at=at)


def _dues(at: dt.datetime) -> list[Due]:
    return [
        Due(
            Named.CALL_BACK,
            at + dt.timedelta(hours=2),
            words="お昼休みなら話せるとのこと",
            call_as="PERSON",
            voice_mail="no",
        ),
        Due(Named.OWN, at + dt.timedelta(days=1), words="書類の写しを送る"),
    ]
