"""Secret codes for people who give no name: made, and hashed slowly."""

import secrets

from django.contrib.auth.hashers import ScryptPasswordHasher

from madoguchi.rules.numbering import CODE_DIGITS, with_check_digit

# The digits hold 50 bits and the row is found by a keyed hash: 8 MB and some 20 ms of
# scrypt are enough here, and bearable for a page that every letter waits for.
_WORK, _BLOCK, _LANES = 2**13, 8, 1
# Neither 0 and o nor 1, i and l.
_UNMISTAKABLE = "23456789abcdefghjkmnpqrstuvwxyz"
_hasher = ScryptPasswordHasher()


def new_code() -> str:
    """Return a fresh code of 16 digits, the last of which checks the others."""
    return with_check_digit(f"{secrets.randbelow(10 ** (CODE_DIGITS - 1)):0{CODE_DIGITS - 1}}")


def new_short_code() -> str:
    """Return eight digits, good for minutes and a few tries: no secret that lasts."""
    return f"{secrets.randbelow(10**8):08}"


def new_password() -> str:
    """Return a first password to be read aloud: four groups of five, 98 bits."""
    groups = ("".join(secrets.choice(_UNMISTAKABLE) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def slow_hash(code: str) -> str:
    """Return a salted slow hash of `code`."""
    return _hasher.encode(code, secrets.token_hex(8), n=_WORK, r=_BLOCK, p=_LANES)


_NOBODY = slow_hash(new_code())


def proves(code: str, hashed: str | None) -> bool:
    """Tell whether `hashed` is of `code`. None costs the same time and is False."""
    return _hasher.verify(code, hashed or _NOBODY) and hashed is not None
