"""How a consultation moves, and who may move it."""

from itertools import product
from uuid import UUID

import pytest

from madoguchi.rules.access import Actor, RefusedError, Role
from madoguchi.rules.consultation import LIFECYCLE, Facts, Status, Step, check_may_step, may_step
from madoguchi.rules.lifecycle import IllegalStepError

DESK, ELSEWHERE = UUID(int=1), UUID(int=2)
AOI = Actor(user=UUID(int=11), desk=DESK, role=Role.ADVISER)
BENI = Actor(user=UUID(int=12), desk=DESK, role=Role.SUPERVISOR)
CHIKA = Actor(user=UUID(int=13), desk=ELSEWHERE, role=Role.SUPERVISOR)
DAICHI = Actor(user=UUID(int=14), desk=DESK, role=Role.STATISTICIAN)


def _facts(status: Status = Status.IN_PROGRESS, unclassified: int = 0) -> Facts:
    return Facts(desk=DESK, status=status, unclassified=unclassified)


def _refusal(actor: Actor | None, step: Step, facts: Facts) -> str | None:
    try:
        check_may_step(actor, step, facts)
    except RefusedError as refusal:
        return refusal.code
    return None


def test_nobody_replies_or_closes_before_somebody_is_in_charge():
    for step in (Step.REPLY, Step.CLOSE):
        with pytest.raises(IllegalStepError):
            LIFECYCLE.after(Status.RECEIVED, step)


def test_a_person_is_heard_in_every_state():
    for status in Status:
        assert LIFECYCLE.after(status, Step.HEAR) is not Status.CLOSED


def test_who_writes_after_the_end_comes_back_to_the_inbox():
    assert LIFECYCLE.after(Status.CLOSED, Step.HEAR) is Status.RECEIVED


def test_a_call_can_be_noted_in_every_state():
    for status in Status:
        assert LIFECYCLE.after(status, Step.NOTE_CALL) is Status.IN_PROGRESS


def test_every_state_is_reached():
    reached, waiting = {LIFECYCLE.start}, [LIFECYCLE.start]
    while waiting:
        status = waiting.pop()
        for step in LIFECYCLE.steps_from(status):
            after = LIFECYCLE.after(status, step)
            if after not in reached:
                reached.add(after)
                waiting.append(after)
    assert reached == set(Status)


@pytest.mark.parametrize(("step", "status"), list(product(Step, Status)))
def test_another_desk_and_the_statistician_take_no_step(step, status):
    assert _refusal(CHIKA, step, _facts(status)) == "another-desk"
    assert _refusal(DAICHI, step, _facts(status)) == "figures-only"


@pytest.mark.parametrize("step", [Step.ASSIGN, Step.REOPEN])
def test_only_a_supervisor_assigns_and_reopens(step):
    assert _refusal(AOI, step, _facts()) == "supervisor-only"
    assert _refusal(BENI, step, _facts()) is None


def test_nothing_is_closed_while_a_contact_is_unclassified():
    assert _refusal(AOI, Step.CLOSE, _facts(unclassified=1)) == "unclassified-contacts"
    assert _refusal(AOI, Step.CLOSE, _facts()) is None


def test_the_person_who_consults_can_only_write():
    for step in Step:
        expected = None if step is Step.HEAR else "staff-only"
        assert _refusal(None, step, _facts()) == expected


def test_a_button_is_shown_only_where_it_would_work():
    assert may_step(AOI, Step.CLOSE, _facts(Status.WAITING))
    assert not may_step(AOI, Step.CLOSE, _facts(Status.RECEIVED))
    assert not may_step(AOI, Step.REOPEN, _facts(Status.CLOSED))
    assert may_step(BENI, Step.REOPEN, _facts(Status.CLOSED))
