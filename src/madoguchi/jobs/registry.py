"""Which function does a job of which name. Apps register theirs in `ready()`."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Handler = Callable[[Mapping[str, Any], dt.datetime], None]
Round = Callable[[dt.datetime], None]

# Who works longer than this is thought dead, and another begins the same job.
LEASE = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Work:
    """What is known of the jobs of one name."""

    run: Handler
    lease: dt.timedelta
    # How often it comes round; None: it is done once.
    every: dt.timedelta | None = None


_known: dict[str, Work] = {}


def handler(name: str, *, lease: dt.timedelta = LEASE) -> Callable[[Handler], Handler]:
    """Register a function as the one that does the jobs called `name`.

    It is given the job's arguments and the time, outside any transaction, and may be run
    twice: what it does must come to the same then. What it raises is tried again later.
    """

    def register(run: Handler) -> Handler:
        _add(name, Work(run, lease))
        return run

    return register


def every(name: str, *, seconds: int, lease: dt.timedelta = LEASE) -> Callable[[Round], Round]:
    """Register a function that is run every so many seconds (定期の仕事), by one worker."""

    def register(run: Round) -> Round:
        _add(name, Work(lambda _args, at: run(at), lease, dt.timedelta(seconds=seconds)))
        return run

    return register


def _add(name: str, work: Work) -> None:
    if name in _known:
        raise ValueError(f"two functions for the job {name}")
    _known[name] = work


def work_called(name: str) -> Work | None:
    """Return what is registered under `name`, or None."""
    return _known.get(name)


def rounds() -> list[str]:
    """Return the names of what comes round."""
    return sorted(name for name, work in _known.items() if work.every)
