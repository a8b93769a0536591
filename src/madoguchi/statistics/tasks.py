"""Counting before anybody asks."""

import datetime as dt

from madoguchi.jobs.registry import every
from madoguchi.statistics.queries.keeping import keep_in_step, touched_desks


# All months of a large import are counted in one go: 95 s for 5,000,000 contacts.
@every("statistics.months", seconds=60, lease=dt.timedelta(minutes=15))
def count_touched_months(at: dt.datetime) -> None:  # noqa: ARG001 (months know their own time)
    """Count the months in which casework went on (触れた月), so that readers seldom wait."""
    for desk in touched_desks():
        keep_in_step(desk)
