"""Hand-overs: how they move, and that nothing goes without consent."""

from uuid import uuid4

import pytest

from madoguchi.rules.access import Actor, RefusedError, Role
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.rules.referral import (
    LIFECYCLE,
    OPEN,
    Facts,
    Item,
    Status,
    Step,
    Way,
    check_may_agree,
    check_may_hear,
    check_may_send,
    steps_for,
)

DESK = uuid4()
AOI = Actor(user=uuid4(), desk=DESK, role=Role.ADVISER)
CHIKA = Actor(user=uuid4(), desk=uuid4(), role=Role.ADVISER)
DAICHI = Actor(user=uuid4(), desk=DESK, role=Role.STATISTICIAN)


def facts(status=Status.PREPARED, way=Way.DESK, agreed=frozenset({Item.STORY})):
    asked = frozenset({Item.STORY, Item.REACH})
    return Facts(desk=DESK, status=status, way=way, asked=asked, agreed=agreed)


def test_every_state_is_reached():
    reached, found = {LIFECYCLE.start}, None
    while found != reached:
        found = set(reached)
        reached |= {LIFECYCLE.after(it, step) for it in found for step in LIFECYCLE.steps_from(it)}
    assert reached == set(Status)


def test_only_what_is_settled_or_withdrawn_is_over():
    over = {status for status in Status if not LIFECYCLE.steps_from(status)}
    assert over == {Status.SETTLED, Status.WITHDRAWN} == set(Status) - set(OPEN)


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.RETURNED, Status.ANSWERED])
def test_what_was_taken_up_is_not_called_back(status):
    with pytest.raises(IllegalStepError):
        LIFECYCLE.after(status, Step.WITHDRAW_HANDOVER)


@pytest.mark.parametrize(
    ("agreed", "code"), [(None, "no-consent"), (frozenset(), "nothing-agreed")]
)
def test_nothing_goes_without_consent(agreed, code):
    with pytest.raises(RefusedError, match=code):
        check_may_send(AOI, facts(agreed=agreed))
    assert Step.HAND_OVER not in steps_for(facts(agreed=agreed))


def test_with_consent_it_goes():
    check_may_send(AOI, facts())
    assert Step.HAND_OVER in steps_for(facts())


@pytest.mark.parametrize("actor", [CHIKA, DAICHI])
def test_nobody_else_lets_it_go(actor):
    with pytest.raises(RefusedError):
        check_may_send(actor, facts())


@pytest.mark.parametrize("way", [Way.DESK, Way.PEER, Way.FILE])
def test_the_person_herself_takes_only_what_she_carries(way):
    check_may_send(None, facts(way=Way.PERSON))
    with pytest.raises(RefusedError, match="staff-only"):
        check_may_send(None, facts(way=way))


def test_she_agrees_to_less_than_she_was_asked_but_never_to_more():
    assert check_may_agree([Item.STORY], facts()) == {Item.STORY}
    assert check_may_agree([], facts()) == frozenset()
    with pytest.raises(RefusedError, match="item-not-asked"):
        check_may_agree([Item.STORY, Item.FILES], facts())


def test_what_has_gone_cannot_be_agreed_to_anew():
    with pytest.raises(RefusedError, match="handover-gone"):
        check_may_agree([Item.STORY], facts(Status.SENT))


@pytest.mark.parametrize("way", [Way.DESK, Way.PEER])
def test_a_desk_with_a_row_of_its_own_speaks_for_itself(way):
    with pytest.raises(RefusedError, match="they-say-themselves"):
        check_may_hear(AOI, Step.ANSWER_HANDOVER, facts(Status.SENT, way))
    assert steps_for(facts(Status.SENT, way)) == [Step.SETTLE_HANDOVER, Step.WITHDRAW_HANDOVER]


@pytest.mark.parametrize("way", [Way.FILE, Way.PERSON])
def test_what_an_office_says_by_telephone_is_noted(way):
    check_may_hear(AOI, Step.ANSWER_HANDOVER, facts(Status.SENT, way))
    assert Step.ANSWER_HANDOVER in steps_for(facts(Status.SENT, way))
