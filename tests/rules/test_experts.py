"""Asking an expert: how it moves, whom one may not ask, and what a quota leaves."""

import datetime as dt
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.directory.means import means
from madoguchi.rules.access import Actor, RefusedError, Role
from madoguchi.rules.experts import (
    LIFECYCLE,
    OPEN,
    SEEN,
    TAKEN,
    TOOK_PLACE,
    Advised,
    Facts,
    Status,
    Step,
    Wish,
    check_may_book,
    check_may_hear,
    conflicts,
    is_experts_own,
    quota_left,
    same_office,
    shows_link,
    video_link,
)
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.rules.means import Area, Household, guide_for
from tests.people import AT

DESK = uuid4()
AOI = Actor(user=uuid4(), desk=DESK, role=Role.ADVISER)
BENI = Actor(user=uuid4(), desk=DESK, role=Role.SUPERVISOR)
CHIKA = Actor(user=uuid4(), desk=uuid4(), role=Role.ADVISER)
FUMI = Actor(user=uuid4(), desk=DESK, role=Role.EXPERT)
WISH = Wish(
    desk=DESK, is_agreed=True, is_active=True, is_free=True, is_past=False, used=0, quota=None
)
names = st.frozensets(st.sampled_from("abcdef"), max_size=3)


# -- the lifecycle ----------------------------------------------------------------------------


@given(st.lists(st.sampled_from(Step), max_size=12))
def test_whatever_is_pressed_an_expert_sees_only_what_was_booked_and_is_not_over(steps):
    status, was_booked = LIFECYCLE.start, False
    for step in steps:
        try:
            status = LIFECYCLE.after(status, step)
        except IllegalStepError:
            continue
        was_booked = was_booked or step is Step.BOOK_EXPERT
        assert status not in SEEN or was_booked
        assert status not in TOOK_PLACE or was_booked
        assert (not LIFECYCLE.steps_from(status)) == (status not in OPEN)


def test_every_state_is_reached():
    reached, found = {LIFECYCLE.start}, None
    while found != reached:
        found = set(reached)
        reached |= {LIFECYCLE.after(it, step) for it in found for step in LIFECYCLE.steps_from(it)}
    assert reached == set(Status)


def test_an_hour_is_held_by_all_that_took_place_and_by_who_did_not_come():
    assert set(TAKEN) == {Status.BOOKED, Status.MISSED, *TOOK_PLACE}


# -- 利益相反 ---------------------------------------------------------------------------------


def told(ours, theirs, *, expert=None, office="", matter=None):
    return Advised(matter or uuid4(), expert or uuid4(), office, frozenset(ours), frozenset(theirs))


def test_an_expert_who_advised_the_other_side_is_found():
    expert = uuid4()
    before = told({"hana"}, {"jiro"}, expert=expert)
    wanted = told({"jiro"}, {"hana"}, expert=expert)
    assert conflicts(wanted, [before]) == [before]


def test_one_name_that_is_known_on_the_other_side_is_enough():
    expert = uuid4()
    before = told({"hana"}, set(), expert=expert)
    assert conflicts(told(set(), {"hana"}, expert=expert), [before]) == [before]
    against_ours = told(set(), {"jiro"}, expert=expert)
    assert conflicts(told({"jiro"}, set(), expert=expert), [against_ours]) == [against_ours]


def test_a_colleague_of_the_same_office_counts_as_the_expert():
    before = told({"hana"}, set(), office="みどり 法律事務所")
    assert conflicts(told(set(), {"hana"}, office="みどり法律事務所"), [before]) == [before]


def test_another_office_may_advise_the_other_side():
    before = told({"hana"}, set(), office="みどり法律事務所")
    assert not conflicts(told(set(), {"hana"}, office="あお法律事務所"), [before])


def test_two_who_have_the_same_adversary_may_have_the_same_lawyer():
    expert = uuid4()
    before = told({"hana"}, {"jiro"}, expert=expert)
    assert not conflicts(told({"emi"}, {"jiro"}, expert=expert), [before])


def test_the_same_matter_is_not_its_own_other_side():
    expert, matter = uuid4(), uuid4()
    before = told({"hana"}, {"jiro"}, expert=expert, matter=matter)
    assert not conflicts(told({"jiro"}, {"hana"}, expert=expert, matter=matter), [before])


def test_experts_without_an_office_share_none():
    assert not same_office("", " ")


@given(names, names, names, names)
def test_a_conflict_is_one_from_both_sides(ours, theirs, other_ours, other_theirs):
    expert = uuid4()
    one = told(ours, theirs, expert=expert)
    other = told(other_ours, other_theirs, expert=expert)
    assert bool(conflicts(one, [other])) == bool(conflicts(other, [one]))


