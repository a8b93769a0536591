"""Texts written after tuning. Their first-try score is in docs; here it must not get worse."""

import tomllib
from pathlib import Path
from typing import Any

from madoguchi.directory.editions import current
from madoguchi.directory.words import answers_in
from madoguchi.rules.guidance import windows_for

HERE = Path(__file__).parent
FRESH: list[dict[str, Any]] = [
    it
    for name in ("fresh.toml", "fresh-2.toml", "fresh-3.toml", "fresh-4.toml")
    for it in tomllib.loads((HERE / name).read_text("utf-8"))["situation"]
]


def _is_right(fresh: dict[str, Any]) -> bool:
    answers = answers_in(fresh["text"])
    if fresh["not_understood_ok"] and not answers.told():
        return True
    first = {it.id for it in windows_for(answers, current()).windows if it.rank <= 3}
    return not fresh["text_windows_ok"] or bool(first & set(fresh["text_windows_ok"]))


def _alarms(fresh: dict[str, Any]) -> bool:
    return windows_for(answers_in(fresh["text"]), current()).urgent


def test_there_are_three_hundred_fresh_texts() -> None:
    assert len({it["id"] for it in FRESH}) == 300
    assert len({it["text"] for it in FRESH}) == 299  # one was thought of twice


def test_fresh_texts_are_understood_no_worse_than_when_they_were_written() -> None:
    wrong = [it["id"] for it in FRESH if not _is_right(it)]
    assert len(wrong) <= 7, wrong


def test_danger_in_fresh_texts_is_found_no_worse_than_when_they_were_written() -> None:
    missed = [it["id"] for it in FRESH if it["danger_in_text"] and not _alarms(it)]
    assert len(missed) <= 3, missed


def test_few_fresh_harmless_texts_raise_an_alarm() -> None:
    """Most are made to look like danger. A page with two numbers too many does no harm."""
    alarmed = [it["id"] for it in FRESH if not it["danger_in_text"] and _alarms(it)]
    assert len(alarmed) <= 25, alarmed
