"""What the guide decides by: windows, matrix and rules of one dated edition (案内の版)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from madoguchi.rules.guidance.answers import Answers

UNSAID = "unsaid"
Facts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Texts:
    """One sentence in Japanese, in やさしい日本語 with readings `{漢字|かんじ}`, in English."""

    ja: str
    easy: str
    en: str

    def spoken(self, language: str | None) -> str:
        """Return the text for Django's language code: ja, ja-easy, en."""
        return {"en": self.en, "ja-easy": self.easy}.get(language or "", self.ja)

    def __add__(self, other: "Texts") -> "Texts":
        """Return both sentences, one after the other."""
        return Texts(self.ja + other.ja, self.easy + other.easy, f"{self.en} {other.en}".strip())


@dataclass(frozen=True)
class Condition:
    """Every fact named must have one of the values named."""

    wanted: tuple[tuple[str, frozenset[str]], ...] = ()

    def holds(self, facts: Facts) -> bool:
        """Tell whether `facts` fulfil it; nothing wanted is always fulfilled."""
        return all(values & set(facts[name]) for name, values in self.wanted)

    def rests_on(self, names: Iterable[str]) -> bool:
        """Tell whether it asks for one of the facts `names`."""
        return any(name in names for name, _ in self.wanted)


@dataclass(frozen=True)
class Rule:
    """One row of the rule table: in this situation, these windows, for this reason.

    `first` go before the fold, `also` behind, `last` at the very end. `chart`: rests on
    the flow chart, so a doubtful matrix cell does not stop it (a certain × does).
    `only`: no other window but these may be named. `mutes`: advice that would do harm here,
    whatever rule gives it. `follows`: the answer in whose ticked
    order such rules stand. Of `when` and of `unless` one condition is enough.
    """

    id: str
    when: tuple[Condition, ...]
    why: Texts
    source: str
    unless: tuple[Condition, ...] = ()
    first: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    advise: tuple[str, ...] = ()
    mutes: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    urgent: bool = False
    chart: bool = False
    follows: str = ""

    def applies(self, facts: Facts) -> bool:
        """Tell whether the situation is this rule's."""
        return any(it.holds(facts) for it in self.when) and not any(
            it.holds(facts) for it in self.unless
        )

    def reason(self, facts: Facts, doubt: Texts) -> Texts:
        """Return why, with `doubt` where it rests on a fact that nobody confirmed."""
        unsure = any(it.holds(facts) and it.rests_on(facts["unsure"]) for it in self.when)
        return self.why + doubt if unsure else self.why


@dataclass(frozen=True)
class Topic:
    """A row of the matrix, and the answers that lead to it."""

    row: str
    name: Texts
    reached_by: tuple[Condition, ...]

    def is_reached(self, facts: Facts) -> bool:
        """Tell whether the situation touches this row."""
        return any(condition.holds(facts) for condition in self.reached_by)


@dataclass(frozen=True)
class Cell:
    """One mark of the matrix: ○ △ × —. Not `certain`: the stored copy is damaged here."""

    mark: str
    certain: bool
    note: str = ""

    @property
    def takes(self) -> bool:
        """Surely takes it, wholly, in part, or outside the matrix's classes (— with a note)."""
        return self.certain and (self.mark in {"○", "△"} or (self.mark == "—" and bool(self.note)))


@dataclass(frozen=True)
class Limit:
    """What a window does not do; shown where its condition holds.

    `is_condition`: what it wants of people (only the person herself), not what it lacks.
    """

    text: Texts
    when: Condition
    is_condition: bool = False


@dataclass(frozen=True)
class WindowFacts:
    """What deciding needs to know of a window; the directory knows more."""

    id: str
    does: tuple[str, ...]
    role: Texts
    limits: tuple[Limit, ...]
    roles: tuple[Limit, ...] = ()

    def role_in(self, facts: Facts) -> Texts:
        """Return what it does for somebody in this situation."""
        return next((it.text for it in self.roles if it.when.holds(facts)), self.role)


@dataclass(frozen=True)
class OwnDesk:
    """The desk that runs this installation, where there is just one."""

    name: str
    prefecture: str


@dataclass(frozen=True)
class Edition:
    """One dated state of all the guide knows. `matrix[row][window]`."""

    name: str
    as_of: dt.date
    windows: Mapping[str, WindowFacts]
    matrix: Mapping[str, Mapping[str, Cell]]
    topics: tuple[Topic, ...]
    rules: tuple[Rule, ...]
    advice: Mapping[str, Texts]
    ordinances: frozenset[str]
    designated: frozenset[str]
    outside: Texts
    in_part: Texts
    doubt: Texts
    # Services whose designation or duty nobody confirmed.
    unsure: frozenset[str] = frozenset()

    def facts(self, answers: Answers, prefecture: str | None = None) -> Facts:
        """Return what `answers` mean to rules; every fact has at least one value.

        `prefecture` is the desk's own, which holds where none was said.
        """
        facts = {name: _values(value) for name, value in vars(answers).items()}
        facts["branch"] = (_branch(answers),)
        facts["side"] = ("poster",) if facts["branch"] == ("e",) else ("other",)
        facts["child"] = (_child(answers),)
        there = answers.prefecture or prefecture
        facts["ordinance"] = (_known(there, self.ordinances),)
        facts["designated"] = (_known(answers.service, self.designated),)
        # Names of facts that hold as far as is known, but are not confirmed.
        facts["unsure"] = ("designated",) if answers.service in self.unsure else ()
        facts["topics"] = ()
        if facts["side"] == ("other",):
            facts["topics"] = tuple(it.row for it in self.topics if it.is_reached(facts))
        facts["topics"] = facts["topics"] or (UNSAID,)
        return facts


def _values(value: object) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("yes",) if value else ("no",)
    if isinstance(value, tuple):
        return value or (UNSAID,)
    return (str(value),) if value is not None else (UNSAID,)


def _branch(answers: Answers) -> str:
    """Return which way somebody goes; whoever tells what they posted is on the poster's side."""
    if answers.posted and answers.happened in {None, "g"}:
        return "e"
    if answers.happened:
        return answers.happened
    if answers.kinds:
        return "a"
    return "d" if answers.found else UNSAID


def _child(answers: Answers) -> str:
    """Tell whether a child is concerned: as said, else as those who care for one imply."""
    if answers.under18 is not None:
        return "yes" if answers.under18 else "no"
    return "yes" if answers.who in {"guardian", "school"} else UNSAID


def _known(value: str | None, among: frozenset[str]) -> str:
    if value is None:
        return UNSAID
    return "yes" if value in among else "no"
