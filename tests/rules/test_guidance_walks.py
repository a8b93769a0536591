"""Every answer, every pair on a page, all facts, and whole paths: what must always hold."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.directory.editions import current
from madoguchi.directory.questions import RESULT, all_questions
from madoguchi.directory.reading import read
from madoguchi.rules.guidance import Answers, OwnDesk, windows_for
from madoguchi.rules.guidance.answers import ONE_OF, SEVERAL_OF, YES_OR_NO
from madoguchi.rules.guidance.edition import UNSAID

OWN = OwnDesk("ネットハーモニー", "大阪府")
# Which way of `happened` a list of letters belongs to.
WAY = {"kinds": "a", "wants": "a", "removal": "a", "found": "d", "posted": "e"}
SINGLES = [
    *({"happened": letter} for letter in ONE_OF["happened"]),
    *({"happened": WAY[key], key: [it]} for key, letters in SEVERAL_OF.items() for it in letters),
]
PAIRS = [
    {"happened": WAY[key], key: list(pair)}
    for key, letters in SEVERAL_OF.items()
    for pair in combinations(letters, 2)
]
ACROSS = [
    {"happened": "a", "kinds": [kind], "wants": [want], "removal": [way] if want == "w2" else []}
    for kind, want, way in product(SEVERAL_OF["kinds"], SEVERAL_OF["wants"], SEVERAL_OF["removal"])
    if want == "w2" or way == "d1"
]
FACTS = [
    {**({} if who is None else {"who": who}), **dict(zip(YES_OR_NO, flags, strict=True))}
    for who in (None, *ONE_OF["who"])
    for flags in product((None, True, False), repeat=len(YES_OR_NO))
]

one_of = {key: st.none() | st.sampled_from(values) for key, values in ONE_OF.items()}
several_of = {
    key: st.lists(st.sampled_from(values), max_size=4, unique=True)
    for key, values in SEVERAL_OF.items()
}
flags = dict.fromkeys(YES_OR_NO, st.none() | st.booleans())
whole_paths = st.fixed_dictionaries({**one_of, **several_of, **flags})


def check(told):
    """Assert what holds for every guidance there is."""
    edition = current()
    answers = Answers.parsed(told)
    for own in (None, OWN):
        said = windows_for(answers, edition, own)
        ids = [window.id for window in said.windows]
        assert ids or said.advice, told
        assert len(ids) == len(set(ids))
        assert not set(ids) & {it.id for it in said.not_for_you}, told
        assert ids[-1:] == ["own"] or "own" not in ids
        facts = edition.facts(answers, own.prefecture if own else None)
        check_danger(said, ids, answers)
        check_matrix(ids, facts, edition)
        check_side(ids, facts)


def check_danger(said, ids, answers):
    if answers.danger_now:
        assert said.urgent
        assert ids[0] in {"police", "mamorou"}
        assert "police" in ids[:2]
        assert "police-110" in said.numbers
    if answers.happened == "b":
        assert ids[0] == "police"
    if said.urgent:
        assert said.numbers


def check_matrix(ids, facts, edition):
    """No × window, and none that only a doubtful cell speaks for (the flow chart may)."""
    rows = [edition.matrix[row] for row in facts["topics"] if row != UNSAID]
    for window in ids:
        cells = [row[window] for row in rows if window in row]
        if cells:
            assert not all(cell.mark == "×" for cell in cells), (window, facts["topics"])
            by_chart = any(
                rule.chart and window in (*rule.first, *rule.also) and rule.applies(facts)
                for rule in edition.rules
            )
            assert any(cell.takes for cell in cells) or by_chart, (window, facts["topics"])


def check_side(ids, facts):
    if facts["side"] == ("poster",):
        assert not {"hibo-hotline", "safeline", "ihc"} & set(ids)
    if facts["branch"] == ("c",) and not {"a5", "a10"} & set(facts["kinds"]):
        assert set(ids) <= {"police", "consumer", "ipa", "mamorou"}
    if facts["who"] == ("company",):
        assert "hibo-hotline" not in ids


@pytest.mark.parametrize("told", [*SINGLES, *PAIRS, *ACROSS], ids=str)
def test_every_answer_and_every_pair_leads_somewhere(told):
    check(told)
    assert windows_for(Answers.parsed(told), current()).windows


@pytest.mark.parametrize("way", [*SINGLES[:7], {"happened": "a", "kinds": ["a5"]}], ids=str)
def test_every_combination_of_facts_holds(way):
    for facts in FACTS:
        check(way | facts)


@given(told=whole_paths)
def test_whole_paths_hold(told):
    check(told)


@given(told=whole_paths)
def test_answers_can_be_told_and_read_again(told):
    answers = Answers.parsed(told)
    assert Answers.parsed(answers.told()) == answers


def test_every_row_of_the_matrix_is_reached_and_has_a_window():
    edition = current()
    reached = {}
    for told in SINGLES:
        answers = Answers.parsed(told | {"under18": True})
        for row in edition.facts(answers)["topics"]:
            reached.setdefault(row, []).extend(windows_for(answers, edition).windows)
    subjects = {row for row in edition.matrix if not row.startswith(("access/", "handling/"))}
    assert len(subjects) == 18
    assert subjects == set(reached) - {UNSAID}
    assert all(reached[row] for row in subjects)


@pytest.mark.parametrize("node", read("flow-chart.toml")["nodes"], ids=lambda it: it["id"])
def test_every_node_of_the_flow_chart_is_reached(node):
    for told in node["answers"]:
        said = windows_for(Answers.parsed(told), current(), OWN)
        assert set(node["windows"]) <= {window.id for window in said.windows[:3]} | (
            {"own"} & {window.id for window in said.windows}
        )


@pytest.mark.parametrize("rule", current().rules, ids=lambda rule: rule.id)
def test_no_row_of_the_table_is_dead(rule):
    edition = current()
    for condition in rule.when:
        told = {name: min(values - {UNSAID} or values) for name, values in condition.wanted}
        assert rule.applies(
            {name: (told.get(name, UNSAID),) for name in edition.facts(Answers())}
        ), "a condition that `unless` always forbids"


def test_a_doubtful_cell_alone_puts_nothing_in():
    """いじめ × 法テラス is ○ in the stored copy, but doubtful."""
    cell = current().matrix["違法情報/いじめ"]["houterasu"]
    assert (cell.mark, cell.certain) == ("○", False)
    told = {"happened": "a", "kinds": ["a6"], "asked_platform": True}
    assert "houterasu" not in [it.id for it in windows_for(Answers.parsed(told), current()).windows]


def _longest(question, questions):
    onward = {question.next, *(it.next for it in question.options)} - {"", RESULT}
    return 1 + max((_longest(questions[it], questions) for it in onward), default=0)


def test_nobody_is_asked_more_than_four_questions():
    questions = all_questions()
    assert _longest(questions["q1"], questions) <= 4
