"""Who may do what at a desk. Refuses unless a rule here allows."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """役割."""

    ADVISER = "ADVISER"  # 相談員
    SUPERVISOR = "SUPERVISOR"  # 責任者
    STATISTICIAN = "STATISTICIAN"  # 統計担当
    EXPERT = "EXPERT"  # 専門家: sees only what they are asked


class RefusedError(Exception):
    """This actor may not do this. `code` names the rule; templates hold the sentence."""

    def __init__(self, code: str) -> None:
        """Refuse by the rule `code`."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Actor:
    """Somebody of a desk's staff, as the rules see them."""

    user: UUID
    desk: UUID
    role: Role


def check_may_work_on(actor: Actor, desk: UUID) -> None:
    """Refuse unless `actor` may read and write the matters of `desk`."""
    if actor.desk != desk:
        raise RefusedError("another-desk")
    if actor.role not in (Role.ADVISER, Role.SUPERVISOR):
        raise RefusedError("figures-only")


def check_may_supervise(actor: Actor, desk: UUID) -> None:
    """Refuse unless `actor` supervises `desk` (assigns to others, reopens)."""
    check_may_work_on(actor, desk)
    if actor.role is not Role.SUPERVISOR:
        raise RefusedError("supervisor-only")


def check_may_read_figures(actor: Actor, desk: UUID) -> None:
    """Refuse unless `actor` may read the figures of `desk`."""
    if actor.desk != desk:
        raise RefusedError("another-desk")
    if actor.role not in (Role.SUPERVISOR, Role.STATISTICIAN):
        raise RefusedError("figures-closed")


def check_is_expert(actor: Actor, desk: UUID) -> None:
    """Refuse unless `actor` is an expert (専門家) of `desk`: they see what they are asked."""
    if actor.desk != desk:
        raise RefusedError("another-desk")
    if actor.role is not Role.EXPERT:
        raise RefusedError("experts-only")


def passes(check: Callable[[Actor, UUID], None], actor: Actor, desk: UUID) -> bool:
    """Tell whether `check` lets `actor` pass: for a menu, and where nothing is refused aloud."""
    try:
        check(actor, desk)
    except RefusedError:
        return False
    return True
