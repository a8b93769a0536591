"""What is typed and what is written are folded alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules.identifying import Sign, handles_in, normalised
from madoguchi.rules.linking import connected
from madoguchi.rules.searching import excerpt, folded, likeness, needles, pairs_of


@pytest.mark.parametrize(
    "typed",
    ["06-1234-5678", "０６ー１２３４ー５６７８", "06‐1234−5678", "(06)1234-5678", "06 1234 5678"],
)
def test_a_number_is_found_however_it_is_typed(typed):
    [needle] = needles(typed.removeprefix("(") if typed[0] == "(" else typed)
    assert needle.replace("(", "").replace(")", "") in folded("電話は06—1234―5678です")
    assert normalised(Sign.TELEPHONE, typed) == "0612345678"


def test_a_long_vowel_is_no_hyphen():
    assert "サーバー" in folded("ｻｰﾊﾞｰのこと")


def test_words_divided_by_a_blank_must_all_be_there():
    assert needles("誹謗　中傷") == ["誹謗", "中傷"]


def test_an_excerpt_shows_the_words_as_they_were_written():
    found = excerpt("きのう、ＡＢＣ掲示板で 誹謗\n中傷をされました。", "誹謗中傷")
    assert (found.before, found.found, found.after) == (
        "きのう、ABC掲示板で ",
        "誹謗\n中傷",
        "をされました。",
    )


@given(st.text(), st.text(min_size=1, max_size=4), st.text())
def test_what_stands_in_a_text_is_found_there(before, word, after):
    needle, text = folded(word), before + word + after
    if needle and needle in folded(text):
        assert excerpt(text, needle) is not None


@given(
    st.text(alphabet="誹謗中傷 \n0-9ａ", max_size=30),
    st.text(alphabet="誹謗中傷", min_size=2, max_size=2),
)
def test_two_letters_are_found_exactly_where_they_stand(text, word):
    assert (excerpt(text, word) is not None) == (word in folded(text))


@pytest.mark.parametrize(
    ("sign", "typed", "kept"),
    [
        (Sign.TELEPHONE, "+81 90-1234-5678", "09012345678"),
        (Sign.TELEPHONE, "１１０", ""),
        (Sign.EMAIL, "Ｙｕｋｉ@Example.JP ", "yuki@example.jp"),
        (Sign.EMAIL, "yuki", ""),
        (Sign.HANDLE, "＠Yuki_01", "yuki_01"),
        (Sign.CHAT, " U123 ", "U123"),
    ],
)
def test_signs_are_compared_in_one_form(sign, typed, kept):
    assert normalised(sign, typed) == kept


def test_accounts_are_read_out_of_addresses():
    told = "https://x.com/Bad_Name/status/1\nhttps://www.instagram.com/other.one/\nhttps://x.com/search?q=1"
    assert list(handles_in(told)) == ["Bad_Name", "other.one"]


def test_much_the_same_words_are_alike_and_others_are_not():
    one = pairs_of("なりすましのアカウントを作られ、仕事についてうそを書かれています")
    same = pairs_of("なりすましアカウントを作られて、仕事のうそを書かれています")
    other = pairs_of("学校のグループで写真を勝手に送られてこまっています")
    assert likeness(one, same) > 0.5
    assert likeness(one, other) < 0.2


def test_links_hold_together_whoever_they_reach():
    assert connected([1, 2, 3, 4], [(1, 2), (3, 2)]) == [{1, 2, 3}, {4}]
