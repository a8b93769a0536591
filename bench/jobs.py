"""How fast jobs are done, and how soon a job is done again after `kill -9`; one JSON line each.

`python bench/jobs.py [JOBS]` on a scratch SQLite, synchronous as in use; with `given` behind
JOBS on the empty database of DATABASE_URL. The job does nothing: what is timed is the table.
"""

import sys

sys.path.pop(0)  # this folder: its statistics is not Python's

import base64
import datetime as dt
import json
import os
import subprocess
import tempfile
import time

JOBS = int(sys.argv[1]) if len(sys.argv) > 1 else 500
GIVEN = "given" in sys.argv[2:]
KILLED = "killed" in sys.argv[2:]
HOME = tempfile.TemporaryDirectory(prefix="madoguchi-bench-")
os.environ.setdefault("MADOGUCHI_HOME", HOME.name)
os.environ.setdefault("MADOGUCHI_KEY", base64.b64encode(os.urandom(32)).decode())
if not (GIVEN or KILLED):
    os.environ["DATABASE_URL"] = f"sqlite:///{HOME.name}/bench.sqlite3"
os.environ["LOG_LEVEL"] = "ERROR"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from madoguchi.jobs.models import Job  # noqa: E402
from madoguchi.jobs.operations import claim, put, run, run_due  # noqa: E402
from madoguchi.jobs.registry import handler  # noqa: E402

LEASE = dt.timedelta(seconds=10)


@handler("bench.nothing", lease=LEASE)
def nothing(args: object, at: object) -> None:
    """Do nothing; killed in the middle where that is asked for."""
    del args, at
    if KILLED:
        os.kill(os.getpid(), 9)


def drained() -> None:
    """Time jobs put down, each in a transaction of its own, and done."""
    now, started = timezone.now(), time.perf_counter()
    for number in range(JOBS):
        with transaction.atomic():
            put(name="bench.nothing", key=f"bench {number}", at=now)
    put_down = time.perf_counter()
    done = run_due(at=timezone.now(), most=JOBS + 1)
    ended = time.perf_counter()
    assert done == JOBS
    _say("jobs done", put=JOBS / (put_down - started), done=JOBS / (ended - put_down))


def done_again() -> None:
    """Time from the kill of a worker in the middle of a job until the job is done by another."""
    with transaction.atomic():
        put(name="bench.nothing", key="bench killed", at=timezone.now())
    connection.close()
    subprocess.run([sys.executable, __file__, "1", "killed"], check=False)
    killed = time.perf_counter()
    while Job.objects.filter(key="bench killed", done_at=None).exists():
        job = claim(at=timezone.now())
        if job:
            run(job=job, at=timezone.now())
        else:
            time.sleep(0.05)
    _say("job done again", seconds=time.perf_counter() - killed, lease=LEASE.total_seconds())


def _say(what: str, **numbers: float) -> None:
    said = {name: round(number, 1) for name, number in numbers.items()}
    print(json.dumps({"bench": what, "database": connection.vendor, "jobs": JOBS, **said}))


if KILLED:
    run_due(at=timezone.now())
else:
    call_command("migrate", verbosity=0)
    drained()
    done_again()
