"""What a gathered sum says, as plain values; and what has come since it was frozen."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum, unique
from typing import Any, NamedTuple
from uuid import UUID

from madoguchi.desks.models import Desk
from madoguchi.desks.queries import books_of
from madoguchi.rules import exchange, returns
from madoguchi.rules.calendar import Period, in_japan
from madoguchi.rules.codebooks import book_on
from madoguchi.rules.counting import Basis, Return
from madoguchi.rules.returns import Correction, corrections
from madoguchi.statistics.models import FrozenReturn, Sort
from madoguchi.statistics.queries.frozen import content_of, figures_in, latest_of, when_frozen
from madoguchi.statistics.queries.gathering import Arrived, Gathered, gathered_by, readings_of

FORMAT = "madoguchi.gathered/1"


@unique
class News(StrEnum):
    """What is new of a sender since a sum was frozen."""

    LATE = "LATE"  # あとから届いた
    AGAIN = "AGAIN"  # 出し直した
    REREAD = "REREAD"  # 読みかえが変わった
    OUT = "OUT"  # いまは足せない


class Came(NamedTuple):
    """One sender of whom something is new."""

    name: str
    news: News
    on: dt.date | None


def sum_from(found: Gathered, desk: UUID) -> dict[str, Any] | None:
    """Return what the sum would say today; None where there is none."""
    if found.figures is None:
        return None
    counted = [it for it in found.arrived if it.counts]
    return {
        "format": FORMAT,
        "desk": Desk.objects.get(pk=desk).name,
        "rules": returns.RULES,
        "figures": returns.as_values(found.figures),
        "senders": [_sender(it) for it in counted],
        "missing": [it.name for it in found.missing],
        "readings": [line for it in counted for line in _readings(it, found.figures, desk)],
        "corrections": _corrections(desk),
    }


def _sender(it: Arrived) -> dict[str, Any]:
    assert it.submission
    assert it.counted
    return {
        "id": str(it.sender.pk),
        "name": it.sender.name,
        "digest": it.submission.digest,
        "taken_on": in_japan(it.submission.taken_at).date().isoformat(),
        "counted_here": it.submission.is_counted_here,
        "figures": returns.as_values(it.counted),
    }


def _readings(it: Arrived, figures: Return, desk: UUID) -> list[list[str]]:
    """Return which words of a sender were read as which label of ours, by a person."""
    assert it.figures
    decided, books = readings_of(desk).get(it.sender.pk, {}), books_of(desk)
    lines = []
    for table in it.figures.tables:
        book = book_on(books, table.table, figures.period.last)
        for row in table.rows:
            key = decided.get((table.table, row.code.label_ja))
            if key and row.number:
                ours = (book.label_of(key) if book else None) or key
                lines.append([it.sender.name, table.table.label_ja, row.code.label_ja, ours])
    return lines


def _corrections(desk: UUID) -> list[dict[str, Any]]:
    """Return which sums that were frozen before would be other numbers today."""
    changed = [(row, sum_changes(row)) for row in latest_of(desk, Sort.GATHERED)]
    return [
        returns.correction_values(*when_frozen(row), changes) for row, changes in changed if changes
    ]


def _today(row: FrozenReturn) -> Gathered:
    then = figures_in(row)
    return gathered_by(row.desk_id, period=then.period, basis=then.basis)


def sum_changes(row: FrozenReturn) -> Sequence[Correction]:
    """Return what of a frozen sum would be another number today (訂正)."""
    then, now = figures_in(row), _today(row).figures
    return corrections(then, now or _nothing(row.desk_id, then.period, then.basis))


def _nothing(desk: UUID, period: Period, basis: Basis) -> Return:
    return exchange.added([], period=period, basis=basis, books=books_of(desk))


def came_since(row: FrozenReturn) -> list[Came]:
    """Return of which senders something is new since the sum was frozen, and when it came."""
    then = {it["id"]: it for it in content_of(row)["senders"]}
    found = []
    for it in _today(row).arrived:
        news = _news(then.get(str(it.sender.pk)), it)
        if news and it.submission:
            came = news in {News.LATE, News.AGAIN}
            on = in_japan(it.submission.taken_at).date() if came else None
            found.append(Came(it.sender.name, news, on))
    return found


def _news(then: dict[str, Any] | None, now: Arrived) -> News | None:
    if then is None:
        return News.LATE if now.submission else None
    if not now.counted:
        return News.OUT
    assert now.submission
    if then["digest"] != now.submission.digest:
        return News.AGAIN
    is_another = corrections(returns.from_values(then["figures"]), now.counted)
    return News.REREAD if is_another else None
