"""A desk where everything that is counted has happened, in May 2025 and a little outside."""

import datetime as dt

from madoguchi.consultations.operations import chatting, linking, receiving, working
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.correspondence.operations import chat
from madoguchi.experts.operations import booking, hearing
from madoguchi.experts.operations.hearing import Heard
from madoguchi.referrals.operations import reporting
from madoguchi.referrals.operations.reporting import Told
from madoguchi.rules import periods
from madoguchi.rules.experts import Result
from madoguchi.rules.linking import Tie
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.triage import Signals
from madoguchi.rules.url_report import Aimed, Step
from tests import experts, handovers
from tests.operations.test_quality import bring
from tests.people import AT

MAY = periods.month(2025, 5)
_MINUTE = dt.timedelta(minutes=1)
_DAY = dt.timedelta(days=1)


def fill(desk, aoi, beni) -> None:
    """Let the desk work: letters, calls, chats, hand-overs, experts, reports."""
    matters = _letters(desk, aoi)
    _calls(desk)
    _talks(desk, aoi)
    for key in ("desk:", "file:moj", "person:moj"):
        handovers.sent(aoi, matters[0], key)
    _ask_experts(aoi, beni, matters)
    _report(aoi, matters[0])


def _letters(desk, aoi) -> list:
    found = []
    for service in ("x", "x", "youtube", "", "x"):
        told = Particulars(service=service, places="https://example.jp/1")
        letter = Letter(words="困っています", channel="EMAIL", particulars=told)
        found.append(receiving.receive(desk=desk.pk, letter=letter, at=AT).matter)
    for matter, days in zip(found, (0, 1, 4, 20), strict=False):
        at = AT + days * _DAY + _MINUTE
        working.take_charge(matter=matter, actor=aoi.actor, at=at)
        working.reply(matter=matter, words="読みました", actor=aoi.actor, at=at)
    receiving.hear(
        matter=found[0], words="また", channel="SNS", signals=Signals(), at=AT + 5 * _DAY
    )
    linking.link(
        matters=(found[3], found[4]), tie=Tie.SAME_MATTER, actor=aoi.actor, at=AT + 21 * _DAY
    )
    return found


def _calls(desk) -> None:
    told = (("0", "moj;police"), ("15", "moj"), ("16", ""), ("61", "ihaho;moj"), ("", "ihaho"))
    for number, (minutes, windows) in enumerate(told):
        action = "中断" if number % 2 else "助言"
        bring(desk, 内容=f"電{number}", 所要分=minutes, 紹介先=windows, 対応=action)
    bring(desk, 受付日時="2025-04-30T23:50", 内容="前", 所要分="10", 紹介先="moj")


def _talks(desk, aoi) -> None:
    for wait in (1, 4, None, 40, None):
        talk = chatting.open_talk(desk=desk.pk, words="います", signals=Signals(), at=AT).talk
        if wait is None:
            chatting.leave(talk=talk, at=AT + _MINUTE)
            continue
        at = AT + wait * _MINUTE
        chatting.take_talk(talk=talk, actor=aoi.actor, at=at)
        chat.answer(talk=talk, actor=aoi.actor, words="こんにちは", at=at)
        chatting.end_talk(talk=talk, actor=aoi.actor, at=at + _MINUTE)


def _ask_experts(aoi, beni, matters) -> None:
    """Let Fumi advise, take on, and have two to come; let Gen be missed once and awaited once."""
    fumi, gen = experts.lawyer(beni), experts.lawyer(beni, name="げん", office="", fee=5_500)
    done = AT + 60 * _DAY
    advised, taken_on, *to_come = _booked(aoi, beni, fumi, matters)
    for asked, result in ((advised, Result.ADVICE_ONLY), (taken_on, Result.TAKEN_ON)):
        heard = Heard(result, "助言しました", minutes=25, fee=fumi.fee)
        hearing.hear(asked=asked.pk, heard=heard, actor=aoi.actor, at=done)
    assert len(to_come) == 2
    missed, awaited = _booked(aoi, beni, gen, matters[2:4], later=dt.timedelta(hours=1))
    booking.note_missed(asked=missed.pk, actor=aoi.actor, at=done)
    booking.note_met(asked=awaited.pk, actor=aoi.actor, at=done)


def _booked(aoi, beni, expert, matters, later=_MINUTE) -> list:
    """Return questions for the expert's hours of the last ten days of May."""
    starts = experts.THURSDAY + later
    thursdays = experts.hours(beni, expert, weeks=2, starts_at=starts)
    fridays = experts.hours(beni, expert, weeks=2, starts_at=starts + _DAY)
    slots = [*thursdays, *fridays]
    return [experts.booked(aoi, it, slot) for it, slot in zip(matters, slots, strict=False)]


def _report(aoi, matter) -> None:
    steps = (Step.HAND_IN, Step.CONFIRM, Step.REQUEST, Step.CONCLUDE, Step.ADVISE)
    aims = ((Aimed.AREA, 5, matter), (Aimed.AREA, 2, None), (Aimed.PEOPLE, 0, None))
    for number, (aimed, passed, of) in enumerate((*aims, (Aimed.PERSON, 3, matter)), 1):
        urls = tuple(f"https://example.jp/{it}" for it in range(number))
        told = Told(urls, "差別の書きこみ", aimed, matter=of)
        row = reporting.write(actor=aoi.actor, told=told, at=AT)
        for days, step in enumerate(steps[:passed], 1):
            on = (AT + days * _DAY).date()
            reporting.advance(
                report=row.pk, actor=aoi.actor, step=step, on=on, words="", at=AT + 30 * _DAY
            )
