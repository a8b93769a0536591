"""When a talk in the chat ends by itself, and who may speak in it."""

import datetime as dt
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules.access import Actor, RefusedError, Role
from madoguchi.rules.chat import (
    GONE_AFTER,
    LIFECYCLE,
    SILENT_AFTER,
    EndedBy,
    Facts,
    Status,
    Step,
    check_may_step,
    check_may_write,
    is_away,
    is_typing,
    lapsed,
)

AT = dt.datetime(2025, 5, 15, 14, 0, tzinfo=dt.UTC)
DESK, AOI, BENI = uuid4(), uuid4(), uuid4()
aoi = Actor(user=AOI, desk=DESK, role=Role.ADVISER)
beni = Actor(user=BENI, desk=DESK, role=Role.SUPERVISOR)
SECONDS = st.integers(0, 4_000)


def _facts(status=Status.TALKING, adviser=AOI, **said):
    return Facts(
        **{
            "desk": DESK,
            "status": status,
            "adviser": adviser,
            "last_line_at": AT,
            "person_seen_at": AT,
            **said,
        }
    )


def test_every_state_is_reached_and_a_summed_up_talk_stays_so():
    reached = {LIFECYCLE.start} | set(LIFECYCLE.table.values())
    assert reached == set(Status)
    assert not LIFECYCLE.steps_from(Status.SUMMED_UP)


@given(SECONDS)
def test_who_waits_is_thought_gone_only_after_ten_minutes_without_a_sign(seconds):
    how = lapsed(_facts(Status.WAITING, None), AT + dt.timedelta(seconds=seconds))
    assert how == (EndedBy.GONE if seconds > GONE_AFTER.total_seconds() else None)


@given(SECONDS, SECONDS, SECONDS)
def test_a_talk_goes_on_as_long_as_somebody_writes_or_types(line, typing, now):
    facts = _facts(
        last_line_at=AT + dt.timedelta(seconds=line),
        staff_typing_at=AT + dt.timedelta(seconds=typing),
    )
    at = AT + dt.timedelta(seconds=now)
    is_over = now - max(line, typing) > SILENT_AFTER.total_seconds()
    assert lapsed(facts, at) == (EndedBy.SILENCE if is_over else None)


def test_a_talk_that_is_over_lapses_no_more():
    late = AT + dt.timedelta(days=1)
    assert lapsed(_facts(Status.ENDED), late) is None
    assert lapsed(_facts(Status.SUMMED_UP), late) is None


def test_a_talk_is_one_adviser_s():
    with pytest.raises(RefusedError, match="talk-taken"):
        check_may_step(beni, Step.TAKE_TALK, _facts())
    with pytest.raises(RefusedError, match="talk-not-yours"):
        check_may_write(beni, _facts())
    with pytest.raises(RefusedError, match="talk-not-yours"):
        check_may_write(aoi, _facts(Status.WAITING, None))
    with pytest.raises(RefusedError, match="talk-over"):
        check_may_write(aoi, _facts(Status.ENDED))
    check_may_write(aoi, _facts())


def test_a_supervisor_may_end_and_hand_over_what_an_adviser_left():
    for step in (Step.END_TALK, Step.HAND_OVER_TALK, Step.SUM_UP_TALK):
        check_may_step(beni, step, _facts())
    other = Actor(user=uuid4(), desk=DESK, role=Role.ADVISER)
    with pytest.raises(RefusedError, match="talk-not-yours"):
        check_may_step(other, Step.END_TALK, _facts())


def test_another_desk_s_talk_is_nobody_s_business():
    chika = Actor(user=uuid4(), desk=uuid4(), role=Role.SUPERVISOR)
    for step in Step:
        with pytest.raises(RefusedError, match="another-desk"):
            check_may_step(chika, step, _facts())


def test_typing_and_presence_fade():
    assert is_typing(AT, AT + dt.timedelta(seconds=5))
    assert not is_typing(AT, AT + dt.timedelta(seconds=7))
    assert not is_typing(None, AT)
    assert not is_away(AT, AT + dt.timedelta(seconds=30))
    assert is_away(AT, AT + dt.timedelta(seconds=60))
