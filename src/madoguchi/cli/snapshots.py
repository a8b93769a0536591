"""The database as it was at one instant, while others go on writing; and put back."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import click

NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
# What is over in an hour anyway, and was promised to be: it does not live on in a backup.
_LEFT_OUT = ("vault_sealedsession", "vault_attempt", "jobs_worker")

# Where Debian puts the programs of each version.
_DEBIAN = Path("/usr/lib/postgresql")

_NO_PROGRAM = (
    "{program} がありません。PostgreSQL の控えには、サーバーと同じか新しい版の "
    "postgresql-client が要ります（Debian では apt-get install postgresql-client）。"
)
_PROGRAM_FAILED = "{program} が終わりませんでした（終了コード{code}）。{told}"


def engine() -> str:
    """Return "sqlite" or "postgresql"."""
    from django.db import connection

    return connection.vendor


def take(folder: Path) -> Path:
    """Lay a snapshot of the database into `folder`; return its path."""
    file = folder / NAMES[engine()]
    if engine() == "sqlite":
        _take_from_sqlite(file)
    else:
        left_out = [f"--exclude-table-data={table}" for table in _LEFT_OUT]
        words = ["--format=custom", "--no-owner", "--no-privileges", *left_out, f"--file={file}"]
        _run("pg_dump", *words)
    return file


def _take_from_sqlite(file: Path) -> None:
    """VACUUM INTO reads under one transaction: nobody waits, and nothing deleted is copied."""
    from django.db import connection

    source = Path(connection.settings_dict["NAME"]).absolute().as_uri()
    with closing(sqlite3.connect(f"{source}?mode=ro", uri=True)) as database:
        database.execute("VACUUM INTO ?", [str(file)])
    with closing(sqlite3.connect(file)) as copy:
        copy.execute("PRAGMA secure_delete=ON")
        for table in _LEFT_OUT:
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 (our own names)
        copy.commit()
        copy.execute("VACUUM")


def put_back(file: Path, *, aside: str) -> None:
    """Make the database what the snapshot says. An embedded one is kept beside, named `aside`."""
    from django.db import connection, connections

    if engine() == "postgresql":
        words = ["--no-owner", "--no-privileges", "--clean", "--if-exists"]
        name = str(connection.settings_dict["NAME"])
        connections.close_all()
        _run("pg_restore", *words, "--exit-on-error", "--single-transaction", "-d", name, str(file))
        return
    connections.close_all()
    here = Path(connection.settings_dict["NAME"])
    here.parent.mkdir(parents=True, exist_ok=True)
    for ending in ("", "-wal", "-shm"):
        old = here.with_name(here.name + ending)
        if old.exists():
            old.replace(old.with_name(here.name + aside + ending))
    shutil.move(file, here)


def _surroundings() -> dict[str, str]:
    """Return where the server is, as libpq reads it: no password on a command line."""
    from django.db import connection

    said: dict[str, Any] = connection.settings_dict
    named = {
        "PGHOST": said["HOST"],
        "PGPORT": said["PORT"],
        "PGUSER": said["USER"],
        "PGPASSWORD": said["PASSWORD"],
        "PGDATABASE": said["NAME"],
        "PGSSLMODE": said["OPTIONS"].get("sslmode"),
        "PGSSLROOTCERT": said["OPTIONS"].get("sslrootcert"),
    }
    return {**os.environ, **{name: str(value) for name, value in named.items() if value}}


def program_called(name: str) -> str | None:
    """Return the path of one of PostgreSQL's programs: the first there is, or Debian's newest."""
    debian = sorted(
        _DEBIAN.glob(f"*/bin/{name}"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    return shutil.which(name) or (str(debian[-1]) if debian else None)


def _run(name: str, *words: str) -> None:
    program = program_called(name)
    if program is None:
        raise click.ClickException(_NO_PROGRAM.format(program=name))
    told = subprocess.run(  # noqa: S603 (PostgreSQL's own program)
        [program, *words], env=_surroundings(), capture_output=True, text=True, check=False
    )
    if told.returncode:
        # A dump speaks of tables and versions; what restoring says may quote rows.
        first = told.stderr.partition("\n")[0] if name == "pg_dump" else ""
        raise click.ClickException(
            _PROGRAM_FAILED.format(program=name, code=told.returncode, told=first)
        )
