"""Asking a colleague: to read (供覧), to approve (決裁), to read a reply before it goes out."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from madoguchi.rules.access import Actor, RefusedError, Role, check_may_supervise, check_may_work_on


class Ask(StrEnum):
    """確かめてもらうこと."""

    CIRCULATION = "CIRCULATION"  # 供覧
    APPROVAL = "APPROVAL"  # 決裁
    SECOND_READING = "SECOND_READING"  # ふたり目の確認


class Outcome(StrEnum):
    """確かめた結果."""

    READ = "READ"  # 読んだ
    APPROVED = "APPROVED"  # よい
    RETURNED = "RETURNED"  # もどす
    WITHDRAWN = "WITHDRAWN"  # 取り下げた
    REWRITTEN = "REWRITTEN"  # 書き直した


# What only who asked may say.
BY_ASKER = frozenset({Outcome.WITHDRAWN, Outcome.REWRITTEN})


OUTCOMES = {
    Ask.CIRCULATION: frozenset({Outcome.READ}),
    Ask.APPROVAL: frozenset({Outcome.APPROVED, Outcome.RETURNED}),
    Ask.SECOND_READING: frozenset({Outcome.APPROVED, Outcome.RETURNED}),
}


@dataclass(frozen=True)
class Asked:
    """What the rules need to know of one question. `of` None: of whoever may answer it."""

    ask: Ask
    desk: UUID
    by: UUID
    of: UUID | None = None
    is_decided: bool = False


def check_may_decide(actor: Actor, asked: Asked, outcome: Outcome) -> None:
    """Refuse unless `actor` may give `outcome`: never to oneself, and only once."""
    check_may_work_on(actor, asked.desk)
    if asked.is_decided:
        raise RefusedError("decided-already")
    if outcome in BY_ASKER:
        _check_may_take_back(actor, asked, outcome)
        return
    if actor.user == asked.by:
        raise RefusedError("own-approval")
    if outcome not in OUTCOMES[asked.ask]:
        raise RefusedError("unknown-code")
    if asked.ask is Ask.APPROVAL:
        check_may_supervise(actor, asked.desk)
    if asked.of not in (None, actor.user) and actor.role is not Role.SUPERVISOR:
        raise RefusedError("asked-of-another")


def _check_may_take_back(actor: Actor, asked: Asked, outcome: Outcome) -> None:
    """Refuse unless `actor` asked; only what is held can be written anew."""
    if actor.user != asked.by:
        raise RefusedError("not-the-asker")
    if outcome is Outcome.REWRITTEN and asked.ask is not Ask.SECOND_READING:
        raise RefusedError("unknown-code")


def may_decide(actor: Actor, asked: Asked) -> bool:
    """Tell whether `actor` may answer at all: for drawing the buttons."""
    try:
        check_may_decide(actor, asked, min(OUTCOMES[asked.ask]))
    except RefusedError:
        return False
    return True
