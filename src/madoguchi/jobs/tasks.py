"""What the table of jobs does for itself, and for the database it lies in."""

import datetime as dt

from madoguchi.jobs.operations import forget, survey
from madoguchi.jobs.registry import every


@every("jobs.forget", seconds=3600)
def forget_old(at: dt.datetime) -> None:
    """Throw away what was done long ago."""
    forget(at=at)


@every("jobs.survey", seconds=3600)
def survey_tables(at: dt.datetime) -> None:
    """Let the database see how full its tables have become."""
    del at
    survey()
