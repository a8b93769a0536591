"""Who may read, approve and second: never oneself, never twice, nobody of another desk."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules.access import Actor, RefusedError, Role
from madoguchi.rules.approval import (
    BY_ASKER,
    OUTCOMES,
    Ask,
    Asked,
    Outcome,
    check_may_decide,
    may_decide,
)

HERE, THERE = UUID(int=1), UUID(int=2)
AOI = Actor(UUID(int=11), HERE, Role.ADVISER)
AYA = Actor(UUID(int=12), HERE, Role.ADVISER)
BENI = Actor(UUID(int=13), HERE, Role.SUPERVISOR)
CHIKA = Actor(UUID(int=14), THERE, Role.SUPERVISOR)
DAICHI = Actor(UUID(int=15), HERE, Role.STATISTICIAN)
everybody = st.sampled_from([AOI, AYA, BENI, CHIKA, DAICHI])


def _refusal(actor, asked, outcome):
    with pytest.raises(RefusedError) as refused:
        check_may_decide(actor, asked, outcome)
    return refused.value.code


@pytest.mark.parametrize(
    ("actor", "asked", "outcome", "code"),
    [
        (AOI, Asked(Ask.SECOND_READING, HERE, AOI.user), Outcome.APPROVED, "own-approval"),
        (BENI, Asked(Ask.APPROVAL, HERE, BENI.user), Outcome.APPROVED, "own-approval"),
        (AYA, Asked(Ask.APPROVAL, HERE, AOI.user), Outcome.APPROVED, "supervisor-only"),
        (AYA, Asked(Ask.CIRCULATION, HERE, AOI.user, BENI.user), Outcome.READ, "asked-of-another"),
        (AYA, Asked(Ask.CIRCULATION, HERE, AOI.user), Outcome.RETURNED, "unknown-code"),
        (AYA, Asked(Ask.CIRCULATION, HERE, AOI.user), Outcome.WITHDRAWN, "not-the-asker"),
        (BENI, Asked(Ask.SECOND_READING, HERE, AOI.user), Outcome.REWRITTEN, "not-the-asker"),
        (AOI, Asked(Ask.APPROVAL, HERE, AOI.user), Outcome.REWRITTEN, "unknown-code"),
        (CHIKA, Asked(Ask.APPROVAL, HERE, AOI.user), Outcome.APPROVED, "another-desk"),
        (DAICHI, Asked(Ask.CIRCULATION, HERE, AOI.user), Outcome.READ, "figures-only"),
        (
            BENI,
            Asked(Ask.APPROVAL, HERE, AOI.user, is_decided=True),
            Outcome.APPROVED,
            "decided-already",
        ),
    ],
)
def test_a_refusal_names_its_rule(actor, asked, outcome, code):
    assert _refusal(actor, asked, outcome) == code


@pytest.mark.parametrize(
    ("actor", "asked", "outcome"),
    [
        (AYA, Asked(Ask.SECOND_READING, HERE, AOI.user), Outcome.APPROVED),
        (AYA, Asked(Ask.SECOND_READING, HERE, AOI.user, AYA.user), Outcome.RETURNED),
        (BENI, Asked(Ask.APPROVAL, HERE, AOI.user), Outcome.RETURNED),
        (BENI, Asked(Ask.CIRCULATION, HERE, AOI.user, AYA.user), Outcome.READ),
        (AOI, Asked(Ask.APPROVAL, HERE, AOI.user), Outcome.WITHDRAWN),
        (AOI, Asked(Ask.SECOND_READING, HERE, AOI.user), Outcome.REWRITTEN),
    ],
)
def test_who_was_asked_answers(actor, asked, outcome):
    check_may_decide(actor, asked, outcome)


@given(everybody, everybody, st.sampled_from(Ask), st.none() | everybody, st.sampled_from(Outcome))
def test_nobody_ever_decides_their_own_question_nor_another_desks(actor, asker, ask, of, outcome):
    asked = Asked(ask, HERE, asker.user, of.user if of else None)
    try:
        check_may_decide(actor, asked, outcome)
    except RefusedError:
        return
    assert actor.desk == HERE
    assert (actor == asker) == (outcome in BY_ASKER)
    assert outcome in BY_ASKER or outcome in OUTCOMES[ask]
    assert outcome in BY_ASKER or may_decide(actor, asked)
