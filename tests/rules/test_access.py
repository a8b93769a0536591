"""Who may do what: refused, unless a rule allows."""

from uuid import UUID

import pytest

from madoguchi.rules.access import (
    Actor,
    RefusedError,
    Role,
    check_is_expert,
    check_may_read_figures,
    check_may_supervise,
    check_may_work_on,
    passes,
)

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
RULES = {
    check_is_expert: {Role.EXPERT},
    check_may_work_on: {Role.ADVISER, Role.SUPERVISOR},
    check_may_supervise: {Role.SUPERVISOR},
    check_may_read_figures: {Role.SUPERVISOR, Role.STATISTICIAN},
}


def _actor(role, desk=HERE):
    return Actor(user=UUID(int=9), desk=desk, role=role)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("role", Role)
def test_each_role_may_what_the_table_says_and_no_more(rule, role):
    if role in RULES[rule]:
        rule(_actor(role), HERE)
        return
    with pytest.raises(RefusedError):
        rule(_actor(role), HERE)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("role", Role)
def test_nobody_of_another_desk_may_anything(rule, role):
    with pytest.raises(RefusedError) as refusal:
        rule(_actor(role, ELSEWHERE), HERE)
    assert refusal.value.code == "another-desk"


def test_a_refusal_names_its_rule():
    for rule, role, code in (
        (check_may_work_on, Role.STATISTICIAN, "figures-only"),
        (check_may_supervise, Role.ADVISER, "supervisor-only"),
        (check_may_read_figures, Role.ADVISER, "figures-closed"),
        (check_is_expert, Role.SUPERVISOR, "experts-only"),
    ):
        with pytest.raises(RefusedError, match=code):
            rule(_actor(role), HERE)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("desk", [HERE, ELSEWHERE])
def test_the_menu_shows_figures_to_those_who_may_read_them(role, desk):
    allowed = role in RULES[check_may_read_figures] and desk == HERE
    assert passes(check_may_read_figures, _actor(role, desk), HERE) is allowed
