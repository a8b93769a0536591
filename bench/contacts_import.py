"""How long 100,000 contact records take to import, how much memory, and how long others wait.

Prints one JSON line. `python bench/contacts_import.py [ROWS]`
"""

import sys

sys.path.pop(0)  # this folder: its statistics is not Python's

import csv
import datetime as dt
import io
import json
import os
import resource
import subprocess
import tempfile
import time
from pathlib import Path

HOME = tempfile.mkdtemp(prefix="madoguchi-bench-")
os.environ["MADOGUCHI_HOME"] = HOME
os.environ["DATABASE_URL"] = f"sqlite:///{HOME}/bench.sqlite3"
os.environ["LOG_LEVEL"] = "ERROR"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from madoguchi.consultations.operations.importing import import_contacts  # noqa: E402
from madoguchi.desks.operations import create_desk  # noqa: E402
from madoguchi.rules.contact_records import COLUMNS  # noqa: E402

START = dt.datetime(2016, 4, 1, 9, 0)  # noqa: DTZ001 (a file says no zone)

_TEN_YEARS = 10 * 365 * 24 * 60  # minutes


def file_of(rows: int) -> bytes:
    """Return a file of `rows` contacts of about two thirds as many consultations."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    step = dt.timedelta(minutes=_TEN_YEARS / max(rows, 100_000))
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
    return text.getvalue().encode("utf-8-sig")


# Writes every 20 ms, as a receiving form would, until its input is closed; prints its waits.
OTHER_WRITER = """
import json, select, sqlite3, sys, time
own = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
waits = []
while not select.select([sys.stdin], [], [], 0.02)[0]:
    started = time.perf_counter()
    own.execute("BEGIN IMMEDIATE")
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
    content = file_of(rows)
    command = [sys.executable, "-c", OTHER_WRITER, str(Path(HOME) / "bench.sqlite3")]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    started = time.perf_counter()
    result = import_contacts(desk=desk.pk, content=content, actor=None, at=now)
    seconds = time.perf_counter() - started
    assert result.landed, result.faults
    waits = json.loads(other.communicate()[0])
    print(
        json.dumps(
            {
                "bench": "contacts_import",
                "rows": result.rows,
                "consultations": result.new_consultations,
                "seconds": round(seconds, 1),
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
