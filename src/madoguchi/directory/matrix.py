"""The matrix as pages show it, and the notes under it in the three languages."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from madoguchi.directory.reading import DirectoryError, read, texts
from madoguchi.rules.guidance.edition import Texts


@cache
def matrix_notes() -> Mapping[str, Texts]:
    """Return each note by the sign that its cells carry (DirectoryError)."""
    told = read("topics.toml")["notes"]
    if set(told) != set(matrix()["notes"]):
        raise DirectoryError("topics.toml notes: not the notes of matrix.json")
    return {sign: texts(it, f"topics.toml note {sign}") for sign, it in told.items()}


@cache
def matrix() -> Mapping[str, Any]:
    """Return the matrix as its file has it, read once: pages show it for every window."""
    return read("matrix.json")
