"""A database apart from the one that the tests run on, for commands to be run against."""

import os
from pathlib import Path

from django.db import connection


def made_anew(name: str, folder: Path) -> str:
    """Return the URL of an empty database of the kind under test: a file in `folder`, or `name`.

    Tests that run side by side share one PostgreSQL: each worker's database is its own.
    """
    if connection.vendor == "sqlite":
        return f"sqlite:///{folder / 'madoguchi.sqlite3'}"
    own = f"madoguchi_{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    server, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {own}")
        cursor.execute(f"CREATE DATABASE {own}")
    return f"{server}/{own}"
