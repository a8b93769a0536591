"""The receipt code: read aloud, copied by hand, typed on anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules.numbering import in_fours, is_sound_code, typed_digits, with_check_digit

CODE = with_check_digit("123456789012345")
fifteen = st.text("0123456789", min_size=15, max_size=15)


@given(fifteen, st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(digits, place, by):
    code = with_check_digit(digits)
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    assert is_sound_code(code)
    assert not is_sound_code(wrong)


@given(fifteen, st.integers(0, 14))
def test_two_neighbours_changed_round_are_noticed(digits, place):
    code = with_check_digit(digits)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_sound_code(swapped) == (swapped == code)


FOURS = in_fours(CODE)
TYPED = [
    CODE,
    FOURS,
    FOURS.replace("-", " "),
    FOURS.replace("-", "　"),
    FOURS.replace("-", "ー"),
    FOURS.replace("-", "−"),
    FOURS.replace("-", "‐"),
    f"  {FOURS} ",
    f"受付コード：{FOURS}",
    f"{FOURS}\u200b\u00a0",
    CODE.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    FOURS.translate(str.maketrans("0123456789-", "０１２３４５６７８９－")),
]


@pytest.mark.parametrize("typed", TYPED)
def test_a_code_is_understood_however_it_is_typed(typed):
    assert typed_digits(typed) == CODE


@pytest.mark.parametrize("typed", ["", "----", "1234-abcd", "一二三四", "1234\n5678", "٣٤٥"])
def test_what_is_no_number_is_none(typed):
    assert typed_digits(typed) is None


@pytest.mark.parametrize("digits", ["", "0", CODE[:-1], CODE + "0"])
def test_a_code_has_sixteen_digits(digits):
    assert not is_sound_code(digits)


def test_a_code_is_read_in_fours():
    assert in_fours("1234567890123456") == "1234-5678-9012-3456"
