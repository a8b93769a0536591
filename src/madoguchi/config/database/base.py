"""Django's SQLite, whose write transactions wait in one queue instead of knocking.

SQLite lets one writer in at a time and makes the others sleep ever longer between
tries, so that under load a few wait very long. Here whoever begins a transaction first
takes a lock among this process's threads, then one among processes (flock, on files
beside the database). Single statements outside a transaction do not queue: they are
over in an instant, and SQLite's own wait serves them. See docs/decisions/0005.
"""

import fcntl
import os
import threading
import time
from collections import defaultdict

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

_threads: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
_BETWEEN_TRIES = 0.001  # seconds; at most one thread of each process tries
_LATE = "database is locked: others have been writing for too long"


def _locked(file: str, until: float) -> int:
    """Return a descriptor that holds the lock of `file`; closing it lets go."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < until:
                time.sleep(_BETWEEN_TRIES)
                continue
            os.close(descriptor)
            raise OperationalError(_LATE) from None
        return descriptor


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that queues before it writes."""

    # Django's own hooks, of which the stubs know nothing: hence the ignores.
    _turn: tuple[str, int] | None = None

    def _enter(self) -> None:
        file, patience = str(self.settings_dict["NAME"]), self.settings_dict["OPTIONS"]["timeout"]
        until = time.monotonic() + patience
        if not _threads[file].acquire(timeout=patience):
            raise OperationalError(_LATE)
        try:
            # Who waits holds the turnstile, so that a busy process cannot overtake it.
            turnstile = _locked(file + "-queue", until)
            try:
                self._turn = file, _locked(file + "-writer", until)
            finally:
                os.close(turnstile)
        except BaseException:
            _threads[file].release()
            raise

    def _leave(self) -> None:
        if self._turn:
            file, descriptor = self._turn
            self._turn = None
            os.close(descriptor)
            _threads[file].release()

    def _start_transaction_under_autocommit(self) -> None:
        if not self.is_in_memory_db():
            self._enter()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._leave()  # where committing fails, a rollback follows

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._leave()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._leave()
