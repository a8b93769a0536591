"""Clues in running words."""

import pytest

from madoguchi.rules.identifying import Sign, clues_in_words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("電話は090-1234-5678です", [(Sign.TELEPHONE, "090-1234-5678")]),
        ("０６ー１２３４ー５６７８まで", [(Sign.TELEPHONE, "06-1234-5678")]),
        ("+81 90 1234 5678", [(Sign.TELEPHONE, "+81 90 1234 5678")]),
        ("emi.k@home.testへ", [(Sign.EMAIL, "emi.k@home.test")]),
        ("犯人は @iyana_hito と x.com/iyana_hito", [(Sign.HANDLE, "iyana_hito")]),
        ("0120-279-338 にかけました", []),
        ("2026-11-22 10:30、受付番号 R8-0041、1234567", []),
        ("特になし", []),
    ],
)
def test_what_looks_like_a_clue_is_found_once_and_nothing_else(words, found):
    assert [(it.sign, it.value) for it in clues_in_words(words)] == found
