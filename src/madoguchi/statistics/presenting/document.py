"""A document of figures: chapters with words, tables and cases. Every output is made from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

# What stands in a cell whose count is hidden (秘匿), and in one that is not compared.
HIDDEN = "x"
NOT_COMPARED = "－"
Value = int | str | None


@dataclass(frozen=True)
class Line:
    """One line of a table: a label and its cells, as many as the table has columns."""

    label: str
    cells: Sequence[Value]
    is_sum: bool = False


@dataclass(frozen=True)
class Block:
    """One table, with what is said around it. `columns` are its heads after the first.

    `bars`: the column whose numbers are drawn, too; None where none are. `beside`: another,
    drawn in outline below it.
    """

    id: str
    title: str
    label: str
    columns: Sequence[str]
    lines: Sequence[Line]
    said: Sequence[str] = ()
    finding: str = ""
    notes: Sequence[str] = ()
    unit: str = "件"
    units: Sequence[str] = ()  # of each column, where they differ
    bars: int | None = None
    beside: int | None = None

    def unit_of(self, column: int) -> str:
        """Return the unit of a column, by its place."""
        return self.units[column] if self.units else self.unit

    @property
    def drawn(self) -> list[Line]:
        """The lines that have a bar."""
        return [] if self.bars is None else [it for it in self.lines if not it.is_sum]

    @property
    def key(self) -> str:
        """What the two bars of a line are; "" where each has one."""
        if self.bars is None or self.beside is None:
            return ""
        return f"塗った棒：{self.columns[self.bars]}　白い棒：{self.columns[self.beside]}"


@dataclass(frozen=True)
class Story:
    """An approved case: what was asked and what was advised. Nobody's own words."""

    title: str
    asked: str
    advice: str


@dataclass(frozen=True)
class Chapter:
    """One chapter: its words, its tables, its cases."""

    id: str
    title: str
    words: Sequence[str] = ()
    blocks: Sequence[Block] = ()
    stories: Sequence[Story] = ()


@dataclass(frozen=True)
class Document:
    """What is printed. `state` says whether it is a draft, or when and by whom it was frozen."""

    desk: str
    title: str
    period: str
    first: str
    last: str
    file_name: str
    state: str
    chapters: Sequence[Chapter] = field(default_factory=list)

    @property
    def blocks(self) -> Iterator[tuple[Chapter, Block]]:
        """Every table with its chapter."""
        for chapter in self.chapters:
            for block in chapter.blocks:
                yield chapter, block


def paragraphs(text: str) -> list[str]:
    """Return what somebody wrote, paragraph by paragraph."""
    return [part.strip() for part in text.splitlines() if part.strip()]
