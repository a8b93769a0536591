"""How long records are kept (保存期間), and what stands in the way of erasing them.

A class says for how many years. They are counted from the first day of the fiscal year after
the one in which the matter was closed (翌年度の4月1日から起算), as bodies count them in their
文書管理規程; a record is never erased before its last day is over.
"""

import datetime as dt
from dataclasses import dataclass

from madoguchi.rules.access import RefusedError
from madoguchi.rules.calendar import FiscalYear, in_japan

LONGEST = 30
# What a desk starts with: consultation slips are usually kept for 3 or 5 years.
STANDARD = (("1年", 1), ("3年", 3), ("5年", 5), ("10年", 10))
USUAL = "5年"


def starts_on(closed: dt.date) -> dt.date:
    """Return the day from which the years of a matter closed on `closed` are counted."""
    return FiscalYear(FiscalYear.of(closed).year + 1).first


def due_on(closed: dt.date, years: int) -> dt.date:
    """Return the first day on which a matter closed on `closed` may be erased."""
    return FiscalYear(starts_on(closed).year + years).first


@dataclass(frozen=True)
class Kept:
    """What must be known of a matter before it is erased."""

    closed_at: dt.datetime | None
    years: int
    is_held: bool
    is_asked: bool  # the person asked for it (本人の求め)
    unclassified: int

    def due_on(self) -> dt.date | None:
        """Return from when on it may be erased; None while it is open or held."""
        if self.closed_at is None or self.is_held:
            return None
        return due_on(in_japan(self.closed_at).date(), self.years)


def check_may_erase(kept: Kept, on: dt.date) -> None:
    """Refuse to erase what is open, held, not classified yet, or not due and not asked for.

    An unclassified contact would stay unclassified for ever, and no report could be closed.
    """
    if kept.is_held:
        raise RefusedError("held")
    if kept.closed_at is None:
        raise RefusedError("still-open")
    if kept.unclassified:
        raise RefusedError("unclassified-contacts")
    due = kept.due_on()
    if not kept.is_asked and (due is None or on < due):
        raise RefusedError("not-due")
