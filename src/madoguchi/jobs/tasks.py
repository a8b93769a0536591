"""What the table of jobs does for itself."""

import datetime as dt

from madoguchi.jobs.operations import forget
from madoguchi.jobs.registry import every


@every("jobs.forget", seconds=3600)
def forget_old(at: dt.datetime) -> None:
    """Throw away what was done long ago."""
    forget(at=at)
