"""A state machine is a table, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

Status = TypeVar("Status", bound=StrEnum)
Step = TypeVar("Step", bound=StrEnum)


class IllegalStepError(Exception):
    """This step leads nowhere from this state."""

    def __init__(self, state: StrEnum, step: StrEnum) -> None:
        """Name the `state` and the `step` that was tried in it."""
        super().__init__(f"no step {step} from {state}")
        self.state, self.step = state, step


@dataclass(frozen=True)
class Lifecycle(Generic[Status, Step]):
    """Which step leads from which state to which."""

    name: str
    start: Status
    table: Mapping[tuple[Status, Step], Status]

    def after(self, state: Status, step: Step) -> Status:
        """Return the state that `step` leads to, or raise `IllegalStepError`."""
        try:
            return self.table[state, step]
        except KeyError:
            raise IllegalStepError(state, step) from None

    def steps_from(self, state: Status) -> list[Step]:
        """Return the steps possible in `state`, in the table's order: the buttons."""
        return [step for (before, step) in self.table if before == state]

    def as_mermaid(self) -> str:
        """Return the table as a Mermaid state diagram, for the documentation."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        lines += [f"    {b} --> {after}: {step}" for (b, step), after in self.table.items()]
        return "\n".join(lines)
