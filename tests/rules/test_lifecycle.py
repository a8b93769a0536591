"""A state machine is a table: what is not in it does not happen."""

from enum import StrEnum
from itertools import product

import pytest

from madoguchi.rules.lifecycle import IllegalStepError, Lifecycle


class Door(StrEnum):
    OPEN = "OPEN"
    SHUT = "SHUT"
    LOCKED = "LOCKED"


class Hand(StrEnum):
    PUSH = "PUSH"
    PULL = "PULL"
    TURN_KEY = "TURN_KEY"


LIFECYCLE = Lifecycle(
    name="door",
    start=Door.OPEN,
    table={
        (Door.OPEN, Hand.PUSH): Door.SHUT,
        (Door.SHUT, Hand.TURN_KEY): Door.LOCKED,
        (Door.SHUT, Hand.PULL): Door.OPEN,
        (Door.LOCKED, Hand.TURN_KEY): Door.SHUT,
    },
)


@pytest.mark.parametrize(("state", "step"), list(product(Door, Hand)))
def test_only_what_the_table_says_is_done(state, step):
    if (state, step) in LIFECYCLE.table:
        assert LIFECYCLE.after(state, step) is LIFECYCLE.table[state, step]
        return
    with pytest.raises(IllegalStepError) as refusal:
        LIFECYCLE.after(state, step)
    assert (refusal.value.state, refusal.value.step) == (state, step)
    assert str(refusal.value) == f"no step {step} from {state}"


@pytest.mark.parametrize("state", Door)
def test_the_buttons_are_the_steps_that_would_be_done_in_the_tables_order(state):
    possible = [step for (before, step) in LIFECYCLE.table if before is state]
    assert LIFECYCLE.steps_from(state) == possible


def test_the_drawing_shows_the_start_and_every_step_once():
    lines = LIFECYCLE.as_mermaid().splitlines()
    assert lines[:2] == ["stateDiagram-v2", "    [*] --> OPEN"]
    assert "    SHUT --> LOCKED: TURN_KEY" in lines
    assert len(lines) == 2 + len(LIFECYCLE.table)
