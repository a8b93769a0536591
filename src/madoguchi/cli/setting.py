"""Waking Django for the commands that need it, and finding their database ready."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
import django

if TYPE_CHECKING:
    from madoguchi.desks.models import Desk

_NO_DATABASE = (
    "データベースがまだありません（{place}）。"
    "madoguchi desks create で相談窓口をつくるか、DATABASE_URL を確かめてください。"
)
_UNREACHABLE = "データベースにつながりません。DATABASE_URL を確かめてください。"
_OTHER_VERSION = (
    "データベースの準備ができていないか、前の版のままです。"
    "python -m django migrate --settings madoguchi.config.settings を実行してください。"
)
_NO_KEY = "封をする鍵がないか、読めません。MADOGUCHI_KEY か MADOGUCHI_KEY_PATH を確かめてください。"
_NEW_KEY = (
    "注意：この鍵は、いま新しくつくりました。前の鍵で封をした文は、前の鍵がないと開けません。"
    "前の鍵の控えがあれば、もとの場所にもどしてください。"
)
_NO_DESK = "「{slug}」という相談窓口はありません。--desk を確かめてください。"


class WrongCallError(click.ClickException):
    """What was given cannot be read or does not exist: exit code 2."""

    exit_code = 2


def set_up() -> None:
    """Load the settings and the apps, as the server does. No database is asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    django.setup()


def open_database(*, migrate: bool = False) -> None:
    """Load the apps, and refuse in one sentence where the database or the key is not ready.

    With `migrate` the database is made (an embedded one with its folder) and brought up
    to date. A key file that is missing is made beside an embedded database.
    """
    set_up()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import DatabaseError

    file = Path(settings.DATABASES["default"]["NAME"])
    if settings.EMBEDDED and not file.exists():
        if not migrate:
            raise WrongCallError(_NO_DATABASE.format(place=file))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    has_key = settings.MASTER_KEY or Path(settings.MASTER_KEY_PATH).exists()
    _check_key()
    try:
        if migrate:
            call_command("migrate", verbosity=0, interactive=False)
        elif _is_of_another_version():
            raise WrongCallError(_OTHER_VERSION)
        if not has_key and _holds_desks():
            click.echo(_NEW_KEY, err=True)
    except DatabaseError:
        raise WrongCallError(_UNREACHABLE) from None


def desk_of(slug: str) -> "Desk":
    """Return the desk that `--desk` names, or refuse the call."""
    from madoguchi.desks.queries import desk_called

    desk = desk_called(slug)
    if desk is None:
        raise WrongCallError(_NO_DESK.format(slug=slug))
    return desk


def _check_key() -> None:
    from madoguchi.vault.keys import KeyMissingError, master_keys

    try:
        master_keys()
    except (KeyMissingError, OSError):
        raise WrongCallError(_NO_KEY) from None


def _holds_desks() -> bool:
    from madoguchi.desks.queries import all_desks

    return all_desks().exists()


def _is_of_another_version() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
