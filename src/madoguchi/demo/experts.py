"""Two experts of the demonstration desk, their Thursdays, and one question to a lawyer."""

import datetime as dt
from dataclasses import replace

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.queries import inbox
from madoguchi.correspondence.queries.words import receipt_made_at
from madoguchi.desks.models import User
from madoguchi.experts.operations.asking import Chosen, Plan, ask
from madoguchi.experts.operations.booking import book
from madoguchi.experts.operations.consenting import ask_person
from madoguchi.experts.operations.offering import Hours, Told, add_expert, offer
from madoguchi.experts.queries.asked import Names
from madoguchi.experts.queries.showing import may_be_shown
from madoguchi.rules.access import Actor
from madoguchi.rules.calendar import JAPAN, in_japan
from madoguchi.rules.experts import Kind, Shown, Way

# Made up, as all of the demonstration is.
_LAWYER = "弁護士 緑川"
_PSYCHOLOGIST = "臨床心理士 黄瀬"
_QUESTION = "書いた人を特定する手続きと、かかる期間を教えてください。証拠の画像は保存ずみです。"
_THURSDAY, _MONDAY = 3, 0
_WEEKS = 4


def consult(*, adviser: Actor, supervisor: Actor, expert: User, at: dt.datetime) -> None:
    """Enter a lawyer who comes on Thursdays and a psychologist on Mondays; book one hour."""
    desk = supervisor.desk
    told = Told(
        _LAWYER, Kind.LAWYER, "みどり法律事務所（見本）", fee=11_000, quota=4, user=expert.pk
    )
    lawyer = add_expert(desk=desk, told=told, actor=supervisor, at=at)
    other = Told(_PSYCHOLOGIST, Kind.PSYCHOLOGIST, fee=8_000, missed_fee=4_000)
    psychologist = add_expert(desk=desk, told=other, actor=supervisor, at=at)
    thursdays = Hours(_next(_THURSDAY, 18, at), Way.INTERVIEW, 30, "面接室", _WEEKS)
    free = offer(expert=lawyer.pk, hours=thursdays, actor=adviser, at=at)
    mondays = Hours(_next(_MONDAY, 17, at), Way.TELEPHONE, 30, "窓口から電話", _WEEKS)
    offer(expert=psychologist.pk, hours=mondays, actor=adviser, at=at)
    mine = inbox(adviser).filter(adviser=adviser.user).select_related("matter")
    with_words = [it for it in mine if may_be_shown(it.matter)[0]]
    for row in with_words[:1]:
        asked = ask(matter=row.pk, plan=_plan(row), actor=adviser, at=at)
        book(asked=asked.pk, slot=free[0].pk, actor=adviser, at=at)
    for row in [it for it in with_words[1:] if receipt_made_at(it.pk)][:1]:
        plan = replace(_plan(row), names=Names(), is_agreed=False)
        asked = ask(matter=row.pk, plan=plan, actor=adviser, at=at)
        ask_person(asked=asked.pk, chosen=plan.chosen, actor=adviser, at=at)


def _plan(row: Consultation) -> Plan:
    messages, _files = may_be_shown(row.matter)
    first = tuple(str(it.id) for it in messages[:1])
    return Plan(
        kind=Kind.LAWYER,
        question=_QUESTION,
        chosen=Chosen(frozenset({Shown.MESSAGES}), first),
        names=Names(theirs=("mihon_account",)),
        is_agreed=True,
    )


def _next(weekday: int, hour: int, at: dt.datetime) -> dt.datetime:
    """Return the next such day of the week, not today, at `hour` o'clock in Japan."""
    today = in_japan(at).date()
    ahead = (weekday - today.weekday() - 1) % 7 + 1
    return dt.datetime.combine(today + dt.timedelta(days=ahead), dt.time(hour), JAPAN)
