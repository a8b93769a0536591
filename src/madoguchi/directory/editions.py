"""The edition in force (案内の版): all data of the guide, checked once when it is first asked for.

Works without Django and without a database.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from madoguchi.directory.reading import DirectoryError, conditions, read, texts
from madoguchi.directory.windows import Window, all_windows
from madoguchi.rules.guidance.answers import ONE_OF, SEVERAL_OF
from madoguchi.rules.guidance.edition import Cell, Edition, Rule, Texts, Topic, WindowFacts
from madoguchi.rules.prefectures import PREFECTURES

_RULES = "guidance-rules.toml"
_MARKS = {"○", "△", "×", "—"}
_LISTS = ("first", "also", "last", "excludes", "only", "advise", "numbers")


@cache
def current() -> Edition:
    """Return the edition in force (DirectoryError, naming the file)."""
    table = read(_RULES)
    matrix = _matrix()
    topics = read("topics.toml")
    edition = Edition(
        name=table["edition"],
        as_of=table["as_of"],
        windows={it.id: _facts_of(it) for it in all_windows().values()},
        matrix=matrix,
        topics=tuple(_topic(it) for it in topics["topics"]),
        rules=tuple(_rule(it) for it in table["rules"]),
        advice=advice(),
        ordinances=_ordinances(table["as_of"]),
        designated=frozenset(
            name for name, it in services().items() if it["designated_on"] is not None
        ),
        outside=texts(topics["outside"], "topics.toml outside"),
        in_part=texts(topics["in_part"], "topics.toml in_part"),
    )
    _check(edition)
    return edition


@cache
def advice() -> Mapping[str, Texts]:
    """Return what somebody can do themselves, by id."""
    return {
        name: texts(it, f"advice.toml {name}")
        for name, it in read("advice.toml").items()
        if name != "format"
    }


@cache
def services() -> Mapping[str, Mapping[str, Any]]:
    """Return each service's `name` (Texts) and `designated_on` (a day or None)."""
    told = read("services.toml")["services"]
    if tuple(told) != ONE_OF["service"]:
        raise DirectoryError("services.toml: not the services of the contract, in its order")
    return {
        name: {"name": texts(it, f"services.toml {name}"), "designated_on": it.get("designated_on")}
        for name, it in told.items()
    }


@cache
def matrix_labels() -> Mapping[str, Texts]:
    """Return how people call the groups and the rows (`group/row`) of the matrix."""
    told = read("topics.toml")
    labels = {name: texts(it, f"topics.toml {name}") for name, it in told["labels"].items()}
    return labels | {it["row"]: texts(it["name"], it["row"]) for it in told["topics"]}


def _matrix() -> Mapping[str, Mapping[str, Cell]]:
    return {
        f"{row['group']}/{row['row']}": {
            window: _cell(cell, row["row"]) for window, cell in row["cells"].items()
        }
        for row in read("matrix.json")["rows"]
    }


def _cell(told: Mapping[str, Any], row: str) -> Cell:
    if told["mark"] not in _MARKS:
        raise DirectoryError(f"matrix.json: {row}: there is no mark {told['mark']}")
    return Cell(told["mark"], bool(told["certain"]), told.get("note", ""))


def _topic(told: Mapping[str, Any]) -> Topic:
    where = f"topics.toml {told['row']}"
    return Topic(told["row"], texts(told["name"], where), conditions(told["reached_by"], where))


def _rule(told: Mapping[str, Any]) -> Rule:
    where = f"{_RULES} {told['id']}"
    if not told.get("source"):
        raise DirectoryError(f"{where}: a rule names its source")
    return Rule(
        id=told["id"],
        when=conditions(told["when"], where),
        unless=conditions(told["unless"], where) if "unless" in told else (),
        why=texts(told["why"], where),
        source=told["source"],
        **{name: tuple(told.get(name, ())) for name in _LISTS},
        urgent=told.get("urgent", False),
        chart=told.get("chart", False),
        follows=told.get("follows", ""),
    )


def _ordinances(on: dt.date) -> frozenset[str]:
    """Return the prefectures whose ordinance is in force on the day `on`."""
    told = read("prefectures.toml")
    named = {it["prefecture"] for it in (*told["ordinances"], *told["unconfirmed"])}
    if not named <= set(PREFECTURES):
        raise DirectoryError(f"prefectures.toml: {sorted(named - set(PREFECTURES))}")
    return frozenset(it["prefecture"] for it in told["ordinances"] if it["in_force_on"] <= on)


def _facts_of(window: Window) -> WindowFacts:
    return WindowFacts(window.id, window.does, window.role, window.limits)


def _check(edition: Edition) -> None:
    """Refuse rules that name what is not there, and matrix rows nothing leads to."""
    numbers = {it["id"] for it in read("urgent.toml")["numbers"]}
    _no_strangers("rules", _twice(rule.id for rule in edition.rules), set())
    for rule in edition.rules:
        named = {it for place in _LISTS[:5] for it in getattr(rule, place)}
        _no_strangers(f"{rule.id}: windows", named, set(edition.windows))
        _no_strangers(f"{rule.id}: advise", set(rule.advise), set(edition.advice))
        _no_strangers(f"{rule.id}: numbers", set(rule.numbers), numbers)
        _no_strangers(f"{rule.id}: follows", {rule.follows} - {""}, set(SEVERAL_OF))
    subjects = {row for row in edition.matrix if not row.startswith(("access/", "handling/"))}
    _no_strangers("topics.toml", {it.row for it in edition.topics} ^ subjects, set())


def _no_strangers(where: str, named: set[str], known: set[str]) -> None:
    if named - known:
        raise DirectoryError(f"{_RULES} {where}: {sorted(named - known)}")


def _twice(names: Iterable[str]) -> set[str]:
    listed = list(names)
    return {it for it in listed if listed.count(it) > 1}
