"""A person's own words become answers offline; danger first, and rather nothing than a guess."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.directory.reading import read
from madoguchi.directory.words import answers_in, concepts, understanding
from madoguchi.rules.understanding import plain, spaced
from madoguchi.rules.understanding.naming import NameRow, named
from madoguchi.rules.understanding.wording import pieces
from tools import train

GUIDE = Path(__file__).parent.parent / "guide"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("もう死にたい", {"happened": "f", "danger_now": True}),
        ("ﾓｳ ｼﾆﾀｲ", {"happened": "f", "danger_now": True}),
        ("今から殺すと言われている", {"happened": "b", "danger_now": True}),
        ("つらいです。話を聞いてほしい", {"happened": "f", "wants": ["w6"]}),
        ("I want to disappear and end my life", {"happened": "f", "danger_now": True}),
        ("意見照会が届いた", {"happened": "e", "posted": ["e2"]}),
        ("ストーカーにつきまとわれて怖い", {"happened": "b"}),
        ("アカウントが乗っ取られた", {"happened": "c"}),
        ("大麻を売っているのを見つけた", {"happened": "d", "found": ["f4"]}),
        ("クラスＬＩＮＥでいじめ", {"happened": "a", "kinds": ["a6"], "service": "line-talk"}),
    ],
)
def test_words_tell_of_answers_and_danger_comes_first(text, told):
    understood = answers_in(text).told()
    assert {key: understood.get(key) for key in told} == told
    assert ("danger_now" in understood) is ("danger_now" in told)


@pytest.mark.parametrize(
    "text", ["", "。", "こんにちは", "hello", "おすすめのラーメン屋はどこですか", "xyzzy"]
)
def test_what_is_not_understood_is_admitted_not_guessed(text):
    assert answers_in(text).told() == {}


@pytest.mark.parametrize(
    "text",
    [
        "死ぬほど笑った",
        "ゲームで敵を殺すのが楽しい",
        "屋上で花火を見たい",
        "登山用のロープを買いました",
        "楽に生きるコツの本を探しています",
    ],
)
def test_words_that_only_sound_like_danger_raise_no_alarm(text):
    assert not answers_in(text).danger_now


def test_one_sentence_of_danger_does_not_drown_in_a_long_text():
    harmless = "先週から掲示板に店の悪口が書かれていて、削除のしかたを調べています。" * 12
    assert not answers_in(harmless).danger_now
    assert answers_in(harmless + "もう死にたいです。" + harmless).danger_now


def test_width_case_kind_of_kana_blanks_and_signs_make_no_difference():
    assert plain("ｼﾆ・タ ィ") == plain("しにたい") == plain("シ.ニ.タ.イ")
    assert plain("いやああああああ") == plain("イヤアア")


def test_long_texts_are_looked_at_in_overlapping_pieces():
    parts = [f"これは{number}番目の文です" for number in range(20)]
    found = pieces("。".join(parts))
    assert all(any(one in it and two in it for it in found) for one, two in pairwise(parts))
    assert pieces("短い文。二つ目。") == []


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("LINEのグループで", "line-talk"),
        ("オンラインゲームで悪口を", "other"),
        ("オンラインで見た", None),
        ("オプチャで悪口", "line-openchat"),
        ("Xで見た", "x"),
        ("Xさんが言った", None),
        ("ＴｉｋＴｏｋに", "tiktok"),
        ("noteに書かれた", "note"),
        ("notebookを買った", None),
    ],
)
def test_a_service_is_told_by_its_name_and_nothing_that_looks_like_it(text, service):
    assert named(text, understanding().names).get("service") == service


@pytest.mark.parametrize(
    ("text", "prefecture"),
    [
        ("東京都の者です", "東京都"),
        ("大阪に住んでいます", "大阪府"),
        ("京都市です", "京都府"),
        ("山口さんに書かれた", None),
        ("大分困っています", None),
    ],
)
def test_a_prefecture_is_where_somebody_lives_not_a_surname(text, prefecture):
    assert named(text, ()).get("prefecture") == prefecture


def test_the_first_name_holds_and_all_groups_are_wanted():
    rows = (
        NameRow((("あ",), ("い",)), {"service": "x"}),
        NameRow((("い",),), {"service": "note", "asked_platform": True}),
    )
    assert named("い", rows) == {"service": "note", "asked_platform": True}
    assert named("あい", rows) == {"service": "x", "asked_platform": True}


@given(st.text(max_size=1200))
@settings(max_examples=150, deadline=None)
def test_any_text_at_all_gives_answers_that_the_contract_knows(text):
    understood = answers_in(text)
    assert understood == type(understood).parsed(understood.told())


def test_what_was_learned_is_up_to_date_and_small():
    assert train.LEARNED.stat().st_size < 600_000
    assert read("understanding.json")["learned_from_sha256"] == train.digest()


def test_learning_again_gives_the_same_weights():
    learned = train.utterances()
    weights = understanding().weights
    labels = ["b", "e2", "who:school"]
    again = train.learn(learned, labels)
    for label, bias, units in zip(labels, again.bias, again.units, strict=True):
        at = weights.labels.index(label)
        assert (weights.bias[at], weights.units[at]) == (bias, units)
    assert len(weights.labels) == len(train.labels_of(learned))


def test_every_concept_is_learned_and_its_words_can_be_found():
    assert set(understanding().weights.concepts) <= set(concepts())
    assert all(words and all(words) for words in concepts().values())
    assert all(
        spaced(word) == word
        for it in understanding().names
        for group in it.groups
        for word in group
    )


def test_no_situation_of_the_examination_is_in_the_training_text():
    taught = {
        plain(line.split("\t")[1])
        for path in train.TRAINING.glob("*.tsv")
        for line in path.read_text("utf-8").splitlines()[1:]
    }
    exam = tomllib.loads((GUIDE / "situations.toml").read_text("utf-8"))["situation"]
    assert not taught & {plain(it["text"]) for it in exam}
