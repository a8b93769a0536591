"""How long figures take over many contacts of ten years; one JSON line for each question.

`python bench/statistics.py [ROWS]` on a scratch SQLite; with `given` behind ROWS on the empty
database of DATABASE_URL: `python tools/postgres.py python bench/statistics.py 1000000 given`.
With `fill` behind that it only fills; `given` then goes on with what was filled (set
MADOGUCHI_KEY, the same both times).

Rows are written past the operations, and only those that are counted (no matters, no words).
Each time stands beside a bare scan: one column of the same contacts, counted in memory.
"""

import sys

sys.path.pop(0)  # this folder: its statistics is not Python's

import base64
import datetime as dt
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
GIVEN = "given" in sys.argv[2:]
FILL_ONLY = "fill" in sys.argv[2:]
HOME = tempfile.TemporaryDirectory(prefix="madoguchi-bench-")
os.environ["MADOGUCHI_HOME"] = HOME.name
if not GIVEN:
    os.environ["MADOGUCHI_KEY"] = base64.b64encode(os.urandom(32)).decode()  # nothing is to stay
    os.environ["DATABASE_URL"] = f"sqlite:///{HOME.name}/bench.sqlite3"
os.environ["LOG_LEVEL"] = "ERROR"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Model  # noqa: E402
from django.utils import timezone  # noqa: E402

from madoguchi.consultations.models import Consultation, Contact, InfringementMark  # noqa: E402
from madoguchi.consultations.operations.touching import months_between, touch_months  # noqa: E402
from madoguchi.desks.models import Desk  # noqa: E402
from madoguchi.desks.operations import create_desk  # noqa: E402
from madoguchi.desks.queries import books_of  # noqa: E402
from madoguchi.rules.calendar import JAPAN, Month, Period  # noqa: E402
from madoguchi.rules.codebooks import STANDARD, Table  # noqa: E402
from madoguchi.rules.counting import Total, count, default_basis  # noqa: E402
from madoguchi.rules.periods import fiscal_year, month, quarter  # noqa: E402
from madoguchi.statistics.queries import crossing, facts_for, keeping, return_of, years_of  # noqa: E402

