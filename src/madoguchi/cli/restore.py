"""`madoguchi restore`: make this installation what a backup says, and prove that it is."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from madoguchi.cli.archive import NoBackupError, manifest_of, unpack
from madoguchi.cli.presence import alone
from madoguchi.cli.setting import (
    WrongCallError,
    desks_here,
    folder_of_files,
    missing_database,
    set_up,
)

_SOUND = "控えは、記録のとおりそろっています（{taken_at}、窓口{desks}、台帳{ledger_entries}件）。"
_OTHER_ENGINE = (
    "この控えは {theirs} のものです。いまの DATABASE_URL は {ours} です。"
    "同じ種類のデータベースに戻してください。"
)
_NEWER = "この控えは、より新しい版のものです（{program}）。同じ版か新しい版で戻してください。"
_NOT_EMPTY = (
    "このデータベースには、相談窓口がもうあります。何も変えていません。"
    "置きかえるときは --replace をつけてください。"
)
_RUNNING = (
    "サーバーか worker が動いているか、ほかの人がデータベースにつないでいます。何も変えていません。"
    "止めてから、もう一度実行してください。"
)
_OTHER_KEY = (
    "この控えを開く鍵がありません（鍵の番号 {missing}）。何も変えていません。"
    "MADOGUCHI_KEY か MADOGUCHI_KEY_PATH に、控えをとったときの鍵を置いてください。"
)
_DONE = "戻しました：窓口{desks}、台帳{entries}件。台帳は、はじめから終わりまでつながっています。"
_ASIDE = (
    "前のデータは {aside} という名前で残しました。"
    "控えより後に届いた相談は、そこにだけあります。要らないと確かめるまで、消さないでください。"
)
_ERASED_AGAIN = "控えより後に消去されていた{count}件を、もう一度消去しました。"
_BROKEN = "戻しましたが、台帳のつながりが切れています（{chain}、{seq}件目）。"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Also where there are desks already.")
@click.option("--check", is_flag=True, help="Only prove that the file is whole; change nothing.")
def restore(file: Path, *, replace: bool, check: bool) -> None:
    """Put back a backup (控えから戻す). Stop server and worker first."""
    set_up()
    try:
        said = unpack(file, None) if check else manifest_of(file)
        if check:
            click.echo(_SOUND.format(**said))
            return
        _check_kind(said)
        folder = _beside()
        with alone(_RUNNING):
            _replace(file, said, folder, replace=replace)
    except NoBackupError as refusal:
        raise WrongCallError(str(refusal)) from None


def _replace(file: Path, said: dict[str, Any], beside: Path, *, replace: bool) -> None:
    """Put the backup back, and say what is there then."""
    from django.conf import settings

    is_empty = _check_place(replace=replace)
    erased = set() if is_empty else _erased_here()
    aside = f".before-{said['taken_at'][:10]}-{os.getpid()}"
    with tempfile.TemporaryDirectory(prefix=".madoguchi-", dir=beside) as folder:
        unpack(file, Path(folder))  # all of it is proved before anything is changed
        _check_key(said, Path(folder) / "key")
        _put_back(Path(folder), aside)
    _erase_again(erased)
    _prove()
    if not is_empty and settings.EMBEDDED:
        click.echo(_ASIDE.format(aside=f"…{aside}"))


def _erased_here() -> set[UUID]:
    """Return what was erased in the database that is to be replaced."""
    from django.db import DatabaseError, connections

    from madoguchi.ledger.queries import erased_matters

    try:
        return erased_matters()
    except DatabaseError:
        return set()  # of a version that knew no ledger
    finally:
        connections.close_all()


def _erase_again(matters: set[UUID]) -> None:
    """Let nothing come back that was erased since the backup was made."""
    from django.utils import timezone

    from madoguchi.administration.operations.erasing import erase_again

    if count := erase_again(matters=matters, at=timezone.now()):
        click.echo(_ERASED_AGAIN.format(count=count))


def _beside() -> Path:
    """Return the folder of the embedded database (or our home): on the disk it will lie on."""
    from django.conf import settings

    name = settings.DATABASES["default"]["NAME"]
    folder = Path(name).parent if settings.EMBEDDED else Path(settings.HOME)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _check_kind(said: dict[str, Any]) -> None:
    """Refuse a backup of another kind of database, or of a later version."""
    from django.db.migrations.loader import MigrationLoader

    from madoguchi.cli.snapshots import engine

    if said["engine"] != engine():
        raise WrongCallError(_OTHER_ENGINE.format(theirs=said["engine"], ours=engine()))
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if set(said["migrations"]) - known:
        raise WrongCallError(_NEWER.format(program=said["program"]))


def _check_place(*, replace: bool) -> bool:
    """Refuse where desks are, unless told; and in any case while somebody works there."""
    from django.db import DatabaseError, connections
    from django.utils import timezone

    from madoguchi.jobs.queries import is_a_worker_alive

    if missing_database():
        return True
    has_desks = desks_here()
    if has_desks and not replace:
        raise click.ClickException(_NOT_EMPTY)
    try:
        if is_a_worker_alive(timezone.now()):
            raise click.ClickException(_RUNNING)
    except DatabaseError:
        pass  # empty, or of an early version: there was no worker then
    finally:
        connections.close_all()
    return not has_desks


def _check_key(said: dict[str, Any], inside: Path) -> None:
    """Refuse where the key is another; lay down the one in the backup where there is none."""
    from django.conf import settings

    from madoguchi.vault.keys import KeyMissingError, key_id, master_keys

    place = Path(settings.MASTER_KEY_PATH) if settings.MASTER_KEY_PATH else None
    is_said = bool(settings.MASTER_KEY) or (place is not None and place.exists())
    here: list[str] = []
    if is_said:
        try:
            here = [key_id(master).hex() for master in master_keys()]
        except (KeyMissingError, OSError):
            here = []
    elif inside.exists() and place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(inside, place)
        place.chmod(0o600)
        return
    if missing := [number for number in said["keys"] if number not in here]:
        raise click.ClickException(_OTHER_KEY.format(missing=" ".join(missing)))


def _put_back(folder: Path, aside: str) -> None:
    from django.core.management import call_command

    from madoguchi.cli import snapshots

    snapshots.put_back(folder / snapshots.NAMES[snapshots.engine()], aside=aside)
    if files := folder_of_files():
        _put_back_files(folder / "files", files, aside)
    call_command("migrate", verbosity=0, interactive=False)


def _put_back_files(source: Path, files: Path, aside: str) -> None:
    if files.exists() and any(files.iterdir()):
        files.replace(files.with_name(files.name + aside))
    if source.exists():
        files.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, files, dirs_exist_ok=True)


def _prove() -> None:
    """Say what is there now; exit 1 where the ledger does not hold."""
    from madoguchi.desks.queries import all_desks
    from madoguchi.ledger.queries import chains_of, count_in, first_break

    desks = [desk.pk for desk in all_desks()]
    if found := first_break(desks, others=True):
        raise click.ClickException(_BROKEN.format(chain=found.chain, seq=found.seq))
    entries = count_in(chains_of(desks, others=True))
    click.echo(_DONE.format(desks=len(desks), entries=entries))
