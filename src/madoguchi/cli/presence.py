"""Who works on the database now: nothing is put back under a process that holds it open.

A server that goes on writing into a database that was renamed beside it would lose what people
send. So every server and worker holds a shared lock on a file beside an embedded database, until
it ends however it ends; who restores holds it alone.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

_RESTORING = "控えから戻しているところです。終わってから、もう一度実行してください。"
_held: list[IO[bytes]] = []  # open until this process ends


def be_here() -> None:
    """Say that this process, with its children, works on the database; refuse during a restore."""
    if file := _embedded():
        lock = _opened(file)
        if not _locked(lock, fcntl.LOCK_SH):
            raise click.ClickException(_RESTORING)
        _held.append(lock)


@contextmanager
def alone(otherwise: str) -> Iterator[None]:
    """Keep servers and workers out; refuse with `otherwise` where one is at work."""
    file = _embedded()
    if file is None:
        if _others_connected():
            raise click.ClickException(otherwise)
        yield
        return
    with _opened(file) as lock:
        if not _locked(lock, fcntl.LOCK_EX):
            raise click.ClickException(otherwise)
        yield


def _embedded() -> Path | None:
    """Return the file of an embedded database, whether it is there or not."""
    from django.conf import settings

    return Path(settings.DATABASES["default"]["NAME"]) if settings.EMBEDDED else None


def _opened(database: Path) -> IO[bytes]:
    # It is never deleted: somebody could hold the old one and somebody else a new one.
    file = database.with_name(f"{database.name}.lock")
    file.touch(mode=0o600)
    return file.open("rb")


def _locked(lock: IO[bytes], kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _others_connected() -> bool:
    """Tell whether anybody else is connected to the database of a PostgreSQL server."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND usename IS NOT NULL AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0])
