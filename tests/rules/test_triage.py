"""Danger first: which words are found, and where a matter stands in the inbox."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.directory.danger import danger_words
from madoguchi.rules.triage import (
    Signals,
    Urgency,
    finds_danger,
    folded,
    needs_safety_check,
    urgency_of,
)

IN_DANGER = [
    "もう死にたいです",
    "しにたい",
    "し に た い",
    "タヒにたい",
    "消 え た い",
    "きえたい…",
    "生きていたくない",
    "自殺を考えています",
    "リストカットの写真を広められた",
    "殺すと言われました",
    "「殺してやる」と書かれた",
    "元彼に殺されるかもしれない",
    "にころされそうです",
    "今から行くからなと書いてある",
    "いまから死にます",
    "家の前にいると連絡が来た",
    "ｺﾛｽと書かれた",
    "I WANT TO DIE",
    "He said he will kill me",
    "I was raped",
]
ORDINARY = [
    "書き込みを消したいです",
    "死ねと書かれて、いやな気持ちです",
    "今のところすごく困っている",
    "理由もなく悪口を書かれた",
    "海外にいる友だちに相談した",
    "首をつっこむなと言われた",
    "彼氏にたいして申し訳ない",
    "必死のうったえです",
    "今からできることはありますか",
    "grape drape skill meeting",
    "人殺しとうその書き込みをされた",
    "",
]


@pytest.mark.parametrize("text", IN_DANGER)
def test_danger_is_found(text):
    assert finds_danger(text, danger_words())


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_trouble_is_not_called_danger(text):
    assert not finds_danger(text, danger_words())


def test_the_words_are_folded_and_none_is_too_short_to_be_meant():
    assert danger_words()
    assert all(word == folded(word) and len(word) >= 2 for word in danger_words())


@given(st.text(max_size=20), st.sampled_from(sorted(danger_words())), st.text(max_size=20))
def test_what_stands_around_a_word_does_not_hide_it(before, word, after):
    assert finds_danger(f"{before}\n{word}\n{after}", {word})


@pytest.mark.parametrize(
    ("signals", "urgency"),
    [
        (Signals(), Urgency.ORDINARY),
        (Signals(under18=True), Urgency.SERIOUS),
        (Signals(danger_words=True), Urgency.DANGER),
        (Signals(says_unsafe=True), Urgency.DANGER),
        (Signals(danger_words=True, says_unsafe=True, under18=True), Urgency.DANGER),
    ],
)
def test_danger_stands_above_everything(signals, urgency):
    assert urgency_of(signals) is urgency
    assert needs_safety_check(signals) == (urgency is Urgency.DANGER)
