"""SQLite's queue: one writes, the others wait their turn, and nobody waits for ever."""

import fcntl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connections, transaction
from django.db.transaction import Atomic

from madoguchi.config.database.base import DatabaseWrapper

# A process with two threads that each add one to a number, many times, reading it first.
ADDING = """
import sys, threading
from madoguchi.config.database.base import DatabaseWrapper
from django.conf import settings
settings.configure(USE_TZ=True)
import django; django.setup()
from django.db import connections
from django.db.transaction import Atomic
def work(name):
    connections[name] = wrapper = DatabaseWrapper(eval(sys.argv[1]), name)
    for _ in range(25):
        with Atomic(name, True, False), wrapper.cursor() as cursor:
            cursor.execute("SELECT n FROM t")
            n = cursor.fetchone()[0]
            cursor.execute("UPDATE t SET n = %s", [n + 1])
    wrapper.close()
threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


@pytest.fixture
def given(tmp_path, django_db_blocker):
    """The settings of an embedded database of one number, apart from that of the tests."""
    said = {
        "ENGINE": "madoguchi.config.database",
        "NAME": str(tmp_path / "number.sqlite3"),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
        },
        "AUTOCOMMIT": True,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
        "ATOMIC_REQUESTS": False,
    }
    with django_db_blocker.unblock():
        wrapper = DatabaseWrapper(said, "made")
        with wrapper.cursor() as cursor:
            cursor.execute("CREATE TABLE t (n INTEGER CHECK (n < 1000))")
            cursor.execute("INSERT INTO t VALUES (0)")
        wrapper.close()
        yield said


@pytest.fixture
def connect(given):
    """Return new connections to that database, each with an alias to open transactions by."""
    made = []

    def one(**options):
        alias = f"queue{len(made)}-{threading.get_ident()}"
        wrapper = DatabaseWrapper({**given, "OPTIONS": {**given["OPTIONS"], **options}}, alias)
        wrapper.inc_thread_sharing()
        made.append(wrapper)
        return wrapper

    yield one
    for wrapper in made:
        wrapper.close()
        with suppress(AttributeError):  # made in this thread, or in another
            del connections[wrapper.alias]


class _Writing(Atomic):
    """A transaction on a connection that no settings know."""

    def __init__(self, wrapper):
        super().__init__(wrapper.alias, savepoint=True, durable=False)
        self.wrapper = wrapper

    def __enter__(self):
        connections[self.using] = self.wrapper
        super().__enter__()
        return self.wrapper.cursor()


def _number(wrapper):
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT n FROM t")
        return cursor.fetchone()[0]


def _add(wrapper, times=1):
    for _ in range(times):
        with _Writing(wrapper) as cursor:
            cursor.execute("UPDATE t SET n = n + 1")


def test_after_writing_the_next_is_let_in(connect):
    one, other = connect(), connect()
    for _ in range(3):
        _add(one)
        _add(other)
    assert _number(one) == 6


def test_the_turn_is_a_lock_that_other_processes_see(given, connect):
    def is_free():
        with open(f"{given['NAME']}-writer", "w") as file:  # noqa: PTH123 (a lock, not a text)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    with _Writing(connect()):
        assert not is_free()
    assert is_free()


def test_reading_never_waits(connect):
    one, other = connect(), connect()
    with _Writing(one) as cursor:
        cursor.execute("UPDATE t SET n = 5")
        assert _number(other) == 0
    assert _number(other) == 5


def test_who_comes_second_waits_and_is_let_in_when_the_first_is_done(connect):
    one, other, order = connect(), connect(), []

    def second():
        with _Writing(other):
            order.append("second")

    with _Writing(one):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.05)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_whoever_fails_lets_the_next_in(connect, error):
    one, other = connect(), connect(timeout=1)

    def fails():
        with _Writing(one) as cursor:
            cursor.execute("UPDATE t SET n = 5")
            raise error

    with pytest.raises(error):
        fails()
    _add(other)
    assert _number(one) == 1


def test_a_refused_statement_and_an_inner_transaction_keep_the_turn(connect):
    one, other = connect(), connect(timeout=0.2)
    with _Writing(one) as cursor:
        with pytest.raises(IntegrityError), _Writing(one):
            cursor.execute("UPDATE t SET n = 1000")
        with pytest.raises(OperationalError):
            _add(other)
        cursor.execute("UPDATE t SET n = 7")
    _add(other)
    assert _number(one) == 8


def test_a_connection_closed_in_a_transaction_gives_up_its_turn(connect):
    one, other = connect(), connect(timeout=1)
    writing = _Writing(one)
    writing.__enter__().execute("UPDATE t SET n = 5")
    one.close()
    _add(other)
    assert _number(other) == 1
    with pytest.raises(DatabaseError):
        _number(one)
    writing.__exit__(None, None, None)


def test_patience_has_an_end_and_whoever_gave_up_stands_in_nobodys_way(connect):
    one, other, third = connect(), connect(timeout=0.1), connect(timeout=1)
    with _Writing(one):
        started = time.monotonic()
        with pytest.raises(OperationalError, match="locked"):
            _add(other)
        assert 0.05 < time.monotonic() - started < 5
    _add(third)
    _add(other)
    assert _number(one) == 2


def test_threads_lose_nothing(connect):
    wrappers = [connect() for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda wrapper: _add(wrapper, 20), wrappers))
    assert _number(wrappers[0]) == 120


def test_processes_lose_nothing(given, connect):
    words = [sys.executable, "-c", ADDING, repr(given)]
    running = [subprocess.Popen(words) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    assert _number(connect()) == 100


def test_a_killed_process_gives_up_its_turn(given, connect):
    holding = ADDING.replace("for _ in range(25):", "for _ in range(1):").replace(
        'cursor.execute("SELECT n FROM t")', "print(1, flush=True); import time; time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", holding, repr(given)], stdout=subprocess.PIPE)
    assert process.stdout.readline()
    with pytest.raises(OperationalError):
        _add(connect(timeout=0.1))
    process.kill()
    process.communicate()
    _add(connect(timeout=5))


def test_the_product_uses_it_where_the_database_is_embedded(settings):
    embedded = settings.EMBEDDED
    assert (settings.DATABASES["default"]["ENGINE"] == "madoguchi.config.database") is embedded
    assert transaction.get_connection().vendor == ("sqlite" if embedded else "postgresql")
