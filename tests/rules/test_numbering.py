"""Numbers that people say aloud: mistakes in them are noticed."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from madoguchi.rules.calendar import FiscalYear
from madoguchi.rules.numbering import (
    in_fours,
    is_sound_code,
    matter_number,
    typed_digits,
    with_check_digit,
)

bodies = st.text("0123456789", min_size=15, max_size=15)


@given(bodies)
def test_a_made_code_is_sound(body):
    assert is_sound_code(with_check_digit(body))
    assert with_check_digit(body).startswith(body)


@given(bodies, st.integers(0, 15), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_is_noticed(body, at, digit):
    code = with_check_digit(body)
    assume(code[at] != digit)
    assert not is_sound_code(code[:at] + digit + code[at + 1 :])


@given(bodies, st.integers(0, 14))
def test_every_swap_of_neighbours_is_noticed(body, at):
    code = with_check_digit(body)
    assume(code[at] != code[at + 1])
    assert not is_sound_code(code[:at] + code[at + 1] + code[at] + code[at + 2 :])


def test_exactly_one_of_ten_last_digits_is_right():
    assert sum(is_sound_code("123456789012345" + last) for last in "0123456789") == 1


@pytest.mark.parametrize(
    "code", ["", "0", "572", with_check_digit("0" * 14), with_check_digit("1" * 16)]
)
def test_a_code_of_another_length_is_not_sound(code):
    assert not is_sound_code(code)


def test_the_check_digit_is_damms():
    # The example by which descriptions of Damm's algorithm show this very table.
    assert with_check_digit("572") == "5724"


@pytest.mark.parametrize(
    "typed",
    [
        "1234567890123456",
        "1234-5678-9012-3456",
        " 1234 5678 9012 3456 ",
        "１２３４５６７８９０１２３４５６",
        "１２３４－５６７８－９０１２－３４５６",
        "1234ー5678ー9012ー3456",
        "1234‐5678–9012—3456",
        "1234−5678―9012\u00a03456",
        "1234　5678　9012　3456",
        "1234・5678、9012.3456\t",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed):
    assert typed_digits(typed) == "1234567890123456"


@pytest.mark.parametrize("typed", ["", "----", "12a4", "十二", "1234/5678", "٣٤", "1x"])
def test_what_is_no_number_is_none(typed):
    assert typed_digits(typed) is None


@given(bodies)
def test_what_is_read_aloud_is_read_back(body):
    code = with_check_digit(body)
    assert typed_digits(in_fours(code)) == code
    assert len(in_fours(code)) == 19


def test_a_matters_number_says_its_fiscal_year():
    assert matter_number(FiscalYear(2026), 412) == "R8-0412"
    assert matter_number(FiscalYear(2026), 1) == "R8-0001"
    assert matter_number(FiscalYear(2026), 12345) == "R8-12345"


@given(st.integers(1, 99_999), st.integers(1, 99_999))
def test_no_two_matters_of_a_year_share_a_number(one, other):
    year = FiscalYear(2026)
    assert (matter_number(year, one) == matter_number(year, other)) == (one == other)
