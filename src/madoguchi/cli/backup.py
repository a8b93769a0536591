"""`madoguchi backup`: all that this installation holds, in one file, while it works on."""

import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from madoguchi.cli.setting import WrongCallError, folder_of_files, open_database

KEEP_DAYS = 35

_DONE = "控えをとりました：{out}（{size:,} バイト、窓口{desks}、台帳{entries}件、ファイル{files}）"
_NO_KEY = (
    "鍵は入っていません。鍵は、控えとは別の場所に保管してください（docs/how-to/keep-the-key.md）。"
)
_HOLDS_KEY = (
    "注意：この控えには鍵が入っています。これを手にした人は、すべての相談の言葉を読めます。"
    "金庫などに、ほかの控えとは別にしまってください。"
)
_IN_THE_CLEAR = (
    "相談の言葉は封をしたままですが、日時、分類、職員の名前は、このファイルから読めます。"
)
_FILES_ELSEWHERE = (
    "注意：送られたファイルは別の場所（S3 など）にあり、この控えに入っていません。"
    "そこの控えも、同じ日数でとってください。"
)
_PRUNED = "{days}日より前の控えを{count}つ消しました。"
_NO_FOLDER = "{out} に書けません。フォルダーがあるか、書く権限があるか、確かめてください。"
_THERE = "{out} はもうあります。別の名前にするか、フォルダーを指定してください。"
_OURS = re.compile(r"madoguchi-(\d{8}T\d{6}Z)\.tar\.gz")
_ENDING = ".tar.gz"
_STAMP = "%Y%m%dT%H%M%SZ"


@click.command()
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="A file (NAME.tar.gz); or a folder, made where there is none: a dated name in it.",
)
@click.option("--with-key", is_flag=True, help="Put the key in as well: for moving house only.")
@click.option(
    "--keep-days",
    default=KEEP_DAYS,
    show_default=True,
    type=click.IntRange(0),
    help="In a folder: delete its older backups afterwards (0: none).",
)
def backup(out: Path, *, with_key: bool, keep_days: int) -> None:
    """Write a backup (控え): database, files, and a manifest with digests. Nobody has to stop."""
    open_database()
    from django.utils import timezone

    from madoguchi.cli import archive, snapshots

    at = timezone.now()
    is_folder = _is_folder(out)
    file = out / f"madoguchi-{at:{_STAMP}}.tar.gz" if is_folder else out
    if file.exists():
        raise WrongCallError(_THERE.format(out=file))
    try:
        with tempfile.TemporaryDirectory(prefix=".madoguchi-", dir=file.parent) as folder:
            database = snapshots.take(Path(folder))  # first: no row without its file
            members = [(database.name, database), *_files(), *_key(Path(folder), with_key)]
            said = _said(at, with_key=with_key)
            archive.write(file, said, members)
    except OSError:
        raise WrongCallError(_NO_FOLDER.format(out=file)) from None
    _tell(file, said, files=sum(name.startswith("files/") for name, _ in members))
    if is_folder and keep_days:
        _prune(out, at - dt.timedelta(days=keep_days), keep_days)


def _is_folder(out: Path) -> bool:
    """Tell whether `out` is a folder, made where its name is not that of a file."""
    if out.name.endswith(_ENDING) and not out.is_dir():
        return False
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise WrongCallError(_THERE.format(out=out)) from None
    except OSError:
        raise WrongCallError(_NO_FOLDER.format(out=out)) from None
    return True


def _said(at: dt.datetime, *, with_key: bool) -> dict[str, Any]:
    """Return what the manifest says beside the members."""
    from importlib.metadata import version

    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    from madoguchi.cli.snapshots import engine
    from madoguchi.desks.queries import all_desks
    from madoguchi.ledger.queries import chains_of, count_in
    from madoguchi.vault.keys import key_id, master_keys

    applied = MigrationRecorder(connection).applied_migrations()
    return {
        "taken_at": at.isoformat(timespec="seconds"),
        "program": version("madoguchi"),
        "engine": engine(),
        "migrations": sorted(f"{app}.{name}" for app, name in applied),
        "desks": all_desks().count(),
        "ledger_entries": count_in(chains_of([], others=True)),
        "keys": [key_id(master).hex() for master in master_keys()],
        "holds_key": with_key,
        "encrypted": False,
    }


def _files() -> Iterator[tuple[str, Path]]:
    """Return the sealed files that people sent (添付)."""
    root = folder_of_files()
    if root is None:
        click.echo(_FILES_ELSEWHERE, err=True)
        return
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"files/{path.relative_to(root).as_posix()}", path


def _key(folder: Path, wanted: bool) -> Iterator[tuple[str, Path]]:  # noqa: FBT001 (said by its name)
    if wanted:
        import base64

        from madoguchi.vault.keys import master_keys

        file = folder / "key"
        file.touch(mode=0o600)
        file.write_text(",".join(base64.b64encode(key).decode() for key in master_keys()) + "\n")
        yield "key", file


def _tell(file: Path, said: dict[str, Any], *, files: int) -> None:
    numbers = {"desks": said["desks"], "entries": said["ledger_entries"], "files": files}
    click.echo(_DONE.format(out=file, size=file.stat().st_size, **numbers))
    click.echo(_HOLDS_KEY if said["holds_key"] else _NO_KEY, err=said["holds_key"])
    click.echo(_IN_THE_CLEAR)


def _prune(folder: Path, before: dt.datetime, days: int) -> None:
    """Delete the backups of `folder` that are older, by their names: what is erased is to go."""
    old = []
    for path in folder.iterdir():
        named = _OURS.fullmatch(path.name)
        if named and dt.datetime.strptime(named[1], _STAMP).replace(tzinfo=dt.UTC) < before:
            old.append(path)
    for path in old:
        path.unlink()
    if old:
        click.echo(_PRUNED.format(days=days, count=len(old)))
