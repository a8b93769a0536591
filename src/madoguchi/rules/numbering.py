"""Numbers that people say aloud: the matter's 受付番号 and the person's 受付コード."""

import unicodedata

from madoguchi.rules.calendar import FiscalYear

CODE_DIGITS = 16

# Damm's quasigroup of order 10 (H. M. Damm, 2004): finds every single wrong digit and
# every swap of two neighbours.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
# What people type between groups of digits: every hyphen and dash, blanks, the long vowel mark.
_BETWEEN = frozenset("-‐‑‒–—―−－ーｰ~〜 　\t\u00a0・.,、")


def matter_number(year: FiscalYear, sequence: int) -> str:
    """Return the number staff use for a matter: R8-0412."""
    return f"{year.short}-{sequence:04}"


def _remainder(digits: str) -> str:
    interim = "0"
    for digit in digits:
        interim = _DAMM[int(interim)][int(digit)]
    return interim


def with_check_digit(digits: str) -> str:
    """Return `digits` followed by their check digit."""
    return digits + _remainder(digits)


def is_sound_code(digits: str) -> bool:
    """Tell whether `digits` are sixteen and the last one checks the others."""
    return len(digits) == CODE_DIGITS and _remainder(digits) == "0"


def typed_digits(text: str) -> str | None:
    """Return the digits of a code as typed or pasted, or None.

    Full-width letters, hyphens, blanks and invisible marks do no harm, nor does a label
    before a colon that was copied along (受付コード：…).
    """
    said = unicodedata.normalize("NFKC", text).rpartition(":")[2]
    folded = "".join(
        letter for letter in said if letter not in _BETWEEN and unicodedata.category(letter) != "Cf"
    )
    return folded if folded.isascii() and folded.isdigit() else None


def in_fours(digits: str) -> str:
    """Return a code as it is read aloud: 1234-5678-9012-3456."""
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))
