"""Reading the dated data files: what is missing or misspelt is said at start, by file."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from madoguchi.rules.guidance.answers import ONE_OF, SEVERAL_OF, YES_OR_NO
from madoguchi.rules.guidance.edition import UNSAID, Condition, Texts

_YES_OR_NO = ("yes", "no", UNSAID)
# Every fact a condition may name, and the values it can have. `topics` are matrix rows.
_FACTS: Mapping[str, tuple[str, ...]] = {
    **{name: (*values, UNSAID) for name, values in {**ONE_OF, **SEVERAL_OF}.items()},
    **dict.fromkeys((*YES_OR_NO, "child", "ordinance", "designated"), _YES_OR_NO),
    "branch": (*ONE_OF["happened"], UNSAID),
    "side": ("poster", "other"),
}


class DirectoryError(ValueError):
    """A data file does not say what it must; names the file and the place."""


def read(name: str, folder: Traversable | None = None) -> dict[str, Any]:
    """Return the content of a data file, TOML or JSON; of `folder` where that has one."""
    place = files("madoguchi.directory").joinpath("data", name)
    if folder is not None and folder.joinpath(name).is_file():
        place = folder.joinpath(name)
    try:
        text = place.read_text("utf-8")
        told: dict[str, Any] = json.loads(text) if name.endswith(".json") else tomllib.loads(text)
    except (OSError, ValueError) as fault:
        raise DirectoryError(f"{name}: {fault}") from fault
    return told


def names_in(folder: str) -> list[str]:
    """Return the names of the data files in `folder`, sorted."""
    place = files("madoguchi.directory").joinpath("data", folder)
    return sorted(f"{folder}/{it.name}" for it in place.iterdir() if it.name.endswith(".toml"))


def texts(told: object, where: str) -> Texts:
    """Read a text in its three languages."""
    if not isinstance(told, Mapping):
        raise DirectoryError(f"{where}: ja, easy and en are wanted")
    said = [told.get(language) for language in ("ja", "easy", "en")]
    if not all(isinstance(it, str) and it for it in said):
        raise DirectoryError(f"{where}: one of ja, easy, en is missing")
    return Texts(*(str(it) for it in said))


def conditions(told: object, where: str, rows: Iterable[str] = ()) -> tuple[Condition, ...]:
    """Read one table of facts, or a list of them."""
    tables = told if isinstance(told, list) else [told]
    return tuple(_condition(table, where, frozenset(rows)) for table in tables)


def _condition(told: object, where: str, rows: frozenset[str]) -> Condition:
    if not isinstance(told, Mapping):
        raise DirectoryError(f"{where}: a condition is a table of facts")
    return Condition(
        tuple((str(name), _values(str(name), value, where, rows)) for name, value in told.items())
    )


def _values(name: str, told: object, where: str, rows: frozenset[str]) -> frozenset[str]:
    listed = told if isinstance(told, list) else [told]
    values = {("yes" if it else "no") if isinstance(it, bool) else str(it) for it in listed}
    known = (*rows, UNSAID) if name == "topics" else _FACTS.get(name)
    if known is None:
        raise DirectoryError(f"{where}: there is no fact called {name}")
    if not values <= set(known):
        raise DirectoryError(f"{where}: {name} cannot be {sorted(values - set(known))}")
    return frozenset(values)
