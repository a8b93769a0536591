"""The guide's examination: situations written from the documents, not from the code."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from madoguchi.directory.editions import current
from madoguchi.directory.words import answers_in
from madoguchi.rules.guidance import Answers, Guidance, windows_for

HERE = Path(__file__).parent
SITUATIONS: list[dict[str, Any]] = tomllib.loads((HERE / "situations.toml").read_text("utf-8"))[
    "situation"
]
UNDERSTOOD_AT_LEAST = 0.90
NOT_FOR_POSTERS = {"hibo-hotline", "safeline", "ihc"}


def _first_three(guidance: Guidance) -> set[str]:
    return {window.id for window in guidance.windows if window.rank <= 3}


def _fits(guidance: Guidance, right: list[str]) -> bool:
    return not right or bool(_first_three(guidance) & set(right))


def test_there_are_at_least_a_hundred_and_twenty_situations() -> None:
    assert len({it["id"] for it in SITUATIONS}) == len(SITUATIONS) >= 120


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda it: it["id"])
def test_with_answers_the_guide_is_right(situation: dict[str, Any]) -> None:
    guidance = windows_for(Answers.parsed(situation["answers"]), current())
    assert _fits(guidance, situation["any_of_first_three"]), _first_three(guidance)
    assert not {window.id for window in guidance.windows} & set(situation["never"])
    assert guidance.windows or guidance.advice
    if not situation.get("urgent_undecided"):
        assert guidance.urgent is situation["urgent"]


DANGEROUS = [it for it in SITUATIONS if it["danger_in_text"] and not it.get("urgent_undecided")]
HARMLESS = [it for it in SITUATIONS if not it["danger_in_text"] and not it.get("urgent_undecided")]


@pytest.mark.parametrize("situation", DANGEROUS, ids=lambda it: it["id"])
def test_from_words_alone_every_danger_is_flagged(situation: dict[str, Any]) -> None:
    assert windows_for(answers_in(situation["text"]), current()).urgent


def test_from_words_alone_alarm_is_not_raised_for_everything() -> None:
    alarmed = [it["id"] for it in HARMLESS if windows_for(answers_in(it["text"]), current()).urgent]
    assert len(alarmed) <= len(HARMLESS) * 0.05, alarmed


def test_from_words_alone_the_guide_is_right_nine_times_in_ten() -> None:
    wrong = []
    for situation in SITUATIONS:
        answers = answers_in(situation["text"])
        admits = situation["not_understood_ok"] and not answers.told()
        guidance = windows_for(answers, current())
        if not admits and not _fits(guidance, situation["text_windows_ok"]):
            wrong.append(situation["id"])
    assert 1 - len(wrong) / len(SITUATIONS) >= UNDERSTOOD_AT_LEAST, wrong


@pytest.mark.parametrize(
    "situation",
    [it for it in SITUATIONS if it["answers"].get("happened") == "e"],
    ids=lambda it: it["id"],
)
def test_from_words_alone_the_posters_side_is_never_sent_where_it_is_turned_away(
    situation: dict[str, Any],
) -> None:
    named = {window.id for window in windows_for(answers_in(situation["text"]), current()).windows}
    assert not named & NOT_FOR_POSTERS


def test_from_words_alone_hardly_anybody_is_sent_where_they_are_turned_away() -> None:
    sent = [
        it["id"]
        for it in SITUATIONS
        if {window.id for window in windows_for(answers_in(it["text"]), current()).windows}
        & set(it["never"])
    ]
    assert len(sent) <= len(SITUATIONS) * 0.05, sent
