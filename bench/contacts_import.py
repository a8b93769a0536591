"""How long 100,000 contact records take to import, how much memory, and how long others wait.

Prints one JSON line. `python bench/contacts_import.py [ROWS]` on a scratch SQLite; with `given`
behind ROWS on the empty database of DATABASE_URL:
`python tools/postgres.py python bench/contacts_import.py 100000 given`.
"""

import sys

sys.path.pop(0)  # this folder: its statistics is not Python's

import base64
import csv
import datetime as dt
import json
import os
import resource
import subprocess
import tempfile
import time
from pathlib import Path

FOLDER = tempfile.TemporaryDirectory(prefix="madoguchi-bench-")
HOME = FOLDER.name
os.environ["MADOGUCHI_HOME"] = HOME
os.environ["MADOGUCHI_KEY"] = base64.b64encode(os.urandom(32)).decode()  # nothing is to stay
if "given" not in sys.argv[2:]:
    os.environ["DATABASE_URL"] = f"sqlite:///{HOME}/bench.sqlite3"
os.environ["LOG_LEVEL"] = "ERROR"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from madoguchi.consultations.operations.importing import import_contacts  # noqa: E402
from madoguchi.desks.operations import create_desk  # noqa: E402
from madoguchi.rules.contact_records import COLUMNS  # noqa: E402

START = dt.datetime(2016, 4, 1, 9, 0)  # noqa: DTZ001 (a file says no zone)

_TEN_YEARS = 10 * 365 * 24 * 60  # minutes


def write_file(file: Path, rows: int) -> None:
    """Write a file of `rows` contacts of about two thirds as many consultations."""
    step = dt.timedelta(minutes=_TEN_YEARS / max(rows, 100_000))
    with file.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for number in range(rows):
            consultation = number * 2 // 3
            at = START + number * step
            writer.writerow(
                [
                    at.isoformat("T", "minutes"),
                    f"P{consultation:06}",
                    "1",
                    ("電話", "SNS", "メール")[number % 3],
                    ("10代", "30代", "不明")[consultation % 3],
                    "被害者",
                    ("誹謗・中傷", "誹謗・中傷;その他")[consultation % 2],
                    ("助言", "傾聴", "中断")[number % 3],
                    "15",
                    "moj" if number % 5 == 0 else "",
                    "画面の残し方を説明。" if number % 4 == 0 else "",
                ]
            )


# Writes every 20 ms, as a receiving form would, until its input is closed; prints its waits.
# Without the writers' queue, which our own processes have: it waits as SQLite itself waits.
OTHER_WRITER = """
import json, select, sys, time
where, kind = sys.argv[1:]
if kind == "sqlite":
    import sqlite3
    own, begin = sqlite3.connect(where, timeout=20, isolation_level=None), "BEGIN IMMEDIATE"
else:
    import psycopg
    own, begin = psycopg.connect(where, autocommit=True), "BEGIN"
waits = []
while not select.select([sys.stdin], [], [], 0.02)[0]:
    started = time.perf_counter()
    own.execute(begin)
    own.execute("UPDATE desks_desk SET reply_days = reply_days")
    own.execute("COMMIT")
    waits.append(time.perf_counter() - started)
print(json.dumps(sorted(waits)))
"""


def main() -> None:
    """Import once and print what it took."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    call_command("migrate", verbosity=0)
    now = timezone.now()
    desk = create_desk(slug="bench", name="bench", prefecture="大阪府", at=now)
    file = Path(HOME) / "contacts.csv"
    write_file(file, rows)
    where = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
    command = [sys.executable, "-c", OTHER_WRITER, where, connection.vendor]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    content = file.read_bytes()
    worked = time.process_time()
    started = time.perf_counter()
    result = import_contacts(desk=desk.pk, content=content, actor=None, at=now)
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    assert result.landed, result.faults
    waits = json.loads(other.communicate()[0])
    print(
        json.dumps(
            {
                "bench": "contacts_import",
                "rows": result.rows,
                "consultations": result.new_consultations,
                "database": connection.vendor,
                "seconds": round(seconds, 1),
                "cpu_seconds": round(worked, 1),
                "rows_per_second": round(result.rows / seconds),
                "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
                "other_writer_waits_ms": {
                    "median": round(waits[len(waits) // 2] * 1000, 1),
                    "p99": round(waits[len(waits) * 99 // 100] * 1000, 1),
                    "longest": round(waits[-1] * 1000, 1),
                },
            }
        )
    )


if __name__ == "__main__":
    main()
