"""Sweeping: what was promised to be gone is gone, even where nobody comes by."""

import datetime as dt

from madoguchi.jobs.registry import every
from madoguchi.vault.sessions import SessionStore
from madoguchi.vault.throttling import forget_attempts


@every("desks.sweep", seconds=600)
def sweep(at: dt.datetime) -> None:
    """Delete the sessions that are over, and the attempts counted more than an hour ago."""
    SessionStore.clear_expired()
    forget_attempts(at=at)
