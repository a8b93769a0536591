"""Written situations, taken from the documents, and what a good counsellor would answer."""

import pytest

from madoguchi.directory.editions import current
from madoguchi.rules.guidance import Answers, OwnDesk, UnknownAnswerError, windows_for

OSAKA = OwnDesk("ネットハーモニー", "大阪府")


def guidance(own=None, **told):
    return windows_for(Answers.parsed(told), current(), own)


def named(own=None, **told):
    return [window.id for window in guidance(own, **told).windows]


def refused(**told):
    return {it.id for it in guidance(**told).not_for_you}


def a(*kinds, **told):
    return {"happened": "a", "kinds": list(kinds), **told}


def d(*found, **told):
    return {"happened": "d", "found": list(found), **told}


def e(*posted, **told):
    return {"happened": "e", "posted": list(posted), **told}


# what happened, who must stand among the first three in this order, who must not be named
SITUATIONS = {
    "an impostor lies about my work, I want to know who it is": (
        a("a1", "a3", service="instagram", wants=["w3"]),
        ["lawyer", "houterasu"],
        ["hibo-hotline", "safeline", "ihc"],
    ),
    "I regret what I wrote on a board twenty years ago": (
        e("e1"),
        ["ihaho", "platform"],
        ["hibo-hotline", "safeline", "ihc"],
    ),
    "posts against a people and an area, seen in Osaka": (
        d("f15", prefecture="大阪府"),
        ["prefecture", "moj", "ihaho"],
        ["houterasu", "safeline", "ihc", "hibo-hotline"],
    ),
    "the same, seen where there is no ordinance": (
        d("f15", prefecture="東京都"),
        ["moj", "ihaho"],
        ["prefecture"],
    ),
    "my daughter's face on a nude, in the class's closed chat": (
        a("a5", who="guardian", under18=True, service="line-talk"),
        ["police", "school"],
        ["ihc", "safeline", "hibo-hotline"],
    ),
    "somebody pretends to be a pupil, says the mother": (
        a("a3", who="guardian", under18=True),
        ["school", "ihaho"],
        ["hibo-hotline", "safeline", "ihc"],
    ),
    "somebody pretends to be me, I am fifteen": (
        a("a3", who="self", under18=True),
        ["school", "ihaho"],
        ["hibo-hotline"],
    ),
    "is what I wrote defamation?": (e("e4"), ["houterasu", "ihaho", "lawyer"], ["ihc"]),
    "they say they will demand disclosure": (e("e3"), ["lawyer", "houterasu"], ["hibo-hotline"]),
    "a letter asks for my opinion": (e("e2"), ["lawyer", "houterasu"], ["safeline"]),
    "my number on a review site, the site does not answer": (
        a("a1", "a2", wants=["w2"], asked_platform=True),
        ["ihaho", "moj", "lawyer"],
        ["platform"],
    ),
    "photos and names of my family on X, I want to know who and remove it": (
        a("a1", "a2", wants=["w2", "w3"], removal=["d5"], service="x"),
        ["ihaho", "platform", "lawyer"],
        [],
    ),
    "he says he will come to my house and kill me": (
        {"happened": "b", "danger_now": True},
        ["police"],
        [],
    ),
    "the same account has followed me for years": (
        {"happened": "b", "danger_now": False},
        ["police"],
        [],
    ),
    "my nudes are online": (a("a5", who="self"), ["police", "safeline", "ihaho"], ["hibo-hotline"]),
    "a friend's nudes are online": (
        a("a5", who="friend", under18=False),
        ["police", "ihaho"],
        ["safeline", "hibo-hotline"],
    ),
    "my wife's nudes are online": (
        a("a5", who="guardian", under18=False),
        ["police", "ihaho"],
        ["safeline"],
    ),
    "my child's nudes are online": (
        a("a5", who="guardian"),
        ["police", "safeline", "school"],
        ["hibo-hotline"],
    ),
    "they film my child being beaten": (
        a("a10", who="guardian", under18=True),
        ["police", "school", "safeline"],
        ["ihc", "hibo-hotline"],
    ),
    "bullying, I am twelve": (a("a6", under18=True), ["school", "moj", "ihaho"], ["ihc"]),
    "bullying among adults at work": (a("a6", under18=False), ["ihaho"], ["school"]),
    "insulted, I want it gone, by a human rights office": (
        a("a1", wants=["w2"], removal=["d2"]),
        ["moj"],
        ["safeline", "ihc"],
    ),
    "insulted, a private body should tell the company": (
        a("a1", wants=["w2"], removal=["d3"], who="self"),
        ["hibo-hotline"],
        ["safeline", "ihc"],
    ),
    "impersonated, a private body should tell the company": (
        a("a3", wants=["w2"], removal=["d3"]),
        ["ihaho"],
        ["hibo-hotline"],
    ),
    "insulted, to be reported as illegal": (
        a("a1", wants=["w2"], removal=["d4"]),
        ["ihaho"],
        ["safeline", "ihc"],
    ),
    "a friend is insulted, a private body should tell the company": (
        a("a1", wants=["w2"], removal=["d3"], who="friend"),
        ["ihaho"],
        ["hibo-hotline"],
    ),
    "insulted, but nobody can tell who is meant": (
        a("a1", wants=["w2"], removal=["d3"], identifiable=False),
        ["ihaho"],
        ["hibo-hotline"],
    ),
    "our shop is badly reviewed": (
        a("a1", wants=["w2"], removal=["d3"], who="company", service="google-maps"),
        ["ihaho", "lawyer"],
        ["hibo-hotline", "moj", "houterasu"],
    ),
    "my photos sold as somebody else's work": (
        a("a4", wants=["w2"], removal=["d2"]),
        ["ihaho", "lawyer"],
        ["moj", "hibo-hotline", "safeline", "ihc"],
    ),
    "my old arrest is the first search result": (
        a("a9"),
        ["ihaho", "lawyer", "platform"],
        ["hibo-hotline", "safeline", "ihc"],
    ),
    "insulted for where I come from, in Hyogo": (
        a("a7", prefecture="兵庫県"),
        ["prefecture", "moj", "ihaho"],
        ["hibo-hotline"],
    ),
    "insulted, I want compensation": (a("a1", wants=["w4"]), ["lawyer", "houterasu"], []),
    "insulted, I want them punished": (a("a1", wants=["w5"]), ["police"], []),
    "my account was hacked": ({"happened": "c"}, ["police", "consumer", "ipa"], ["ihaho", "ihc"]),
    "I only want somebody to listen": ({"happened": "f"}, ["mamorou"], ["police"]),
    "I want to disappear": ({"happened": "f", "danger_now": True}, ["mamorou", "police"], []),
    "I do not know what to do": ({"happened": "g"}, ["ihaho"], ["ihc"]),
    "child abuse images": (d("f1"), ["ihc", "safeline", "police"], ["hibo-hotline"]),
    "drugs for sale": (d("f4"), ["ihc", "safeline"], ["hibo-hotline", "houterasu"]),
    "killing for hire": (d("f9"), ["ihc", "safeline"], []),
    "others invited to suicide": (d("f10"), ["ihc", "safeline", "mamorou"], []),
    "a bomb is announced": (d("f11"), ["police", "ihc"], []),
    "a bullying video of another school": (d("f12"), ["safeline"], ["ihc"]),
    "gruesome pictures": (d("f13"), ["safeline", "ihaho"], ["ihc"]),
    "false news": (d("f16"), ["ihaho"], ["safeline", "ihc"]),
    "an online casino": (d("f18"), ["ihc", "police"], ["safeline"]),
    "only to report a drug seller": (d("f4", wants=["w8"]), ["ihc", "safeline"], []),
    "a get-rich scheme": (d("f8"), ["police", "consumer"], ["safeline", "ihc"]),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_situation_leads_where_a_counsellor_would(situation):
    told, first, never = SITUATIONS[situation]
    windows = named(**told)
    assert [window for window in windows[:3] if window in first] == first
    assert not set(windows) & set(never)


@pytest.mark.parametrize(
    ("told", "urgent"),
    [
        ({}, False),
        (a("a5"), True),
        (a("a5", who="friend", under18=False), False),
        (a("a5", who="friend", under18=True), True),
        (a("a10", who="guardian"), True),
        (a("a1", danger_now=True), True),
        (a("a1", danger_now=False), False),
        (a("a6", under18=True), False),
        (a("a7"), False),
        ({"happened": "b"}, False),
        ({"happened": "b", "danger_now": True}, True),
        ({"happened": "f"}, False),
        ({"happened": "f", "danger_now": True}, True),
        (d("f1"), True),
        (d("f2"), False),
        (d("f2", under18=True), False),
        (d("f3"), False),
        (d("f3", who="self"), True),
        (d("f10"), False),
        (d("f11"), True),
        (e("e1"), False),
        ({"happened": "c", "danger_now": True}, True),
    ],
)
def test_it_is_urgent_where_life_body_or_intimacy_is_at_stake_and_only_there(told, urgent):
    assert guidance(**told).urgent is urgent


def test_every_window_says_why_and_what_it_does():
    for told, _, _ in SITUATIONS.values():
        for at, window in enumerate(guidance(**told).windows, start=1):
            assert window.rank == at
            assert window.does
            assert all((window.why.ja, window.why.easy, window.why.en))
            assert window.limits


def test_what_is_refused_says_why():
    assert "hibo-hotline" in refused(**a("a3", wants=["w2"], removal=["d3"]))
    assert "safeline" in refused(**a("a1", wants=["w2"], removal=["d4"]))
    assert "safeline" in refused(**d("f3"))
    assert {"hibo-hotline", "safeline", "ihc"} <= refused(**e("e1"))


def test_the_order_of_ticking_is_the_order_of_the_windows():
    one = named(**a("a1", wants=["w2"], removal=["d2", "d1"]))
    other = named(**a("a1", wants=["w2"], removal=["d1", "d2"]))
    assert one.index("moj") < one.index("ihaho")
    assert other.index("ihaho") < other.index("moj")


def test_a_designated_service_is_asked_first_hand_and_has_seven_days():
    told = a("a1", wants=["w2"], service="x", asked_platform=False)
    assert "platform" in named(**told)[:3]
    assert "seven-days" in guidance(**told).advice
    assert "seven-days" not in guidance(**told | {"service": "5ch"}).advice


def test_whoever_has_not_asked_the_service_is_told_that_they_can():
    assert "tell-platform" in guidance(**a("a2", asked_platform=False)).advice


def test_a_closed_talk_cannot_be_reported():
    for told in (d("f4", service="line-talk"), a("a5", service="line-talk")):
        assert not {"ihc", "safeline", "hibo-hotline"} & set(named(**told))


def test_the_own_desk_stands_last_where_it_takes_the_matter_and_the_person():
    assert named(OSAKA, **a("a1"))[-1] == "own"
    assert named(OSAKA, **a("a1", prefecture="大阪府"))[-1] == "own"
    assert "own" not in named(OSAKA, **a("a1", prefecture="奈良県"))
    assert "own" not in named(OSAKA, happened="c")
    assert "own" not in named(**a("a1"))


def test_the_desks_prefecture_holds_where_none_was_said():
    assert "prefecture" in named(OSAKA, **a("a7"))
    assert "prefecture" not in named(OSAKA, **a("a7", prefecture="奈良県"))
    assert "prefecture" not in named(**a("a7"))


def test_an_ordinance_that_was_not_confirmed_puts_nothing_in():
    assert "prefecture" not in named(**a("a7", prefecture="群馬県"))


def test_a_child_in_danger_is_heard_beside_the_police():
    windows = named(**a("a6", under18=True, danger_now=True))
    assert windows[:3] == ["police", "mamorou", "school"]


@pytest.mark.parametrize(
    ("told", "code", "key"),
    [
        ([], "not-a-table", ""),
        ("a", "not-a-table", ""),
        ({"hapened": "a"}, "unknown-key", "hapened"),
        ({"happened": "z"}, "unknown-value", "happened"),
        ({"happened": ["a"]}, "not-a-word", "happened"),
        ({"kinds": "a1"}, "not-a-list", "kinds"),
        ({"kinds": ["a1", "b2"]}, "unknown-value", "kinds"),
        ({"kinds": [["a1"]]}, "unknown-value", "kinds"),
        ({"under18": 1}, "not-yes-or-no", "under18"),
        ({"prefecture": "大阪"}, "unknown-value", "prefecture"),
        ({"service": "myspace"}, "unknown-value", "service"),
    ],
)
def test_what_is_unknown_is_refused_by_its_key(told, code, key):
    with pytest.raises(UnknownAnswerError) as refusal:
        Answers.parsed(told)
    assert (refusal.value.code, refusal.value.key) == (code, key)


def test_a_missing_key_null_and_an_empty_list_are_not_said():
    assert Answers.parsed({"happened": None, "kinds": [], "under18": None}) == Answers()


def test_what_is_urgent_outranks_discrimination():
    windows = named(happened="d", found=["f1", "f15"], prefecture="兵庫県")
    assert windows[:3] == ["ihc", "safeline", "police"]
