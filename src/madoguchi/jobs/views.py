"""/healthz: whether this installation can work, for a program that watches it.

Says nothing of anybody: five words, each "ok" or not. Nobody signs in.
"""

import shutil
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from madoguchi.jobs.queries import given_up, is_a_worker_alive

# With less room on the disk than this, what people write may soon not be kept.
_ROOM = 100_000_000


class _NotReadyError(RuntimeError):
    """The database is of another version than the program."""


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() is not None


@cache
def _see_migrations() -> None:
    """Raise until the database is of this version; then it stays so for this process."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _NotReadyError


def _migrations() -> bool:
    try:
        _see_migrations()
    except _NotReadyError:
        return False
    return True


def _worker() -> bool:
    return is_a_worker_alive(timezone.now())


def _disk() -> bool:
    return shutil.disk_usage(settings.HOME).free >= _ROOM


def _jobs() -> bool:
    return not given_up().exists()


_NEEDED: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "worker": _worker,
    "disk": _disk,
}
# Somebody should look at these, but the house stands.
_WISHED: dict[str, Callable[[], bool]] = {"jobs": _jobs}


def _said_of(asked: dict[str, Callable[[], bool]]) -> dict[str, str]:
    said = {}
    for name, holds in asked.items():
        try:
            said[name] = "ok" if holds() else "failing"
        except (DatabaseError, OSError):
            said[name] = "failing"
    return said


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 (a view's signature)
    """Answer 200 where all that is needed holds, else 503."""
    needed, wished = _said_of(_NEEDED), _said_of(_WISHED)
    holds = set(needed.values()) == {"ok"}
    said = {
        "format": "madoguchi.health/1",
        "status": "ok" if holds else "failing",
        "checks": needed | wished,
    }
    return JsonResponse(said, status=200 if holds else 503)
