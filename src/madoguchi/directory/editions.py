"""The edition in force (案内の版): all data of the guide, checked once when it is first asked for.

Works without Django and without a database.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any

from madoguchi.directory.facts import DOUBT, Fact, provenance
from madoguchi.directory.local import Local, all_local
from madoguchi.directory.reading import DirectoryError, conditions, read, texts
from madoguchi.directory.windows import Window, all_windows
from madoguchi.rules.guidance.answers import ONE_OF, SEVERAL_OF
from madoguchi.rules.guidance.edition import Cell, Edition, Rule, Texts, Topic, WindowFacts
from madoguchi.rules.guidance.edition import Facts as Situation

_RULES = "guidance-rules.toml"
_MARKS = {"○", "△", "×", "—"}
_LISTS = ("first", "also", "last", "excludes", "only", "advise", "numbers", "mutes")


@cache
def current() -> Edition:
    """Return the edition in force (DirectoryError, naming the file)."""
    return edition()


def edition(folder: Traversable | None = None, local: Mapping[str, Local] | None = None) -> Edition:
    """Return the edition whose rules, matrix and topics lie in `folder`; else those in force."""
    table = read(_RULES, folder)
    topics = read("topics.toml", folder)
    found = Edition(
        name=table["edition"],
        as_of=table["as_of"],
        windows={it.id: _facts_of(it) for it in all_windows().values()},
        matrix=_matrix(folder),
        topics=tuple(_topic(it) for it in topics["topics"]),
        rules=tuple(_rule(it) for it in table["rules"]),
        advice=advice(),
        ordinances=_ordinances(table["as_of"], all_local() if local is None else local),
        designated=designated(table["as_of"]),
        outside=texts(topics["outside"], "topics.toml outside"),
        in_part=texts(topics["in_part"], "topics.toml in_part"),
        doubt=DOUBT,
        unsure=frozenset(it for it, told in services().items() if told["fact"].unconfirmed),
    )
    _check(found)
    return found


@cache
def advice() -> Mapping[str, Texts]:
    """Return what somebody can do themselves, by id."""
    return {
        name: texts(it, f"advice.toml {name}")
        for name, it in read("advice.toml").items()
        if name != "format"
    }


def advice_in(situation: Situation, named: Iterable[str]) -> Iterator[tuple[str, Texts]]:
    """Yield the advice `named` with its text: as sure as the fact it rests `on`."""
    for name in named:
        is_unsure = _grounds().get(name) in situation["unsure"]
        yield name, advice()[name] + DOUBT if is_unsure else advice()[name]


@cache
def _grounds() -> Mapping[str, str]:
    """Return the fact that an advice rests `on`, where the file names one."""
    told = {name: it for name, it in read("advice.toml").items() if name != "format"}
    return {name: it["on"] for name, it in told.items() if "on" in it}


@cache
def services() -> Mapping[str, Mapping[str, Any]]:
    """Return each service's `name` (Texts), `provider`, `designated_on` and `duty_from`.

    The last two are days, or None where it is not designated; `fact` says who says so.
    """
    file = read("services.toml")
    told = file["services"]
    if tuple(told) != ONE_OF["service"]:
        raise DirectoryError("services.toml: not the services of the contract, in its order")
    return {name: _service(name, it, file) for name, it in told.items()}


def _service(name: str, told: Mapping[str, Any], file: Mapping[str, Any]) -> Mapping[str, Any]:
    where = f"services.toml {name}"
    days = {it: told.get(it) for it in ("designated_on", "duty_from")}
    if (days["designated_on"] is None) != (days["duty_from"] is None):
        raise DirectoryError(f"{where}: designated_on and duty_from belong together")
    sources, checked_on, _ = provenance({**file, **told}, where)
    return {
        "name": texts(told, where),
        "provider": told.get("provider", ""),
        "fact": Fact(name, sources, checked_on, told.get("unconfirmed", False)),
        **days,
    }


def designated(on: dt.date) -> frozenset[str]:
    """Return the services that on the day `on` have to answer within seven days."""
    return frozenset(
        name
        for name, it in services().items()
        if it["duty_from"] is not None and it["duty_from"] <= on
    )


@cache
def matrix_labels() -> Mapping[str, Texts]:
    """Return how people call the groups and the rows (`group/row`) of the matrix."""
    told = read("topics.toml")
    labels = {name: texts(it, f"topics.toml {name}") for name, it in told["labels"].items()}
    return labels | {it["row"]: texts(it["name"], it["row"]) for it in told["topics"]}


def _matrix(folder: Traversable | None = None) -> Mapping[str, Mapping[str, Cell]]:
    return {
        f"{row['group']}/{row['row']}": {
            window: _cell(cell, row["row"]) for window, cell in row["cells"].items()
        }
        for row in read("matrix.json", folder)["rows"]
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


def _ordinances(on: dt.date, local: Mapping[str, Local]) -> frozenset[str]:
    """Return the prefectures that on the day `on` act on discrimination by an ordinance."""
    return frozenset(name for name, it in local.items() if it.reporting_by(on))


def _facts_of(window: Window) -> WindowFacts:
    told = window.shown
    return WindowFacts(told.id, told.does, told.role, told.limits, told.roles)


def _check(found: Edition) -> None:
    """Refuse rules that name what is not there, and matrix rows nothing leads to."""
    numbers = {it["id"] for it in read("urgent.toml")["numbers"]}
    _no_strangers("rules", _twice(rule.id for rule in found.rules), set())
    for rule in found.rules:
        named = {it for place in _LISTS[:5] for it in getattr(rule, place)}
        _no_strangers(f"{rule.id}: windows", named, set(found.windows))
        _no_strangers(f"{rule.id}: advise", {*rule.advise, *rule.mutes}, set(found.advice))
        _no_strangers(f"{rule.id}: numbers", set(rule.numbers), numbers)
        _no_strangers(f"{rule.id}: follows", {rule.follows} - {""}, set(SEVERAL_OF))
    subjects = {row for row in found.matrix if not row.startswith(("access/", "handling/"))}
    _no_strangers("topics.toml", {it.row for it in found.topics} ^ subjects, set())


def _no_strangers(where: str, named: set[str], known: set[str]) -> None:
    if named - known:
        raise DirectoryError(f"{_RULES} {where}: {sorted(named - known)}")


def _twice(names: Iterable[str]) -> set[str]:
    listed = list(names)
    return {it for it in listed if listed.count(it) > 1}