START = dt.datetime(2015, 4, 1, tzinfo=JAPAN)
END = dt.datetime(2025, 4, 1, tzinfo=JAPAN)
STEP = (END - START) / ROWS
KEYS = {book.table: [code.key for code in book.codes] for book in STANDARD}
# Of ten contacts seven open a consultation; three continue one of so many tens before.
NEW = 7
BEFORE = (1, max(1, ROWS // 6000), max(1, ROWS // 1500))
PIECE = 20_000

Row = dict[str, Any]


def at(number: int) -> str:
    """Return when contact `number` came in, as both databases read it."""
    return (START + STEP * number).astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")


def some(table: Table, number: int) -> str:
    """Return a code, the same at every run, in no visible order."""
    return KEYS[table][number * 2_654_435_761 % 2**32 // 7 % len(KEYS[table])]


def opened_by(number: int) -> int:
    """Return which contact opened the consultation of contact `number`."""
    ten, place = divmod(number, 10)
    if place < NEW:
        return number
    return max(0, ten - BEFORE[place - NEW]) * 10 + place - NEW


def consultations(desk: str) -> Iterator[Row]:
    """Return every consultation, by column."""
    for number in range(ROWS):
        if number % 10 < NEW:
            name, when = f"{number:032x}", at(number)
            yield {
                **dict.fromkeys(("matter_id", "help_seeker_id", "mark_hash"), name),
                **dict.fromkeys(("first_contact_at", "last_contact_at", "closed_at"), when),
                "desk_id": desk,
                "mark": b"m" * 40,
                "status": "CLOSED",
                "age_group": some(Table.AGE_GROUP, number),
                "standing": some(Table.STANDING, number),
                "headline": b"h" * 90,
            }


def marks(_desk: str) -> Iterator[Row]:
    """Return one or two kinds for every consultation."""
    for number in range(ROWS):
        if number % 10 < NEW:
            of = f"{number:032x}"
            first = some(Table.INFRINGEMENT_KIND, number)
            yield {"id": f"{2 * number:032x}", "consultation_id": of, "kind": first}
            second = some(Table.INFRINGEMENT_KIND, number + 3)
            if number % 3 == 0 and second != first:
                yield {"id": f"{2 * number + 1:032x}", "consultation_id": of, "kind": second}


def contacts(desk: str) -> Iterator[Row]:
    """Return every contact, by column."""
    for number in range(ROWS):
        yield {
            "id": f"{number:032x}",
            "desk_id": desk,
            "consultation_id": f"{opened_by(number):032x}",
            "at": at(number),
            "channel": some(Table.CHANNEL, number),
            "action": some(Table.ACTION_TAKEN, number),
            "minutes": 15,
        }


def table_of(model: type[Model], rows: Iterator[Row]) -> tuple[list[str], Iterator[list[Any]]]:
    """Return the columns of `model` and its `rows`; what they do not say is as when it is made."""
    meta = model._meta  # noqa: SLF001 (Django's documented name)
    made = model()
    unsaid = {
        field.column: field.get_db_prep_save(getattr(made, field.attname), connection)
        for field in meta.concrete_fields
    }
    return list(unsaid), ([*(unsaid | row).values()] for row in rows)


def fill(desk: UUID) -> None:
    """Write the rows, without Django and without foreign keys; indexes last."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        free = "PRAGMA foreign_keys=OFF" if is_sqlite else "SET session_replication_role=replica"
        cursor.execute(free)
        for model, said in (
            (Consultation, consultations(desk.hex)),
            (InfringementMark, marks(desk.hex)),
            (Contact, contacts(desk.hex)),
        ):
            table = model._meta.db_table  # noqa: SLF001 (Django's documented name)
            columns, rows = table_of(model, said)
            names = ", ".join(f'"{name}"' for name in columns)
            if not is_sqlite:
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                cursor.execute(f"ANALYZE {table}")
                continue
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type='index' AND tbl_name=%s"
                " AND sql NOT NULL",
                [table],
            )
            indexes = cursor.fetchall()
            for name, _sql in indexes:
                cursor.execute(f'DROP INDEX "{name}"')
            signs = ", ".join(["%s"] * len(columns))
            while piece := list(islice(rows, PIECE)):
                with transaction.atomic():
                    cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({signs})", piece)  # noqa: S608
            for _name, sql in indexes:
                cursor.execute(sql)
        cursor.execute(
            "PRAGMA foreign_keys=ON" if is_sqlite else "SET session_replication_role=origin"
        )


def filled() -> UUID:
    """Return the desk that has all the rows, filling it where that was not done before."""
    found = Desk.objects.filter(slug="bench").first()
    started = time.perf_counter()
    if found is None:
        found = create_desk(slug="bench", name="bench", prefecture="大阪府", at=timezone.now())
        fill(found.pk)
    if Contact.objects.count() != ROWS:
        sys.exit("The given database holds something else.")
    line = {"bench": "statistics", "rows": ROWS, "database": connection.vendor}
    print(json.dumps({**line, "filled_s": round(time.perf_counter() - started, 1)}), flush=True)
    return found.pk


def seconds(ask: Callable[[], object], times: int = 5) -> float:
    """Return how long `ask` takes: the middle one of so many times."""
    taken = []
    for _time in range(times):
        started = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def forget() -> None:
    """Forget what is in memory: our columns, and the database file in the system's cache."""
    keeping._kept.clear()  # noqa: SLF001 (a benchmark knows the inside)
    if connection.vendor == "sqlite":
        file = os.open(connection.settings_dict["NAME"], os.O_RDONLY)
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)


def touch_last(desk: UUID) -> None:
    """Touch the last month, as one more contact of somebody known there would."""
    last = Contact.objects.filter(desk=desk).order_by("at").last()
    assert last
    with transaction.atomic():
        touch_months(desk, [Month(2025, 3)], [last.consultation_id])


def bare_scan(desk: UUID) -> float:
    """Return how long it takes to count one column of all contacts, in memory."""
    columns = keeping.columns_between(desk, START.date(), END.date())
    column = np.concatenate([found.action for _month, found in columns])
    assert len(column) == ROWS
    return seconds(lambda: np.bincount(column))


def check(desk: UUID) -> None:
    """Refuse to praise the speed of wrong numbers: one month, row by row."""
    broken = Period(dt.date(2020, 5, 7), dt.date(2020, 5, 28))
    for period in (month(2020, 6), broken):
        basis = default_basis(period)
        found = return_of(desk, period=period, basis=basis)
        rows = facts_for(desk, period)
        assert found == count(rows, period=period, basis=basis, books=books_of(desk))


def main() -> None:
    """Fill, ask, print."""
    call_command("migrate", verbosity=0)
    desk = filled()
    if FILL_ONLY:
        return
    with transaction.atomic():
        touch_months(desk, months_between(START, END - STEP))
    anew = seconds(lambda: keeping.keep_in_step(desk), times=1)
    check(desk)
    scan = bare_scan(desk)

    def tell(question: str, took: float) -> None:
        line = {"question": question, "ms": round(took * 1000, 1), "scans": round(took / scan, 1)}
        print(json.dumps(line), flush=True)

    tell("bare scan of one column", scan)
    tell("every month counted anew from the rows", anew)
    ten_years = Period(START.date(), dt.date(2025, 3, 31))
    for name, period in {
        "ten years": ten_years,
        "a fiscal year": fiscal_year(2023),
        "a quarter": quarter(2023, 2),
    }.items():
        forget()
        tell(f"five tables, {name}, cold", seconds(lambda p=period: return_of(desk, period=p), 1))
        tell(f"five tables, {name}", seconds(lambda p=period: return_of(desk, period=p)))
    tell("the fiscal years there are", seconds(lambda: years_of(desk, END.date())))
    touched = []
    for _time in range(3):
        touch_last(desk)
        touched.append(seconds(lambda: return_of(desk, period=ten_years), times=1))
    tell("five tables, ten years, just after a contact came in", statistics.median(touched))
    for name, period in {
        "ten years less a day at both ends": Period(dt.date(2015, 4, 2), dt.date(2025, 3, 30)),
        "ten days": Period(dt.date(2022, 6, 11), dt.date(2022, 6, 20)),
    }.items():
        forget()
        tell(f"five tables, {name}, cold", seconds(lambda p=period: return_of(desk, period=p), 1))
        tell(f"five tables, {name}, warm", seconds(lambda p=period: return_of(desk, period=p)))
    for counts, sides in (
        (Total.CONTACTS, (Table.ACTION_TAKEN, crossing.Clock.HOUR)),
        (Total.CONTACTS, (Table.AGE_GROUP, Table.INFRINGEMENT_KIND)),
        (Total.CASE_MONTHS, (Table.AGE_GROUP, Table.STANDING)),
        (Total.NEW, (Table.INFRINGEMENT_KIND, Table.INFRINGEMENT_KIND)),
    ):

        def ask(counts: Total = counts, sides: Any = sides) -> object:
            return crossing.cross_table_of(desk, period=ten_years, counts=counts, sides=sides)

        forget()
        name = f"cross table {' × '.join(sides)} of {counts.name}"
        tell(f"{name}, cold", seconds(ask, times=1))
        tell(f"{name}, warm", seconds(ask))


if __name__ == "__main__":
    main()
