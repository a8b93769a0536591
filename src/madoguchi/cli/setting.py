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
    "madoguchi desks create で相談窓口をつくるか、madoguchi demo で見本をためすか、"
    "DATABASE_URL を確かめてください。"
)
_NO_PLACE = (
    "{place} にデータベースをつくれません。"
    "フォルダーに書く権限があるか、DATABASE_URL を確かめてください。"
)
_NOT_OURS = (
    "{place} は、ほかのソフトのデータベースです。何も変えていません。"
    "DATABASE_URL を確かめてください。"
)
_BAD_SETTINGS = (
    "設定を読めません（{kind}）。DATABASE_URL などの環境変数と、"
    "MADOGUCHI_HOME のフォルダーの権限を確かめてください。"
)
_OTHER_ENGINE = (
    "使えるデータベースは SQLite と PostgreSQL です。DATABASE_URL を sqlite:////… か "
    "postgresql://… にしてください。"
)
_UNREACHABLE = "データベースにつながりません。DATABASE_URL を確かめてください。"
_OTHER_VERSION = (
    "データベースの準備ができていないか、前の版のままです。"
    "控えをとってから、madoguchi migrate を実行してください。"
)
_NO_KEY = "封をする鍵がないか、読めません。MADOGUCHI_KEY か MADOGUCHI_KEY_PATH を確かめてください。"
_NEW_KEY = (
    "注意：この鍵は、いま新しくつくりました。前の鍵で封をした文は、前の鍵がないと開けません。"
    "前の鍵の控えがあれば、もとの場所にもどしてください。"
)
_POSTGRESQL = "django.db.backends.postgresql"
_NO_DESK = "「{slug}」という相談窓口はありません。--desk を確かめてください。"


class WrongCallError(click.ClickException):
    """What was given cannot be read or does not exist: exit code 2."""

    exit_code = 2


def set_up() -> None:
    """Load the settings and the apps, as the server does. No database is asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        engine = settings.DATABASES["default"]["ENGINE"]
    except (ImproperlyConfigured, OSError, ValueError) as error:
        raise WrongCallError(_BAD_SETTINGS.format(kind=type(error).__name__)) from None
    if not settings.EMBEDDED and engine != _POSTGRESQL:
        raise WrongCallError(_OTHER_ENGINE)
    django.setup()


def missing_database() -> str | None:
    """Return the sentence for an embedded database that is not there; None where it is."""
    from django.conf import settings

    file = Path(settings.DATABASES["default"]["NAME"])
    is_there = not settings.EMBEDDED or file.exists()
    return None if is_there else _NO_DATABASE.format(place=file)


def open_database(*, migrate: bool = False) -> None:
    """Load the apps, and refuse in one sentence where the database or the key is not ready.

    With `migrate` the database is made (an embedded one with its folder) and brought up
    to date. A key file that is missing is made beside an embedded database.
    """
    set_up()
    from django.conf import settings
    from django.db import DatabaseError

    if missing := missing_database():
        if not migrate:
            raise WrongCallError(missing)
        _make_file(Path(settings.DATABASES["default"]["NAME"]))
    has_key = settings.MASTER_KEY or Path(settings.MASTER_KEY_PATH).exists()
    if has_key or not settings.EMBEDDED:
        _check_key()
    try:
        _bring_up(migrate=migrate)
        if not has_key:  # made only beside a database that is ours
            _check_key()
            if _holds_desks():
                click.echo(_NEW_KEY, err=True)
    except DatabaseError:
        raise WrongCallError(_UNREACHABLE) from None


def _make_file(file: Path) -> None:
    """Make an empty database file and its folder, for its owner's eyes alone."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError:
        raise WrongCallError(_NO_PLACE.format(place=file)) from None


def _bring_up(*, migrate: bool) -> None:
    """Bring the database up to date, or refuse one that is not, or that is not ours."""
    from django.core.management import call_command

    if not migrate:
        if _is_of_another_version():
            raise WrongCallError(_OTHER_VERSION)
        return
    from madoguchi.jobs.operations import survey

    _check_ours()
    call_command("migrate", verbosity=0, interactive=False)
    survey()  # what a migration built anew was forgotten


def _check_ours() -> None:
    """Refuse to build in another program's database."""
    from django.conf import settings
    from django.db import connection

    tables = connection.introspection.table_names()
    if settings.EMBEDDED and tables and "django_migrations" not in tables:
        raise WrongCallError(_NOT_OURS.format(place=settings.DATABASES["default"]["NAME"]))


def desks_here() -> bool:
    """Tell whether the database, which may not have been built yet, holds a desk."""
    from django.db import DatabaseError, connection

    try:
        _check_ours()
        return "desks_desk" in connection.introspection.table_names() and _holds_desks()
    except DatabaseError:
        raise WrongCallError(_UNREACHABLE) from None


def folder_of_files() -> Path | None:
    """Return where sealed files are kept, or None where they are not on this machine."""
    from django.core.files.storage import FileSystemStorage, storages

    storage = storages["files"]
    return Path(storage.location) if isinstance(storage, FileSystemStorage) else None


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