# -- booking ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"is_agreed": False}, "expert-no-consent"),
        ({"is_active": False}, "expert-gone"),
        ({"is_free": False}, "slot-taken"),
        ({"is_past": True}, "slot-past"),
        ({"used": 4, "quota": 4}, "quota-full"),
        ({"is_houterasu": True, "houterasu_used": 3}, "houterasu-over"),
        ({"has_conflict": True}, "expert-conflict"),
    ],
)
def test_what_stands_in_the_way_of_a_booking(said, code):
    check_may_book(AOI, WISH)
    for actor in (AOI, BENI):
        with pytest.raises(RefusedError, match=code):
            check_may_book(actor, replace(WISH, **said))


def test_a_conflict_is_overruled_by_a_supervisor_with_a_reason_and_by_nobody_else():
    wish = replace(WISH, has_conflict=True)
    check_may_book(BENI, wish, overrule="相手方とは同名の別人")
    with pytest.raises(RefusedError, match="supervisor-only"):
        check_may_book(AOI, wish, overrule="相手方とは同名の別人")
    with pytest.raises(RefusedError, match="expert-conflict"):
        check_may_book(BENI, wish, overrule="  ")


def test_a_reason_overrules_nothing_but_a_conflict():
    with pytest.raises(RefusedError, match="expert-no-consent"):
        check_may_book(BENI, replace(WISH, is_agreed=False), overrule="急ぎ")


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_quota_never_leaves_less_than_nothing(used, quota):
    assert quota_left(used, quota) == max(quota - used, 0)
    assert quota_left(used, None) is None


# -- who sees, who writes ---------------------------------------------------------------------


@pytest.mark.parametrize("status", Status)
def test_an_expert_sees_her_own_while_it_lasts(status):
    own = Facts(desk=DESK, status=status, of=FUMI.user)
    assert is_experts_own(FUMI, own) == (status in SEEN)
    assert not is_experts_own(FUMI, replace(own, of=uuid4()))
    assert not is_experts_own(FUMI, replace(own, of=None))
    assert not is_experts_own(AOI, replace(own, of=AOI.user))


def test_the_result_is_written_by_the_expert_or_the_desk():
    own = Facts(desk=DESK, status=Status.BOOKED, of=FUMI.user)
    check_may_hear(FUMI, own)
    check_may_hear(AOI, own)
    with pytest.raises(RefusedError, match="another-desk"):
        check_may_hear(CHIKA, own)
    with pytest.raises(RefusedError, match="figures-only"):
        check_may_hear(replace(FUMI, user=uuid4()), own)


# -- 法テラス ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("household", "limit"),
    [
        (Household(1, 182_000), 182_000),
        (Household(2, 251_000), 251_000),
        (Household(3, 299_200, Area.CITY), 299_200),
        (Household(4, 0, Area.TOKYO, rent=200_000), 328_900 + 92_000),
        (Household(6, 0), 299_000 + 2 * 30_000),
        (Household(5, 0, Area.CITY), 328_900 + 33_000),
        (Household(1, 0, rent=30_000), 182_000 + 30_000),
    ],
)
def test_the_guide_value_is_that_of_the_published_table(household, limit):
    guide = guide_for(household, means().table)
    assert guide.limit == limit
    assert guide.is_within
    assert not guide_for(replace(household, income=limit + 1), means().table).is_within


def test_savings_above_the_guide_value_are_told_and_untold_ones_are_not_held_against_anybody():
    household = Household(1, 100_000)
    assert guide_for(household, means().table).is_within
    assert not guide_for(replace(household, assets=1_800_001), means().table).is_within


def test_the_means_test_says_where_it_was_read_and_that_it_is_to_be_checked():
    assert [it.id for it in means().sources] == ["houterasu-means"]
    assert means().unconfirmed


# -- the link of a video call -----------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    [
        "http://video.example/a",
        "video.example/a",
        "javascript:alert(1)",
        "https://",
        "https://emi:secret@video.example/a",
        "https://video.example/a b",
        "https://[broken",
        "会議室 123",
        "",
    ],
)
def test_what_is_no_https_link_is_no_link(place):
    assert video_link(place) is None


def test_an_https_link_is_taken_as_it_is():
    assert video_link(" https://video.example/a?pwd=1 ") == "https://video.example/a?pwd=1"


def test_a_link_stands_on_the_page_from_an_hour_before_until_the_end():
    starts = AT
    ends = AT + dt.timedelta(minutes=30)
    minute = dt.timedelta(minutes=1)
    seen = [
        shows_link(starts, ends, at)
        for at in (starts - 61 * minute, starts - 60 * minute, ends, ends + minute)
    ]
    assert seen == [False, True, True, False]
