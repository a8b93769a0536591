"""`madoguchi worker`, as a process: it works, ends in good order, and may be killed."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

# The command line, which also knows one slow job: it waits until a file is there.
WORKER = """
import datetime as dt, os, pathlib, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "madoguchi.config.settings"
import django; django.setup()
from django.db import transaction
from django.utils import timezone
from madoguchi.jobs.operations import put
from madoguchi.jobs.registry import handler
here = pathlib.Path(os.environ["HERE"])
@handler("test.slow", lease=dt.timedelta(seconds=1))
def slow(args, at):
    with (here / "begun").open("a") as file:
        file.write("begun\\n")
    while not (here / "go").exists():
        time.sleep(0.02)
with transaction.atomic():
    put(name="test.slow", key="slow", at=timezone.now())
from madoguchi.cli.main import main
main()
"""


class Installation:
    """A database of its own, and workers on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "worked.sqlite3"
        self.said = {
            **os.environ,
            "MADOGUCHI_HOME": str(folder),
            "DATABASE_URL": f"sqlite:///{self.file}",
            "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
            "HERE": str(folder),
        }
        self.begun: list[subprocess.Popen[str]] = []
        migrate = [sys.executable, "-m", "django", "migrate", "-v0"]
        subprocess.run(migrate, env=self.said, check=True, timeout=240)

    def worker(self, *words: str, code: str | None = WORKER) -> subprocess.Popen[str]:
        start = ["-c", code] if code else ["-m", "madoguchi.cli"]
        process = subprocess.Popen(
            [sys.executable, *start, "worker", *words],
            env=self.said,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.begun.append(process)
        return process

    def rows(self, question: str) -> list[tuple]:
        with closing(sqlite3.connect(self.file)) as database:
            return database.execute(question).fetchall()

    def times_begun(self) -> int:
        file = self.folder / "begun"
        return len(file.read_text().splitlines()) if file.exists() else 0

    def go(self) -> None:
        (self.folder / "go").touch()

    def is_done(self) -> bool:
        return (
            self.rows(
                "SELECT attempts FROM jobs_job WHERE name = 'test.slow' AND done_at IS NOT NULL"
            )
            != []
        )


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.02)


@pytest.fixture
def here(tmp_path):
    made = Installation(tmp_path)
    yield made
    for process in made.begun:
        process.kill()
        process.communicate()


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(here) -> None:
    killed = here.worker()
    until(lambda: here.times_begun() == 1)
    killed.kill()
    killed.wait()
    assert not here.is_done()
    here.go()
    here.worker()
    until(here.is_done)
    assert here.times_begun() == 2
    assert here.rows("SELECT attempts FROM jobs_job WHERE name = 'test.slow'") == [(2,)]


def test_a_worker_told_to_stop_ends_the_job_it_is_at_and_leaves(here) -> None:
    worker = here.worker()
    until(lambda: here.times_begun() == 1)
    assert len(here.rows("SELECT busy_until FROM jobs_worker WHERE busy_until IS NOT NULL")) == 1
    worker.send_signal(signal.SIGTERM)
    here.go()
    assert worker.wait(timeout=120) == 0
    assert here.is_done()
    assert here.rows("SELECT id FROM jobs_worker") == []


def test_once_does_what_is_due_and_what_comes_round_and_ends(here) -> None:
    here.go()
    worker = here.worker("--once")
    _, said = worker.communicate(timeout=240)
    assert (worker.returncode, said) == (0, "")
    assert here.is_done()
    rounds = here.rows("SELECT name FROM jobs_job WHERE key LIKE 'every %' AND attempts = 0")
    assert {name for (name,) in rounds} >= {"desks.sweep", "jobs.forget", "statistics.months"}
    assert here.rows("SELECT error FROM jobs_job WHERE error <> ''") == []


def test_a_worker_beside_a_server_ends_when_the_server_is_gone(here) -> None:
    worker = here.worker("--beside", "1", code=None)
    assert worker.wait(timeout=240) == 0


def test_without_a_database_a_worker_says_so_and_ends(here) -> None:
    here.file.unlink()
    worker = here.worker(code=None)
    _, said = worker.communicate(timeout=240)
    assert worker.returncode == 1
    assert said.count("\n") == 1
