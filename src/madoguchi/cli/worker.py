"""`madoguchi worker`: do what deeds left to be done later, until told to stop."""

import logging
import os
import signal
from threading import Event
from types import FrameType
from uuid import UUID

import click

from madoguchi.cli.serve import check_ready
from madoguchi.cli.setting import set_up

logger = logging.getLogger(__name__)

# Seconds: between looks at an empty table, between signs of life, after the database was away.
_REST = 1
_BEAT = 10
_AWAY = 5


@click.command()
@click.option("--once", is_flag=True, help="Do what is due and what comes round, then end.")
@click.option("--beside", type=int, hidden=True, help="End when this process, our parent, does.")
def worker(*, once: bool, beside: int | None) -> None:
    """Do the jobs: letters sent, mailboxes read, months counted. One is enough; more may run.

    Told to stop (SIGTERM), it ends the job it is at. Killed, its job is done again by the
    next one when the lease ends.
    """
    set_up()
    check_ready()
    stop = _told_to_stop()
    turns = _Turns()
    try:
        while not stop.is_set() and beside in {None, os.getppid()}:
            rest = turns.take()
            if once and rest:
                break
            stop.wait(rest)
    finally:
        turns.leave()


def _told_to_stop() -> Event:
    stop = Event()

    def hear(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, hear)
    signal.signal(signal.SIGINT, hear)
    return stop


class _Turns:
    """The turns of one worker: each is one job at most."""

    def __init__(self) -> None:
        from madoguchi.vault.ids import new_id

        self.me: UUID = new_id()
        self.beat_after = 0.0

    def take(self) -> int:
        """Do one job; return for how many seconds to rest. The database may be away for a while."""
        from django.db import DatabaseError, close_old_connections

        try:
            close_old_connections()
            self._beat()
            return 0 if self._did_one() else _REST
        except DatabaseError as error:
            logger.warning("the database is away: %s", type(error).__name__)
            self.beat_after = 0
            return _AWAY

    def _beat(self) -> None:
        import time

        from django.utils import timezone

        from madoguchi.jobs.operations import beat, put_rounds

        if time.monotonic() >= self.beat_after:
            beat(worker=self.me, at=timezone.now())
            put_rounds(at=timezone.now())
            self.beat_after = time.monotonic() + _BEAT

    def _did_one(self) -> bool:
        from django.utils import timezone

        from madoguchi.jobs.operations import beat, claim, run

        job = claim(at=timezone.now())
        if job is None:
            return False
        beat(worker=self.me, at=timezone.now(), busy_until=job.lease_until)
        run(job=job, at=timezone.now())
        self.beat_after = 0  # no longer busy, and let it be known
        return True

    def leave(self) -> None:
        """Strike oneself out, where the database is there."""
        from contextlib import suppress

        from django.db import DatabaseError

        from madoguchi.jobs.operations import leave

        with suppress(DatabaseError):
            leave(worker=self.me)
